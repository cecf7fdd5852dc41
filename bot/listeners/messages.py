"""Channel messages, edits and deletions, mentions of the bot, and the :scroll: reaction."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from slack_bolt import App, Args, BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware

from bot.deps import Deps
from bot.domain.entries import ChannelId, UserId
from bot.domain.messages import EditedMessage, PostedMessage
from bot.domain.outbox import Topic
from bot.listeners.foreign import refuse_foreign
from bot.listeners.questions import (
    EXPLANATION,
    answer_direct,
    asks_to_record,
    question_of,
    take_question,
)
from bot.metrics import count
from bot.slack.payloads.events import MADE_PRIVATE, Edit, Message, deleted_ts, event_of
from bot.slack.payloads.fields import MalformedError, at, ident, mapping, needed, optional
from bot.slack.payloads.installation import Installation
from bot.slack.payloads.routing import require_routable
from bot.slack.text import mrkdwn
from bot.usecases.entries.replies import PostedReply, Reply, change_by_reply
from bot.usecases.listening.messages import (
    OVERTAKES,
    Request,
    hear_check_mark,
    hear_deletion,
    hear_edit,
    hear_message,
    hear_request,
)
from bot.usecases.settings.privacy import convert_to_private

log = logging.getLogger(__name__)

_SCROLL: Final = "scroll"
_CHECK_MARKS: Final = frozenset({"white_check_mark", "heavy_check_mark", "ballot_box_with_check"})


class Intake(Middleware):
    """Refuses payloads for another installation, and stores messages before Bolt routes them.

    Messages are the most frequent events, and Bolt's routing costs twice as much as storing them.
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
        """Answer a message event once it is stored, and pass all other payloads on."""
        try:
            require_routable(req.body)
            refusal = refuse_foreign(self._installation, req.body)
        except MalformedError as error:
            # Slack would only repeat it, and turns off the events of an app that never answers.
            extra = {"event": req.body.get("event_id"), "why": str(error)}
            log.warning("not_understood", extra=extra)
            return BoltResponse(status=200, body="")
        if refusal is not None:
            return refusal
        event = req.body.get("event") if req.body.get("type") == "event_callback" else None
        if not isinstance(event, dict) or event.get("type") != "message":
            return next()
        count("events", "message")
        _take_message(self._deps, event, req.body)
        return BoltResponse(status=200, body="")


def register(app: App, deps: Deps) -> None:
    """Register the two events with which people address the bot without a command."""
    app.event("app_mention")(_waking(deps, _answer_mention))
    app.event("reaction_added")(_waking(deps, _take_reaction))


def _take_message(deps: Deps, event: Mapping[str, Any], body: Mapping[str, Any]) -> None:
    subtype = event.get("subtype")
    if subtype in ("message_changed", "message_deleted"):
        _hear_change(deps, event)
        return
    if subtype == MADE_PRIVATE:
        channel = ChannelId(ident(event, "channel"))
        convert_to_private(deps.store, deps.team, channel, now=deps.now())
        deps.wake()
        return
    message = Message.parse(event, deps.team)
    if message is None:
        return
    if event.get("channel_type") == "im":
        answer_direct(deps, message, needed(body, "event_id"))
    else:
        _hear(deps, message)


def _hear(deps: Deps, message: Message) -> None:
    # A message to the bot is a request, and also arrives as `app_mention`. Of these, only questions
    # are occurrences of a matter.
    is_request = f"<@{deps.bot_user}" in message.text
    text = question_of(deps, message) if is_request else mrkdwn.plain(message.text)
    if is_request and not text:
        return
    is_pending = hear_message(
        deps.store,
        deps.team,
        PostedMessage(
            channel=message.channel,
            ts=message.ts,
            thread_ts=message.thread_ts,
            user=message.user,
            text=text,
            mentions=tuple(user for user in mrkdwn.mentions(message.text) if user != deps.bot_user),
            is_question=is_request,
        ),
        now=deps.now(),
    )
    if is_pending:
        deps.wake()


def _hear_change(deps: Deps, event: Mapping[str, Any]) -> None:
    # Ignore the bot's own messages: they are redrawn often, and no entry has them as evidence.
    if mapping(event, "message").get("bot_id") or mapping(event, "previous_message").get("bot_id"):
        return
    deleted, channel = deleted_ts(event), ChannelId(ident(event, "channel"))
    if deleted:
        hear_deletion(deps.store, deps.team, channel=channel, ts=deleted, now=deps.now())
        deps.wake()
        return
    edit = Edit.parse(event) if event.get("subtype") == "message_changed" else None
    if edit:
        message = Message.parse({**mapping(event, "message"), "channel": channel}, deps.team)
        is_direct = event.get("channel_type") == "im"
        if message is not None and not is_direct and deps.now() - at(message.ts) < OVERTAKES:
            _hear(deps, message)
        text = mrkdwn.plain(edit.text)
        hear_edit(
            deps.store,
            deps.team,
            EditedMessage(
                channel=edit.channel,
                ts=edit.ts,
                text=text,
                edited=edit.edited,
                mentions=tuple(mrkdwn.mentions(edit.text)),
            ),
            named=lambda short: mrkdwn.named(short, deps.people.name),
            now=deps.now(),
        )
        deps.wake()


def _answer_mention(deps: Deps, args: Args) -> None:
    event = event_of(args.body)
    message = Message.parse({**event, "subtype": None}, deps.team)
    if message is None or event.get("edited"):
        return
    text = message.text.partition(">")[2]
    reply = Reply.parse(mrkdwn.named(mrkdwn.plain(text), deps.people.name))
    if reply is not None:
        _change_by_reply(deps, reply, message, needed(args.body, "event_id"), mrkdwn.mentions(text))
        return
    event_id = needed(args.body, "event_id")
    if not asks_to_record(text):
        take_question(deps, message, event_id, question_of(deps, message), EXPLANATION)
        return
    hear_request(
        deps.store,
        deps.team,
        Request(
            event_id=event_id,
            user=message.user,
            channel=message.channel,
            thread_ts=message.thread_ts,
            topic=Topic.OFFER,
            payload={"ts": message.root},
        ),
        now=deps.now(),
    )


def _change_by_reply(
    deps: Deps, reply: Reply, message: Message, event_id: str, mentioned: Sequence[UserId]
) -> None:
    change_by_reply(
        deps.store,
        deps.team,
        PostedReply(
            event_id=event_id,
            reply=reply,
            author=deps.people.reader(message.user),
            mentioned=deps.people.reader(mentioned[0]) if mentioned else None,
            channel=message.channel,
            root=message.root,
        ),
        is_alone=deps.alone,
        describe=deps.find_reader,
        now=deps.now(),
    )


def _take_reaction(deps: Deps, args: Args) -> None:
    event = event_of(args.body)
    item = mapping(event, "item")
    if item.get("type") != "message":
        return
    reaction = optional(event, "reaction").partition("::")[0]
    if reaction in _CHECK_MARKS:
        channel, ts = ChannelId(ident(item, "channel")), needed(item, "ts")
        hear_check_mark(deps.store, deps.team, channel=channel, ts=ts, now=deps.now())
    elif reaction == _SCROLL:
        _offer_to_record(deps, args)


def _offer_to_record(deps: Deps, args: Args) -> None:
    event = event_of(args.body)
    item = mapping(event, "item")
    hear_request(
        deps.store,
        deps.team,
        Request(
            event_id=needed(args.body, "event_id"),
            user=UserId(ident(event, "user")),
            channel=ChannelId(ident(item, "channel")),
            topic=Topic.OFFER,
            payload={"ts": needed(item, "ts"), "find_root": True},
        ),
        now=deps.now(),
    )


def _waking(deps: Deps, listener: Callable[[Deps, Args], None]) -> Callable[[Args], None]:
    # No functools.wraps: Bolt would see the parameters of `listener`, and pass no `deps`.
    def wake_after(args: Args) -> None:
        listener(deps, args)
        deps.wake()

    return wake_after
