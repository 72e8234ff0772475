"""Grammars of the records a domain publishes: text in, parsed record out, no I/O."""
