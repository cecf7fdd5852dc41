"""Answering the person where they are: in place, beside them, or in a modal."""

import logging
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import Any, Final

from slack_sdk.webhook import WebhookClient

from bot.deps import Deps
from bot.domain.approval import Proposal
from bot.domain.entries import ChannelId, Entry, Key, UserId
from bot.domain.errors import UnavailableError
from bot.domain.links import HIDDEN
from bot.domain.outbox import Topic
from bot.slack.api.deadline import seconds_for
from bot.slack.api.posting import NotSentError, RefusedError, call
from bot.slack.payloads.interactions import ButtonPress
from bot.slack.text.phrases import keys
from bot.usecases.entries.record import Saved
from bot.usecases.entries.retire import Restored, Retired

log = logging.getLogger(__name__)

# A prompt is put away between a click and its acknowledgement, for which Slack waits 3 seconds.
_RESPONSE_SECONDS: Final = 2
_ALIKE: Final = (
    "{0} is saved. {1} may already say it: compare with `/lore show`, and if so, "
    "`/lore retire {0}`."
)
_ALIKE_DRAFT: Final = (
    "The draft {0} is saved. {1} may already say it: compare with `/lore show`, and if so, "
    "withdraw {0} with `View all` on its card."
)


def show(deps: Deps, press: ButtonPress, message: Mapping[str, Any]) -> None:
    """Show a message to the person who clicked, and to nobody else.

    Raises:
        NotSentError: Slack did not take it.
    """
    if press.channel is None:
        raise NotSentError("no_channel")
    try:
        call(
            deps.client,
            "chat.postEphemeral",
            channel=press.channel,
            user=press.user,
            **({"thread_ts": press.thread_ts} if press.thread_ts else {}),
            **message,
        )
    except RefusedError:
        # The bot left the channel, or never was in it; the click's own address still works.
        respond(
            press.response_url, {**message, "response_type": "ephemeral", "replace_original": False}
        )


def open_view(deps: Deps, trigger_id: str, view: Mapping[str, Any]) -> None:
    """Open a modal.

    Raises:
        NotSentError, RefusedError: Slack did not take it; a trigger lives for 3 seconds.
    """
    call(deps.client, "views.open", trigger_id=trigger_id, view=view)


def open_over(deps: Deps, press: ButtonPress, view: Mapping[str, Any]) -> None:
    """Open a modal for a click; for one in a modal, on top of that.

    Raises:
        NotSentError, RefusedError: as `open_view`.
    """
    method = "views.push" if in_modal(press) else "views.open"
    call(deps.client, method, trigger_id=press.trigger_id, view=view)


def in_modal(press: ButtonPress) -> bool:
    """Whether it was pressed in a modal: App Home is a view too, and has no name."""
    return press.view is not None and bool(press.view.callback_id)


def put_away(press: ButtonPress) -> None:
    """Remove an ephemeral message that was answered; where that fails it is gone at a reload."""
    if press.ephemeral and press.response_url:
        try:
            respond(press.response_url, {"delete_original": True})
        except NotSentError as error:
            log.info("prompt_left_standing", extra={"why": error.reason})


def respond(url: str, message: Mapping[str, Any]) -> None:
    """Answer at a response_url.

    Raises:
        NotSentError: Slack did not take it.
    """
    try:
        # Its own type says whole seconds; the socket takes any.
        seconds: Any = seconds_for(_RESPONSE_SECONDS)
        answer = WebhookClient(url, timeout=seconds, retry_handlers=[]).send_dict(dict(message))
    except (OSError, ValueError, HTTPException) as error:
        raise NotSentError(type(error).__name__) from error
    if answer.status_code != 200:  # noqa: PLR2004 - HTTP's own
        raise NotSentError(f"http_{answer.status_code}")


def answer_beside(deps: Deps, channel: ChannelId, user: UserId, message: Mapping[str, Any]) -> None:
    """Show a person what a response_url did not take: in the channel, or in the direct messages.

    Raises:
        NotSentError, RefusedError: Slack took it in neither.
    """
    try:
        call(deps.client, "chat.postEphemeral", channel=channel, user=user, **message)
    except (NotSentError, RefusedError) as error:
        log.info("told_directly", extra={"why": error.reason})
        call(deps.client, "chat.postMessage", channel=user, **message)


def tell(deps: Deps, press: ButtonPress, text: str, *, stored: bool = True) -> None:
    """Tell the person who clicked a few words, if need be later.

    In a modal or App Home, where no message can be shown, a small modal says it. `stored` False:
    the database was waited for in vain, and is not again, for Slack waits for 3 seconds.
    """
    leave = tell_later if stored else _tell_now
    if press.view is None and press.channel is not None:
        leave(deps, press.channel, press.user, press.thread_ts, text)
        return
    try:
        open_over(deps, press, deps.render("note_view", text=text))
    except (NotSentError, RefusedError) as error:
        # The trigger was used up before the fault, so it is said in the direct messages.
        log.info("told_later", extra={"why": error.reason})
        leave(deps, ChannelId(press.user), press.user, None, text)


def tell_later(
    deps: Deps,
    channel: ChannelId,
    user: UserId,
    thread_ts: str | None,
    text: str,
    *,
    once: str | None = None,
) -> None:
    """Leave word to tell a person something; said at once, and again if Slack does not take it.

    What has the same name in `once` is told once, however often it is left.
    """
    try:
        with deps.store.transaction(deps.team) as tx:
            tx.outbox.add(
                Topic.NOTE,
                channel=channel,
                user=user,
                thread_ts=thread_ts,
                payload={"text": text},
                due_at=deps.now(),
                at=deps.now(),
                once=once,
            )
    except UnavailableError:
        # The database is what is wrong, so only Slack is left.
        _tell_now(deps, channel, user, thread_ts, text)
    deps.wake()


def _tell_now(
    deps: Deps, channel: ChannelId, user: UserId, thread_ts: str | None, text: str
) -> None:
    message = deps.render("note", text=text)
    thread = {"thread_ts": thread_ts} if thread_ts else {}
    try:
        call(deps.client, "chat.postEphemeral", channel=channel, user=user, **thread, **message)
    except (NotSentError, RefusedError) as error:
        log.warning("not_answered", extra={"why": error.reason, "channel": channel})


def became(saved: Saved) -> str:
    """The words for what a form became, beside the card: that of an entry may stand elsewhere."""
    return " ".join(
        filter(None, [_became(saved), _only_members_see(saved.entry.key, saved.hidden)])
    )


def _became(saved: Saved) -> str:
    entry, proposal = saved.entry, saved.proposal
    if saved.base is None:
        words = _ALIKE_DRAFT if entry.is_draft else _ALIKE
        return words.format(entry.key, keys(saved.alike)) if saved.alike else ""
    if proposal is not None and proposal.state.open:
        return proposed(entry, proposal)
    if proposal is not None:
        return f"{entry.key}@{proposal.revision.number} is {proposal.state.words}."
    if entry.revision.number == saved.base:
        return f"{entry.key} says the same as before; where it came up is kept as its evidence."
    return f"Saved: {entry.key} is at revision {entry.revision.number}."


def retired(done: Retired) -> str:
    """The words for what was retired: where it can still be read, and what still names it."""
    return " ".join(filter(None, [_retired(done), _only_members_see(done.entry.key, done.hidden)]))


def _retired(done: Retired) -> str:
    key, named_by = done.entry.key, done.named_by
    if done.proposal is not None:
        return proposed(done.entry, done.proposal)
    new = done.entry.revision.superseded_by
    end = f"superseded by {new}" if new else "retired"
    said = f"{key} is {end}; `/lore history {key}` keeps all it said."
    if not named_by:
        return said
    return f"{said} {keys(named_by)} still {'names' if len(named_by) == 1 else 'name'} it."


def _only_members_see(key: Key, hidden: Sequence[Key]) -> str:
    """Warn who made an entry name another that not all its readers may see."""
    if not hidden:
        return ""
    see = "lives in a private channel" if len(hidden) == 1 else "live in private channels"
    return f"{keys(hidden)} {see}: people outside read “{HIDDEN}” on {key} instead."


def proposed(entry: Entry, proposal: Proposal) -> str:
    """The words for a change that waits for approval."""
    if proposal.records_entry:
        return (
            f"Saved: {entry.key}@{proposal.revision.number} is a draft until someone else approves "
            "it on its card."
        )
    stays = f"{entry.key} stays retired" if entry.retired else f"{entry.cited} stays in force"
    return (
        f"Proposed: {entry.key}@{proposal.revision.number} waits for approval where {entry.key} "
        f"lives. Until then {stays}."
    )


def restored(done: Restored) -> str:
    """The words for what says again what it said."""
    if done.proposal is not None:
        return proposed(done.entry, done.proposal)
    return f"{done.entry.cited} is in force, and says what {done.entry.key}@{done.number} said."


def note(deps: Deps, text: str) -> dict[str, Any]:
    """A few words as a message."""
    return deps.render("note", text=text)
