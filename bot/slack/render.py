"""Rendering a template into a payload that Slack accepts."""

import contextlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from bot.slack import limits
from bot.slack.limits import LimitError
from bot.slack.text.status import Names

if TYPE_CHECKING:
    from jinja2 import Environment

# The divisors of the text in each part of a message, tried until the message is light enough.
_LESS: Final = (1, 2, 6)


class Render(Protocol):
    """Renders a template by its name, `entry_card`, with its values."""

    def __call__(self, name: str, **shown: object) -> dict[str, Any]:
        """Return the payload, checked against Slack's limits.

        Raises:
            LimitError: Slack would refuse the result.
        """


def renderer(names: Names, now: Callable[[], datetime]) -> Render:
    """Return a renderer; `environment` describes the two parameters."""

    @cache
    def environment_() -> "Environment":
        # Importing Jinja2 takes a tenth of the start-up, and nothing is rendered before an event.
        from bot.slack.templates import environment  # noqa: PLC0415 - as above

        return environment(names, now)

    def draw(name: str, less: int, shown: Mapping[str, object]) -> dict[str, Any]:
        text = environment_().get_template(f"{name}.json.j2").render(less=less, **shown)
        payload: dict[str, Any] = _without_nulls(json.loads(text))
        limits.check(payload)
        return payload

    def render(name: str, **shown: object) -> dict[str, Any]:
        for less in _LESS[:-1]:
            with contextlib.suppress(limits.WeightError):
                return draw(name, less, shown)
        return draw(name, _LESS[-1], shown)

    return render


def _without_nulls(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON without nulls, so that templates can write `null` for a part that is left out."""
    if isinstance(node, dict):
        return {name: _without_nulls(part) for name, part in node.items() if part is not None}
    if isinstance(node, list):
        return [_without_nulls(part) for part in node if part is not None]
    return node


def render_digest(render: Render, name: str, **shown: object) -> dict[str, Any]:
    """Render a digest or a message of its thread, with brief lines if it's too long for Slack."""
    try:
        return render(name, **shown, brief=False)
    except LimitError:
        return render(name, **shown, brief=True)
