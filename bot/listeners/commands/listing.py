"""`/lore list`: its words, and the page that they ask for."""

from typing import Final

from bot.domain.entry_filters import EntryFilter, read_filter_words, suggest_filter_word
from bot.domain.errors import InvalidInputError
from bot.listeners.channel_choice import require_channel
from bot.listeners.commands.call import Answer, Call
from bot.slack.text import mrkdwn
from bot.usecases.entries.listing import list_entries

# The ids have to fit into the value of a button.
_MOST_NAMED: Final = 10
_WORDS: Final = (
    "Use a kind (`decisions`, `handoffs`, `escalations`), a state (`draft`, `due`, `overdue`, "
    "`never certified`, `retired`), `mine`, `@user`, `#channel` or `this` for this channel."
)


def list_filtered(call: Call, rest: str) -> Answer:
    """Return the first page of the entries that the words ask for."""
    deps = call.deps
    page = list_entries(
        deps.store, deps.team, _read_filter(call, rest), reader=call.reader, now=deps.now()
    )
    return deps.render("entry_page", page=page)


def _read_filter(call: Call, rest: str) -> EntryFilter:
    command = call.command
    words = read_filter_words(mrkdwn.without_tokens(command.typed).partition(command.word)[2])
    if words.unknown:
        raise InvalidInputError(_explain_unknown(words.unknown[0], rest))
    owners, homes = list(command.mentioned), list(mrkdwn.channels(command.typed))
    if words.is_mine:
        owners.append(command.user)
    if words.is_here:
        require_channel(command.channel)
        homes.append(command.channel)
    if len(owners) > _MOST_NAMED or len(homes) > _MOST_NAMED:
        raise InvalidInputError(f"Name at most {_MOST_NAMED} people and {_MOST_NAMED} channels.")
    return EntryFilter(
        kinds=words.kinds,
        states=words.states,
        owners=tuple(dict.fromkeys(owners)),
        homes=tuple(dict.fromkeys(homes)),
    )


def _explain_unknown(word: str, rest: str) -> str:
    if word.startswith("#"):
        return (
            f"Slack doesn't know the channel “{word[:60]}”, or you aren't in it. Pick one from the "
            "list that opens when you type `#`."
        )
    if word.startswith("@"):
        return f"“{word[:60]}” isn't a person. Pick one from the list that opens when you type `@`."
    meant = suggest_filter_word(word)
    hint = f"Did you mean `{meant}`? " if meant else ""
    return (
        f"“{word[:60]}” isn't a filter of `/lore list`. {hint}{_WORDS} To search for words, use "
        f"`/lore find {rest[:60]}`."
    )
