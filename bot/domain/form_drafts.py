"""A form while it is open: where it came from, what it was built on, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, NewType

from bot.domain.approval import ProposalId
from bot.domain.entries import ChannelId, EntryId, Evidence, EvidenceState, TeamId, UserId
from bot.domain.gaps import GapId
from bot.domain.kinds import Kind
from bot.domain.prefill import Mark, unsaid, without_gone

FormDraftId = NewType("FormDraftId", int)

# Among the values of a draft: the names of the fields that somebody else changed meanwhile.
OVERTAKEN: Final = "overtaken"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFormDraft:
    """A form as it is opened.

    `entry` and `base`: the entry that is edited and the revision that the form showed; both None
    while recording. `proposal`: the proposal that it revises, or that came of it. `values`: what
    was last typed in fields that another kind does not have, so that changing the kind loses
    nothing. `filled`: what of them came from which message.
    """

    user: UserId
    kind: Kind
    channel: ChannelId
    created_at: datetime
    thread_ts: str | None = None
    entry: EntryId | None = None
    base: int | None = None
    gap: GapId | None = None
    proposal: ProposalId | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    filled: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormDraft(NewFormDraft):
    """One opening of a form by one person. A draft is saved once, however often it is submitted.

    `kept`: it was sent and could not be saved, so closing the form does not end it. `saved`: the
    entry that came of it.
    """

    id: FormDraftId
    team: TeamId
    kept: bool = False
    saved: EntryId | None = None

    @property
    def title(self) -> str:
        """The title typed so far."""
        return str(self.values.get("title") or "")

    def as_shown(self, kind: Kind | None, base: int | None) -> "FormDraft":
        """The draft as the form on the screen shows it, where that says so.

        The draft is ahead of it where an answer that changed the form did not reach it.
        """
        return replace(self, kind=kind or self.kind, base=base or self.base)

    @property
    def sources(self) -> tuple[tuple[ChannelId, str], ...]:
        """The messages that it was captured or filled in from, by channel and timestamp."""
        captured = [(source.channel, source.ts) for source in self.evidence]
        return tuple(dict.fromkeys([*captured, *((mark.channel, mark.ts) for mark in self.filled)]))

    def edited(self, channel: ChannelId, ts: str, excerpt: str, text: str) -> "FormDraft":
        """The draft once a message that it rests on was edited, and says `text`.

        What was filled in from it and is not in it any more goes, unless it was rewritten: it may
        be just what its author took back.
        """
        filled = unsaid(self.values, self.filled, channel, ts, text)
        return self._followed(channel, ts, EvidenceState.EDITED, excerpt, filled)

    def deleted(self, channel: ChannelId, ts: str) -> "FormDraft":
        """The draft once a message that it rests on is gone, and its words with it.

        What the form was filled in with from that message goes too, unless it was rewritten.
        """
        filled = tuple(
            replace(mark, gone=True) if (mark.channel, mark.ts) == (channel, ts) else mark
            for mark in self.filled
        )
        return self._followed(channel, ts, EvidenceState.DELETED, "", filled)

    def standing(self) -> "FormDraft":
        """The draft without what was filled in and is gone since.

        A form that is open still shows it, and brings it along with what was typed.
        """
        return replace(self, values=without_gone(self.values, self.filled))

    def _followed(
        self,
        channel: ChannelId,
        ts: str,
        state: EvidenceState,
        excerpt: str,
        filled: tuple[Mark, ...],
    ) -> "FormDraft":
        evidence = tuple(
            replace(source, state=state, excerpt=excerpt)
            if (source.channel, source.ts) == (channel, ts)
            and source.state is not EvidenceState.DELETED
            else source
            for source in self.evidence
        )
        return replace(self, evidence=evidence, filled=filled).standing()
