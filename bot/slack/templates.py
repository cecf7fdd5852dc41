"""The environment in which templates are compiled, and what they know beside what they show."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Final

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, Undefined
from jinja2.bccache import Bucket
from markupsafe import Markup

import templates
from bot.domain import kinds
from bot.domain.digests import Section
from bot.domain.kinds import Choice, Kind
from bot.domain.nudges import About
from bot.domain.revisions import Effect
from bot.domain.schedule import WEEKDAYS
from bot.slack import ids
from bot.slack.payloads.interactions import packed
from bot.slack.text import digest_lines, phrases
from bot.slack.text.help import TOPICS

_FOLDER: Final = Path(templates.__file__).parent


def environment(names: phrases.Names, now: Callable[[], datetime]) -> Environment:
    """Templates are compiled at first use and kept.

    `names` gives the name of a person, shown where a mention would ping them, and `now` the time
    that tells whether an entry is due.
    """
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        finalize=_literal,
        # What a macro made is then told apart from text: it is Markup, and stays as it is.
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_compiled(),
    )
    made.filters |= phrases.filters(names, now) | digest_lines.filters(names)
    made.globals |= {
        "ids": ids,
        "kinds": kinds,
        "kind_choices": [Choice(value=kind.value, label=kind.noun.capitalize()) for kind in Kind],
        "sections": tuple(Section),
        "abouts": tuple(About),
        "weekdays": [Choice(value=str(number), label=day) for number, day in enumerate(WEEKDAYS)],
        "yes_or_no": [Choice(value="yes", label="Yes"), Choice(value="no", label="No")],
        "approval_counts": [Choice(value="1", label="One"), Choice(value="2", label="Two")],
        "effects": [Choice(value=each.value, label=phrases.EFFECTS[each]) for each in Effect],
        "help_topics": TOPICS,
        "packed": packed,
    }
    return made


class _Compiled(BytecodeCache):
    """Keeps what templates were compiled to."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


@cache
def _compiled() -> _Compiled:
    """One for the process: compiling takes far longer than rendering, and bots share templates."""
    return _Compiled()


def _literal(value: object) -> object:
    """Turn each `{{ value }}` into a JSON literal, so that no text can end its own string."""
    if isinstance(value, Undefined | Markup):
        return value
    return Markup(json.dumps(value, ensure_ascii=False))  # noqa: S704 - JSON, not HTML
