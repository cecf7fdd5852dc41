"""A reply to Opslore in the thread that an entry was captured in: its why, or another owner."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from bot.domain.entries import ChannelId, Entry, Key, TeamId, UserId
from bot.domain.errors import InvalidInputError, NotFoundError, OpsloreError
from bot.domain.field_values import blank, clean
from bot.domain.kinds import FIELDS
from bot.domain.outbox import Topic
from bot.domain.revisions import (
    Change,
    changed_fields,
    suggested_effect,
)
from bot.domain.visibility import Reader
from bot.usecases.approval.policy import Alone, needs_approval
from bot.usecases.ownership.owner import describe_owner, name_owner, say_new_owner
from bot.usecases.steps.changes import Changed, NewRevision, change_entry
from bot.usecases.steps.draft_entries import revise_draft
from bot.usecases.steps.permissions import require_fit, require_in_force, require_member
from bot.usecases.steps.reviewers import Known
from bot.usecases.steps.secrets import refuse_secrets
from storage.store import Store, Transaction

_WORDS: Final = re.compile(
    r"(?:(?P<key>\S+)\s+)?(?P<what>why|owner)\s*:\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_WHY: Final = "rationale"
_NOTE: Final = "Said in the thread."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What somebody says of the entry of a thread. `key`: of which, where they say so."""

    what: str
    text: str
    key: Key | None = None

    @classmethod
    def parse(cls, said: str) -> "Reply | None":
        """Read `why: …`, `owner: @x` or `DEC-7 why: …`; None if it is neither."""
        found = _WORDS.fullmatch(said.strip())
        if found is None:
            return None
        key = Key.parse(found["key"]) if found["key"] else None
        if found["key"] and key is None:
            return None
        return cls(what=found["what"].lower(), text=found["rest"].strip(), key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedReply:
    """A reply with its author and its thread. `mentioned`: the first person whom it mentions."""

    event_id: str
    reply: Reply
    author: Reader
    mentioned: Reader | None
    channel: ChannelId
    root: str


def change_by_reply(
    store: Store, team: TeamId, posted: PostedReply, *, alone: Alone, known: Known, now: datetime
) -> None:
    """Change the entry of a thread as a reply says, once an event, and leave word of what became.

    Whatever is refused is told with its reason.
    """
    reply, reader = posted.reply, posted.author
    entry_of = partial(_of_thread, posted=posted)
    asked = _ask(store, team, reply, entry_of, by=reader.user, alone=alone, known=known)
    with store.transaction(team) as tx:
        if not tx.messages.claim_event(posted.event_id, now):
            return
        try:
            # All that may be refused is refused before anything is written.
            said = _change(tx, posted, entry_of, asked=asked, now=now)
        except OpsloreError as error:
            said = _reason(error)
        tx.outbox.add(
            Topic.NOTE,
            channel=posted.channel,
            user=reader.user,
            thread_ts=posted.root,
            payload={"text": said},
            due_at=now,
            at=now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What Slack was asked before the entry is locked, because it may be slow.

    `review`: a changed text waits for approval. `holder`: the owner until now.
    """

    review: bool = True
    holder: Reader | None = None


def _ask(
    store: Store,
    team: TeamId,
    reply: Reply,
    entry_of: Callable[[Transaction], Entry],
    *,
    by: UserId,
    alone: Alone,
    known: Known,
) -> _Asked:
    try:
        if reply.what == "owner":
            return _Asked(holder=describe_owner(store, team, entry_of, known))
        with store.read(team) as tx:
            entry = entry_of(tx)
    except (NotFoundError, InvalidInputError):
        return _Asked()  # It is refused, with its reason, once the event is claimed.
    return _Asked(review=needs_approval(store, team, entry, by=by, alone=alone))


def _change(
    tx: Transaction,
    posted: PostedReply,
    entry_of: Callable[[Transaction], Entry],
    *,
    asked: _Asked,
    now: datetime,
) -> str:
    """Change it, and return the words for who replied."""
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
        named = name_owner(tx, entry, owner, by=reader.user, holder=holder, now=now)
        return say_new_owner(named, owner)
    changed = _explain(tx, entry, reply.text, reader, review=asked.review, now=now)
    if changed.entry.is_draft:
        return f"Saved: the draft {changed.entry.cited} now has a “Why?”."
    if changed.proposal is not None:
        number = changed.proposal.revision.number
        return f"Proposed: {entry.key}@{number} has the new “Why?” and is waiting for approval."
    return f"Saved: {changed.entry.cited} now has a “Why?”."


def _explain(
    tx: Transaction, entry: Entry, why: str, reader: Reader, *, review: bool, now: datetime
) -> Changed:
    if _WHY not in {field.name for field in FIELDS[entry.key.kind]}:
        raise InvalidInputError(
            f"{entry.key} has no “Why?” field. To change its text, use `/lore edit {entry.key}`."
        )
    if blank(clean(why)):
        raise InvalidInputError("Write the reason after the colon: `@Opslore why: …`.")
    refuse_secrets({_WHY: why})
    content = entry.content.changed_with(**{_WHY: why})
    require_fit(tx, entry.home, content, entry.content.values, owner=None, backup=None)
    differ = changed_fields(entry.content, content)
    if not differ:
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
            effect=suggested_effect(differ),
        ),
        review=review,
        now=now,
    )


def _reason(error: OpsloreError) -> str:
    """Why it is refused; what is said of a field, which a form would say beside it, names it."""
    of_fields = error.fields if isinstance(error, InvalidInputError) else {}
    return f"“Why?”: {of_fields[_WHY]}" if _WHY in of_fields else error.user_text


def _of_thread(tx: Transaction, *, posted: PostedReply) -> Entry:
    """Return the entry that was captured in the thread."""
    reply = posted.reply
    found = tx.entries.visible_to(posted.author).captured_in(posted.channel, posted.root)
    if reply.key is not None:
        found = [entry for entry in found if entry.key == reply.key.entry]
    if not found:
        raise NotFoundError(
            "No entry was recorded from this thread. `@Opslore record` records one. To change "
            "another entry, use `/lore edit KEY` or `/lore owner KEY @user`."
        )
    if len(found) > 1:
        keys = ", ".join(str(entry.key) for entry in found)
        raise InvalidInputError(
            f"Several entries were recorded from this thread: {keys}. Name one: `@Opslore "
            f"{found[0].key} {reply.what}: …`."
        )
    return found[0]
