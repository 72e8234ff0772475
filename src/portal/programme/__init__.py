"""What a city's firms have in common: figures that reveal nobody, made once a week. No web here."""
