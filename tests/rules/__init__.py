"""Tests of rules and rendering, without a workspace."""
