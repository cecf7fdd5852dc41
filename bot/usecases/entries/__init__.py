"""Record, find, use and change entries."""
