"""What the bot was told by Slack on a walk, and what of all that it listens to was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from bot.listeners.commands import COMMANDS
from sandbox.model import Json
from tests.support.registrations import registrations


@dataclass
class Told:
    """Names that stood in what was brought to the bot."""

    commands: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    views: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)

    @classmethod
    def by(cls, deliveries: list[Json]) -> Told:
        """Read it off what the sandbox brought."""
        told = cls()
        for each in deliveries:
            payload, kind = each["payload"], each["type"]
            if "command" in payload:
                told.commands.add(str(payload.get("text", "")).partition(" ")[0])
            elif kind == "block_actions":
                told.actions |= {str(action["action_id"]) for action in payload["actions"]}
            elif kind == "view_submission":
                told.views.add(str(payload["view"]["callback_id"]))
            else:
                told.events.add(kind)
        return told

    def __iadd__(self, other: Told) -> Self:
        self.commands |= other.commands
        self.actions |= other.actions
        self.views |= other.views
        self.events |= other.events
        return self

    def __str__(self) -> str:
        commands = len(self.commands & set(COMMANDS))
        actions, views = len(self.actions), len(self.views)
        return f"{commands} commands, {actions} buttons and menus, {views} forms"


def missing(told: Told) -> list[str]:
    """What the bot listens to and nobody did."""
    wanted = registrations()
    left = {
        "command": set(COMMANDS) - told.commands,
        "button or menu": wanted["action"] - told.actions,
        "form": wanted["view"] - told.views,
        "event": wanted["event"] - told.events,
    }
    return [f"no {kind} was {', '.join(sorted(names))}" for kind, names in left.items() if names]
