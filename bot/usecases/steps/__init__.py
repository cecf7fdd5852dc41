"""What happens inside a transaction; each function takes `tx`."""
