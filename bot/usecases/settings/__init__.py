"""What a workspace and its channels have set, and where Opslore is."""
