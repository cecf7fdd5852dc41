"""Form drafts: forms while they are open, with the source they were filled in from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, NewType

from bot.domain.approval import ProposalId
from bot.domain.entries import ChannelId, EntryId, Evidence, EvidenceState, TeamId, UserId
from bot.domain.gaps import GapId
from bot.domain.kinds import Kind
from bot.domain.prefill import Mark, drop_gone, mark_missing

FormDraftId = NewType("FormDraftId", int)

# The key, in the values of a draft, of the fields that another person changed since it was opened.
OVERTAKEN: Final = "overtaken"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFormDraft:
    """A form as it is opened.

    `entry` and `base`: the edited entry and the revision that the form showed; both None for a new
    entry. `proposal`: the proposal that the form revises or created. `values`: the last typed text,
    also of fields that another kind lacks, so that a change of kind loses nothing. `filled`: which
    values came from which message.
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

    `kept`: it was submitted and couldn't be saved, so closing the form doesn't end the draft.
    `saved`: the entry that it was saved as.
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
        """Return the draft with the kind and base that the form on the screen shows, if it says.

        The stored draft is newer than the screen if Slack lost an answer that changed the form.
        """
        return replace(self, kind=kind or self.kind, base=base or self.base)

    @property
    def sources(self) -> tuple[tuple[ChannelId, str], ...]:
        """The messages that it was recorded or filled in from, by channel and timestamp."""
        captured = [(source.channel, source.ts) for source in self.evidence]
        return tuple(dict.fromkeys([*captured, *((mark.channel, mark.ts) for mark in self.filled)]))

    def edited(self, channel: ChannelId, ts: str, excerpt: str, text: str) -> "FormDraft":
        """Return the draft after a message that it is based on was edited and now says `text`.

        Values filled in from words that the message no longer has are removed, because its author
        may have taken them back. Values that a person rewrote stay.
        """
        filled = mark_missing(self.values, self.filled, channel, ts, text)
        return self._followed(channel, ts, EvidenceState.EDITED, excerpt, filled)

    def deleted(self, channel: ChannelId, ts: str) -> "FormDraft":
        """Return the draft after a message that it is based on was deleted.

        Values filled in from the message are removed too, unless a person rewrote them.
        """
        filled = tuple(
            replace(mark, gone=True) if (mark.channel, mark.ts) == (channel, ts) else mark
            for mark in self.filled
        )
        return self._followed(channel, ts, EvidenceState.DELETED, "", filled)

    def standing(self) -> "FormDraft":
        """Return the draft without the values that were filled in from deleted words.

        An open form still shows those and submits them again.
        """
        return replace(self, values=drop_gone(self.values, self.filled))

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
