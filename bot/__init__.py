"""Opslore: a Slack bot that records how a team works, as structured, versioned entries."""
