"""Tests that the sandbox is as strict as Slack."""
