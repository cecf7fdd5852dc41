"""`make bench`: speed as ratios of one run, on any machine; `docs/benchmarks.md` keeps some."""
