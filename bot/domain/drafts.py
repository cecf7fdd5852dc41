"""A form while it is open: where it came from, what it was built on, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NewType

from bot.domain.entries import ChannelId, EntryId, Evidence, TeamId, UserId
from bot.domain.kinds import Kind
from bot.domain.paths import PathId

DraftId = NewType("DraftId", int)


@dataclass(frozen=True)
class Draft:
    """One opening of a form by one person. A draft is saved once, however often it is submitted.

    `entry` and `base`: the entry that is edited and the revision that the form showed; both None
    while recording. `values`: what was last typed in fields that another kind does not have, so
    that changing the kind loses nothing. `saved`: the entry that came of it.
    """

    id: DraftId
    team: TeamId
    user: UserId
    kind: Kind
    channel: ChannelId
    created_at: datetime
    thread_ts: str | None = None
    entry: EntryId | None = None
    base: int | None = None
    path: PathId | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    saved: EntryId | None = None

    @property
    def title(self) -> str:
        """The title typed so far."""
        return str(self.values.get("title") or "")
