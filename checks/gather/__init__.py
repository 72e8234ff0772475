"""All input and output of the checks; nothing here says good or bad."""
