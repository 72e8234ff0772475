"""From scores to winners: the ranking, what the jury decides and why, what is published and when."""
