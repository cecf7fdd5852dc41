"""Full-text search on either database."""
