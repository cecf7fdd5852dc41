"""Kills the bot at each step of a change's life: `python -m tests.endurance.stepped`."""
