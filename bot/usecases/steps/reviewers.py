"""Whom reviews wait for: what the store knows of it, and then who people are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from bot.domain.certification import DueReasonKind
from bot.domain.entries import ChannelId, Entry, EntryId, UserId
from bot.domain.reviewers import Decided, PassedOn, Patience, Role, Turn, Waiting, turn_of
from bot.domain.visibility import Reader, may_see
from bot.domain.workspaces import Workspace
from storage.store import Transaction

# A person as Slack describes them now; None where it does not say.
Known = Callable[[UserId], Reader | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What decides whom some entries wait for. Slack is asked after it was read, being slow."""

    entries: tuple[Entry, ...]
    passed_on: Mapping[EntryId, PassedOn]
    decided: Mapping[EntryId, Decided]
    open_channels: frozenset[ChannelId]
    workspace: Workspace

    @classmethod
    def of(cls, tx: Transaction, entries: Iterable[Entry]) -> "Asking":
        """Read what is kept of these entries."""
        found = tuple(entries)
        return cls(
            entries=found,
            passed_on=tx.verdicts.passed_on([entry.id for entry in found]),
            decided=_decided(tx, found),
            open_channels=tx.channels.public_ids(),
            workspace=tx.workspace.get(),
        )

    @property
    def people(self) -> frozenset[UserId]:
        """Everybody who may be asked about them."""
        return frozenset(user for entry in self.entries for user in self._of(entry))

    def answers(self, known: Known, now: datetime) -> dict[EntryId, Waiting]:
        """Whom each entry that is due waits for."""
        return {entry: turn.waiting for entry, turn in self.turns(known, now).items()}

    def turns(self, known: Known, now: datetime) -> dict[EntryId, Turn]:
        """Return whose turn it is to review each entry that is due.

        Of whom Slack does not say how they are, is taken to be there, by UTC. Slack is asked about
        those alone whose turn it is or was.
        """
        known = cache(known)

        def zone(user: UserId) -> str:
            reader = known(user)
            return reader.person.timezone if reader is not None else "UTC"

        settings = self.workspace
        patience = Patience(
            calendar=settings.calendar, working_days=settings.backup_after, zone=zone
        )
        turns = {}
        for entry in self.entries:
            turn = turn_of(
                entry,
                now,
                passed_on=self.passed_on.get(entry.id),
                out=_Out(entry, known, private=entry.home not in self.open_channels),
                patience=patience,
                decided=self.decided.get(entry.id),
            )
            if turn is not None:
                turns[entry.id] = turn
        return turns

    def _of(self, entry: Entry) -> set[UserId]:
        passed_on = self.passed_on.get(entry.id)
        asked = {entry.owner, entry.backup} | ({passed_on.to} if passed_on else set())
        return asked - {UserId("")}


class _Out:
    """Those who can not be asked about an entry: gone, no members, or they may not see it."""

    def __init__(self, entry: Entry, known: Known, *, private: bool) -> None:
        self._entry = entry
        self._known = known
        self._private = private

    def __contains__(self, user: object) -> bool:
        gone = (DueReasonKind.OWNER_GONE, DueReasonKind.BACKUP_GONE)
        if any(one.kind in gone and one.about == user for one in self._entry.reasons):
            return True
        reader = self._known(UserId(str(user)))
        return reader is not None and not (
            reader.person.member and may_see(reader, self._entry, private=self._private)
        )


def _decided(tx: Transaction, entries: Iterable[Entry]) -> dict[EntryId, Decided]:
    """Return what was decided about the revisions in force: a change, or an open retirement."""
    revisions = {entry.id: entry.revision.number for entry in entries}
    decided = {
        entry: Decided(role=Role.CHANGE, at=review.at)
        for entry, review in tx.verdicts.changes_needed(list(revisions)).items()
        if review.revision == revisions[entry]
    }
    for proposal in tx.proposals.retiring(list(revisions)):
        decided[proposal.entry] = Decided(role=Role.RETIREMENT, at=proposal.opened_at)
    return decided


def in_particular(
    entries: Iterable[Entry], turns: Mapping[EntryId, Turn], user: UserId
) -> list[Entry]:
    """Return the entries whose review waits for this person in particular, in the same order."""
    return [one for one in entries if one.id in turns and turns[one.id].concerns(one, user)]
