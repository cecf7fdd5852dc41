"""What changed in an entry as rich text: added words bold, removed words struck through.

Rich text is structure and not markup, so that nothing typed can end its style or ping somebody.
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

# Characters of what stayed the same that are shown beside a change.
_CONTEXT: Final = 60
# A changed stretch is cut no shorter than this, and a field gets no less room than that.
_SHORTEST: Final = 80
_LEAST: Final = 500
_MORE: Final = 40  # characters of "and 999 more changes"
_STYLES: Final[dict[Mark, dict[str, bool] | None]] = {
    Mark.SAME: None,
    Mark.ADDED: {"bold": True},
    Mark.REMOVED: {"strike": True},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Some text in one style of rich text."""

    text: str
    style: dict[str, bool] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A changed field as it is drawn."""

    label: str
    runs: tuple[Run, ...]


def drawn(names: Callable[[UserId], str]) -> Callable[..., list[Drawn]]:
    """The filter of the templates; `names` gives the names of people."""

    def shown(changes: Sequence[FieldChange], room: int) -> list[Drawn]:
        """Draw the fields so that their blocks together weigh at most `room`, at least 7,000."""
        segments = [_signed(_named(change, names)) for change in changes]
        labels = [change.field.label for change in changes]
        room -= sum(len(label) + BLOCK_WEIGHT + RUN_WEIGHT for label in labels)
        fair = max(_LEAST, _fair([_weight(_in_context(each)) for each in segments], room))
        return [
            Drawn(label=label, runs=tuple(_runs(_clipped(each, fair))))
            for label, each in zip(labels, segments, strict=True)
        ]

    return shown


def _named(change: FieldChange, names: Callable[[UserId], str]) -> list[Segment]:
    """People by their names, for a change of them must not ping them, and the invisible escaped."""
    segments = [replace(one, text=show_invisible(one.text)) for one in change.segments]
    if not change.people:
        return segments
    ids = re.compile(rf"@({'|'.join(map(re.escape, change.people))})\b")
    return [
        replace(one, text=ids.sub(lambda found: names(UserId(found[1])) or found[1], one.text))
        for one in segments
    ]


def _signed(segments: Iterable[Segment]) -> list[Segment]:
    """Line ends and spaces that came or went by signs, and what was removed apart from the new."""
    signed: list[Segment] = []
    for one in segments:
        text = one.text
        if one.mark is not Mark.SAME and text.isspace():
            end = "↵\n" if one.mark is Mark.ADDED else "↵"
            text = text.replace(" ", "␣").replace("\n", end)
        if signed and signed[-1].mark is Mark.REMOVED and one.mark is Mark.ADDED:
            text = text if text[0].isspace() else f" {text}"
        signed.append(Segment(mark=one.mark, text=text))
    return signed


def _clipped(segments: Sequence[Segment], room: int) -> list[Segment | int]:
    """What of a field fits, and the number of changes that do not."""
    shown = _in_context(segments)
    if _weight(shown) <= room:
        return list(shown)
    changed = [one for one in shown if one.mark is not Mark.SAME]
    kept = _weight(shown) - sum(len(one.text) for one in changed) + RUN_WEIGHT + _MORE
    longest = max(_SHORTEST, _fair([len(one.text) for one in changed], room - kept))
    fitting: list[Segment | int] = []
    room -= RUN_WEIGHT + _MORE
    for at, one in enumerate(shown):
        cut = one if one.mark is Mark.SAME else replace(one, text=_head(one.text, longest))
        room -= _weight([cut])
        if room < 0:
            return [*fitting, _changes(shown[at:])]
        fitting.append(cut)
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


def _in_context(segments: Sequence[Segment]) -> list[Segment]:
    """What stayed the same, cut to the words beside what changed."""
    last = len(segments) - 1
    return [
        replace(one, text=_context(one.text, first=at == 0, last=at == last))
        if one.mark is Mark.SAME
        else one
        for at, one in enumerate(segments)
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
    """The first words of a text."""
    if len(text) <= most:
        return text
    cut = clip(text, most)
    words = re.match(r".*\s", cut, re.DOTALL)
    # Where there are no spaces, or one word is nearly all, it is cut within.
    return f"{words.group()}…" if words and len(words.group()) > most // 2 else cut


def _tail(text: str, most: int) -> str:
    """The last words of a text."""
    at = len(text) - most
    words = re.compile(r"\s\S").search(text, at, at + most // 2)
    if words:
        at = words.end() - 1
    while at < len(text) and continues(text, at):
        at += 1
    return text[at:]


def _changes(segments: Sequence[Segment]) -> int:
    """How many places changed: what was removed and what took its place is one."""
    marks = [one.mark for one in segments]
    return sum(
        mark is not Mark.SAME and (at == 0 or marks[at - 1] is Mark.SAME)
        for at, mark in enumerate(marks)
    )


def _weight(segments: Iterable[Segment]) -> int:
    return sum(len(one.text) + RUN_WEIGHT for one in segments)


def _fair(needs: Sequence[int], room: int) -> int:
    """The most that each may have, so that all together keep to the room."""
    left = len(needs)
    for need in sorted(needs):
        if need * left >= room:
            return max(0, room // left)
        room -= need
        left -= 1
    return max(needs, default=0)


def described(changes: Sequence[FieldChange]) -> str:
    """The labels of what changed, for the text beside the blocks."""
    return ", ".join(change.field.label for change in changes)


def filters(names: Callable[[UserId], str]) -> dict[str, Callable[..., Any]]:
    """The filters of the templates that draw changes."""
    return {"drawn": drawn(names), "labels": described}
