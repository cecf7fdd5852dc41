"""files: uploads in three steps, and the list of files."""

from __future__ import annotations

from sandbox import messages
from sandbox.attachments import full_file, new_file, sees_file, shares
from sandbox.errors import SlackError
from sandbox.files import File
from sandbox.model import Channel, Json
from sandbox.webapi.chat import bot_message, thread_root
from sandbox.webapi.method import Call, Method

# docs.slack.dev, files.getUploadURLExternal.
ALT_TEXT = 1_000
# docs.slack.dev, files.list: the kinds that `types` may name, by the beginning of a mimetype.
_TYPES = {
    "images": "image/",
    "pdfs": "application/pdf",
    "snippets": "text/",
    "zips": "application/",
}


def get_upload_url(call: Call) -> Json:
    """files.getUploadURLExternal."""
    name = call.required("filename")
    length = call.number("length", 0)
    if length <= 0:
        raise SlackError("missing_argument", ["[ERROR] length must be greater than 0"])
    alt_text = call.text("alt_txt")
    if len(alt_text) > ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    workspace = call.workspace
    file = new_file(workspace, workspace.bot.id, name, length)
    file.alt_txt = alt_text
    ticket = workspace.files.announce(file)
    return {"upload_url": f"{call.installation.url}/upload/v1/{ticket}", "file_id": file.id}


def complete_upload(call: Call) -> Json:
    """files.completeUploadExternal.

    The files in the answer have no shares yet: Slack shares them a little later, and files.info
    shows it then.
    """
    workspace = call.workspace
    files = _uploaded(call)
    channels = _channels(call)
    thread = thread_root(call, channels[0]) if channels else None
    for file, title in files:
        file.title, file.finished = title or file.name, True
    about = [workspace.files.as_file(file) for file, _ in files]
    for channel in channels:
        comment = call.text("initial_comment")
        blocks = None if comment else call.args.get("blocks")
        body = {"text": comment or files[0][0].name, "blocks": blocks}
        message = bot_message(workspace, channel, body)
        message.text = comment
        message.thread_ts = thread
        message.subtype = "file_share"
        message.extra = {"files": about, "upload": False, "display_as_bot": False}
        messages.post(workspace, channel, message)
    return {"files": about}


def _uploaded(call: Call) -> list[tuple[File, str]]:
    """Return the uploaded files of the call, each with its title."""
    listed = call.args.get("files")
    if not isinstance(listed, list) or not listed or not all(isinstance(f, dict) for f in listed):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: files"])
    uploads: list[tuple[File, str]] = []
    for each in listed:
        file = call.workspace.files.uploaded(str(each.get("id")))
        if file is None or file.user != call.workspace.bot.id:
            raise SlackError("file_not_found")
        uploads.append((file, str(each.get("title") or "")))
    return uploads


def _channels(call: Call) -> list[Channel]:
    """Return the channels of the call: `channel_id`, or all of `channels`. Only ids are valid."""
    names = [call.text("channel_id"), *call.text("channels").replace(" ", "").split(",")]
    each = [Call(call.installation, {"channel": name}) for name in dict.fromkeys(names) if name]
    channels = [channel_call.joined() for channel_call in each]
    if len(channels) > 1 and call.text("thread_ts"):
        raise SlackError("invalid_arguments", ["[ERROR] only channel_call channel with thread_ts"])
    if any(channel.archived for channel in channels):
        raise SlackError("is_archived")
    return channels


def info(call: Call) -> Json:
    """files.info."""
    about = full_file(call.workspace, _file(call))
    return {"file": about, "comments": [], "response_metadata": {"next_cursor": ""}}


def list_(call: Call) -> Json:
    """files.list: newest first, in numbered pages."""
    workspace = call.workspace
    count, page = max(1, call.number("count", 100)), max(1, call.number("page", 1))
    user, channel = call.text("user"), call.text("channel")
    where = call.conversation() if channel else None
    files = [
        full_file(workspace, file)
        for file in workspace.files.every()
        if sees_file(workspace, workspace.bot.id, file)
        and user in ("", file.user)
        and (where is None or where in [place for place, _ in shares(workspace, file)])
    ]
    kinds = [kind for kind in call.text("types").split(",") if kind not in ("", "all")]
    if kinds:
        starts = tuple(_TYPES.get(kind, "?") for kind in kinds)
        files = [about for about in files if about["mimetype"].startswith(starts)]
    pages = max(1, -(-len(files) // count))
    paging = {"count": count, "total": len(files), "page": page, "pages": pages}
    return {"files": files[(page - 1) * count : page * count], "paging": paging}


def delete(call: Call) -> Json:
    """files.delete, for the bot's own files."""
    file = _file(call)
    if file.user != call.workspace.bot.id:
        raise SlackError("cant_delete_file")
    messages.remove_file(call.workspace, file)
    return {}


def _file(call: Call) -> File:
    file = call.workspace.files.find(call.required("file"))
    if file is None or not sees_file(call.workspace, call.workspace.bot.id, file):
        raise SlackError("file_not_found")
    return file


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",)),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",)),
    "files.info": Method(info, ("files:read",)),
    "files.list": Method(list_, ("files:read",)),
    "files.delete": Method(delete, ("files:write",)),
}
