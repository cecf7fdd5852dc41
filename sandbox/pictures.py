"""Recognition of PNG, JPEG and GIF pictures, the only ones that the page draws."""

from __future__ import annotations

import struct
from dataclasses import dataclass

# JPEG markers that begin a frame and have its size; three in the range mean other things.
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Picture:
    """The kind of a picture and its size in pixels."""

    mimetype: str
    width: int
    height: int


def picture(content: bytes) -> Picture | None:
    """Return the picture's kind and size by its bytes, whatever its name; None for other files.

    SVG doesn't count, because it may contain scripts.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:  # noqa: PLR2004 - signature, IHDR and its size
        return Picture("image/png", *struct.unpack(">II", content[16:24]))
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) >= 10:  # noqa: PLR2004 - signature and size
        return Picture("image/gif", *struct.unpack("<HH", content[6:10]))
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    return None


def _jpeg(content: bytes) -> Picture | None:
    """Go through the segments until one has the size of the picture."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - each marker begins so
        if content[at + 1] in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return Picture("image/jpeg", width, height)
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
