"""Helpers that tests share: the bot in a workspace, processes, databases and short values."""
