"""Reading the model: search and one entry; always as one reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.approval import Proposal
from bot.domain.entries import ChannelId, Entry, EntryId, Key, State, TeamId
from bot.domain.errors import InvalidInputError, NotFoundError
from bot.domain.kinds import Kind
from bot.domain.typed_dates import by_the_clock, parse_moment
from bot.domain.visibility import Reader, anyone_in
from bot.usecases.entries.history import revision_of
from bot.usecases.steps.permissions import found, require_served
from bot.usecases.steps.proposals import Proposed, beside, veil_proposed
from bot.usecases.steps.visible_links import veil_entry, veil_revision, visible_in_channel
from storage.entries import VisibleEntries
from storage.store import Store, Transaction

FOUND_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """A moment that was asked for, `the end of 2026-03-01`, and since when held what is shown."""

    name: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An entry and what names it, as far as those who see the card may see that.

    `old`: how a revision stands that is shown and not in force. `proposals`: what is proposed to
    it. `supersedes`: the entries whose place it took. `draft`: the proposal that would put it in
    force, where it is a draft.
    """

    entry: Entry
    named_by: tuple[Key, ...] = ()
    old: str = ""
    as_of: AsOf | None = None
    proposals: tuple[Proposal, ...] = ()
    supersedes: tuple[Key, ...] = ()
    draft: Proposed | None = None


def find_entries(
    store: Store, team: TeamId, *, reader: Reader, words: str, limit: int = FOUND_SHOWN
) -> list[Entry]:
    """Entries by words, best first; slips and beginnings of words are understood.

    An entry whose key is among the words comes before all.

    Raises:
        NotAllowedError: the reader is of another organisation.
    """
    require_served(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        cited = [key for word in words.split() if (key := Key.parse(word))]
        named = [entry for key in cited if (entry := visible.get(key.entry))]
        named = [entry for entry in named if entry.is_draft or entry.is_in_force]
        found = {entry.id: entry for entry in [*named, *visible.search(words, limit=limit)]}
        return list(found.values())[:limit]


def show_entry(store: Store, team: TeamId, *, reader: Reader, key: str) -> Entry:
    """One entry; with `DEC-12@3`, as that revision said it.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    return read_card(store, team, reader=reader, key=key).entry


def read_card(store: Store, team: TeamId, *, reader: Reader, key: str) -> Card:
    """The card of one entry; with `DEC-12@3`, as that revision said it.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_served(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        entry = found(visible, key)
        cited = Key.parse(key)
        number = cited.revision if cited else None
        if number is None or number == entry.revision.number:
            return _card(tx, visible, veil_entry(visible, entry))
        landed = tx.revisions.landings(entry.id, number, number)
        old = "older revision" if landed else "not in force"
        shown = veil_revision(visible, revision_of(tx, entry, number))
        return Card(entry=replace(entry, revision=shown), old=old)


def read_card_as_of(
    store: Store, team: TeamId, *, reader: Reader, key: str, when: str, now: datetime
) -> Card:
    """The card of an entry as it was in force at a time, by the clock of the reader.

    Raises:
        InvalidInputError: `when` is no time, or still to come.
        NotFoundError, NotAllowedError: there was no such entry then; with what to do instead.
    """
    require_served(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        entry = found(visible, key)
        _require_no_revision(key, when)
        timezone = reader.person.timezone
        moment = parse_moment(when, timezone, now)
        landed = tx.revisions.in_force_at(entry.id, moment.at)
        if landed is None:
            existed = entry.created_at <= moment.at
            raise NotFoundError(
                f"{entry.key} {'was not in force' if existed else 'did not exist'} at "
                f"{moment.name}. It was recorded on {by_the_clock(entry.created_at, timezone)}"
                f"{' as a draft' if existed else ''}. `/lore show {entry.key}@1` shows its first "
                "revision."
            )
        as_of = AsOf(name=moment.name, since=landed.since)
        if landed.revision.number == entry.revision.number:
            return _card(tx, visible, veil_entry(visible, entry), as_of)
        shown = veil_revision(visible, landed.revision)
    state = State.RETIRED if landed.revision.change.retires else State.IN_FORCE
    then = replace(entry, revision=shown, state=state)
    return Card(entry=then, old="older revision", as_of=as_of)


def posted_card(store: Store, team: TeamId, entry_id: EntryId, channel: ChannelId) -> Card:
    """The card of an entry as a whole channel sees it.

    Raises:
        NotFoundError: there is none, or its home became private since it was shared elsewhere.
    """
    with store.read(team) as tx:
        entry = tx.entries.by_id(entry_id)
        if entry is None:
            raise NotFoundError("This entry no longer exists. Find others with `/lore find WORDS`.")
        if entry.home != channel and not leaves_home(tx, entry):
            raise NotFoundError(
                f"{entry.key} now lives in a private channel, so only its members see it."
            )
        shown = veil_entry(visible_in_channel(tx, channel), entry)
        return _card(tx, tx.entries.visible_to(anyone_in(channel)), shown)


def leaves_home(tx: Transaction, entry: Entry) -> bool:
    """Whether an entry may be shown to people who are not in its channel."""
    home = tx.channels.get(entry.home)
    return home is not None and not home.private


def suggest_entries(
    store: Store, team: TeamId, *, reader: Reader, kind: Kind, typed: str
) -> Sequence[Entry]:
    """Entries of a kind to link to, while somebody types in a form."""
    require_served(reader)
    with store.read(team) as tx:
        return tx.entries.visible_to(reader).suggest(typed, kind, 20)


def _card(
    tx: Transaction, visible: VisibleEntries, entry: Entry, as_of: AsOf | None = None
) -> Card:
    proposals = tuple(tx.proposals.of(entry.id))
    draft = None
    if entry.is_draft:
        reader = anyone_in(entry.home)
        draft = beside(tx, proposals[0], entry, reader=reader, alone=False)
        draft, proposals = veil_proposed(draft, visible), ()
    return Card(
        entry=entry,
        named_by=tuple(visible.linking_to(entry.key)),
        as_of=as_of,
        proposals=proposals,
        draft=draft,
        supersedes=tuple(visible.superseded_by(entry.key)),
    )


def _require_no_revision(key: str, when: str) -> None:
    cited = Key.parse(key)
    if cited is not None and cited.revision is not None:
        raise InvalidInputError(
            f"Give either a revision or a date: `/lore show {cited}`, or `/lore show "
            f"{cited.entry} as of {when.strip()[:60] or '2026-03-01'}`."
        )
