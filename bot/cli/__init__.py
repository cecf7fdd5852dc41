"""The command line: `opslore` and its commands, one module each."""
