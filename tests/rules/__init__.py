"""Rules and drawings, without a workspace."""
