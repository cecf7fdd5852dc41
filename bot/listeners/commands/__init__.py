"""`/lore …`: what was typed, done and answered to the one who typed it."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from difflib import get_close_matches
from typing import Final

from slack_bolt import App, Args

from bot.deps import Deps
from bot.domain.entries import Key
from bot.listeners.answers import answer_beside, respond, tell_later
from bot.listeners.commands import channels, entries, history, nudges, ownership
from bot.listeners.commands.call import Answer, Call
from bot.listeners.guard import words_for
from bot.slack.payloads import SlashCommand
from bot.slack.posting import NotSentError, RefusedError

log = logging.getLogger(__name__)

# Slack waits 3 seconds for the acknowledgement. What takes longer is acknowledged and answered
# later, at the command's response_url.
_PATIENCE: Final = 2.2
_WORKERS: Final = 16


def register(app: App, deps: Deps) -> None:
    """The one slash command."""
    executor = ThreadPoolExecutor(_WORKERS, thread_name_prefix="command")

    @app.command("/lore")
    def lore(args: Args) -> None:
        command = SlashCommand.parse(args.body)
        done = executor.submit(_answer, Call(deps, command))
        try:
            args.ack(**(done.result(timeout=_PATIENCE) or {}))
        except TimeoutError:
            args.ack()
            done.add_done_callback(lambda found: _answer_late(deps, command, found))
        deps.wake()


def _answer(call: Call) -> Answer | None:
    try:
        # What is said of somebody is kept and shown, and tells readers nothing by an id.
        command = call.command.naming(call.deps.people.names(call.command.mentioned))
        call = call._replace(command=command)
        if not command.word:
            return call.deps.render("help")
        run = COMMANDS.get(command.word)
        return run(call, command.rest) if run else _search(call, command.text)
    except Exception as error:  # noqa: BLE001 - every refusal and every fault becomes an answer
        return call.deps.render("note", text=words_for(error))


def _answer_late(deps: Deps, command: SlashCommand, found: "Future[Answer | None]") -> None:
    answer = found.result()
    if answer is None:
        return
    try:
        respond(command.response_url, {**answer, "response_type": "ephemeral"})
    except NotSentError as error:
        log.warning("not_answered", extra={"why": error.reason, "command": "/lore"})
        _answer_beside(deps, command, answer)


def _answer_beside(deps: Deps, command: SlashCommand, answer: Answer) -> None:
    try:
        answer_beside(deps, command.channel, command.user, answer)
    except (NotSentError, RefusedError) as error:
        log.warning("not_answered", extra={"why": error.reason, "command": "/lore"})
        text = "Slack was slow, and what you asked for could not be shown. Ask again."
        tell_later(deps, command.channel, command.user, None, text)


def _help(call: Call, _: str) -> Answer:
    return call.deps.render("help")


def _search(call: Call, text: str) -> Answer:
    """Words that are no command are looked for; a key alone shows its entry."""
    then = entries.AS_OF.fullmatch(text)
    if Key.parse(then["key"] if then else text):
        return entries.show(call, text)
    word, _, rest = text.partition(" ")
    meant = get_close_matches(word, list(COMMANDS), n=1, cutoff=0.7)
    return entries.found(call, text, meant=f"/lore {meant[0]} {rest}".strip() if meant else None)


COMMANDS: Final[dict[str, Callable[[Call, str], Answer | None]]] = {
    "help": _help,
    "record": entries.record,
    "find": entries.find,
    "show": entries.show,
    "edit": entries.edit,
    "history": history.history,
    "diff": history.diff,
    "restore": history.restore,
    "supersede": history.supersede,
    "changes": history.changes,
    "watch": channels.watch,
    "gaps": channels.gaps,
    "digest": channels.digest,
    "settings": channels.settings,
    "redact": channels.redact,
    "share": entries.share,
    "owner": entries.owner,
    "handover": ownership.handover,
    "away": ownership.away,
    "retire": entries.retire,
    "review": entries.review,
    "nudges": nudges.nudges,
    "use": entries.use,
    "drafts": entries.drafts,
}
