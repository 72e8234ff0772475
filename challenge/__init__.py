"""The competition: what a call says, who reads what, how scores become a ranking. It knows no web and no database."""
