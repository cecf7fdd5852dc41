"""The difference between two texts, word by word."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, groupby, takewhile
from typing import Final, TypeAlias

from bot.domain.alignment import Stretch, split_stretches

# The separator before a word (spaces, a comma, a line end), and the word.
_Token: TypeAlias = tuple[str, str]

_CHUNK: Final = re.compile(r"(\s*)(\S+)")
_OPENING: Final = "([{\"'“‘«<"
_CLOSING: Final = ".,;:!?)]}\"'”’»>…"
# Scripts without spaces are compared by character, together with its combining marks. The pattern
# is a string because such wide ranges take long to compile; the first use does it.
_UNSPACED: Final = (
    r"[\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff][\u3099\u309a\ufe00-\ufe0f]*"
    r"|[^\u3005-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
# In a long URL or hash, the diff shows which part differs.
_LONG: Final = 40
_PART: Final = re.compile(r"\w{1,20}|\W")


class Mark(StrEnum):
    """Whether some words were added, removed or left the same."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Some words of a text, and whether they changed."""

    mark: Mark
    text: str


def compare_texts(old: str, new: str) -> tuple[Segment, ...]:
    """Compare two texts: first by line, then the lines that differ word by word.

    The segments without the added ones are the old text; without the removed ones, the new text.
    """
    return merge_segments(_by_line(_line_tokens(old), _line_tokens(new)))


def compare_lists(old: Sequence[str], new: Sequence[str]) -> tuple[Segment, ...]:
    """Compare two lists of names, written as `a, b, c`."""
    return merge_segments(_by_token(_name_tokens(old), _name_tokens(new)))


def merge_segments(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Merge segments so that changes read as removed words followed by added ones.

    The result has no empty segment and no two neighbors with the same mark. Spaces that both a
    removed and an added segment begin with become a segment of their own.
    """
    merged: list[Segment] = []
    for same, group in groupby(
        (segment for segment in segments if segment.text),
        key=lambda segment: segment.mark is Mark.SAME,
    ):
        texts = dict.fromkeys(Mark, "")
        for segment in group:
            texts[segment.mark] += segment.text
        if not same:
            pairs = zip(texts[Mark.REMOVED], texts[Mark.ADDED], strict=False)
            spaces = takewhile(lambda pair: pair[0] == pair[1] and pair[0].isspace(), pairs)
            texts[Mark.SAME] = "".join(space for space, _ in spaces)
            for mark in (Mark.REMOVED, Mark.ADDED):
                texts[mark] = texts[mark].removeprefix(texts[Mark.SAME])
        for mark in (Mark.SAME, Mark.REMOVED, Mark.ADDED):
            if merged and merged[-1].mark is mark:
                merged[-1] = Segment(mark=mark, text=merged[-1].text + texts[mark])
            elif texts[mark]:
                merged.append(Segment(mark=mark, text=texts[mark]))
    return tuple(merged)


def _by_line(old: Sequence[_Token], new: Sequence[_Token]) -> Iterator[Segment]:
    def within(before: str, after: str) -> Iterator[Segment]:
        return _by_token(_word_tokens(before), _word_tokens(after))

    return _segments(_compare_words(old, new), old, new, within)


def _by_token(old: Sequence[_Token], new: Sequence[_Token]) -> Iterator[Segment]:
    return _segments(_join_islands(_compare_words(old, new), old, new), old, new, _replace)


def _compare_words(old: Sequence[_Token], new: Sequence[_Token]) -> list[Stretch]:
    """Compare the words alone; `_segments` compares their separators."""
    return split_stretches([word for _, word in old], [word for _, word in new])


def _segments(
    parts: Iterable[Stretch],
    old: Sequence[_Token],
    new: Sequence[_Token],
    compare: Callable[[str, str], Iterator[Segment]],
) -> Iterator[Segment]:
    for stretch in parts:
        left = old[stretch.begin : stretch.end]
        right = new[stretch.begin_new : stretch.end_new]
        if stretch.same:
            for (space, word), (space_new, _) in zip(left, right, strict=True):
                yield from _compare_separators(space, space_new)
                yield Segment(mark=Mark.SAME, text=word)
            continue
        if left and right:
            yield from _compare_separators(left[0][0], right[0][0])
            left, right = [("", left[0][1]), *left[1:]], [("", right[0][1]), *right[1:]]
        yield from compare(
            *("".join(space + word for space, word in side) for side in (left, right))
        )


def _replace(before: str, after: str) -> Iterator[Segment]:
    yield Segment(mark=Mark.REMOVED, text=before)
    yield Segment(mark=Mark.ADDED, text=after)


def _compare_separators(space: str, space_new: str) -> Iterator[Segment]:
    if space == space_new:
        yield Segment(mark=Mark.SAME, text=space)
    else:
        yield from _replace(space, space_new)


def _join_islands(
    parts: Sequence[Stretch], old: Sequence[_Token], new: Sequence[_Token]
) -> list[Stretch]:
    """Join changes that only a few equal words separate, because such a diff is hard to read."""
    ends, ends_new = (
        list(accumulate((len(space) + len(word) for space, word in side), initial=0))
        for side in (old, new)
    )

    def size(stretch: Stretch) -> int:
        return max(
            ends[stretch.end] - ends[stretch.begin],
            ends_new[stretch.end_new] - ends_new[stretch.begin_new],
        )

    joined_stretches: list[Stretch] = []
    for at, stretch in enumerate(parts):
        changing = bool(joined_stretches) and not joined_stretches[-1].same
        if stretch.same and changing and at + 1 < len(parts):
            island = size(stretch) <= min(size(joined_stretches[-1]), size(parts[at + 1]))
        else:
            island = False
        if island or (changing and not stretch.same):
            joined_stretches[-1] = joined_stretches[-1].with_next(stretch)
        else:
            joined_stretches.append(stretch)
    return joined_stretches


def _line_tokens(text: str) -> list[_Token]:
    return [("\n" if at else "", line) for at, line in enumerate(text.split("\n"))]


def _name_tokens(names: Sequence[str]) -> list[_Token]:
    return [*((", " if at else "", name) for at, name in enumerate(names)), ("", "")]


def _word_tokens(text: str) -> list[_Token]:
    """Return the words and the punctuation as tokens; the last one holds the spaces at the end."""
    tokens: list[_Token] = []
    end = 0
    for match in _CHUNK.finditer(text):
        spaces, chunk = match.groups()
        inner = chunk.lstrip(_OPENING)
        word = inner.rstrip(_CLOSING)
        parts = [chunk.removesuffix(inner), *_parts(word), *inner[len(word) :]]
        first, *more = filter(None, parts)
        tokens += [(spaces, first), *(("", part) for part in more)]
        end = match.end()
    return [*tokens, (text[end:], "")]


def _parts(word: str) -> list[str]:
    if len(word) <= _LONG and word.isascii():
        return [word]
    pieces = re.findall(_UNSPACED, word)
    return [
        part
        for piece in pieces
        for part in (_PART.findall(piece) if len(piece) > _LONG else [piece])
    ]
