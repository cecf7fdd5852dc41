"""Reading a standard Slack export: its files, its people, and what they wrote, day by day."""
