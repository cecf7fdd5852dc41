"""What Slack sends, read once into typed values."""
