"""A Slack message, block by block, as lines for a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final, TypeAlias

from bot.slack.terminal.inline import Pen
from bot.slack.terminal.runs import Line, Run, Style, clean, columns, length, paint, wrap

Json: TypeAlias = Mapping[str, Any]

# Columns. On a narrower terminal, fields or a button beside a text are hard to read.
_SIDE_BY_SIDE: Final = 48
_GAP: Final = "  "
_BULLET: Final = re.compile(r"\s*(?:[•◦▪–\-]|\d{1,3}[.)])\s+|│ |\s+")
# Blocks without an empty line above, because they belong to the block before.
_CLOSE: Final = ("context", "actions", "divider")


def draw(
    message: Json,
    *,
    width: int = 88,
    names: Callable[[str], str],
    colour: bool = False,
    hyperlinks: bool = False,
) -> str:
    """Return a message as people see it, wrapped to `width` columns, without a last newline.

    A message without blocks is drawn from its text. `names` gives the name of a user, group or
    channel by its id. `colour` allows ECMA-48 styles; without it, struck text is between tildes.
    `hyperlinks` allows OSC 8 links; without it, an address follows its label. Control characters in
    a message never reach the terminal.
    """
    pen = Pen(names=names, colour=colour, hyperlinks=hyperlinks)
    lines = _Drawing(pen, width).message(message)
    return "\n".join(paint(line, colour=colour, hyperlinks=hyperlinks) for line in lines)


@dataclass(frozen=True)
class _Drawing:
    pen: Pen
    width: int

    def message(self, message: Json) -> list[Line]:
        blocks = message.get("blocks")
        if blocks:
            lines = self.blocks(blocks)
        else:
            lines = self._wrapped(self.pen.mrkdwn(message.get("text", "")))
        for attachment in message.get("attachments", ()):
            inner = _Drawing(self.pen, self.width - 2).message(attachment)
            lines += [[], *([Run(text="│ ", styles=frozenset({"dim"})), *line] for line in inner)]
        return lines

    def blocks(self, blocks: Sequence[Json]) -> list[Line]:
        lines: list[Line] = []
        before = "divider"
        for block in blocks:
            kind = str(block.get("type"))
            if before != "divider" and kind not in _CLOSE:
                lines.append([])
            lines += _BLOCKS.get(kind, _Drawing.unknown)(self, block)
            before = kind
        return lines

    def header(self, block: Json) -> list[Line]:
        lines = self._wrapped(self.pen.text(block["text"]))
        rule = Run(text="━" * max(length(line) for line in lines))
        return [[run.styled("bold") for run in line] for line in [*lines, [rule]]]

    def section(self, block: Json) -> list[Line]:
        beside = self._element(block["accessory"]) if "accessory" in block else []
        text = self.pen.text(block["text"]) if "text" in block else []
        room = self.width - length(beside) - len(_GAP)
        if beside and text and room >= _SIDE_BY_SIDE:
            first, *rest = self._wrapped(text, room)
            blank = Run(text=" " * (self.width - length(first) - length(beside)))
            lines: list[Line] = [[*first, blank, *beside], *rest]
        else:
            lines = [*self._wrapped(text), *self._wrapped([beside] if beside else [])]
        return lines + self._fields(block.get("fields", ()))

    def _fields(self, fields: Sequence[Json]) -> list[Line]:
        texts = [self.pen.text(field) for field in fields]
        if self.width < _SIDE_BY_SIDE:
            return [line for text in texts for line in self._wrapped(text)]
        half = (self.width - len(_GAP)) // 2
        lines: list[Line] = []
        for left, right in zip_longest(texts[::2], texts[1::2]):
            beside = self._wrapped(right or [], half)
            for one, other in zip_longest(self._wrapped(left, half), beside):
                line = one or []
                blank = Run(text=" " * (half - length(line)) + _GAP)
                lines.append([*line, blank, *other] if other else line)
        return lines

    def context(self, block: Json) -> list[Line]:
        lines: list[list[Run]] = [[]]
        for element in block["elements"]:
            image = element.get("type") == "image"
            first, *more = [self._element(element)] if image else self.pen.text(element)
            lines[-1] += [Run(text=_GAP), *first] if lines[-1] else first
            lines += [list(line) for line in more]
        return self._wrapped([[run.styled("dim") for run in line] for line in lines])

    def rich_text(self, block: Json) -> list[Line]:
        lines: list[Line] = []
        for element in block["elements"]:
            match element.get("type"):
                case "rich_text_list":
                    lines += self._list(element)
                case "rich_text_quote":
                    quote = Run(text="│ ", styles=frozenset({"dim"}))
                    lines += self._wrapped(
                        [[quote, *line] for line in self.pen.rich(element["elements"])]
                    )
                case "rich_text_preformatted":
                    code = "".join(str(run.get("text", "")) for run in element["elements"])
                    lines += self.pen.preformatted(code)
                case _:
                    lines += self._wrapped(self.pen.rich(element.get("elements", ())))
        return lines

    def _list(self, element: Json) -> Iterator[Line]:
        indent = "  " * int(element.get("indent", 0))
        ordered = element.get("style") == "ordered"
        for index, item in enumerate(element["elements"], int(element.get("offset", 0)) + 1):
            mark = f"{indent}{index}. " if ordered else f"{indent}• "
            first, *more = self.pen.rich(item["elements"])
            yield from wrap([Run(text=mark), *first], self.width, " " * columns(mark))
            for line in more:
                yield from wrap(
                    [Run(text=" " * columns(mark)), *line], self.width, " " * columns(mark)
                )

    def divider(self, _block: Json) -> list[Line]:
        return [[Run(text="─" * self.width, styles=frozenset({"dim"}))]]

    def actions(self, block: Json) -> list[Line]:
        rows: list[list[Run]] = [[]]
        for element in map(self._element, block["elements"]):
            if rows[-1] and length(rows[-1]) + len(_GAP) + length(element) > self.width:
                rows.append([])
            rows[-1] += [Run(text=_GAP), *element] if rows[-1] else element
        return [*rows]

    def image(self, block: Json) -> list[Line]:
        title = self.pen.text(block["title"]) if "title" in block else []
        return self._wrapped([*title, self._element({**block, "type": "image"})])

    def markdown(self, block: Json) -> list[Line]:
        return self._wrapped(self.pen.text(block))

    def unknown(self, block: Json) -> list[Line]:
        """Draw a placeholder for a block that this module doesn't know."""
        return [[Run(text=f"[{clean(str(block.get('type')))}]", styles=frozenset({"dim"}))]]

    def _wrapped(self, lines: Sequence[Line], width: int | None = None) -> list[Line]:
        """Wrap each line; after a bullet or bar, indent the next lines under the first word."""
        wrapped: list[Line] = []
        for line in lines:
            bullet = _BULLET.match("".join(run.text for run in line))
            mark = bullet.group() if bullet else ""
            hang = mark if mark == "│ " else " " * columns(mark)
            wrapped += wrap(line, width or self.width, hang)
        return wrapped

    def _element(self, element: Json) -> Line:
        """Draw a button as `[ Record it ]`, a menu as `[ Snooze ▾ ]`, an image as its alt text."""
        kind = element.get("type")
        if kind == "image":
            return [Run(text=f"[image: {clean(element['alt_text'])}]", styles=frozenset({"dim"}))]
        if kind == "button":
            return self._button(element)
        chosen = element.get("initial_option") or {}
        shown = chosen.get("text") or element.get("placeholder") or {}
        if kind in {"checkboxes", "radio_buttons"}:
            return [Run(text=f"[ ] {self._label(option)}  ") for option in element["options"]]
        return [
            Run(text=f"[ {self._label({'text': shown}) or '⋯'} ▾ ]", styles=frozenset({"bold"}))
        ]

    def _button(self, element: Json) -> Line:
        style: Style = element.get("style") or "bold"
        url = clean(element.get("url", ""))
        drawn = Run(text=f"[ {self._label(element)} ]", styles=frozenset({style}), url=url)
        if not url or self.pen.hyperlinks:
            return [drawn]
        return [drawn, Run(text=f" {url}", styles=frozenset({"link"}))]

    def _label(self, element: Json) -> str:
        text = element.get("text") or {}
        return " ".join(run.text for line in self.pen.text(text) for run in line if run.text)


_BLOCKS: Final[Mapping[str, Callable[[_Drawing, Json], list[Line]]]] = {
    "header": _Drawing.header,
    "section": _Drawing.section,
    "context": _Drawing.context,
    "divider": _Drawing.divider,
    "actions": _Drawing.actions,
    "rich_text": _Drawing.rich_text,
    "image": _Drawing.image,
    "markdown": _Drawing.markdown,
}
