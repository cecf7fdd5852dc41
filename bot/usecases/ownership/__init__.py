"""Owners and backups of entries, and transfers between people."""
