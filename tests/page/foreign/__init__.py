"""An app that doesn't know the sandbox, for tests of the sandbox."""
