"""The App Home of a person: waiting items, entries, search and channels."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.entries import Entry, EntryId, TeamId
from bot.domain.form_drafts import FormDraft
from bot.domain.gaps import GapState
from bot.domain.prompts import Prompt
from bot.domain.reviewers import Waiting
from bot.domain.visibility import Reader
from bot.domain.workspaces import ChannelStatus
from bot.usecases.steps.digest_schedule import next_due
from bot.usecases.steps.gaps import find_gap_of
from bot.usecases.steps.permissions import is_in_sight, require_served
from bot.usecases.steps.proposals import ShownProposal, list_open_proposals, list_waiting_proposals
from bot.usecases.steps.reviewers import DescribePerson, ReviewerFacts, select_waiting_for
from storage.store import Store, Transaction

_OWNED = 15
_WAITING = 5
# So many of the longest due entries are checked for those waiting for this person.
_CHECKED = 50
_RESULTS = 8
_CHANNELS = 10
# Older prompts are no longer news.
_PROMPT_AGE = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The content of a person's App Home.

    `prompts`: each with the entry that covers the message, if one does. `proposals`: those waiting
    for this person. `changes`: the other open proposals in their channels. `waiting`: for each due
    entry, the person it's waiting for. `member`: False for guests, who can't record.
    """

    member: bool
    words: str
    results: tuple[Entry, ...]
    drafts: tuple[FormDraft, ...]
    prompts: tuple[tuple[Prompt, Entry | None], ...]
    proposals: tuple[ShownProposal, ...]
    changes: tuple[ShownProposal, ...]
    due: tuple[Entry, ...]
    waiting: Mapping[EntryId, Waiting]
    owned: tuple[Entry, ...]
    channels: tuple[ChannelStatus, ...]


def read_home(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    words: str,
    describe: DescribePerson,
    now: datetime,
) -> Home:
    """Read the App Home of a person.

    Raises:
        NotAllowedError: they belong to another organization.
    """
    require_served(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        owned = visible.owned_by(reader.user, _OWNED)
        reviewer_facts = ReviewerFacts.of(tx, visible.to_review(reader.user, now, _CHECKED))
        home = Home(
            member=reader.person.member,
            words=words,
            results=tuple(visible.search(words, limit=_RESULTS)) if words else (),
            drafts=tuple(
                draft
                for draft in tx.form_drafts.waiting_for(reader.user, _WAITING)
                if is_in_sight(tx, reader, draft.channel)
            ),
            prompts=_list_prompts(tx, reader, now),
            proposals=list_waiting_proposals(tx, reader, _WAITING),
            changes=list_open_proposals(tx, reader, _WAITING),
            due=(),
            waiting={},
            owned=tuple(owned),
            channels=_list_channels(tx, reader, now),
        )
    turns = reviewer_facts.find_turns(describe, now)
    due = select_waiting_for(reviewer_facts.entries, turns, reader.user)[:_WAITING]
    waiting = {entry: turn.waiting for entry, turn in turns.items()}
    return replace(home, due=tuple(due), waiting=waiting)


def _list_prompts(
    tx: Transaction, reader: Reader, now: datetime
) -> tuple[tuple[Prompt, Entry | None], ...]:
    visible = tx.entries.visible_to(reader)
    waiting = tx.prompts.waiting_for(reader.user, _WAITING, now - _PROMPT_AGE)
    prompts = []
    for prompt in waiting:
        entry = tx.entries.by_id(prompt.entry) if prompt.entry is not None else None
        gap = find_gap_of(tx, prompt)
        if gap is not None and gap.state is not GapState.OPEN:
            continue
        is_visible = visible.get(entry.key) if entry else is_in_sight(tx, reader, prompt.channel)
        if is_visible:
            prompts.append((prompt, entry))
    return tuple(prompts)


def _list_channels(tx: Transaction, reader: Reader, now: datetime) -> tuple[ChannelStatus, ...]:
    mine = [channel for channel in tx.channels.all() if channel.id in reader.channels][:_CHANNELS]
    tally = tx.entries.for_digests([channel.id for channel in mine]).tally(now)
    return tuple(
        ChannelStatus(
            channel=channel,
            entries=tally[channel.id].in_force,
            next_digest=next_due(tx, channel, now),
        )
        for channel in mine
    )
