"""Phrases about the rate of prompts: how many were shown, and how they ended."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.domain.prompts import PromptOutcome

_OUTCOMES: Final = {
    PromptOutcome.RECORDED: "recorded",
    PromptOutcome.NOT_SAVED: "not saved",
    PromptOutcome.NOT_RECURRING: "not recurring",
    PromptOutcome.HELPED: "helped",
    PromptOutcome.NOT_THIS: "not this",
    PromptOutcome.PASSED_ON: "passed on",
    PromptOutcome.MUTED: "muted",
}


def describe_prompts(figures: Mapping[str, int], when: str = "") -> str:
    """Return a rate: `4 prompts in 212 messages (1.9 per 100); 3 recorded, 1 not recurring`.

    `when` follows the number of messages. Figures from before messages were counted have none.
    """
    prompts, messages = figures["prompts"], figures.get("messages", 0)
    heard = f" in {messages:,} {_plural('message', messages)}" if "messages" in figures else ""
    if not prompts:
        return f"no prompts{heard}{when}"
    rate = f" ({100 * prompts / messages:.1f} per 100)" if messages else ""
    ends = [
        f"{count} {words}" for name, words in _OUTCOMES.items() if (count := figures.get(name, 0))
    ]
    answers = f"; {', '.join(ends) or 'none answered'}" if heard else ""
    return f"{prompts} {_plural('prompt', prompts)}{heard}{when}{rate}{answers}"


def plain_number(value: float) -> str:
    """Return a number as people type it: `3`, `0.5`."""
    return f"{value:g}"


def filters() -> dict[str, Callable[..., Any]]:
    """Return the filters of the templates that show the rate, by name."""
    return {"prompt_rate": describe_prompts, "plain_number": plain_number}


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
