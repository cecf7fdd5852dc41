"""What tests share: the bot in a workspace, processes, databases and short ways to values."""
