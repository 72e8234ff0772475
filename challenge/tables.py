"""The home of the competition's tables. There are none yet: calls, entries and scores come with their own issue."""

from piccolo.table import Table

TABLES: tuple[type[Table], ...] = ()
