"""`make bench`: speed as ratios of one run, on whatever machine; `docs/benchmarks.md` keeps some."""
