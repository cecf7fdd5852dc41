"""App Home: what waits for a person, what they own, what they look for, their channels."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.entries import Entry, EntryId, TeamId
from bot.domain.form_drafts import FormDraft
from bot.domain.prompts import Prompt
from bot.domain.reviewers import Waiting
from bot.domain.visibility import Reader
from bot.domain.workspaces import Watching
from bot.usecases.steps.digest_schedule import next_due
from bot.usecases.steps.permissions import in_sight, require_served
from bot.usecases.steps.proposals import Proposed, open_changes, proposals_for
from bot.usecases.steps.reviewers import Asking, Known, in_particular
from storage.store import Store, Transaction

_OWNED = 15
_WAITING = 5
# Of so many, the longest due, those are listed that wait for the one who looks.
_CONSIDERED = 50
_FOUND = 8
_CHANNELS = 10
# What was asked longer ago is not news any more.
_ASKED = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Everything on the page; `prompts` go with the entry that covers what was written.

    `proposals`: those that wait for the person in particular; `changes`: what else is open in their
    channels. `waiting`: whom each entry that is due waits for. `member`: a guest may not record, so
    is not told to.
    """

    member: bool
    words: str
    found: tuple[Entry, ...]
    drafts: tuple[FormDraft, ...]
    prompts: tuple[tuple[Prompt, Entry | None], ...]
    proposals: tuple[Proposed, ...]
    changes: tuple[Proposed, ...]
    due: tuple[Entry, ...]
    waiting: Mapping[EntryId, Waiting]
    owned: tuple[Entry, ...]
    channels: tuple[Watching, ...]


def home_of(
    store: Store, team: TeamId, *, reader: Reader, words: str, known: Known, now: datetime
) -> Home:
    """What a person's App Home shows.

    Raises:
        NotAllowedError: they are of another organisation.
    """
    require_served(reader)
    with store.read(team) as tx:
        visible = tx.entries.visible_to(reader)
        owned = visible.owned_by(reader.user, _OWNED)
        asking = Asking.of(tx, visible.to_review(reader.user, now, _CONSIDERED))
        home = Home(
            member=reader.person.member,
            words=words,
            found=tuple(visible.search(words, limit=_FOUND)) if words else (),
            drafts=tuple(
                draft
                for draft in tx.form_drafts.waiting_for(reader.user, _WAITING)
                if in_sight(tx, reader, draft.channel)
            ),
            prompts=_prompts(tx, reader, now),
            proposals=proposals_for(tx, reader, _WAITING),
            changes=open_changes(tx, reader, _WAITING),
            due=(),
            waiting={},
            owned=tuple(owned),
            channels=_channels(tx, reader, now),
        )
    turns = asking.turns(known, now)
    due = in_particular(asking.entries, turns, reader.user)[:_WAITING]
    waiting = {entry: turn.waiting for entry, turn in turns.items()}
    return replace(home, due=tuple(due), waiting=waiting)


def _prompts(
    tx: Transaction, reader: Reader, now: datetime
) -> tuple[tuple[Prompt, Entry | None], ...]:
    visible = tx.entries.visible_to(reader)
    waiting = tx.prompts.waiting_for(reader.user, _WAITING, now - _ASKED)
    found = []
    for prompt in waiting:
        entry = tx.entries.by_id(prompt.entry) if prompt.entry is not None else None
        seen = visible.get(entry.key) if entry else in_sight(tx, reader, prompt.channel)
        if seen:
            found.append((prompt, entry))
    return tuple(found)


def _channels(tx: Transaction, reader: Reader, now: datetime) -> tuple[Watching, ...]:
    mine = [channel for channel in tx.channels.all() if channel.id in reader.channels][:_CHANNELS]
    tally = tx.entries.for_digests([channel.id for channel in mine]).tally(now)
    return tuple(
        Watching(
            channel=channel,
            entries=tally[channel.id].in_force,
            next_digest=next_due(tx, channel, now),
        )
        for channel in mine
    )
