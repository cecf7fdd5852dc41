"""Values as the text that people read on Slack."""
