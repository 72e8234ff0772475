"""Looking after a domain for its owner: a check each week, and a letter when something ends soon or got worse."""
