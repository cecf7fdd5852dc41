"""Reviewers of due entries: the stored facts, and what Slack says about the people."""

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

# Describes a person as Slack does now; None if it doesn't say.
DescribePerson = Callable[[UserId], Reader | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerFacts:
    """The stored facts that decide who has to review some entries.

    Slack is asked only after they are read, because it may be slow.
    """

    entries: tuple[Entry, ...]
    passed_on: Mapping[EntryId, PassedOn]
    decided: Mapping[EntryId, Decided]
    open_channels: frozenset[ChannelId]
    workspace: Workspace

    @classmethod
    def of(cls, tx: Transaction, entries: Iterable[Entry]) -> "ReviewerFacts":
        """Read the facts about these entries."""
        listed = tuple(entries)
        return cls(
            entries=listed,
            passed_on=tx.verdicts.passed_on([entry.id for entry in listed]),
            decided=_load_decisions(tx, listed),
            open_channels=tx.channels.public_ids(),
            workspace=tx.workspace.get(),
        )

    @property
    def people(self) -> frozenset[UserId]:
        """Return everyone who may be asked about these entries."""
        return frozenset(user for entry in self.entries for user in self._of(entry))

    def find_waiting(self, describe: DescribePerson, now: datetime) -> dict[EntryId, Waiting]:
        """Return for each due entry who or what its review is waiting for."""
        return {entry: turn.waiting for entry, turn in self.find_turns(describe, now).items()}

    def find_turns(self, describe: DescribePerson, now: datetime) -> dict[EntryId, Turn]:
        """Return whose turn it is to review each due entry.

        Slack is asked only about people whose turn it is or was. If it doesn't answer, a person is
        taken to be available, in UTC.
        """
        describe = cache(describe)

        def zone(user: UserId) -> str:
            reader = describe(user)
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
                out=_Unavailable(entry, describe, private=entry.home not in self.open_channels),
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


class _Unavailable:
    """The people who can't review an entry: gone, not members, or unable to see it."""

    def __init__(self, entry: Entry, describe: DescribePerson, *, private: bool) -> None:
        self._entry = entry
        self._describe = describe
        self._private = private

    def __contains__(self, user: object) -> bool:
        gone = (DueReasonKind.OWNER_GONE, DueReasonKind.BACKUP_GONE)
        if any(reason.kind in gone and reason.about == user for reason in self._entry.reasons):
            return True
        reader = self._describe(UserId(str(user)))
        return reader is not None and not (
            reader.person.member and may_see(reader, self._entry, private=self._private)
        )


def _load_decisions(tx: Transaction, entries: Iterable[Entry]) -> dict[EntryId, Decided]:
    """Return what was decided about the revisions in force: a change, or an open retirement."""
    revisions = {entry.id: entry.revision.number for entry in entries}
    decisions = {
        entry: Decided(role=Role.CHANGE, at=verdict.at)
        for entry, verdict in tx.verdicts.changes_needed(list(revisions)).items()
        if verdict.revision == revisions[entry]
    }
    for proposal in tx.proposals.retiring(list(revisions)):
        decisions[proposal.entry] = Decided(role=Role.RETIREMENT, at=proposal.opened_at)
    return decisions


def select_waiting_for(
    entries: Iterable[Entry], turns: Mapping[EntryId, Turn], user: UserId
) -> list[Entry]:
    """Return the entries whose review is waiting for this person, in the same order."""
    return [
        entry for entry in entries if entry.id in turns and turns[entry.id].concerns(entry, user)
    ]
