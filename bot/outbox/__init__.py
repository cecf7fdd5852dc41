"""What goes out to Slack: each kind of outbox item is sent once and drawn again in place."""
