"""Messages in channels, prompts and gaps."""
