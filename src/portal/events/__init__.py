"""Info sessions and sparring clinics: who comes, who waits, who meets whom, and when."""
