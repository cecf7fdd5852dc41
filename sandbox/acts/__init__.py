"""The acts of people in the workspace, one module for each kind."""
