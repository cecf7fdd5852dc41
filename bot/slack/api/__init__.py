"""Calls to Slack's Web API, with a rate limit and a cache of the answers."""
