"""Text objects, options and confirmations (docs.slack.dev, Block Kit composition objects)."""

from __future__ import annotations

from sandbox.blockkit.schema import Schema, array, boolean, shape, string, tagged, word


def plain(most: int = 3000) -> Schema:
    """Return the schema of plain_text with 1 to `most` characters; 3,000 is the general limit."""
    return tagged({"plain_text": _plain(most)})


def text(most: int = 3000) -> Schema:
    """Return the schema of plain_text or mrkdwn with 1 to `most` characters."""
    return tagged({"plain_text": _plain(most), "mrkdwn": _mrkdwn(most)})


def texts_and(others: dict[str, Schema]) -> Schema:
    """Return the schema of a text object or one of the others, for a context block."""
    return tagged({"plain_text": _plain(3000), "mrkdwn": _mrkdwn(3000), **others})


def _plain(most: int) -> Schema:
    return shape(
        {"type": word("plain_text"), "text": string(most, least=1)},
        {"emoji": boolean},
    )


def _mrkdwn(most: int) -> Schema:
    return shape(
        {"type": word("mrkdwn"), "text": string(most, least=1)},
        {"verbatim": boolean},
    )


OPTION_VALUE = string(150, least=1)
URL = string(3000, least=1, like=r"(https?://|mailto:|tel:|slack://)\S+")
HTTPS = string(3000, least=1, like=r"https://\S+")

# Options of menus are plain text; those of checkboxes and radio buttons may be mrkdwn. Only an
# overflow menu's options have links.
MENU_OPTION = shape({"text": plain(75), "value": OPTION_VALUE}, {"description": plain(75)})
BOX_OPTION = shape({"text": text(75), "value": OPTION_VALUE}, {"description": text(75)})
OVERFLOW_OPTION = shape(
    {"text": plain(75), "value": OPTION_VALUE}, {"description": plain(75), "url": URL}
)
OPTION_GROUP = shape({"label": plain(75), "options": array(MENU_OPTION, 1, 100)})

CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": word("primary", "danger")},
)
