"""Histories at random: several people change entries, and what is kept is replayed beside them."""
