"""Who owns and backs up entries, and passing them on."""
