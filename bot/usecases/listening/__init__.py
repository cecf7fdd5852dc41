"""What is said in channels: messages, prompts and gaps."""
