"""Propose, approve, send back and withdraw changes."""
