"""Judges of mail."""
