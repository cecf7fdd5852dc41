"""Evidence: the messages that entries are based on."""

from sqlmodel import col, select

from bot.domain.entries import ChannelId, EntryId, Evidence, EvidenceState
from storage.aggregate import Queries
from storage.hashes import new_salt
from storage.tables.entries import EvidenceRow


class EvidenceOfEntries(Queries):
    """The evidence of a workspace's entries."""

    def add(self, entry_id: EntryId, evidence: Evidence) -> None:
        """Add a message to an entry's evidence. If it is there already, nothing changes."""
        self._session.exec(
            self._insert(EvidenceRow)
            .values(
                team_id=self._team,
                entry_id=entry_id,
                channel=evidence.channel,
                ts=evidence.ts,
                permalink=evidence.permalink,
                author=evidence.author,
                excerpt=evidence.excerpt,
                state=evidence.state.value,
            )
            .on_conflict_do_nothing()
        )

    def mark_edited(self, channel: ChannelId, ts: str, excerpt: str) -> list[EntryId]:
        """Store the new excerpt of an edited message, and return the entries based on it."""
        return self._set_state(channel, ts, EvidenceState.EDITED, excerpt)

    def mark_deleted(self, channel: ChannelId, ts: str) -> list[EntryId]:
        """Remove the excerpt of a deleted message, and return the entries based on it."""
        return self._set_state(channel, ts, EvidenceState.DELETED, "")

    def _set_state(
        self, channel: ChannelId, ts: str, state: EvidenceState, excerpt: str
    ) -> list[EntryId]:
        query = select(EvidenceRow).where(
            EvidenceRow.team_id == self._team,
            EvidenceRow.channel == channel,
            EvidenceRow.ts == ts,
            EvidenceRow.state != EvidenceState.DELETED.value,
        )
        query = query.order_by(col(EvidenceRow.entry_id))
        rows = self._session.exec(query.with_for_update()).all()
        for row in rows:
            row.state, row.excerpt, row.salt = state.value, excerpt, new_salt()
        self._session.flush()
        return [EntryId(row.entry_id) for row in rows]
