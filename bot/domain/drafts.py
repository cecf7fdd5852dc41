"""A form while it is open: where it came from, what it was built on, what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, NewType, TypeGuard

from bot.domain.entries import ChannelId, EntryId, Evidence, EvidenceState, TeamId, UserId
from bot.domain.kinds import Kind
from bot.domain.paths import PathId
from bot.domain.review import ProposalId

DraftId = NewType("DraftId", int)
_PASSAGE: Final = 12


@dataclass(frozen=True)
class Draft:
    """One opening of a form by one person. A draft is saved once, however often it is submitted.

    `entry` and `base`: the entry that is edited and the revision that the form showed; both None
    while recording. `proposal`: the proposal that it revises, or that came of it. `values`: what
    was last typed in fields that another kind does not have, so that changing the kind loses
    nothing. `kept`: it was sent and could not be saved, so closing the form does not end it.
    `saved`: the entry that came of it.
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
    proposal: ProposalId | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    kept: bool = False
    saved: EntryId | None = None

    @property
    def title(self) -> str:
        """The title typed so far."""
        return str(self.values.get("title") or "")

    def as_shown(self, kind: Kind | None, base: int | None) -> "Draft":
        """The draft as the form on the screen shows it, where that says so.

        The draft is ahead of it where an answer that changed the form did not reach it.
        """
        return replace(self, kind=kind or self.kind, base=base or self.base)

    def edited(self, ts: str, excerpt: str) -> "Draft":
        """The draft once a message that it was captured from was edited."""
        return replace(self, evidence=self._now(ts, EvidenceState.EDITED, excerpt))

    def deleted(self, ts: str) -> "Draft":
        """The draft once a message that it was captured from is gone, and its words with it.

        What the form was filled in with from that message goes too, unless it was rewritten.
        """
        gone = [source.excerpt for source in self.evidence if source.ts == ts and source.excerpt]
        return replace(
            self,
            values=_without(self.values, gone),
            evidence=self._now(ts, EvidenceState.DELETED, ""),
        )

    def _now(self, ts: str, state: EvidenceState, excerpt: str) -> tuple[Evidence, ...]:
        return tuple(
            replace(source, state=state, excerpt=excerpt) if source.ts == ts else source
            for source in self.evidence
        )


def _without(values: Mapping[str, Any], gone: Sequence[str]) -> dict[str, Any]:
    return {
        name: _without(value, gone) if isinstance(value, Mapping) else value
        for name, value in values.items()
        if not any(_copied(value, excerpt) for excerpt in gone)
    }


def _copied(value: object, excerpt: str) -> bool:
    """Whether a text of a form is a passage of a message, whose beginning the excerpt is."""
    text = "\n".join(value) if _is_lines(value) else value
    if not isinstance(text, str):
        return False
    passage, source = (" ".join(part.removesuffix("…").split()).lower() for part in (text, excerpt))
    if excerpt.endswith("…") and passage.startswith(source):
        return True
    # A word or two may be anybody's own.
    return len(passage) >= _PASSAGE and passage in source


def _is_lines(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)
