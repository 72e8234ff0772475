"""The inspectors: a domain goes in, findings come out. No web, no database, no terminal."""
