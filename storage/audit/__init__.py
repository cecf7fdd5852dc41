"""The audit: acts in a hash chain, the row states that they record, and the proof of both."""
