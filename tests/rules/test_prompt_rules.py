"""The rule that decides which messages are unusual enough to ask about."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.prompt_rules import ENOUGH, QUOTA, SURE, prompt_threshold

scores = st.floats(min_value=0, max_value=1)


def test_with_few_scores_a_channel_uses_the_floor() -> None:
    assert prompt_threshold([0.99] * (ENOUGH - 1)) == SURE


def test_with_enough_scores_a_channel_asks_about_its_top_three_tenths() -> None:
    recent = [0.60, 0.62, 0.64, 0.66, 0.68, 0.70, 0.72, 0.74, 0.76, 0.78] * 2

    # The six highest of twenty reach it: 0.78, 0.76 and 0.74, each twice.
    assert prompt_threshold(recent) == 0.74


@given(st.lists(scores, max_size=60))
def test_the_bar_is_never_below_the_floor(recent: list[float]) -> None:
    assert prompt_threshold(recent) >= SURE


@given(st.lists(scores, min_size=ENOUGH, max_size=60, unique=True))
def test_no_more_than_the_quota_of_different_scores_reaches_the_bar(recent: list[float]) -> None:
    reached = [score for score in recent if score >= prompt_threshold(recent)]

    assert len(reached) <= max(1, len(recent) * QUOTA)


@given(st.lists(scores, min_size=ENOUGH, max_size=60))
def test_the_order_of_the_scores_does_not_matter(recent: list[float]) -> None:
    assert prompt_threshold(recent) == prompt_threshold(sorted(recent))
