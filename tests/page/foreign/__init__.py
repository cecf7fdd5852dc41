"""An app that knows nothing of the sandbox, to try the sandbox with."""
