"""Random histories: several people change entries, and a replay predicts what is stored."""
