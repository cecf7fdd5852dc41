"""Slack's payloads, read once into typed values."""
