"""Judges of encryption on the web site."""
