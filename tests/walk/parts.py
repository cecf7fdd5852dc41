"""The parts of the walk, each with processes and a database of its own."""

from typing import Final

from tests.walk.capture import capture
from tests.walk.commands import commands
from tests.walk.walked import Part

PARTS: Final = {
    "capture": Part(capture),
    "commands": Part(commands),
}
