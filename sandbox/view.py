"""A modal or Home tab, which returns Slack's view object."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.changes import next_change
from sandbox.model import Json, Values


@dataclass(slots=True)
class View:
    """A modal or a Home tab, with what the person has typed in it."""

    id: str
    user: str
    team: str
    app_id: str
    bot_id: str
    definition: Json
    hash: str
    values: Values
    root_id: str = ""
    previous_id: str | None = None
    # The blocks before its latest update: someone may be pressing a button in them right now.
    earlier: list[Json] = field(default_factory=list)
    # The errors beside fields after a refused submit, by block_id.
    errors: dict[str, str] = field(default_factory=dict)
    # The person's channel when they opened it.
    channel: str | None = None
    # The number of the last change of its blocks, or of what was typed in them.
    change: int = field(default_factory=next_change)

    def changed(self) -> None:
        """Record a change."""
        self.change = next_change()

    @property
    def kind(self) -> str:
        """Its surface, "modal" or "home"."""
        return str(self.definition["type"])

    @property
    def blocks(self) -> list[Json]:
        """The blocks, each with a block_id."""
        return list(self.definition["blocks"])

    def as_view(self) -> Json:
        """Return Slack's view object with its state and hash."""
        definition = self.definition
        return {
            "id": self.id,
            "team_id": self.team,
            "type": self.kind,
            "blocks": self.blocks,
            "private_metadata": definition.get("private_metadata") or "",
            "callback_id": definition.get("callback_id") or "",
            "external_id": definition.get("external_id") or "",
            "state": {"values": self.values},
            "hash": self.hash,
            "title": definition.get("title"),
            "submit": definition.get("submit"),
            "close": definition.get("close"),
            "clear_on_close": bool(definition.get("clear_on_close")),
            "notify_on_close": bool(definition.get("notify_on_close")),
            "submit_disabled": False,
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id or self.id,
            "app_id": self.app_id,
            "app_installed_team_id": self.team,
            "bot_id": self.bot_id,
        }
