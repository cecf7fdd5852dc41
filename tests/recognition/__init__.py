"""Evaluating and training the recognizer: our own messages, and the expected meaning of cues."""
