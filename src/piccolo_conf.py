"""Where Piccolo finds the database and the apps; see `portal.database`."""
