"""Who may ask for what: sessions, and proofs that somebody holds a domain."""
