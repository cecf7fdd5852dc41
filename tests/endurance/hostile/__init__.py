"""Hostile input, by the thousand: what is typed, what is sent, and what may never come of it."""
