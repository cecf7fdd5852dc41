"""The diff of two contents: it loses nothing, and marks what people changed."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.alignment import align, split_stretches
from bot.domain.diff import diff, format_value
from bot.domain.kinds import FIELDS, Field, Kind, Shape, field_of
from bot.domain.revisions import Content
from bot.domain.text_diff import Mark, Segment, compare_lists, compare_texts
from tests.support.template_makers import contents

# Few words, so that many are equal, with spaces, line ends and punctuation.
WORDS = st.sampled_from(["page", "ana", "ben", "the", "a", "15", "データ", "x" * 50, "é", "👩‍🚒"])
SPACES = st.sampled_from([" ", "  ", "\n", "\n\n", ", ", ". ", "", " (", ")\n"])
TEXTS = st.lists(st.tuples(WORDS, SPACES), max_size=30).map(
    lambda parts: "".join(word + space for word, space in parts)
)


def side(segments: tuple[Segment, ...], mark: Mark) -> str:
    return "".join(one.text for one in segments if one.mark in (Mark.SAME, mark))


def drawn(segments: tuple[Segment, ...]) -> str:
    """Write removed text as `[-x]`, and added text as `[+x]`."""
    signs = {Mark.SAME: "{}", Mark.REMOVED: "[-{}]", Mark.ADDED: "[+{}]"}
    return "".join(signs[one.mark].format(one.text) for one in segments)


@given(old=TEXTS | st.text(), new=TEXTS | st.text())
@settings(max_examples=300)
def test_a_diff_contains_both_texts(old: str, new: str) -> None:
    segments = compare_texts(old, new)

    assert side(segments, Mark.REMOVED) == old
    assert side(segments, Mark.ADDED) == new
    assert all(one.text for one in segments)
    assert all(one.mark is not two.mark for one, two in pairwise(segments))


@given(text=TEXTS | st.text())
def test_a_text_has_no_diff_with_itself(text: str) -> None:
    assert all(one.mark is Mark.SAME for one in compare_texts(text, text))


@given(data=st.data(), kind=st.sampled_from(Kind))
@settings(max_examples=60)
def test_only_the_changed_fields_are_in_the_diff(data: st.DataObject, kind: Kind) -> None:
    old, new = data.draw(contents(kind)), data.draw(contents(kind))
    told = {change.field.name: change for change in diff(old, new)}

    for field in FIELDS[kind]:
        before, after = old.values.get(field.name), new.values.get(field.name)
        assert (field.name in told) == (before != after)
        if field.name in told:
            segments = told[field.name].segments
            assert side(segments, Mark.REMOVED) == format_value(field, before)
            assert side(segments, Mark.ADDED) == format_value(field, after)
    assert list(told) == [field.name for field in FIELDS[kind] if field.name in told]
    assert diff(new, new) == ()


@given(
    old=st.lists(st.sampled_from("abcdefgh"), max_size=40),
    new=st.lists(st.sampled_from("abcdefgh"), max_size=40),
)
def test_aligned_words_are_equal_and_in_order(old: list[str], new: list[str]) -> None:
    pairs = align(old, new)

    assert all(old[i] == new[j] for i, j in pairs)
    rising = list(pairwise(pairs))
    assert all(i < i_next and j < j_next for (i, j), (i_next, j_next) in rising)
    whole = split_stretches(old, new)
    assert [x for one in whole for x in old[one.begin : one.end]] == old
    assert [x for one in whole for x in new[one.begin_new : one.end_new]] == new


@pytest.mark.parametrize(
    ("old", "new", "reading"),
    [
        ("wait 15 minutes", "wait 30 minutes", "wait [-15][+30] minutes"),
        ("Do it", "First, do it", "[-Do][+First, do] it"),
        ("do it", "first do it", "[+first ]do it"),
        ("stop", "stop at once", "stop[+ at once]"),
        ("stop it.", "stop it!", "stop it[-.][+!]"),
        ("see (the wiki).", "see the wiki.", "see [-(]the wiki[-)]."),
        # A single equal word between two changed ones is marked as changed too.
        (
            "reboot the server now",
            "restart the box now",
            "[-reboot the server][+restart the box] now",
        ),
        # A removed line is marked as that line, not as the halves of two lines.
        ("restart api\nrestart db", "restart db", "[-restart api\n]restart db"),
        ("one\ntwo", "one\nand\ntwo", "one[+\nand]\ntwo"),
        ("one two", "one\ntwo", "one[- ][+\n]two"),
        ("", "all new", "[+all new]"),
        ("all gone", "", "[-all gone]"),
        (
            "データベースを再起動する",
            "データベースを停止する",
            "データベースを[-再起動][+停止]する",
        ),
        (
            "https://wiki.example.com/runbooks/failover/1",
            "https://wiki.example.com/runbooks/failover/2",
            "https://wiki.example.com/runbooks/failover/[-1][+2]",
        ),
    ],
)
def test_a_diff_marks_what_a_person_would_mark(old: str, new: str, reading: str) -> None:
    assert drawn(compare_texts(old, new)) == reading


def test_a_list_of_tags_is_compared_tag_by_tag() -> None:
    assert drawn(compare_lists(["db", "net"], ["db", "on-call"])) == "db, [-net][+on-call]"
    assert drawn(compare_lists(["db", "net"], ["db"])) == "db[-, net]"
    assert drawn(compare_lists([], ["db"])) == "[+db]"


def test_choices_people_and_lists_are_compared_as_people_read_them() -> None:
    old = Content.of(
        Kind.ESCALATION,
        {
            "title": "Database down",
            "condition": "No answer",
            "severity": "sev1",
            "levels": [{"whom": ["U0ANA", "U0BEN"], "wait": 15, "tell": "Look at the graphs."}],
            "owner": "U0ANA",
        },
    )
    levels: list[dict[str, Any]] = [
        {"whom": ["U0ANA"], "wait": 30, "tell": "Look at the graphs."},
        {"whom": ["U0CY"]},
    ]
    new = old.changed_with(severity="sev2", levels=levels, owner="U0BEN", review_every="90")

    told = {change.field.name: change for change in diff(old, new)}

    assert drawn(told["severity"].segments) == (
        "[-SEV1: customers are down][+SEV2: customers notice]"
    )
    assert drawn(told["levels"].segments) == (
        "Level 1 · @U0ANA[-, @U0BEN] · wait [-15][+30] minutes\nLook at the graphs."
        "[+\nLevel 2 · @U0CY]"
    )
    assert told["levels"].people == {"U0ANA", "U0BEN", "U0CY"}
    assert drawn(told["owner"].segments) == "[-@U0ANA][+@U0BEN]"
    assert drawn(told["review_every"].segments) == "[+90 days]"


def test_the_payload_of_a_handoff_is_compared_line_by_line() -> None:
    payload = field_of(Kind.HANDOFF, "payload")
    assert payload.shape is Shape.LINES
    old, new = (
        Content.of(Kind.HANDOFF, {"title": "Shift", "payload": lines})
        for lines in ("open pages\nsilences\nrisks", "open pages\nrunning changes\nrisks")
    )

    (change,) = diff(old, new)

    assert drawn(change.segments) == "• open pages\n• [-silences][+running changes]\n• risks"


def test_texts_of_repeated_words_are_compared() -> None:
    """If every word repeats, each is compared with each, unless that takes too long."""
    old, new = "a b " * 40, "a b " * 39 + "b a"

    segments = compare_texts(old, new)

    assert side(segments, Mark.REMOVED) == old
    assert side(segments, Mark.ADDED) == new
    assert drawn(segments).startswith("a b a b")


def test_comparing_long_texts_of_repeated_words_ends() -> None:
    old = " ".join("ab"[at * at % 7 % 2] for at in range(1500))
    new = " ".join("ab"[at * at % 11 % 2] for at in range(1500))

    segments = compare_texts(old, new)

    assert side(segments, Mark.REMOVED) == old
    assert side(segments, Mark.ADDED) == new


def test_a_kind_of_field_that_reads_as_it_is_stored() -> None:
    assert format_value(Field(name="x", label="X", shape=Shape.LINE), "as it is") == "as it is"
    assert format_value(Field(name="x", label="X", shape=Shape.LINE), None) == ""
