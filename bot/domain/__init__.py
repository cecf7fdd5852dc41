"""Rules and values: the standard library only, no clock, no database, no Slack."""
