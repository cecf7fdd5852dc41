"""Replies to Opslore in the thread of an entry: its reason, or another owner."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from bot.domain.entries import ChannelId, Entry, Key, TeamId, UserId
from bot.domain.errors import InvalidInputError, NotFoundError, OpsloreError
from bot.domain.field_values import clean, is_blank
from bot.domain.kinds import FIELDS
from bot.domain.outbox import Topic
from bot.domain.revisions import (
    Change,
    changed_fields,
    suggested_effect,
)
from bot.domain.visibility import Reader
from bot.usecases.approval.policy import IsAlone, needs_approval
from bot.usecases.ownership.owner import describe_owner, name_owner, say_new_owner
from bot.usecases.steps.changes import Changed, NewRevision, change_entry
from bot.usecases.steps.draft_entries import revise_draft
from bot.usecases.steps.permissions import require_can_own, require_in_force, require_member
from bot.usecases.steps.reviewers import DescribePerson
from bot.usecases.steps.secrets import refuse_secrets
from storage.store import Store, Transaction

_REPLY: Final = re.compile(
    r"(?:(?P<key>\S+)\s+)?(?P<what>why|owner)\s*:\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_RATIONALE: Final = "rationale"
_NOTE: Final = "Said in the thread."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A parsed reply. `key`: the entry that it is about, if it names one."""

    what: str
    text: str
    key: Key | None = None

    @classmethod
    def parse(cls, typed: str) -> "Reply | None":
        """Parse `why: …`, `owner: @x` or `DEC-7 why: …`; return None for anything else."""
        match = _REPLY.fullmatch(typed.strip())
        if match is None:
            return None
        key = Key.parse(match["key"]) if match["key"] else None
        if match["key"] and key is None:
            return None
        return cls(what=match["what"].lower(), text=match["rest"].strip(), key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedReply:
    """A reply with its author and thread; `mentioned`: the first person that it mentions."""

    event_id: str
    reply: Reply
    author: Reader
    mentioned: Reader | None
    channel: ChannelId
    root: str


def change_by_reply(
    store: Store,
    team: TeamId,
    posted: PostedReply,
    *,
    is_alone: IsAlone,
    describe: DescribePerson,
    now: datetime,
) -> None:
    """Change the entry of a thread as a reply says, once for each event, and answer in the thread.

    A refusal is answered with its reason.
    """
    reply, reader = posted.reply, posted.author
    entry_of = partial(_find_entry, posted=posted)
    answers = _ask_slack(
        store, team, reply, entry_of, by=reader.user, is_alone=is_alone, describe=describe
    )
    with store.transaction(team) as tx:
        if not tx.messages.claim_event(posted.event_id, now):
            return
        try:
            # Everything that can be refused is refused before anything is written.
            text = _apply(tx, posted, entry_of, asked=answers, now=now)
        except OpsloreError as error:
            text = _explain_refusal(error)
        tx.outbox.add(
            Topic.NOTE,
            channel=posted.channel,
            user=reader.user,
            thread_ts=posted.root,
            payload={"text": text},
            due_at=now,
            at=now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _SlackAnswers:
    """Slack's answers, which are read before the entry is locked, because Slack may be slow.

    `propose`: a changed text needs approval. `holder`: the current owner.
    """

    propose: bool = True
    holder: Reader | None = None


def _ask_slack(
    store: Store,
    team: TeamId,
    reply: Reply,
    entry_of: Callable[[Transaction], Entry],
    *,
    by: UserId,
    is_alone: IsAlone,
    describe: DescribePerson,
) -> _SlackAnswers:
    try:
        if reply.what == "owner":
            return _SlackAnswers(holder=describe_owner(store, team, entry_of, describe))
        with store.read(team) as tx:
            entry = entry_of(tx)
    except (NotFoundError, InvalidInputError):
        return _SlackAnswers()  # The refusal is repeated and answered once the event is claimed.
    return _SlackAnswers(propose=needs_approval(store, team, entry, by=by, is_alone=is_alone))


def _apply(
    tx: Transaction,
    posted: PostedReply,
    entry_of: Callable[[Transaction], Entry],
    *,
    asked: _SlackAnswers,
    now: datetime,
) -> str:
    """Change the entry, and return the answer to the reply."""
    reply, reader, owner = posted.reply, posted.author, posted.mentioned
    require_member(reader)
    entry = tx.entries.by_id(entry_of(tx).id, lock=True)
    assert entry is not None
    if not entry.is_draft:
        require_in_force(entry)
    if reply.what == "owner":
        if owner is None:
            raise InvalidInputError("Who? Mention the new owner: `@Opslore owner: @user`.")
        holder = asked.holder
        owner_change = name_owner(tx, entry, owner, by=reader.user, holder=holder, now=now)
        return say_new_owner(owner_change, owner)
    changed = _set_rationale(tx, entry, reply.text, reader, propose=asked.propose, now=now)
    if changed.entry.is_draft:
        return f"Saved: the draft {changed.entry.cited} now has a “Why?”."
    if changed.proposal is not None:
        number = changed.proposal.revision.number
        return f"Proposed: {entry.key}@{number} has the new “Why?” and is waiting for approval."
    return f"Saved: {changed.entry.cited} now has a “Why?”."


def _set_rationale(
    tx: Transaction, entry: Entry, why: str, reader: Reader, *, propose: bool, now: datetime
) -> Changed:
    if _RATIONALE not in {field.name for field in FIELDS[entry.key.kind]}:
        raise InvalidInputError(
            f"{entry.key} has no “Why?” field. To change its text, use `/lore edit {entry.key}`."
        )
    if is_blank(clean(why)):
        raise InvalidInputError("Write the reason after the colon: `@Opslore why: …`.")
    refuse_secrets({_RATIONALE: why})
    content = entry.content.changed_with(**{_RATIONALE: why})
    require_can_own(tx, entry.home, content, entry.content.values, owner=None, backup=None)
    changed = changed_fields(entry.content, content)
    if not changed:
        raise InvalidInputError(f"{entry.cited} already says that, so nothing was changed.")
    if entry.is_draft:
        return revise_draft(tx, entry, content, note=_NOTE, by=reader.user, now=now)
    return change_entry(
        tx,
        entry,
        NewRevision(
            content=content,
            author=reader.user,
            note=_NOTE,
            change=Change.EDITED,
            effect=suggested_effect(changed),
        ),
        propose=propose,
        now=now,
    )


def _explain_refusal(error: OpsloreError) -> str:
    """Return why a reply is refused; a reason about one field starts with its label."""
    of_fields = error.fields if isinstance(error, InvalidInputError) else {}
    return f"“Why?”: {of_fields[_RATIONALE]}" if _RATIONALE in of_fields else error.user_text


def _find_entry(tx: Transaction, *, posted: PostedReply) -> Entry:
    """Return the entry that was recorded from the thread."""
    reply = posted.reply
    entries = tx.entries.visible_to(posted.author).captured_in(posted.channel, posted.root)
    if reply.key is not None:
        entries = [entry for entry in entries if entry.key == reply.key.entry]
    if not entries:
        raise NotFoundError(
            "No entry was recorded from this thread. `@Opslore record` records one. To change "
            "another entry, use `/lore edit KEY` or `/lore owner KEY @user`."
        )
    if len(entries) > 1:
        keys = ", ".join(str(entry.key) for entry in entries)
        raise InvalidInputError(
            f"Several entries were recorded from this thread: {keys}. Name one: `@Opslore "
            f"{entries[0].key} {reply.what}: …`."
        )
    return entries[0]
