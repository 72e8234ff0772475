"""Judges of the name service."""
