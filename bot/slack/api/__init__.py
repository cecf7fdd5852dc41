"""Calls to Slack's Web API: what to ask, how often, and what to keep of the answers."""
