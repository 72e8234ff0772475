"""What people see: one action, one short function that loads, validates, acts and redirects."""
