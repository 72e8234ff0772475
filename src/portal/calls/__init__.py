"""Calls for entries: what cities ask startups for, in versions that are kept."""
