"""Kills the bot before and after each step of a change's life: `python -m tests.stepped`."""
