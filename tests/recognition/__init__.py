"""Judging and training the recogniser: messages of our own, and what is expected of each cue."""
