"""The audit log: what mattered, who did it and when, in a chain that cannot be changed unseen."""
