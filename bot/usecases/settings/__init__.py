"""Settings of a workspace and its channels, and the channels that Opslore is in."""
