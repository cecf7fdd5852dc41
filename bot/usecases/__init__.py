"""Use cases of people and agents, without Slack and SQL."""
