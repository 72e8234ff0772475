"""Entries to a call: drafted by a team, submitted before the deadline, never changed after it."""
