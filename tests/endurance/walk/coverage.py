"""All that Slack delivered to the bot on a walk, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from bot.listeners.commands import COMMANDS
from sandbox.model import Json
from tests.support.registrations import registrations


@dataclass
class Coverage:
    """The names in the deliveries to the bot."""

    commands: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    views: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, deliveries: list[Json]) -> Coverage:
        """Read them from the sandbox's deliveries."""
        coverage = cls()
        for each in deliveries:
            payload, kind = each["payload"], each["type"]
            if "command" in payload:
                coverage.commands.add(str(payload.get("text", "")).partition(" ")[0])
            elif kind == "block_actions":
                coverage.actions |= {str(action["action_id"]) for action in payload["actions"]}
            elif kind == "view_submission":
                coverage.views.add(str(payload["view"]["callback_id"]))
            else:
                coverage.events.add(kind)
        return coverage

    def __iadd__(self, other: Coverage) -> Self:
        self.commands |= other.commands
        self.actions |= other.actions
        self.views |= other.views
        self.events |= other.events
        return self

    def __str__(self) -> str:
        commands = len(self.commands & set(COMMANDS))
        actions, views = len(self.actions), len(self.views)
        return f"{commands} commands, {actions} buttons and menus, {views} forms"


def find_missing(coverage: Coverage) -> list[str]:
    """Return what the bot listens to but no one did."""
    wanted = registrations()
    left = {
        "command": set(COMMANDS) - coverage.commands,
        "button or menu": wanted["action"] - coverage.actions,
        "form": wanted["view"] - coverage.views,
        "event": wanted["event"] - coverage.events,
    }
    return [f"no {kind} was {', '.join(sorted(names))}" for kind, names in left.items() if names]
