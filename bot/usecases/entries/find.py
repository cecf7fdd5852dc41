"""Find entries and read their cards, as one reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.approval import Proposal
from bot.domain.entries import ChannelId, Entry, EntryId, Key, State, TeamId
from bot.domain.errors import InvalidInputError, NotFoundError
from bot.domain.gaps import Gap
from bot.domain.kinds import Kind
from bot.domain.typed_dates import format_moment, parse_moment
from bot.domain.visibility import Reader, anyone_in
from bot.embedding.cache import EmbeddingCache
from bot.usecases.entries.history import load_revision
from bot.usecases.steps.gaps import count_search, find_gaps
from bot.usecases.steps.permissions import load_entry, require_served
from bot.usecases.steps.proposals import ShownProposal, hide_proposal_links, show_proposal
from bot.usecases.steps.ranking import rank_candidates
from bot.usecases.steps.thread_evidence import weigh_heard_threads
from bot.usecases.steps.visible_links import (
    hide_entry_links,
    hide_revision_links,
    is_shareable,
    visible_in_channel,
)
from storage.entries import VisibleEntries
from storage.store import Store, Transaction

FOUND_SHOWN = 8
NEAREST_SHOWN = 3
GAPS_SHOWN = 3
# An entry that fits a third as well as the first isn't worth showing.
WORTH_SHOWING = 0.33


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """A moment that a reader asked for.

    `name`: as they read it, `the end of 2026-03-01`. `since`: when the revision shown came into
    force.
    """

    name: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An entry with its links, as far as the readers of the card may see them.

    `named_by`: the entries that link to it. `old`: the state of a revision that isn't in force.
    `proposals`: its open proposals. `supersedes`: the entries that it replaced. `draft`: the
    proposal of a draft.
    """

    entry: Entry
    named_by: tuple[Key, ...] = ()
    old: str = ""
    as_of: AsOf | None = None
    proposals: tuple[Proposal, ...] = ()
    supersedes: tuple[Key, ...] = ()
    draft: ShownProposal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The result of a search, best first. `answers`: whether the first entry answers it.

    If it doesn't, the entries are only the nearest ones. `gaps`: those like the search.
    """

    entries: tuple[Entry, ...] = ()
    answers: bool = False
    gaps: tuple[Gap, ...] = ()


def find_entries(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    words: str,
    now: datetime,
    embeddings: EmbeddingCache | None = None,
) -> SearchResult:
    """Return the entries that some words find; typos, word beginnings and other words count too.

    An entry whose key is among the words comes first. If no entry answers, the search counts for
    the nearest gap. `embeddings`: to compare what is meant.

    Raises:
        NotAllowedError: the reader belongs to another organization.
    """
    require_served(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        keys = [key for word in words.split() if (key := Key.parse(word))]
        cited = [entry for key in keys if (entry := visible.get(key.entry))]
        cited = [entry for entry in cited if entry.is_draft or entry.is_in_force]
        candidates = visible.candidates(words)
        evidence = weigh_heard_threads(tx, reader.channels, candidates)
    # Embedding takes a while, so no transaction is open.
    ranking = rank_candidates(candidates, embeddings, evidence)
    answers = bool(cited) or ranking.answers
    most = FOUND_SHOWN if answers else NEAREST_SHOWN
    least = WORTH_SHOWING * ranking.matches[0].score if ranking.matches else 0.0
    ids = [EntryId(int(match.key)) for match in ranking.matches[:most] if match.score >= least]
    with store.read(team) as tx:
        found = tx.entries.visible_to(reader).read_in_order(ids)
        gaps = tuple(find_gaps(tx, reader.channels, words, now)[:GAPS_SHOWN])
    if gaps and not answers:
        with store.transaction(team) as tx:
            count_search(tx, gaps[0].id, reader, now)
    entries = {entry.id: entry for entry in [*cited, *found]}
    return SearchResult(entries=tuple(entries.values())[:most], answers=answers, gaps=gaps)


def show_entry(store: Store, team: TeamId, *, reader: Reader, key: str) -> Entry:
    """Return one entry; for `DEC-12@3`, with that revision.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    return read_card(store, team, reader=reader, key=key).entry


def read_card(store: Store, team: TeamId, *, reader: Reader, key: str) -> Card:
    """Return the card of one entry; for `DEC-12@3`, with that revision.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_served(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        entry = load_entry(visible, key)
        parsed = Key.parse(key)
        number = parsed.revision if parsed else None
        if number is None or number == entry.revision.number:
            return _build_card(tx, visible, hide_entry_links(visible, entry))
        was_in_force = tx.revisions.landings(entry.id, number, number)
        old = "older revision" if was_in_force else "not in force"
        shown = hide_revision_links(visible, load_revision(tx, entry, number))
        return Card(entry=replace(entry, revision=shown), old=old)


def read_card_as_of(
    store: Store, team: TeamId, *, reader: Reader, key: str, when: str, now: datetime
) -> Card:
    """Return the card of an entry as it was in force at a time, in the reader's time zone.

    Raises:
        InvalidInputError: `when` isn't a time, or is in the future.
        NotFoundError, NotAllowedError: the entry wasn't in force then; with what to do instead.
    """
    require_served(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        entry = load_entry(visible, key)
        _require_no_revision(key, when)
        timezone = reader.person.timezone
        moment = parse_moment(when, timezone, now)
        landing = tx.revisions.in_force_at(entry.id, moment.at)
        if landing is None:
            was_recorded = entry.created_at <= moment.at
            raise NotFoundError(
                f"{entry.key} {'was not in force' if was_recorded else 'did not exist'} at "
                f"{moment.name}. It was recorded on {format_moment(entry.created_at, timezone)}"
                f"{' as a draft' if was_recorded else ''}. `/lore show {entry.key}@1` shows its "
                "first revision."
            )
        as_of = AsOf(name=moment.name, since=landing.since)
        if landing.revision.number == entry.revision.number:
            return _build_card(tx, visible, hide_entry_links(visible, entry), as_of)
        shown = hide_revision_links(visible, landing.revision)
    state = State.RETIRED if landing.revision.change.retires else State.IN_FORCE
    then = replace(entry, revision=shown, state=state)
    return Card(entry=then, old="older revision", as_of=as_of)


def read_posted_card(store: Store, team: TeamId, entry_id: EntryId, channel: ChannelId) -> Card:
    """Return the card of an entry as everyone in a channel may see it.

    Raises:
        NotFoundError: there is no such entry, or its home channel became private after it was
            shared.
    """
    with store.read(team) as tx:
        entry = tx.entries.by_id(entry_id)
        if entry is None:
            raise NotFoundError("This entry no longer exists. Find others with `/lore find WORDS`.")
        if entry.home != channel and not is_shareable(tx, entry):
            raise NotFoundError(
                f"{entry.key} now lives in a private channel, so only its members see it."
            )
        shown = hide_entry_links(visible_in_channel(tx, channel), entry)
        return _build_card(tx, tx.entries.visible_to(anyone_in(channel)), shown)


def suggest_entries(
    store: Store, team: TeamId, *, reader: Reader, kind: Kind, typed: str
) -> Sequence[Entry]:
    """Return entries of a kind that someone may link to, while they type in a form."""
    require_served(reader)
    with store.read(team) as tx:
        return tx.entries.visible_to(reader).suggest(typed, kind, 20)


def _build_card(
    tx: Transaction, visible: VisibleEntries, entry: Entry, as_of: AsOf | None = None
) -> Card:
    proposals = tuple(tx.proposals.of(entry.id))
    draft = None
    if entry.is_draft:
        reader = anyone_in(entry.home)
        draft = show_proposal(tx, proposals[0], entry, reader=reader, is_alone=False)
        draft, proposals = hide_proposal_links(draft, visible), ()
    return Card(
        entry=entry,
        named_by=tuple(visible.linking_to(entry.key)),
        as_of=as_of,
        proposals=proposals,
        draft=draft,
        supersedes=tuple(visible.superseded_by(entry.key)),
    )


def _require_no_revision(key: str, when: str) -> None:
    parsed = Key.parse(key)
    if parsed is not None and parsed.revision is not None:
        raise InvalidInputError(
            f"Give either a revision or a date: `/lore show {parsed}`, or `/lore show "
            f"{parsed.entry} as of {when.strip()[:60] or '2026-03-01'}`."
        )
