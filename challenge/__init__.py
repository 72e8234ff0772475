"""The competition: calls, entries, jury, ranking. It knows no web; its pages live in the portal."""
