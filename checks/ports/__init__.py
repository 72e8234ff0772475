"""Judges of the doors that stand open to the internet."""
