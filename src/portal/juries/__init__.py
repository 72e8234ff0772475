"""Juries: who judges, who is too close to whom, who reads what, and what they think of it."""
