"""Slack's vocabulary: payloads, ids, limits, texts and calls, without rules of our own."""
