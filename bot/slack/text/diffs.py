"""The changes of an entry as rich text: added words bold, removed words struck through.

Rich text is structure instead of markup, so typed text can't end a style or ping anyone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.domain.diff import FieldChange
from bot.domain.entries import UserId
from bot.domain.invisible import show_invisible
from bot.domain.text_diff import Mark, Segment
from bot.slack.limits.blocks import BLOCK_WEIGHT, RUN_WEIGHT
from bot.slack.text.clipping import clip, continues

# Characters of unchanged text that are shown next to a change.
_CONTEXT: Final = 60
# The fewest characters of a changed segment, and of a field.
_SHORTEST_SEGMENT: Final = 80
_SHORTEST_FIELD: Final = 500
_MORE: Final = 40  # characters of "and 999 more changes"
_STYLES: Final[dict[Mark, dict[str, bool] | None]] = {
    Mark.SAME: None,
    Mark.ADDED: {"bold": True},
    Mark.REMOVED: {"strike": True},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A text in one style of rich text."""

    text: str
    style: dict[str, bool] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDiff:
    """The diff of one field, as runs of rich text."""

    label: str
    runs: tuple[Run, ...]


def draw_changes(names: Callable[[UserId], str]) -> Callable[..., list[FieldDiff]]:
    """Return the filter that draws changes; `names` gives the names of people."""

    def draw(changes: Sequence[FieldChange], room: int) -> list[FieldDiff]:
        """Draw the fields so that their blocks together weigh at most `room`, at least 7,000."""
        fields = [_mark_spaces(_name_people(change, names)) for change in changes]
        labels = [change.field.label for change in changes]
        room -= sum(len(label) + BLOCK_WEIGHT + RUN_WEIGHT for label in labels)
        share = _share([_weight(_shorten_context(segments)) for segments in fields], room)
        share = max(_SHORTEST_FIELD, share)
        return [
            FieldDiff(label=label, runs=tuple(_runs(_fit(segments, share))))
            for label, segments in zip(labels, fields, strict=True)
        ]

    return draw


def _name_people(change: FieldChange, names: Callable[[UserId], str]) -> list[Segment]:
    """Return the segments with names instead of ids, which would ping, and nothing invisible."""
    segments = [replace(segment, text=show_invisible(segment.text)) for segment in change.segments]
    if not change.people:
        return segments
    ids = re.compile(rf"@({'|'.join(map(re.escape, change.people))})\b")
    return [
        replace(
            segment, text=ids.sub(lambda match: names(UserId(match[1])) or match[1], segment.text)
        )
        for segment in segments
    ]


def _mark_spaces(segments: Iterable[Segment]) -> list[Segment]:
    """Return the segments with signs for changed spaces, and a space between old and new words."""
    marked: list[Segment] = []
    for segment in segments:
        text = segment.text
        if segment.mark is not Mark.SAME and text.isspace():
            end = "↵\n" if segment.mark is Mark.ADDED else "↵"
            text = text.replace(" ", "␣").replace("\n", end)
        if marked and marked[-1].mark is Mark.REMOVED and segment.mark is Mark.ADDED:
            text = text if text[0].isspace() else f" {text}"
        marked.append(Segment(mark=segment.mark, text=text))
    return marked


def _fit(segments: Sequence[Segment], room: int) -> list[Segment | int]:
    """Return the segments of a field that fit, then the number of changes that don't."""
    shown = _shorten_context(segments)
    if _weight(shown) <= room:
        return list(shown)
    changed = [segment for segment in shown if segment.mark is not Mark.SAME]
    fixed = _weight(shown) - sum(len(segment.text) for segment in changed) + RUN_WEIGHT + _MORE
    share = _share([len(segment.text) for segment in changed], room - fixed)
    longest = max(_SHORTEST_SEGMENT, share)
    fitting: list[Segment | int] = []
    room -= RUN_WEIGHT + _MORE
    for at, segment in enumerate(shown):
        if segment.mark is not Mark.SAME:
            segment = replace(segment, text=_head(segment.text, longest))  # noqa: PLW2901 - cut
        room -= _weight([segment])
        if room < 0:
            return [*fitting, _count_changes(shown[at:])]
        fitting.append(segment)
    return fitting


def _runs(parts: Iterable[Segment | int]) -> Iterator[Run]:
    for part in parts:
        if isinstance(part, Segment):
            yield Run(text=part.text, style=_STYLES[part.mark])
        elif part:
            more = "change" if part == 1 else "changes"
            yield Run(text=f"\n… and {part} more {more}", style={"italic": True})
        else:
            yield Run(text="…", style=None)


def _shorten_context(segments: Sequence[Segment]) -> list[Segment]:
    """Return the segments with unchanged text cut to the words next to a change."""
    last = len(segments) - 1
    return [
        replace(segment, text=_context(segment.text, first=at == 0, last=at == last))
        if segment.mark is Mark.SAME
        else segment
        for at, segment in enumerate(segments)
    ]


def _context(text: str, *, first: bool, last: bool) -> str:
    if len(text) <= _CONTEXT * (1 if first or last else 2):
        return text
    if first:
        return f"… {_tail(text, _CONTEXT)}"
    if last:
        return _head(text, _CONTEXT)
    return f"{_head(text, _CONTEXT)} {_tail(text, _CONTEXT)}"


def _head(text: str, most: int) -> str:
    """Return the first words of a text."""
    if len(text) <= most:
        return text
    cut = clip(text, most)
    words = re.match(r".*\s", cut, re.DOTALL)
    # Without spaces, or if one word takes most of the room, cut within the word.
    return f"{words.group()}…" if words and len(words.group()) > most // 2 else cut


def _tail(text: str, most: int) -> str:
    """Return the last words of a text."""
    at = len(text) - most
    words = re.compile(r"\s\S").search(text, at, at + most // 2)
    if words:
        at = words.end() - 1
    while at < len(text) and continues(text, at):
        at += 1
    return text[at:]


def _count_changes(segments: Sequence[Segment]) -> int:
    """Return how many places changed. A removal and the addition in its place count once."""
    marks = [segment.mark for segment in segments]
    return sum(
        mark is not Mark.SAME and (at == 0 or marks[at - 1] is Mark.SAME)
        for at, mark in enumerate(marks)
    )


def _weight(segments: Iterable[Segment]) -> int:
    return sum(len(segment.text) + RUN_WEIGHT for segment in segments)


def _share(needs: Sequence[int], room: int) -> int:
    """Return the most that each need may get, so that all together fit in the room."""
    left = len(needs)
    for need in sorted(needs):
        if need * left >= room:
            return max(0, room // left)
        room -= need
        left -= 1
    return max(needs, default=0)


def list_labels(changes: Sequence[FieldChange]) -> str:
    """Return the labels of the changed fields, for the text of a message with blocks."""
    return ", ".join(change.field.label for change in changes)


def filters(names: Callable[[UserId], str]) -> dict[str, Callable[..., Any]]:
    """Return the filters of the templates that draw changes, by name."""
    return {"diff_blocks": draw_changes(names), "labels": list_labels}
