"""Benchmarks: `make bench` prints ratios and times, and docs/benchmarks.md lists some."""
