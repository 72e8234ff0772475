"""What was seen, as plain values: the only thing a judge looks at."""
