"""Slack's vocabulary: payloads, ids, limits, text; no rules of ours."""
