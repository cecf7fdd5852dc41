"""What is said in channels: messages, edits, deletions, mentions and the :scroll: reaction."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from slack_bolt import App, Args, BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware

from bot.deps import Deps
from bot.domain.entries import ChannelId, UserId
from bot.domain.outbox import Topic
from bot.listeners.foreign import refuse_foreign
from bot.metrics import count
from bot.slack.payloads.events import MADE_PRIVATE, Edit, Message, deleted_ts, event_of
from bot.slack.payloads.fields import MalformedError, at, ident, mapping, needed, optional
from bot.slack.payloads.installation import Installation
from bot.slack.payloads.routing import require_routable
from bot.slack.text import mrkdwn
from bot.usecases.entries.replies import Reply, change_by_reply
from bot.usecases.listening.messages import (
    OVERTAKES,
    hear_deletion,
    hear_edit,
    hear_message,
    hear_request,
)
from bot.usecases.settings.privacy import convert_to_private

log = logging.getLogger(__name__)

_SCROLL: Final = "scroll"
_RECORD: Final = "record"
_EXPLAIN: Final = (
    "In a thread, `@Opslore record` writes it down; once it is, `@Opslore why: …` says why, and "
    "`@Opslore owner: @user` who answers for it. Anywhere, `/lore WORDS` finds what is recorded "
    "and `/lore help` says the rest."
)


class Intake(Middleware):
    """Refuses what isn't for this installation, and takes messages in before Bolt looks further.

    Nothing comes as often, and the search and the building of its arguments cost Bolt twice what
    the taking in does.
    """

    def __init__(self, deps: Deps, installation: Installation) -> None:
        self._deps = deps
        self._installation = installation

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt passes it by name
        next: Callable[[], BoltResponse],  # noqa: A002 - Bolt's signature
    ) -> BoltResponse:
        """Answer a message event once it is stored, and pass everything else on."""
        try:
            require_routable(req.body)
            refusal = refuse_foreign(self._installation, req.body)
        except MalformedError as error:
            # It will be no clearer the next time, and Slack switches off an app that never answers.
            extra = {"event": req.body.get("event_id"), "why": str(error)}
            log.warning("not_understood", extra=extra)
            return BoltResponse(status=200, body="")
        if refusal is not None:
            return refusal
        event = req.body.get("event") if req.body.get("type") == "event_callback" else None
        if not isinstance(event, dict) or event.get("type") != "message":
            return next()
        count("events", "message")
        _message_came(self._deps, event)
        return BoltResponse(status=200, body="")


def register(app: App, deps: Deps) -> None:
    """The two events by which people address the bot without a command."""
    app.event("app_mention")(_waking(deps, _mentioned))
    app.event("reaction_added")(_waking(deps, _reacted))


def _message_came(deps: Deps, event: Mapping[str, Any]) -> None:
    subtype = event.get("subtype")
    if subtype in ("message_changed", "message_deleted"):
        _changed(deps, event)
        return
    if subtype == MADE_PRIVATE:
        channel = ChannelId(ident(event, "channel"))
        convert_to_private(deps.store, deps.team, channel, now=deps.now())
        deps.wake()
        return
    message = Message.parse(event, deps.team)
    if message is not None:
        _said(deps, message)


def _said(deps: Deps, message: Message) -> None:
    # What is said to the bot is a request, and arrives as `app_mention` too.
    if f"<@{deps.bot_user}" in message.text:
        return
    waits = hear_message(
        deps.store,
        deps.team,
        channel=message.channel,
        ts=message.ts,
        thread_ts=message.thread_ts,
        user=message.user,
        text=mrkdwn.plain(message.text),
        now=deps.now(),
    )
    if waits:
        deps.wake()


def _changed(deps: Deps, event: Mapping[str, Any]) -> None:
    # Cards and digests are redrawn in place, and nothing rests on what the bot itself said.
    if mapping(event, "message").get("bot_id") or mapping(event, "previous_message").get("bot_id"):
        return
    gone, channel = deleted_ts(event), ChannelId(ident(event, "channel"))
    if gone:
        hear_deletion(deps.store, deps.team, channel=channel, ts=gone, now=deps.now())
        deps.wake()
        return
    edit = Edit.parse(event) if event.get("subtype") == "message_changed" else None
    if edit:
        message = Message.parse({**mapping(event, "message"), "channel": channel}, deps.team)
        if message is not None and deps.now() - at(message.ts) < OVERTAKES:
            _said(deps, message)
        text = mrkdwn.plain(edit.text)
        hear_edit(
            deps.store,
            deps.team,
            channel=edit.channel,
            ts=edit.ts,
            text=text,
            edited=edit.edited,
            named=lambda short: mrkdwn.named(short, deps.people.name),
            now=deps.now(),
        )
        deps.wake()


def _mentioned(deps: Deps, args: Args) -> None:
    event = event_of(args.body)
    message = Message.parse({**event, "subtype": None}, deps.team)
    if message is None or event.get("edited"):
        return
    said = message.text.partition(">")[2]
    reply = Reply.parse(mrkdwn.named(mrkdwn.plain(said), deps.people.name))
    if reply is not None:
        _replied(deps, reply, message, needed(args.body, "event_id"), mrkdwn.mentions(said))
        return
    words = mrkdwn.plain(said).split()
    record = bool(words) and words[0].lower().strip(".,!:") == _RECORD
    hear_request(
        deps.store,
        deps.team,
        event_id=needed(args.body, "event_id"),
        topic=Topic.OFFER if record else Topic.NOTE,
        channel=message.channel,
        user=message.user,
        thread_ts=message.thread_ts,
        payload={"ts": message.root} if record else {"text": _EXPLAIN},
        now=deps.now(),
    )


def _replied(
    deps: Deps, reply: Reply, message: Message, event_id: str, mentioned: Sequence[UserId]
) -> None:
    change_by_reply(
        deps.store,
        deps.team,
        reply,
        event_id=event_id,
        reader=deps.people.reader(message.user),
        channel=message.channel,
        root=message.root,
        owner=deps.people.reader(mentioned[0]) if mentioned else None,
        alone=deps.alone,
        known=deps.known,
        now=deps.now(),
    )


def _reacted(deps: Deps, args: Args) -> None:
    event = event_of(args.body)
    item = mapping(event, "item")
    if optional(event, "reaction").partition("::")[0] != _SCROLL or item.get("type") != "message":
        return
    hear_request(
        deps.store,
        deps.team,
        event_id=needed(args.body, "event_id"),
        topic=Topic.OFFER,
        channel=ChannelId(ident(item, "channel")),
        user=UserId(ident(event, "user")),
        thread_ts=None,
        payload={"ts": needed(item, "ts"), "find_root": True},
        now=deps.now(),
    )


def _waking(deps: Deps, listener: Callable[[Deps, Args], None]) -> Callable[[Args], None]:
    # No functools.wraps: Bolt would read the parameters of what is wrapped, and give `deps` none.
    def woken(args: Args) -> None:
        listener(deps, args)
        deps.wake()

    return woken
