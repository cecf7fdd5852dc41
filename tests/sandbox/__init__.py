"""The sandbox, as strict as Slack."""
