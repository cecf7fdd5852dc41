"""The words of a list of entries: its filter and its counts."""

from collections.abc import Callable, Sequence
from typing import Final

from bot.domain.entry_filters import EntryFilter, StateFilter
from bot.domain.kinds import Kind
from bot.slack.text import mrkdwn
from bot.slack.text.status import Names

_STATES: Final = {
    StateFilter.DUE: "due for review",
    StateFilter.ALL: "retired ones too",
}


def describe_count(count: int, kinds: Sequence[Kind]) -> str:
    """Return a count with its noun: `1 decision`, `3 decisions and handoffs`, `No entries`."""
    one, many = ["entry"], ["entries"]
    if kinds:
        one, many = [kind.value for kind in kinds], [f"{kind.value}s" for kind in kinds]
    nouns = _join(one if count == 1 else many, " and " if count > 1 else " or ")
    return f"{count:,} {nouns}" if count else f"No {nouns}"


def describe_filter(names: Names) -> Callable[[EntryFilter], str]:
    """Return the filter that describes states, owners and channels: `due · owned by ana · #ops`."""

    def described(entry_filter: EntryFilter) -> str:
        owners = [mrkdwn.defused(names(owner)) for owner in entry_filter.owners]
        homes = [mrkdwn.channel(home) for home in entry_filter.homes]
        states = [_STATES.get(state, state.value) for state in entry_filter.states]
        parts = [
            _join(states, " or "),
            f"owned by {_join(owners, ' or ')}" if owners else "",
            f"in {_join(homes, ' or ')}" if homes else "",
        ]
        return " · ".join(filter(None, parts))

    return described


def describe_uses(count: int) -> str:
    """Return how often an entry was used: `never used`, `used once`, `used 3 times`."""
    return {0: "never used", 1: "used once"}.get(count, f"used {count:,} times")


def filters(names: Names) -> dict[str, Callable[..., str]]:
    """Return the filters of the templates that list entries, by name."""
    return {
        "entry_count": describe_count,
        "filter_words": describe_filter(names),
        "use_count": describe_uses,
    }


def _join(words: Sequence[str], last: str) -> str:
    return last.join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
