"""Judges of the web site."""
