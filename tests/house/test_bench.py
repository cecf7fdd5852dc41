"""Tests of how a benchmark's figures are judged; the benchmarks themselves run by `make bench`."""

from tests.bench.figures import Figure


def test_a_missed_ratio_fails_the_benchmarks() -> None:
    figure = Figure("start-up over the imports", 1.6, "times", 1.5)

    assert figure.fails
    assert str(figure).endswith("at most 1.5: MISSED")


def test_a_missed_floor_fails_the_benchmarks() -> None:
    assert Figure("events over bare Bolt", 0.2, "times", 0.3, floor=True).fails
    assert not Figure("events over bare Bolt", 0.4, "times", 0.3, floor=True).fails


def test_a_time_of_a_slow_hour_is_reported_and_fails_nothing() -> None:
    figure = Figure("search, p99", 80, "ms", 50)

    assert not figure.is_met
    assert not figure.fails
    assert str(figure).endswith("at most 50: missed on this machine")


def test_a_figure_without_a_goal_is_met() -> None:
    assert Figure("search, median", 80, "ms").is_met
