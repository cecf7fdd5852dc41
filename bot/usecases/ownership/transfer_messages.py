"""Messages about transfers: one for each home channel and person, however many entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.domain.approval import Proposal, ProposalId
from bot.domain.entries import ChannelId, Entry, Key, TeamId, UserId
from bot.domain.outbox import OutboxItem, Topic
from bot.domain.revisions import Change
from bot.domain.visibility import Person, Reader, anyone_in
from storage.store import Store, Transaction

_NAMED: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferredEntries:
    """The entries that were transferred; `approved_by`: who approved that, if it was needed."""

    by: Person
    giver: Person
    receiver: Person
    owned: tuple[Entry, ...]
    backed_up: tuple[Entry, ...]
    approved_by: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferName:
    """The proposals of one transfer: those that one person opened at one moment."""

    author: UserId
    opened_at: datetime

    @classmethod
    def of(cls, proposal: Proposal) -> "TransferName":
        """Return the name of the transfer that a proposal belongs to."""
        return cls(author=proposal.author, opened_at=proposal.opened_at)

    def __str__(self) -> str:
        return f"transfer:{self.author}:{self.opened_at.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingTransfer:
    """A proposed transfer, as one channel or one person sees it."""

    name: TransferName
    giver: UserId
    receiver: UserId
    parts: tuple[tuple[Proposal, Entry], ...]

    @property
    def is_waiting(self) -> bool:
        """Return whether any part still needs an approval."""
        return any(proposal.waits for proposal, _ in self.parts)

    @property
    def seen(self) -> datetime:
        """Return when any part last changed: an approval covers only what was shown."""
        return max(proposal.changed_at for proposal, _ in self.parts)


def post_transfer(
    tx: Transaction,
    parts: Sequence[tuple[Proposal, Entry]],
    *,
    giver: Reader,
    receiver: UserId,
    now: datetime,
) -> None:
    """Post that a transfer needs approval: to each home channel, and to the giver directly."""
    if not parts:
        return
    name = TransferName.of(parts[0][0])
    payload = {
        "author": name.author,
        "opened_at": name.opened_at.isoformat(),
        "giver": giver.user,
        "receiver": receiver,
    }
    places: list[tuple[ChannelId, UserId | None]] = [
        (home, None) for home in sorted({entry.home for _, entry in parts})
    ]
    if giver.user != name.author and giver.person.member:
        places.append((ChannelId(giver.user), giver.user))
    for place, user in places:
        tx.outbox.add(
            Topic.TRANSFER,
            channel=place,
            user=user,
            payload=payload,
            due_at=now,
            at=now,
            once=f"{name}:{place}",
        )


def list_transfer_posts(store: Store, team: TeamId, proposal_id: ProposalId) -> list[OutboxItem]:
    """Return the messages that show the transfer of a proposal; none if it isn't part of one."""
    with store.read(team) as tx:
        proposal = tx.proposals.get(proposal_id)
        if proposal is None or proposal.revision.change not in (Change.OWNER, Change.BACKUP):
            return []
        return tx.outbox.list_by_once(str(TransferName.of(proposal)))


def read_transfer(
    store: Store, item: OutboxItem, *, reader: Reader | None = None
) -> WaitingTransfer:
    """Return a transfer as its message shows it: to the reader, or else to its home channel."""
    with store.read(item.team) as tx:
        return load_transfer(tx, item.payload, reader or anyone_in(item.channel))


def load_transfer(tx: Transaction, payload: Mapping[str, Any], reader: Reader) -> WaitingTransfer:
    """Return a transfer without the entries that this reader can't see."""
    name = TransferName(
        author=UserId(payload["author"]), opened_at=datetime.fromisoformat(payload["opened_at"])
    )
    proposals = tx.proposals.opened_together(name.author, name.opened_at)
    entries = tx.entries.by_ids(proposal.entry for proposal in proposals)
    visible = tx.entries.visible_to(reader)
    parts = [
        (proposal, entries[proposal.entry])
        for proposal in proposals
        if visible.get(entries[proposal.entry].key) is not None
    ]
    return WaitingTransfer(
        name=name,
        giver=UserId(payload["giver"]),
        receiver=UserId(payload["receiver"]),
        parts=tuple(parts),
    )


def tell_transferred(
    tx: Transaction, passed: TransferredEntries, *, but: UserId, now: datetime
) -> None:
    """Tell each home channel, both people and the author that entries were transferred.

    `but`: the person who did it, who isn't told.
    """
    if not (passed.owned or passed.backed_up):
        return
    for person in dict.fromkeys((passed.receiver, passed.giver, passed.by)):
        if person.id != but and person.member:
            tx.outbox.add(
                Topic.NOTE,
                channel=ChannelId(person.id),
                user=person.id,
                payload={"text": _say_passed(passed, to=person)},
                due_at=now,
                at=now,
            )
    homes: dict[ChannelId, TransferredEntries] = {
        home: replace(
            passed,
            owned=tuple(entry for entry in passed.owned if entry.home == home),
            backed_up=tuple(entry for entry in passed.backed_up if entry.home == home),
        )
        for home in sorted({entry.home for entry in (*passed.owned, *passed.backed_up)})
    }
    for home, home_entries in homes.items():
        payload = {"text": _say_passed(home_entries)}
        tx.outbox.add(Topic.TRANSFERRED, channel=home, payload=payload, due_at=now, at=now)


def _say_passed(passed: TransferredEntries, to: Person | None = None) -> str:
    """Return the message to one of the people, or to a home channel."""
    by, giver, receiver = passed.by.name, passed.giver, passed.receiver
    is_receiver, is_giver = to == receiver, to == giver
    if passed.by.id == giver.id:
        entries_of = "entries"
    else:
        entries_of = "your entries" if is_giver else f"entries from {giver.name}"
    name, owns, backs_up = (
        ("you", "own", "back up") if is_receiver else (receiver.name, "owns", "backs up")
    )
    parts = [
        f"{does} {list_keys([entry.key for entry in entries])}"
        for does, entries in ((owns, passed.owned), (backs_up, passed.backed_up))
        if entries
    ]
    text = f"{by} transferred {entries_of} to {name}: {name} now {' and '.join(parts)}."
    if passed.approved_by is not None:
        text += f" {passed.approved_by.name} approved it."
    return f"{text} `/lore review` shows which are due." if is_receiver else text


def list_keys(keys: Sequence[Key]) -> str:
    """Return the first keys and how many more there are."""
    named = ", ".join(str(key) for key in keys[:_NAMED])
    rest = len(keys) - _NAMED
    return f"{named} and {rest} more" if rest > 0 else named
