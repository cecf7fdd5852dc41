"""What people and agents can do with Opslore, without Slack or SQL."""
