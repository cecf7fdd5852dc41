"""Each way of capture, command, button and fault, by the hand of people, with the bot as a process.

`python -m tests.endurance.walk` walks them all in both modes on both databases and prints what
was seen.
"""
