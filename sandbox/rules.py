"""Slack's words for what it refuses, and the rule behind each."""

from __future__ import annotations

import re
from collections.abc import Mapping

_UNKNOWN = "Slack documents no rule behind this word; the method's page may."

_WEB_API = "apis/web-api"
_CHAT = "reference/methods/chat.postMessage"
_MODALS = "surfaces/modals"
_CLICKS = "interactivity/handling-user-interaction"
_EVENTS = "apis/events-api"
_CONVERSATIONS = "reference/methods/conversations.info"

# By page of docs.slack.dev: the words, and the rule in one sentence.
_RULES: Mapping[str, Mapping[str, str]] = {
    _WEB_API: {
        "unknown_method": "There is no method of this name, or this sandbox does not have it.",
        "invalid_arguments": "An argument is missing or has another shape than the method takes.",
        "invalid_payload": "The body has to be JSON.",
        "no_answer": "The connection ended before an answer; the call may have taken effect.",
    },
    "authentication/tokens": {
        "not_authed": "A call needs a token: as a bearer token in its header, or as `token`.",
        "invalid_auth": "No app has this token, or it was revoked.",
        "account_inactive": "The app was removed from the workspace, and its tokens with it.",
        "token_revoked": "The token was taken back; the app has to be installed again.",
        "not_allowed_token_type": "The method takes the other token: app-level tokens open Socket "
        "Mode, bot tokens do all else.",
    },
    "reference/scopes": {
        "missing_scope": "The token lacks a scope; add it to the manifest and install again.",
    },
    "apis/web-api/rate-limits": {
        "ratelimited": "Too many calls of this method within a minute, or more than one message a "
        "second in a channel; wait for as long as Retry-After says.",
    },
    "apis/web-api/pagination": {
        "invalid_cursor": "A cursor is taken from `next_cursor` of the page before, and no other.",
        "invalid_limit": "The limit lies outside of what the method takes.",
    },
    "reference/block-kit/blocks": {
        "invalid_blocks": "A block has another shape than Block Kit knows; each message says what "
        "is wrong, and where.",
        "invalid_blocks_format": "`blocks` has to be a list of blocks.",
        "msg_blocks_too_long": "All text of a message's blocks together is too long.",
    },
    _CHAT: {
        "no_text": "A message needs a text, blocks or attachments.",
        "msg_too_long": "A text has at most 40,000 characters when posted, and 4,000 when edited.",
        "markdown_text_conflict": "`markdown_text` goes with neither `text` nor `blocks`.",
        "invalid_attachments": "Attachments are a list, and their blocks follow the rules of "
        "blocks.",
        "too_many_attachments": "A message has at most 100 attachments.",
        "thread_not_found": "`thread_ts` has to be the ts of a message in this channel.",
        "is_archived": "Nothing can be posted or changed in an archived channel.",
        "not_in_channel": "The bot has to be a member of the channel; invite it first.",
        "cannot_dm_bot": "A bot can not be sent direct messages.",
    },
    "reference/methods/chat.postEphemeral": {
        "user_not_in_channel": "Only an active member of the channel can be shown something in it.",
    },
    "reference/methods/chat.update": {
        "cant_update_message": "An app changes only messages that it posted itself, and none that "
        "is shown to one person alone.",
        "message_not_found": "There is no message with this ts in this channel.",
    },
    "reference/methods/chat.delete": {
        "cant_delete_message": "A bot token deletes only what the bot posted itself.",
    },
    "messaging/message-metadata": {
        "invalid_metadata_format": "Metadata is an object with `event_type` and `event_payload`.",
        "invalid_metadata_schema": "`event_type` is a word, and the payload holds plain values.",
        "metadata_too_large": "Metadata has a limit of its own, far below that of a message.",
    },
    _CONVERSATIONS: {
        "channel_not_found": "There is no such channel, or it is private and the bot not in it.",
    },
    "reference/methods/users.info": {
        "user_not_found": "Nobody has this id in the workspace.",
    },
    "reference/methods/users.conversations": {
        "invalid_types": "`types` lists public_channel, private_channel, mpim and im.",
    },
    "reference/methods/bots.info": {
        "bot_not_found": "No bot has this id.",
    },
    "reference/methods/files.getUploadURLExternal": {
        "missing_argument": "The length of a file is at least one byte.",
        "alt_txt_too_large": "The description of a picture has at most 1,000 characters.",
        "storage_limit_reached": "All files of the sandbox together have at most 50 MB.",
    },
    "reference/methods/files.completeUploadExternal": {
        "file_not_found": "There is no such file that the bot may see, or its bytes have not been "
        "uploaded yet.",
    },
    "reference/methods/files.delete": {
        "cant_delete_file": "A bot token deletes only what the bot uploaded itself.",
    },
    "reference/methods/chat.unfurl": {
        "cannot_unfurl_url": "The domain is not among `unfurl_domains` of the manifest.",
        "cannot_unfurl_message": "The message does not hold that address, letter by letter.",
        "cannot_find_channel": "There is no such channel.",
        "cannot_find_message": "There is no message with this ts in this channel.",
        "cannot_parse_attachment": "A preview is an attachment or blocks, and keeps their rules.",
        "invalid_unfurls_format": "`unfurls` maps each address to its preview.",
        "missing_unfurls": "`unfurls` maps each address to its preview.",
        "missing_channel": "`channel` and `ts` go together, or `unfurl_id` and `source`.",
        "missing_ts": "`channel` and `ts` go together, or `unfurl_id` and `source`.",
        "missing_unfurl_id": "`channel` and `ts` go together, or `unfurl_id` and `source`.",
        "missing_source": "`channel` and `ts` go together, or `unfurl_id` and `source`.",
        "invalid_source": "The source is composer or conversations_history, as the event said.",
        "invalid_unfurl_id": "An unfurl_id comes from a link_shared event.",
    },
    "reference/methods/reactions.add": {
        "already_reacted": "The bot has put this reaction on the message before.",
        "no_reaction": "The bot has not put this reaction on the message.",
        "invalid_name": "An emoji is named without colons.",
        "no_item_specified": "A message is named by `channel` and `timestamp`.",
    },
    "reference/methods/usergroups.users.list": {
        "no_such_subteam": "There is no such user group, or it is disabled.",
    },
    _MODALS: {
        "push_limit_reached": "A stack has at most three modals.",
        "not_found": "No open view has this id; it may have been closed meanwhile.",
        "hash_conflict": "The view changed since the hash that was sent; read it anew and try "
        "again.",
        "duplicate_external_id": "An external_id names one view of the workspace.",
        "view_too_large": "A view has at most 250 kB.",
        "invalid_response": "The answer to a submission closes, updates, pushes or shows errors "
        "keyed by the block_id of an input; to a suggestion, at most 100 options.",
        "not_enabled": "The Home tab is switched off in the manifest.",
    },
    _CLICKS: {
        "invalid_trigger_id": "A trigger_id comes from a command, click or shortcut of this app.",
        "expired_trigger_id": "A trigger_id lives 3 seconds: open the modal first, fill it after.",
        "exchanged_trigger_id": "A trigger_id opens one view, and this one has.",
        "expired_url": "A response URL lives 30 minutes.",
        "used_url": "A response URL takes five posts.",
        "dispatch_failed": "The app did not take a command or click: it answered with a failure, "
        "or no connection stood.",
        "operation_timeout": "A command or click has to be acknowledged within 3 seconds, and is "
        "not repeated: acknowledge first, work after.",
    },
    _EVENTS: {
        "http_timeout": "An event has to be acknowledged within 3 seconds; it is repeated up to "
        "three times.",
        "http_error": "The app answered an event with a failure; it is repeated up to three times.",
        "connection_failed": "No connection to the app stood; the event is repeated up to three "
        "times.",
    },
    "apis/events-api/using-socket-mode": {
        "socket_mode_not_enabled": "Socket Mode is switched off in the manifest.",
    },
}
_BY_WORD = {word: (rule, page) for page, words in _RULES.items() for word, rule in words.items()}


def rule(word: str) -> tuple[str, str]:
    """Return the rule behind an error word, and the page of docs.slack.dev that has it."""
    if re.fullmatch(r"http_\d+", word):
        return "HTTP itself failed, as in an outage; the call may have taken effect.", _WEB_API
    return _BY_WORD.get(word, (_UNKNOWN, _WEB_API))
