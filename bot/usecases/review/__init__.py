"""The periodic check that entries are still accurate: verdicts, digests and nudges."""
