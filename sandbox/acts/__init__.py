"""What people do in the workspace, one module a kind of act."""
