"""Slack's mrkdwn and rich text as lines of styled runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from bot.slack.terminal.runs import Line, Run, Style, clean
from bot.slack.text import mrkdwn

_MARKS: Final[Mapping[str, Style]] = {"*": "bold", "_": "italic", "~": "strike"}
# The emoji that operators and this bot use. Others keep their name, as in Slack's own export.
_DRAWN: Final = {
    "white_check_mark": "✅",
    "heavy_check_mark": "✔",
    "x": "❌",
    "warning": "⚠️",
    "rotating_light": "🚨",
    "fire": "🔥",
    "bell": "🔔",
    "scroll": "📜",
    "eyes": "👀",
    "hourglass": "⌛",
    "hourglass_flowing_sand": "⏳",
    "handshake": "🤝",
    "ladder": "🪜",
    "lock": "🔒",
    "link": "🔗",
    "bulb": "💡",
    "memo": "📝",
    "mag": "🔍",
    "repeat": "🔁",
    "books": "📚",
    "calendar": "📅",
    "zzz": "💤",
    "wave": "👋",
    "tada": "🎉",
    "+1": "👍",
    "-1": "👎",
    "large_green_circle": "🟢",
    "large_yellow_circle": "🟡",
    "red_circle": "🔴",
    "large_blue_circle": "🔵",
    "white_circle": "⚪",
    "black_circle": "⚫",
}
_EMOJI: Final = re.compile(f":({'|'.join(map(re.escape, _DRAWN))}):(?::skin-tone-[2-6]:)?")


@cache
def _piece(marks: str) -> re.Pattern[str]:
    """Match a token, code, or text between two marks.

    A mark opens and closes next to a word, not within one, and on the same line.
    """
    marked = rf"(?<![^\W_])(?P<mark>[{marks or '*'}])(?=\S)(?P<marked>.*?\S)(?P=mark)(?![^\W_])"
    never = "" if marks else "(?!)"
    return re.compile(
        rf"{mrkdwn.TOKEN.pattern}|(?<![\w`])`(?P<code>[^`]+)`(?![\w`])|{never}{marked}"
    )


@dataclass(frozen=True)
class Pen:
    """Writes text, with names for mentions, in the styles that the terminal supports."""

    names: Callable[[str], str]
    colour: bool
    hyperlinks: bool

    def text(self, text_object: Mapping[str, Any]) -> list[Line]:
        """Return the lines of a text object, plain_text or mrkdwn."""
        text = str(text_object.get("text", ""))
        if text_object.get("type") == "mrkdwn":
            return self.mrkdwn(text)
        return [[Run(text=_emoji(clean(line)))] for line in text.split("\n")]

    def mrkdwn(self, text: str) -> list[Line]:
        """Return the lines of a mrkdwn text, including code blocks between ```."""
        lines: list[Line] = []
        for index, part in enumerate(text.split("```")):
            inner = part.removeprefix("\n").removesuffix("\n") if index else part.removesuffix("\n")
            if index % 2:
                lines += self.preformatted(mrkdwn.plain(inner, self.names))
            elif inner or not index:
                lines += [self._line(line) for line in inner.split("\n")]
        return lines

    def _line(self, line: str) -> Line:
        quoted = line.removeprefix("&gt;") if line.startswith("&gt;") else line.removeprefix(">")
        if quoted == line:
            return list(self._runs(line))
        return [Run(text="│ ", styles=frozenset({"dim"})), *self._runs(quoted.removeprefix(" "))]

    def _runs(self, text: str, marks: str = "*_~") -> Iterator[Run]:
        end = 0
        for piece in _piece(marks).finditer(text):
            yield from self._words(text[end : piece.start()])
            end = piece.end()
            if piece[1] is not None:
                yield from self._token(piece[1])
            elif code := piece["code"]:
                yield self.code(mrkdwn.plain(code, self.names))
            else:
                # A mark has no effect within itself, so the nesting ends.
                inner = self._runs(piece["marked"], marks.replace(piece["mark"], ""))
                yield from self.marked(inner, _MARKS[piece["mark"]])
        yield from self._words(text[end:])

    def _words(self, text: str) -> Iterator[Run]:
        if text:
            yield Run(text=_emoji(clean(mrkdwn.unescape(text))))

    def _token(self, token: str) -> Iterator[Run]:
        target, _, label = token.partition("|")
        if target.startswith(("@", "#", "!")):
            shown = Run(text=clean(mrkdwn.shown(token, self.names)))
            yield shown if target.startswith("!date") else shown.styled("mention")
        else:
            yield from self.link(mrkdwn.unescape(target), mrkdwn.unescape(label))

    def link(self, url: str, label: str) -> Iterator[Run]:
        """Yield a link: its label, followed by the address unless the terminal supports links."""
        url, label = clean(url).replace("\n", ""), clean(label)
        if self.hyperlinks and url:
            yield Run(text=label or url, styles=frozenset({"link"}), url=url)
        elif label and label != url.removeprefix("mailto:").removeprefix("tel:"):
            yield Run(text=_emoji(label))
            yield Run(text=" (")
            yield Run(text=url).styled("link")
            yield Run(text=")")
        else:
            yield Run(text=label or url).styled("link")

    def code(self, text: str) -> Run:
        """Return text as code: coloured, or between backticks."""
        return Run(
            text=clean(text) if self.colour else f"`{clean(text)}`", styles=frozenset({"code"})
        )

    def preformatted(self, text: str) -> list[Line]:
        """Return the lines of a code block, indented by four columns."""
        return [
            [Run(text=f"    {clean(line)}", styles=frozenset({"code"}))]
            for line in text.split("\n")
        ]

    def marked(self, runs: Iterable[Run], style: Style) -> Iterator[Run]:
        """Yield the runs in a style. Without colour, tildes mark struck text."""
        tilde = [Run(text="~")] if style == "strike" and not self.colour else []
        yield from tilde
        yield from (run.styled(style) for run in runs)
        yield from tilde

    def rich(self, elements: Iterable[Mapping[str, Any]]) -> list[Line]:
        """Return the lines of the elements of a rich text section."""
        lines: list[list[Run]] = [[]]
        for element in elements:
            for run in self._rich(element):
                first, *more = run.text.split("\n")
                lines[-1].append(Run(text=first, styles=run.styles, url=run.url))
                lines += [[Run(text=text, styles=run.styles, url=run.url)] for text in more]
        if len(lines) > 1 and not any(run.text for run in lines[-1]):
            lines.pop()
        return [*lines]

    def _rich(self, element: Mapping[str, Any]) -> Iterator[Run]:
        runs: Iterable[Run] = self._rich_plain(element)
        style = element.get("style", {})
        if style.get("code"):
            runs = [self.code(run.text) for run in runs]
        for name in ("bold", "italic", "strike"):
            if style.get(name):
                runs = self.marked(runs, name)
        yield from runs

    def _rich_plain(self, element: Mapping[str, Any]) -> Iterator[Run]:
        match element:
            case {"type": "text", "text": str(text)}:
                yield Run(text=clean(text))
            case {"type": "link", "url": str(url)}:
                yield from self.link(url, str(element.get("text", "")))
            case {"type": "user", "user_id": ident} | {"type": "usergroup", "usergroup_id": ident}:
                yield Run(text="@" + clean(self.names(ident) or ident)).styled("mention")
            case {"type": "channel", "channel_id": ident}:
                yield Run(text="#" + clean(self.names(ident) or ident)).styled("mention")
            case {"type": "broadcast", "range": str(whom)}:
                yield Run(text=f"@{whom}").styled("mention")
            case {"type": "emoji", "name": str(name)}:
                yield Run(text=_emoji(f":{name}:"))
            case {"type": "date"}:
                yield Run(text=clean(str(element.get("fallback", ""))))
            case _:
                yield Run(text=clean(str(element.get("text") or element.get("value") or "")))


def _emoji(text: str) -> str:
    return _EMOJI.sub(lambda found: _DRAWN[found[1]], text)
