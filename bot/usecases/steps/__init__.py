"""Steps inside a transaction; each function takes `tx`."""
