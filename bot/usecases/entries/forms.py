"""The form of an entry: opened in each of its ways, changed while it is open, dropped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.domain.approval import Proposal
from bot.domain.entries import Entry, TeamId, UserId
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.form_drafts import FormDraft, FormDraftId, NewFormDraft
from bot.domain.gaps import GapId
from bot.domain.kinds import FIELDS, Kind, Shape
from bot.domain.threads import Thread
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.usecases.steps.changes import require_author
from bot.usecases.steps.channels import keep_channel
from bot.usecases.steps.form_context import Form, beside_of, hidden_in_form
from bot.usecases.steps.permissions import found, require_in_force, require_in_sight, require_member
from bot.usecases.steps.prefill import (
    Prefilled,
    as_it_stands,
    duplicates_of,
    is_open,
    masked,
    notice_of,
    of_gap,
    of_thread,
    of_title,
    there,
)
from bot.usecases.steps.secrets import without_secrets
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSource:
    """What a form is prefilled from: a thread, a gap, or a title that was typed.

    `permalinks` maps the timestamps of the thread's messages to their links, and `names` gives the
    name of a person whom a suggested text mentions.
    """

    thread: Thread | None = None
    permalinks: Mapping[str, str] = field(default_factory=dict)
    names: Callable[[UserId], str] = str
    gap: GapId | None = None
    title: str = ""


def open_form(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    channel: Channel | None,
    now: datetime,
    kind: Kind | None = None,
    source: FormSource = FormSource(),
) -> Form:
    """Begin to record in a channel, prefilled from a thread or from an undocumented path.

    Raises:
        NotAllowedError: a guest, a stranger, or a channel that Opslore is not in.
        NotFoundError: the thread was deleted; or there is none, and the path was recorded or
            dismissed meanwhile.
    """
    require_member(reader)
    if channel is None or not channel.joined:
        raise NotAllowedError(
            "Opslore isn't in this channel, so it can't record an entry here. Invite it with "
            "`/invite @Opslore`, or use a channel that it's in."
        )
    if channel.archived:
        raise NotAllowedError("This channel is archived. Record the entry in another channel.")
    thread, gap = (there(masked(source.thread)) if source.thread else None), source.gap
    chosen = kind or (thread.reads_like() if thread else Kind.DECISION)
    begun = of_thread(thread, chosen, source.permalinks, source.names) if thread else Prefilled()
    if source.title:
        values = {**begun.values, **of_title(chosen, without_secrets(source.title))}
        begun = replace(begun, values=values)
    with store.transaction(team) as tx:
        # Locked: what is edited or deleted right now is so before this reads, or finds the draft.
        if tx.channels.get(channel.id, lock=True) is None:
            keep_channel(tx, channel, now)
        require_in_sight(tx, reader, channel.id)
        if gap is not None and thread is not None and not is_open(tx, gap):
            # Recorded from another thread meanwhile: this one is still worth a form, and what was
            # recorded stands on top of it.
            gap = None
        if gap is not None:
            begun = of_gap(tx, gap, begun)
        draft = tx.form_drafts.add(
            NewFormDraft(
                user=reader.user,
                kind=chosen,
                channel=channel.id,
                created_at=now,
                thread_ts=thread.ts if thread else None,
                gap=gap,
                values={**begun.values, "owner": reader.user, "review_every": _days(tx)},
                evidence=begun.evidence,
                filled=begun.filled,
            )
        )
        draft = as_it_stands(tx, draft, thread)
        tx.form_drafts.put(draft)
        duplicates = duplicates_of(tx, reader, draft.values)
    return Form(
        draft=draft, values=draft.values, duplicates=duplicates, notice=notice_of(thread, draft)
    )


def open_edit(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    key: str,
    now: datetime,
    draft: FormDraftId | None = None,
    typed: Mapping[str, Any] | None = None,
) -> Form:
    """Begin to edit the revision in force, or the text of one's own draft.

    `draft` is a form for a new entry that turned out to be there already: what was `typed` in it
    stands beside this one, and what it was captured from becomes evidence of this entry. It stays
    until it is dropped: a form that can not be replaced on the screen can still be saved.

    Raises:
        NotFoundError, RetiredError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        entry = found(tx.entries.visible_to(reader), key)
        proposal = _revised_draft(tx, entry, reader)
        if proposal is None:
            require_in_force(entry)
        # As in `open_form`; what was captured elsewhere may be deleted there.
        before = tx.form_drafts.get(draft) if draft is not None else None
        for place in sorted({entry.home, before.channel if before else entry.home}):
            tx.channels.get(place, lock=True)
        earlier = own_draft(tx, draft, reader) if draft is not None else None
        # What was captured elsewhere may be of a channel that this entry's readers are not in.
        here = earlier is not None and earlier.channel == entry.home
        opened = tx.form_drafts.add(
            NewFormDraft(
                user=reader.user,
                kind=entry.key.kind,
                channel=entry.home,
                created_at=now,
                thread_ts=earlier.thread_ts if earlier and here else None,
                entry=entry.id,
                base=entry.revision.number,
                gap=earlier.gap if earlier else None,
                proposal=proposal.id if proposal else None,
                values={
                    **entry.content.values,
                    **({"note": proposal.revision.note} if proposal else {}),
                    **_captured(earlier, typed or {}),
                },
                evidence=earlier.evidence if earlier and here else (),
                filled=earlier.filled if earlier else (),
            )
        ).standing()
        tx.form_drafts.put(opened)
        hidden = hidden_in_form(tx, reader, opened, entry)
    beside = beside_of(opened, entry)
    form = Form(draft=opened, values=opened.values, editing=entry, beside=beside, hidden=hidden)
    if proposal is None:
        return form
    return replace(form, asked=proposal.asked, requests=len(proposal.requests))


def _revised_draft(tx: Transaction, entry: Entry, reader: Reader) -> Proposal | None:
    """The proposal that an edit of a draft revises; None of an entry that is no draft.

    Raises:
        NotAllowedError: another person wrote the draft.
    """
    if not entry.is_draft:
        return None
    proposal = tx.proposals.of(entry.id)[0]
    require_author(entry, proposal, reader.user)
    return proposal


def change_form(
    store: Store,
    team: TeamId,
    draft_id: FormDraftId,
    *,
    reader: Reader,
    typed: Mapping[str, Any],
    kind: Kind | None = None,
    base: int | None = None,
    add_level: bool = False,
) -> Form:
    """Keep what was typed so far and show the form as another kind, or with one level more.

    Raises:
        NotFoundError: the draft is gone, or was saved; says as what.
        NotAllowedError: it is another person's.
    """
    with store.transaction(team) as tx:
        draft = own_draft(tx, draft_id, reader)
        made = None if draft.saved is None else tx.entries.by_id(draft.saved)
        if made is not None:
            raise NotFoundError(
                f"This form was already saved as {made.key}. To change that, use `/lore edit "
                f"{made.key}`."
            )
        values = {**draft.values, **typed}
        if add_level:
            values["levels"] = [*typed.get("levels", []), {}]
        draft = replace(draft.as_shown(kind, base), values=values)
        tx.form_drafts.put(replace(draft, values=without_secrets(values)).standing())
        editing = tx.entries.by_id(draft.entry) if draft.entry is not None else None
        duplicates = () if editing else duplicates_of(tx, reader, values)
        proposal = None if draft.proposal is None else tx.proposals.get(draft.proposal)
        hidden = hidden_in_form(tx, reader, draft, editing)
    beside = beside_of(draft, editing)
    form = Form(
        draft=draft,
        values=values,
        duplicates=duplicates,
        editing=editing,
        beside=beside,
        hidden=hidden,
    )
    if proposal is None:
        return form
    return replace(form, asked=proposal.asked, requests=len(proposal.requests))


def reopen_form(store: Store, team: TeamId, draft_id: FormDraftId, *, reader: Reader) -> Form:
    """Show an unsaved draft again, with what was kept of it."""
    return change_form(store, team, draft_id, reader=reader, typed={})


def drop_form(store: Store, team: TeamId, draft_id: FormDraftId, *, user: UserId) -> None:
    """Forget a form of this person, whatever was typed in it; twice is as once."""
    with store.transaction(team) as tx:
        draft = tx.form_drafts.get(draft_id, lock=True)
        if draft is not None and draft.user == user and draft.saved is None:
            tx.form_drafts.drop(draft_id)


def own_draft(tx: Transaction, draft_id: FormDraftId, reader: Reader) -> FormDraft:
    """A person's own draft, locked.

    Raises:
        NotFoundError, NotAllowedError: it is gone, another person's, or of a private channel that
            they left meanwhile.
    """
    draft = tx.form_drafts.get(draft_id, lock=True)
    if draft is None:
        raise NotFoundError(
            "This form has expired. Copy your text and open a new one with `/lore record`."
        )
    if draft.user != reader.user:
        raise NotAllowedError(
            "This form belongs to someone else. Open your own with `/lore record`."
        )
    require_in_sight(tx, reader, draft.channel)
    return draft


def _captured(draft: FormDraft | None, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What a form holds in people's own words, as it is kept in the draft that takes its place."""
    if draft is None:
        return {}
    values = {**draft.values, **typed}
    said = {
        field.name: values.get(field.name)
        for field in FIELDS[draft.kind]
        if field.shape in (Shape.LINE, Shape.TEXT, Shape.LINES, Shape.LEVELS)
    }
    return {"captured": {"kind": draft.kind.value, "values": without_secrets(said)}}


def _days(tx: Transaction) -> int:
    return tx.workspace.get().review_every.days
