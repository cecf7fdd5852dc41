"""A walk through every way to record, command, button and fault, with the bot as a process.

`python -m tests.endurance.walk` walks all parts in both modes on both databases and prints what
people saw.
"""
