"""The terminal: `opslore` and its commands, a module each."""
