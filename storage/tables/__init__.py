"""The tables, by aggregate."""
