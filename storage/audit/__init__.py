"""The audit: acts in a hash chain, the rows that they state, and the proof of both."""
