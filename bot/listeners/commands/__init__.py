"""`/lore …`: finding the handler of a command, and answering in time."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches
from typing import Final

from slack_bolt import App, Args

from bot.deps import Deps
from bot.domain.entries import Key
from bot.domain.errors import InvalidInputError
from bot.domain.kinds import Kind
from bot.listeners.answers import answer_beside, respond, tell_later
from bot.listeners.commands import entries, history, listing, nudges, ownership, settings
from bot.listeners.commands.call import Answer, Call
from bot.listeners.guard import words_for
from bot.slack.api.posting import NotSentError, RefusedError
from bot.slack.payloads.interactions import SlashCommand
from bot.slack.text.help import TOPICS, find_topic

log = logging.getLogger(__name__)

_WORKERS: Final = 16
_QUESTION_WORDS: Final = frozenset(
    ("are", "can", "how", "is", "should", "what", "when", "where", "which", "who", "why")
)
# The likeness of a typo of `find`: "fnd" is above it, "fine" and "kind" are below.
_NEAR_FIND: Final = 0.8
# The words that can follow a command, for the commands that have such words.
_SUBCOMMANDS: Final = {
    "record": tuple(kind.value for kind in Kind),
    "changes": ("since",),
    "list": ("mine", "this", "decisions", "handoffs", "escalations", "due", "overdue", "retired"),
    "digest": ("now", "settings"),
    "help": tuple(topic.name for topic in TOPICS),
    "nudges": ("on", "off", "snooze"),
    "watch": ("on", "off"),
}


def register(app: App, deps: Deps) -> None:
    """Register the slash command."""
    executor = ThreadPoolExecutor(_WORKERS, thread_name_prefix="command")

    @app.command("/lore")
    def lore(args: Args) -> None:
        command = SlashCommand.parse(args.body)
        future = executor.submit(_answer, Call(deps=deps, command=command))
        try:
            args.ack(**(future.result(timeout=deps.timeouts.command_seconds) or {}))
        except TimeoutError:
            args.ack()
            future.add_done_callback(lambda future: _answer_late(deps, command, future))
        deps.wake()


def _answer(call: Call) -> Answer | None:
    try:
        # Notes and reasons are stored and shown, so they need people's names instead of ids.
        command = call.command.naming(call.deps.people.names(call.command.mentioned))
        call = replace(call, command=command)
        if not command.word:
            return call.deps.render("help")
        run = COMMANDS.get(command.word)
        return run(call, command.rest) if run else _search(call, command.text)
    except Exception as error:  # noqa: BLE001 - every error becomes an answer
        return call.deps.render("note", text=words_for(error))


def _answer_late(deps: Deps, command: SlashCommand, future: "Future[Answer | None]") -> None:
    answer = future.result()
    if answer is None:
        return
    try:
        respond(deps, command.response_url, {**answer, "response_type": "ephemeral"})
    except NotSentError as error:
        log.warning("not_answered", extra={"why": error.reason, "command": "/lore"})
        _answer_beside(deps, command, answer)


def _answer_beside(deps: Deps, command: SlashCommand, answer: Answer) -> None:
    try:
        answer_beside(deps, command.channel, command.user, answer)
    except (NotSentError, RefusedError) as error:
        log.warning("not_answered", extra={"why": error.reason, "command": "/lore"})
        text = "Slack didn't accept the answer to your command in time. Try again."
        tell_later(deps, command.channel, command.user, None, text)


def _help(call: Call, rest: str) -> Answer:
    """Show the short help, or the commands of one topic."""
    if not rest:
        return call.deps.render("help")
    topic = find_topic(rest)
    if topic is None:
        topics = ", ".join(f"`/lore help {topic.name}`" for topic in TOPICS)
        raise InvalidInputError(f"“{rest[:60]}” isn't a help topic. Try one of these: {topics}.")
    return call.deps.render("help_topic", topic=topic)


def _search(call: Call, text: str) -> Answer:
    """Search for words that are no command; a key alone shows its entry."""
    as_of = entries.AS_OF.fullmatch(text)
    if Key.parse(as_of["key"] if as_of else text):
        return entries.show(call, text)
    return entries.search(call, text, meant=_suggest_command(text))


def _suggest_command(text: str) -> str | None:
    """Return the command that a typo probably meant; None if it is a search.

    A question begins like a command by chance: "how" is nearly `show`. So the next word has to be
    one that the command takes, and a search is suggested only for a near miss of `find`.
    """
    word, _, rest = text.partition(" ")
    close = get_close_matches(word.lower(), list(COMMANDS), n=1, cutoff=0.7)
    if not close or word.lower() in _QUESTION_WORDS:
        return None
    [command] = close
    argument, _, _ = rest.strip().partition(" ")
    if command == "find":
        is_likely = SequenceMatcher(None, word.lower(), command).ratio() > _NEAR_FIND
    else:
        is_likely = not argument or _is_argument(argument, command)
    return f"/lore {command} {rest}".strip() if is_likely else None


def _is_argument(word: str, command: str) -> bool:
    subcommands = _SUBCOMMANDS.get(command, ())
    return (
        word.startswith(("@", "<@"))
        or Key.parse(word) is not None
        or bool(get_close_matches(word.lower(), subcommands, n=1, cutoff=0.7))
    )


COMMANDS: Final[dict[str, Callable[[Call, str], Answer | None]]] = {
    "help": _help,
    "record": entries.record,
    "find": entries.find,
    "list": listing.list_filtered,
    "show": entries.show,
    "edit": entries.edit,
    "history": history.history,
    "diff": history.diff,
    "restore": history.restore,
    "supersede": history.supersede,
    "changes": history.changes,
    "watch": settings.watch,
    "gaps": settings.gaps,
    "digest": settings.digest,
    "settings": settings.settings,
    "redact": settings.redact,
    "share": entries.share,
    "owner": entries.owner,
    "transfer": ownership.transfer,
    "handover": ownership.handover,
    "away": ownership.away,
    "retire": entries.retire,
    "review": entries.review,
    "nudges": nudges.nudges,
    "use": entries.use,
    "drafts": entries.drafts,
}
