"""Opslore: a Slack bot that keeps how a team works as structured, versioned entries."""
