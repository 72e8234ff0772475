"""From scores to a ranking: what an entry is worth once it is known how strict its jurors are (docs/ranking.md)."""
