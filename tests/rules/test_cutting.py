"""Texts that are too long end after a sentence, or between two words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cutting import cut_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Stop the pump.", "Stop the pump."),
        ("Stop the pump. Then call the depot and wait.", "Stop the pump. …"),
        ("stop it? yes!! (at once.) then wait for the depot", "stop it? yes!! (at once.) …"),
        ("Stop the pump\nThen call the depot and wait.", "Stop the pump …"),
        ("No. Stop the pump and call the depot at once", "No. Stop the pump and call…"),
        ("Use the spare, e.g. the one of the depot", "Use the spare, e.g. the one…"),
        ("Stop the pumps of the depots, (and wait)", "Stop the pumps of the depots…"),
        ("stopthepumpthencallthedepotandwaitforit", "stopthepumpthencallthedepotan…"),
    ],
)
def test_a_long_text_is_cut_after_a_sentence_or_a_word(text: str, shown: str) -> None:
    assert cut_text(text, 30) == shown


@given(st.text(st.sampled_from("ab. !?\n(,…"), max_size=60), st.integers(2, 40))
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, most: int) -> None:
    shown = cut_text(text, most)

    assert len(shown) <= most
    assert shown == text or (len(text) > most and shown.endswith("…"))
    assert text.startswith(shown.removesuffix("…").rstrip())
