"""Messages and views as the driver reads them."""

from __future__ import annotations

from sandbox.drawing import buttons, words_of_message, words_of_view
from sandbox.model import Channel, Json, Message
from sandbox.view import View
from sandbox.workspace import Workspace


def message(workspace: Workspace, channel: Channel, found: Message) -> Json:
    """Return a message with its words and buttons."""
    return {
        "raw": channel.full(found) if found.to is None else found.as_message(),
        "change": found.change,
        "channel": channel.id,
        "to": found.to,
        "words": words_of_message(found, workspace),
        "buttons": buttons(found.every_block),
    }


def view(workspace: Workspace, found: View) -> Json:
    """Return a view with its words, buttons and the errors beside its fields."""
    return {
        "change": found.change,
        "raw": found.as_view(),
        "user": found.user,
        "words": words_of_view(found, workspace),
        "buttons": buttons(found.blocks),
        "errors": found.errors,
    }
