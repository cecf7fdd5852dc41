"""`/lore …`: what was typed, done and answered to the one who typed it."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from slack_bolt import App, Args

from bot.deps import Deps
from bot.domain.entries import Key, Outcome, UserId
from bot.domain.errors import InvalidInputError, NotFoundError
from bot.domain.kinds import Kind
from bot.domain.telling import Topic
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.listeners.answers import open_view, respond, tell_later
from bot.listeners.guard import words_for
from bot.slack.payloads import SlashCommand
from bot.slack.posting import NotSentError
from bot.slack.threads import mentions
from bot.usecases.channels import channel_of, watch, workspace_of
from bot.usecases.digest import digest_now
from bot.usecases.find import find_entries, history_of, share_entry, show_entry
from bot.usecases.forms import open_edit, open_form
from bot.usecases.paths import gaps
from bot.usecases.revise import change_owner, retire_entry
from bot.usecases.use import use_entry

log = logging.getLogger(__name__)

# Slack waits 3 seconds for the acknowledgement. What takes longer is acknowledged and answered
# later, at the command's response_url.
_PATIENCE: Final = 2.2
_WORKERS: Final = 16

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class _Call:
    """One command with the one who typed it and the channel, both looked up when first needed."""

    deps: Deps
    command: SlashCommand

    @property
    def reader(self) -> Reader:
        return self.deps.people.reader(self.command.user)

    @property
    def channel(self) -> Channel | None:
        return channel_of(self.deps.store, self.deps.team, self.command.channel) or (
            self.deps.people.channel(self.command.channel)
        )

    def note(self, text: str) -> Answer:
        return self.deps.render("note", text=text)

    def card(self, key: str) -> Answer:
        deps = self.deps
        entry = show_entry(deps.store, deps.team, reader=self.reader, key=key)
        cited = Key.parse(key)
        newest = show_entry(deps.store, deps.team, reader=self.reader, key=str(entry.key))
        old = bool(cited and cited.revision and cited.revision != newest.revision.number)
        return deps.render("entry_card", entry=entry, old=old)

    def modal(self, name: str, **shown: object) -> Answer | None:
        """Open a modal; nothing else is then to be answered."""
        view = self.deps.render(name, **shown)
        open_view(self.deps, self.command.trigger_id, view)
        return None


def register(app: App, deps: Deps) -> None:
    """The one slash command."""
    executor = ThreadPoolExecutor(_WORKERS, thread_name_prefix="command")

    @app.command("/lore")
    def lore(args: Args) -> None:
        command = SlashCommand.parse(args.body)
        done = executor.submit(_answer, _Call(deps, command))
        try:
            args.ack(**(done.result(timeout=_PATIENCE) or {}))
        except TimeoutError:
            args.ack()
            done.add_done_callback(lambda found: _answer_late(deps, command, found))
        deps.wake()


def _answer(call: _Call) -> Answer | None:
    command = call.command
    try:
        if not command.word:
            return call.deps.render("help")
        run = _COMMANDS.get(command.word)
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
        text = "Slack was slow, and what you asked for could not be shown. Ask again."
        tell_later(deps, command.channel, command.user, None, text)


def _help(call: _Call, _: str) -> Answer:
    return call.deps.render("help")


def _record(call: _Call, rest: str) -> Answer | None:
    deps = call.deps
    first, _, title = rest.partition(" ")
    kind = {kind.value: kind for kind in Kind}.get(first.lower())
    if first and kind is None:
        title = rest
    form = open_form(
        deps.store,
        deps.team,
        reader=call.reader,
        channel=call.channel,
        kind=kind,
        title=title.strip()[:150],
        now=deps.now(),
    )
    return call.modal("entry_form", form=form, notice="")


def _find(call: _Call, rest: str) -> Answer:
    if not rest:
        raise InvalidInputError("Find what? Give some words: `/lore find failover`.")
    return _found(call, rest)


def _search(call: _Call, text: str) -> Answer:
    """Words that are no command are looked for; a key alone shows its entry."""
    if Key.parse(text):
        return call.card(text)
    word, _, rest = text.partition(" ")
    meant = get_close_matches(word, list(_COMMANDS), n=1, cutoff=0.7)
    return _found(call, text, meant=f"{meant[0]} {rest}".strip() if meant else None)


def _found(call: _Call, words: str, meant: str | None = None) -> Answer:
    deps = call.deps
    entries = find_entries(deps.store, deps.team, reader=call.reader, words=words)
    return deps.render("entry_list", entries=entries, words=words, meant=meant)


def _show(call: _Call, rest: str) -> Answer:
    return call.card(rest)


def _edit(call: _Call, rest: str) -> Answer | None:
    deps = call.deps
    form = open_edit(deps.store, deps.team, reader=call.reader, key=rest, now=deps.now())
    return call.modal("entry_form", form=form, notice="")


def _history(call: _Call, rest: str) -> Answer:
    deps = call.deps
    found = history_of(deps.store, deps.team, reader=call.reader, key=rest)
    return deps.render("history", history=found)


def _use(call: _Call, rest: str) -> Answer:
    deps, command = call.deps, call.command
    key, note = _key_and_rest(rest)
    entry = use_entry(
        deps.store,
        deps.team,
        reader=call.reader,
        key=key,
        outcome=Outcome.FOLLOWED,
        note=note,
        once=f"command:{command.trigger_id}",
        now=deps.now(),
    )
    times = f"{entry.uses.total} times" if entry.uses.total != 1 else "once"
    return call.note(
        f"Noted: you followed {entry.cited}; used {times} since this revision. If it deviated or "
        f"failed, say so with `Use it` on `/lore show {entry.key}`."
    )


def _owner(call: _Call, rest: str) -> Answer:
    deps = call.deps
    key, who = _key_and_rest(rest)
    users = mentions(who)
    if not users:
        raise InvalidInputError(f"Who? Mention them: `/lore owner {key or 'DEC-12'} @user`.")
    owner = deps.people.person(UserId(users[0]))
    entry = change_owner(
        deps.store, deps.team, reader=call.reader, key=key, owner=owner, now=deps.now()
    )
    return call.note(f"{owner.name} answers for {entry.key} now.")


def _retire(call: _Call, rest: str) -> Answer:
    deps = call.deps
    key, note = _key_and_rest(rest)
    entry = retire_entry(
        deps.store, deps.team, reader=call.reader, key=key, note=note, now=deps.now()
    )
    return call.note(f"{entry.key} is retired; `/lore history {entry.key}` keeps all it said.")


def _share(call: _Call, rest: str) -> Answer:
    """Post the card as a message of its own, so that it is posted where the bot may post."""
    deps = call.deps
    entry = share_entry(deps.store, deps.team, reader=call.reader, key=rest, channel=call.channel)
    with deps.store.transaction(deps.team) as tx:
        tx.outbox.add(
            Topic.CARD,
            channel=call.command.channel,
            user=call.command.user,
            payload={"entry": entry.id, "shared": True},
            due_at=deps.now(),
            at=deps.now(),
        )
    return call.note(f"{entry.key} is being shared here.")


def _gaps(call: _Call, _: str) -> Answer:
    deps = call.deps
    found = gaps(deps.store, deps.team, reader=call.reader, now=deps.now())
    return deps.render("gaps", paths=found)


def _digest(call: _Call, rest: str) -> Answer | None:
    deps = call.deps
    if rest == "settings":
        channel = _here(call)
        return call.modal("digest_settings", channel=channel)
    if rest != "now":
        raise InvalidInputError(
            "`/lore digest now` posts this channel's digest, `/lore digest settings` says when it "
            "goes out."
        )
    digest_now(
        deps.store,
        deps.team,
        reader=call.reader,
        channel=call.channel,
        gone=deps.gone,
        now=deps.now(),
    )
    return call.note("The digest is on its way.")


def _watch(call: _Call, rest: str) -> Answer:
    deps = call.deps
    if rest not in ("", "on", "off"):
        raise InvalidInputError("`/lore watch on` or `/lore watch off`.")
    watching = watch(
        deps.store,
        deps.team,
        reader=call.reader,
        channel=call.channel,
        on={"on": True, "off": False}.get(rest),
        now=deps.now(),
    )
    return deps.render("watching", watching=watching)


def _settings(call: _Call, _: str) -> Answer | None:
    deps = call.deps
    if not call.reader.person.admin:
        raise InvalidInputError(
            "Workspace settings are for admins. This channel's own are at `/lore watch` and "
            "`/lore digest settings`."
        )
    return call.modal("workspace_settings", workspace=workspace_of(deps.store, deps.team))


def _here(call: _Call) -> Channel:
    channel = call.channel
    if channel is None or not channel.joined:
        raise NotFoundError("Opslore isn't in this channel. Invite it first: `/invite @Opslore`.")
    return channel


def _key_and_rest(text: str) -> tuple[str, str]:
    """The key at the head of a text, `DEC-12` or `dec 12`, and what follows it."""
    words = text.split()
    for count in (1, 2):
        key = " ".join(words[:count])
        if Key.parse(key):
            return key, " ".join(words[count:])
    return (words[0] if words else ""), " ".join(words[1:])


_COMMANDS: Final[dict[str, Callable[[_Call, str], Answer | None]]] = {
    "help": _help,
    "record": _record,
    "find": _find,
    "show": _show,
    "edit": _edit,
    "history": _history,
    "watch": _watch,
    "gaps": _gaps,
    "digest": _digest,
    "settings": _settings,
    "share": _share,
    "owner": _owner,
    "retire": _retire,
    "use": _use,
}
