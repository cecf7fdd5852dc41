"""Messages and views as JSON for the driver and the page."""

from __future__ import annotations

from sandbox.drawing import buttons, words_of_message, words_of_view
from sandbox.model import Channel, Json, Message
from sandbox.view import View
from sandbox.workspace import Workspace


def message(workspace: Workspace, channel: Channel, posted: Message) -> Json:
    """Return a message with its words and buttons."""
    return {
        "raw": channel.full(posted) if posted.to is None else posted.as_message(),
        "change": posted.change,
        "channel": channel.id,
        "to": posted.to,
        "words": words_of_message(posted, workspace),
        "buttons": buttons(posted.every_block),
    }


def view(workspace: Workspace, opened: View) -> Json:
    """Return a view with its words, buttons and the errors beside its fields."""
    return {
        "change": opened.change,
        "raw": opened.as_view(),
        "user": opened.user,
        "words": words_of_view(opened, workspace),
        "buttons": buttons(opened.blocks),
        "errors": opened.errors,
    }
