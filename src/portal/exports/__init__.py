"""What people take along: findings and plan as tables, the dates as a calendar, everything as data."""
