"""A diff on the screen: it fits into its space, and says how much it leaves out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.diff import FieldChange, diff
from bot.domain.kinds import FIELDS, Field, Kind, Shape
from bot.domain.text_diff import compare_texts
from bot.slack.limits.blocks import BLOCK_WEIGHT, RUN_WEIGHT
from bot.slack.text.diffs import FieldDiff, draw_changes
from tests.support.template_makers import contents

WHAT = Field(name="rule", label="What do we do?", shape=Shape.TEXT)
ROOM = 8000


def change(old: str, new: str) -> FieldChange:
    return FieldChange(field=WHAT, segments=compare_texts(old, new))


def draw(*changes: FieldChange, room: int = ROOM) -> list[FieldDiff]:
    return draw_changes(lambda user: {"U0ANA": "ana"}.get(user, ""))(changes, room)


def words(found: FieldDiff) -> str:
    """Return the text as people see it, with ~struck~ and *bold* parts."""
    signs = {None: "{}", "bold": "*{}*", "strike": "~{}~", "italic": "_{}_"}
    return "".join(
        signs[next(iter(run.style)) if run.style else None].format(run.text) for run in found.runs
    )


def test_added_words_are_bold_and_removed_words_struck() -> None:
    (found,) = draw(change("wait 15 minutes", "wait 30 minutes"))

    assert found.label == "What do we do?"
    assert words(found) == "wait ~15~* 30* minutes"


def test_invisible_characters_are_shown_as_signs() -> None:
    (found,) = draw(change("one two\nthree", "one\ntwo three"))

    assert words(found) == "one~␣~* ↵\n*two~↵~* ␣*three"


def test_a_diff_shows_only_a_few_unchanged_words() -> None:
    long = " ".join(f"word{number}" for number in range(300))
    (found,) = draw(change(f"{long} 15 {long} 1 {long}", f"{long} 30 {long} 2 {long}"))
    seen = words(found)

    assert len(seen) < 350
    assert (seen[:6], seen[-1]) == ("… word", "…")
    assert "word299 ~15~* 30* word0" in seen
    assert "word299 ~1~* 2* word0" in seen
    assert seen.count("…") == 3


def test_changes_that_do_not_fit_are_counted() -> None:
    old = " ".join(f"this stays as it was, said number {at}: x{at}" for at in range(60))
    new = " ".join(f"this stays as it was, said number {at}: y{at}" for at in range(60))
    (found,) = draw(change(old, new), room=2000)

    shown = sum(run.style == {"bold": True} for run in found.runs)
    assert 5 < shown < 60
    assert found.runs[-1].text == f"\n… and {60 - shown} more changes"


def test_two_long_texts_are_shown_by_their_beginnings() -> None:
    old = " ".join(f"old{number}" for number in range(600))
    new = " ".join(f"new{number}" for number in range(600))
    (found,) = draw(change(old, new))

    removed, added = found.runs
    assert (removed.text[:9], removed.text[-1]) == ("old0 old1", "…")
    assert (added.text[:10], added.text[-1]) == (" new0 new1", "…")
    assert len(removed.text) > 2500


def test_people_are_shown_by_name() -> None:
    owner = Field(name="owner", label="Owner", shape=Shape.USER)
    segments = compare_texts("@U0ANA", "@U0BEN")
    (found,) = draw(
        FieldChange(field=owner, segments=segments, people=frozenset({"U0ANA", "U0BEN"}))
    )

    assert words(found) == "~ana~* U0BEN*"


@given(data=st.data(), kind=st.sampled_from(Kind), room=st.sampled_from([7000, 8000, 20_000]))
@settings(max_examples=60)
def test_the_blocks_of_any_diff_fit_into_their_space(
    data: st.DataObject, kind: Kind, room: int
) -> None:
    changes = diff(data.draw(contents(kind)), data.draw(contents(kind)))

    found = draw(*changes, room=room)

    assert [one.label for one in found] == [each.field.label for each in changes]
    assert len(found) <= len(FIELDS[kind])
    assert all(run.text for one in found for run in one.runs)
    assert (
        sum(
            BLOCK_WEIGHT
            + len(one.label)
            + RUN_WEIGHT
            + sum(len(run.text) + RUN_WEIGHT for run in one.runs)
            for one in found
        )
        <= room
    )
