"""Who reads what: an exact integer program (docs/assignment.md)."""
