"""The Jinja environment of the templates, with their filters and globals."""

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
from bot.slack.text import digest_lines, entry_lists, gap_phrases, phrases, prompt_rates
from bot.slack.text.help import TOPICS
from bot.slack.text.status import Names, StatusWords

_FOLDER: Final = Path(templates.__file__).parent


def environment(names: Names, now: Callable[[], datetime]) -> Environment:
    """Return the environment; it compiles each template at its first use.

    `names` gives the name of a person, which is shown where a mention would ping them. `now` gives
    the time, which decides whether an entry is due.
    """
    environment_ = Environment(
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        finalize=_literal,
        # This makes the results of macros Markup, which `_literal` leaves as it is.
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_compiled_templates(),
    )
    environment_.filters |= {
        **phrases.filters(names, now),
        **digest_lines.filters(StatusWords(names=names, now=now)),
        **entry_lists.filters(names),
        **gap_phrases.filters(now),
        **prompt_rates.filters(),
    }
    environment_.globals |= {
        "ids": ids,
        "kinds": kinds,
        "kind_choices": [Choice(value=kind.value, label=kind.noun.capitalize()) for kind in Kind],
        "sections": tuple(Section),
        "abouts": tuple(About),
        "weekdays": [Choice(value=str(number), label=day) for number, day in enumerate(WEEKDAYS)],
        "yes_or_no": [Choice(value="yes", label="Yes"), Choice(value="no", label="No")],
        "approval_counts": [Choice(value="1", label="One"), Choice(value="2", label="Two")],
        "effects": [Choice(value=effect.value, label=phrases.EFFECTS[effect]) for effect in Effect],
        "help_topics": TOPICS,
        "packed": packed,
    }
    return environment_


class _CompiledTemplates(BytecodeCache):
    """A cache of compiled templates."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


@cache
def _compiled_templates() -> _CompiledTemplates:
    """Return the cache that all bots of this process share, because compiling is slow."""
    return _CompiledTemplates()


def _literal(value: object) -> object:
    """Return each `{{ value }}` as a JSON literal, so that no text can end its own string."""
    if isinstance(value, Undefined | Markup):
        return value
    return Markup(json.dumps(value, ensure_ascii=False))  # noqa: S704 - JSON, not HTML
