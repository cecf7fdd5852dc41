"""A template becomes JSON, and JSON becomes a payload that Slack takes."""

import contextlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from bot.slack import limits
from bot.slack.limits import LimitError
from bot.slack.text import phrases

if TYPE_CHECKING:
    from jinja2 import Environment

# How many times less each part of a message says, until Slack takes all of them together.
_LESS: Final = (1, 2, 6)


class Render(Protocol):
    """Renders a template by its name, `entry_card`, with what it shows."""

    def __call__(self, name: str, **shown: object) -> dict[str, Any]:
        """Return the payload, checked against Slack's limits.

        Raises:
            LimitError: a template made what Slack would refuse.
        """


def renderer(names: phrases.Names, now: Callable[[], datetime]) -> Render:
    """Draw with templates, which are given these two: see `environment`."""

    @cache
    def made() -> "Environment":
        # Slack is heard before anything is drawn, and Jinja2 is a tenth of the start-up.
        from bot.slack.templates import environment  # noqa: PLC0415 - as said

        return environment(names, now)

    def drawn(name: str, less: int, shown: Mapping[str, object]) -> dict[str, Any]:
        text = made().get_template(f"{name}.json.j2").render(less=less, **shown)
        payload: dict[str, Any] = _without_gaps(json.loads(text))
        limits.check(payload)
        return payload

    def render(name: str, **shown: object) -> dict[str, Any]:
        for less in _LESS[:-1]:
            with contextlib.suppress(limits.WeightError):
                return drawn(name, less, shown)
        return drawn(name, _LESS[-1], shown)

    return render


def _without_gaps(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """Drop nulls, so that templates may write `null` for what is not shown."""
    if isinstance(node, dict):
        return {name: _without_gaps(part) for name, part in node.items() if part is not None}
    if isinstance(node, list):
        return [_without_gaps(part) for part in node if part is not None]
    return node


def render_digest(render: Render, name: str, **shown: object) -> dict[str, Any]:
    """Return a digest, or a message of its thread. If it is too long for Slack, lines say less."""
    try:
        return render(name, **shown, brief=False)
    except LimitError:
        return render(name, **shown, brief=True)
