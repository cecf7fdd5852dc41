"""SQLModel rows in, domain values out, on SQLite or PostgreSQL."""
