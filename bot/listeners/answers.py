"""Answers to the person who acted: messages that only they see, modals, and their words."""

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

# With these, a response replaces the message whose button was pressed, for the same person alone.
IN_PLACE: Final[Mapping[str, object]] = {"replace_original": True, "response_type": "ephemeral"}
_ALIKE: Final = (
    "{0} is saved. {1} may already cover it. Compare them with `/lore show`; if they match, "
    "`/lore retire {0}`."
)
_ALIKE_DRAFT: Final = (
    "The draft {0} is saved. {1} may already cover it. Compare them with `/lore show`; if they "
    "match, withdraw {0} with `View change` on its card."
)


def show(deps: Deps, press: ButtonPress, message: Mapping[str, Any]) -> None:
    """Show a message only to the person who clicked.

    Raises:
        NotSentError: Slack didn't accept it.
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
        # The bot isn't in the channel, but the click's own response_url still works.
        respond(
            deps,
            press.response_url,
            {**message, "response_type": "ephemeral", "replace_original": False},
        )


def open_view(deps: Deps, trigger_id: str, view: Mapping[str, Any]) -> None:
    """Open a modal.

    Raises:
        NotSentError, RefusedError: Slack didn't accept it. A trigger expires after 3 seconds.
    """
    call(deps.client, "views.open", trigger_id=trigger_id, view=view)


def open_over(deps: Deps, press: ButtonPress, view: Mapping[str, Any]) -> None:
    """Open a modal for a click; if the click was in a modal, on top of that one.

    Raises:
        NotSentError, RefusedError: as in `open_view`.
    """
    method = "views.push" if in_modal(press) else "views.open"
    call(deps.client, method, trigger_id=press.trigger_id, view=view)


def in_modal(press: ButtonPress) -> bool:
    """Return whether a button was pressed in a modal; App Home is a view without a callback_id."""
    return press.view is not None and bool(press.view.callback_id)


def put_away(deps: Deps, press: ButtonPress) -> None:
    """Remove an ephemeral message that was answered. If that fails, it disappears with a reload."""
    if press.ephemeral and press.response_url:
        try:
            respond(deps, press.response_url, {"delete_original": True})
        except NotSentError as error:
            log.info("prompt_left_standing", extra={"why": error.reason})


def show_in_place(deps: Deps, press: ButtonPress, message: Mapping[str, Any]) -> None:
    """Show a message in place of the one that was pressed, which only this person sees.

    Raises:
        NotSentError: Slack accepted it neither there nor as a new message.
    """
    try:
        respond(deps, press.response_url, {**message, **IN_PLACE})
    except NotSentError as error:
        # A response_url works for half an hour; after that, show a new message.
        log.info("shown_beside", extra={"why": error.reason})
        show(deps, press, message)


def respond(deps: Deps, url: str, message: Mapping[str, Any]) -> None:
    """Answer at a response_url.

    Raises:
        NotSentError: Slack didn't accept it.
    """
    try:
        # WebhookClient declares whole seconds, but passes any number on to the socket.
        seconds: Any = seconds_for(deps.timeouts.response_seconds)
        answer = WebhookClient(url, timeout=seconds, retry_handlers=[]).send_dict(dict(message))
    except (OSError, ValueError, HTTPException) as error:
        raise NotSentError(type(error).__name__) from error
    if answer.status_code != 200:  # noqa: PLR2004 - HTTP's own
        raise NotSentError(f"http_{answer.status_code}")


def answer_beside(deps: Deps, channel: ChannelId, user: UserId, message: Mapping[str, Any]) -> None:
    """Show a message that a response_url didn't accept: in the channel, or as a direct message.

    Raises:
        NotSentError, RefusedError: Slack accepted neither.
    """
    try:
        call(deps.client, "chat.postEphemeral", channel=channel, user=user, **message)
    except (NotSentError, RefusedError) as error:
        log.info("told_directly", extra={"why": error.reason})
        call(deps.client, "chat.postMessage", channel=user, **message)


def tell(deps: Deps, press: ButtonPress, text: str, *, stored: bool = True) -> None:
    """Show a short text to the person who clicked, through the outbox.

    In a modal or App Home, which can't show messages, it opens a small modal. `stored` False: send
    it without the outbox, because the database has just timed out and Slack waits only 3 seconds.
    """
    send = tell_later if stored else _tell_now
    if press.view is None and press.channel is not None:
        send(deps, press.channel, press.user, press.thread_ts, text)
        return
    try:
        open_over(deps, press, deps.render("note_view", text=text))
    except (NotSentError, RefusedError) as error:
        # The trigger was used before the fault, so send a direct message instead.
        log.info("told_later", extra={"why": error.reason})
        send(deps, ChannelId(press.user), press.user, None, text)


def tell_later(
    deps: Deps,
    channel: ChannelId,
    user: UserId,
    thread_ts: str | None,
    text: str,
    *,
    once: str | None = None,
) -> None:
    """Put a short text for one person into the outbox, which retries if Slack doesn't accept it.

    Texts with the same `once` are sent only once.
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
        # The database is down, so the outbox can't help.
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


def describe_saved(saved: Saved) -> str:
    """Return what a submitted form became. The card may be in another channel."""
    return " ".join(
        filter(None, [_describe_saved(saved), _warn_of_hidden(saved.entry.key, saved.hidden)])
    )


def _describe_saved(saved: Saved) -> str:
    entry, proposal = saved.entry, saved.proposal
    if saved.base is None:
        words = _ALIKE_DRAFT if entry.is_draft else _ALIKE
        return words.format(entry.key, keys(saved.alike)) if saved.alike else ""
    if proposal is not None and proposal.state.open:
        return describe_proposed(entry, proposal)
    if proposal is not None:
        return f"{entry.key}@{proposal.revision.number} is {proposal.state.words}."
    if entry.revision.number == saved.base:
        return f"{entry.key} is unchanged. This thread was added to its evidence."
    return f"Saved: {entry.cited} is in force."


def describe_retired(done: Retired) -> str:
    """Return that an entry is retired, where its history is, and which entries still link to it."""
    return " ".join(
        filter(None, [_describe_retired(done), _warn_of_hidden(done.entry.key, done.hidden)])
    )


def _describe_retired(done: Retired) -> str:
    key, named_by = done.entry.key, done.named_by
    if done.proposal is not None:
        return describe_proposed(done.entry, done.proposal)
    new = done.entry.revision.superseded_by
    end = f"replaced by {new}" if new else "retired"
    said = f"{key} is {end}. Its history is at `/lore history {key}`."
    if not named_by:
        return said
    return f"{said} {keys(named_by)} still {'links' if len(named_by) == 1 else 'link'} to it."


def _warn_of_hidden(key: Key, hidden: Sequence[Key]) -> str:
    """Warn an author whose entry links to entries that some of its readers can't see."""
    if not hidden:
        return ""
    where = "lives in a private channel" if len(hidden) == 1 else "live in private channels"
    return f"{keys(hidden)} {where}, so other people see “{HIDDEN}” on {key} instead."


def describe_proposed(entry: Entry, proposal: Proposal) -> str:
    """Return that a change is waiting for approval."""
    if proposal.records_entry:
        return (
            f"Saved: {entry.key}@{proposal.revision.number} is a draft until someone else approves "
            "it on its card."
        )
    stays = f"{entry.key} stays retired" if entry.retired else f"{entry.cited} stays in force"
    return (
        f"Proposed: {entry.key}@{proposal.revision.number} is waiting for approval in its home "
        f"channel. {stays} until then."
    )


def describe_restored(done: Restored) -> str:
    """Return that an earlier revision was restored."""
    if done.proposal is not None:
        return describe_proposed(done.entry, done.proposal)
    return f"{done.entry.cited} is in force, with the text of {done.entry.key}@{done.number}."


def note(deps: Deps, text: str) -> dict[str, Any]:
    """Return a short text as a message."""
    return deps.render("note", text=text)
