"""chat.unfurl: previews of links that people posted."""

from __future__ import annotations

import copy

from sandbox import messages
from sandbox.autoparse import make_live
from sandbox.blockkit import check_message
from sandbox.errors import SlackError
from sandbox.model import Channel, Json, Message
from sandbox.state import name_parts
from sandbox.unfurling import domain_of, links, unfurl_id, with_unfurls
from sandbox.webapi.method import Call, Method

_SOURCES = ("composer", "conversations_history")


def unfurl(call: Call) -> Json:
    """chat.unfurl."""
    unfurls = _unfurls(call)
    channel, message = _message(call)
    said = links(message.text)
    for url in unfurls:
        if domain_of(call.workspace, url) is None:
            raise SlackError("cannot_unfurl_url")
        if url not in said:
            raise SlackError("cannot_unfurl_message")

    def to(old: Message) -> None:
        old.attachments = with_unfurls(call.workspace, old.attachments, unfurls)

    messages.change(call.workspace, channel, message, to)
    return {}


def _unfurls(call: Call) -> dict[str, Json]:
    """Return the previews of the call by address, checked like attachments."""
    unfurls = call.args.get("unfurls")
    if unfurls in (None, ""):
        raise SlackError("missing_unfurls")
    if not isinstance(unfurls, dict) or not all(
        isinstance(each, dict) for each in unfurls.values()
    ):
        raise SlackError("invalid_unfurls_format")
    previews: dict[str, Json] = copy.deepcopy(unfurls)
    for preview in previews.values():
        try:
            check_message({"attachments": [preview]})
        except SlackError as error:
            raise SlackError("cannot_parse_attachment", error.messages) from None
        blocks = preview.get("blocks") or []
        if faults := list(call.workspace.files.against_images(blocks, "/unfurls/blocks")):
            raise SlackError("cannot_parse_attachment", faults)
        name_parts(blocks, call.workspace)
        make_live(blocks, call.workspace)
    return previews


def _message(call: Call) -> tuple[Channel, Message]:
    """Return the message by `channel` and `ts`, or by `unfurl_id` and `source`.

    The bot doesn't have to be in its channel: the app gets link_shared anyway.
    """
    named = call.text("unfurl_id")
    name, ts = call.text("channel"), call.text("ts")
    if named or call.text("source"):
        if not named:
            raise SlackError("missing_unfurl_id")
        if not call.text("source"):
            raise SlackError("missing_source")
        if call.text("source") not in _SOURCES:
            raise SlackError("invalid_source")
        name, _, rest = named.partition(".")
        ts = rest.rpartition(".")[0]
    elif not name:
        raise SlackError("missing_channel")
    elif not ts:
        raise SlackError("missing_ts")
    channel = call.workspace.channels.get(name)
    message = channel.messages.get(ts) if channel else None
    if named and (message is None or unfurl_id(message) != named):
        raise SlackError("invalid_unfurl_id")
    if channel is None:
        raise SlackError("cannot_find_channel")
    if message is None:
        raise SlackError("cannot_find_message")
    return channel, message


METHODS = {"chat.unfurl": Method(unfurl, ("links:write",))}
