"""The form of an entry: open it, change it while it is open, discard it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.approval import Proposal
from bot.domain.entries import Entry, TeamId, UserId
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.form_drafts import FormDraft, FormDraftId, NewFormDraft
from bot.domain.gaps import GapId, GapState
from bot.domain.kinds import FIELDS, Kind, Shape
from bot.domain.threads import Thread
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.usecases.steps.changes import require_author
from bot.usecases.steps.channels import store_channel
from bot.usecases.steps.duplicates import find_duplicates
from bot.usecases.steps.form_context import Form, find_hidden_in_form, list_references
from bot.usecases.steps.gaps import GAP_CLOSED
from bot.usecases.steps.permissions import (
    can_own,
    load_entry,
    require_in_force,
    require_in_sight,
    require_member,
)
from bot.usecases.steps.prefill import (
    Permalink,
    drop_changed_text,
    explain_prefill,
    fill_from_threads,
    fill_from_title,
    mask_thread,
    require_thread,
)
from bot.usecases.steps.secrets import mask_values
from storage.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSource:
    """The source that a form is filled in from: a thread, the threads of a gap, or a typed title.

    `occurrences`: other threads of the same matter. `gap_title`: its title in prompts, digests and
    lists. `permalink` returns the link of a message.
    `names` returns the name of a person whom a suggested text mentions. `reader` returns a person
    who may become the owner; None if Slack doesn't say who they are. `owner`: the person who was
    asked to record it; None if no one was, so that the person who settles it owns it.
    """

    thread: Thread | None = None
    occurrences: tuple[Thread, ...] = ()
    permalink: Permalink = lambda *_: ""
    names: Callable[[UserId], str] = str
    reader: Callable[[UserId], Reader | None] = lambda _: None
    gap: GapId | None = None
    gap_title: str = ""
    owner: UserId | None = None
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
    """Open a form to record an entry in a channel.

    Raises:
        NotAllowedError: the person is a guest or a stranger, or Opslore isn't in the channel.
        NotFoundError: the thread was deleted; or there is no thread, and someone has recorded
            or dismissed the gap.
    """
    require_member(reader)
    if channel is None or not channel.joined:
        raise NotAllowedError(
            "Opslore isn't in this channel, so it can't record an entry here. Invite it with "
            "`/invite @Opslore`, or use a channel that it's in."
        )
    if channel.archived:
        raise NotAllowedError("This channel is archived. Record the entry in another channel.")
    thread = require_thread(mask_thread(source.thread)) if source.thread else None
    occurrences = tuple(mask_thread(occurrence) for occurrence in source.occurrences)
    threads = ((thread,) if thread else ()) + occurrences
    prefilled = fill_from_threads(threads, kind, source.permalink, source.names, source.gap_title)
    if source.title:
        values = {
            **prefilled.values,
            **fill_from_title(prefilled.kind, mask_values(source.title)),
        }
        prefilled = replace(prefilled, values=values)
    answerer = source.owner or prefilled.answerer
    candidate = reader if answerer in (None, reader.user) else source.reader(answerer)
    with store.transaction(team) as tx:
        # Locked, so that a simultaneous edit or deletion either comes first or finds the draft.
        if tx.channels.get(channel.id, lock=True) is None:
            store_channel(tx, channel, now)
        require_in_sight(tx, reader, channel.id)
        gap = _open_gap(tx, source)
        owner = candidate if candidate and can_own(tx, candidate, channel.id) else reader
        draft = tx.form_drafts.add(
            NewFormDraft(
                user=reader.user,
                kind=prefilled.kind,
                channel=channel.id,
                created_at=now,
                thread_ts=thread.ts if thread else None,
                gap=gap,
                values={
                    **prefilled.values,
                    "owner": owner.user,
                    "review_every": _review_days(tx),
                },
                evidence=prefilled.evidence,
                filled=prefilled.filled,
            )
        )
        draft = drop_changed_text(tx, draft, threads)
        tx.form_drafts.put(draft)
        duplicates = find_duplicates(tx, reader, draft.values)
    return Form(
        draft=draft,
        values=draft.values,
        duplicates=duplicates,
        notice=explain_prefill(thread, draft, occurrences),
    )


def _open_gap(tx: Transaction, source: FormSource) -> GapId | None:
    """Return the gap that a form closes; None if there isn't one.

    Raises:
        NotFoundError: someone has recorded or dismissed it, and there is no thread to record.
    """
    if source.gap is None:
        return None
    gap = tx.gaps.get(source.gap)
    if gap is not None and gap.state is GapState.OPEN:
        return source.gap
    if source.thread is None:
        raise NotFoundError(GAP_CLOSED)
    # Someone has recorded it from another thread. This thread is still worth a form, which shows
    # that entry as a likely duplicate.
    return None


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
    """Open a form to edit the revision in force, or the text of one's own draft.

    `draft` is a form for a new entry that turned out to exist already. The text `typed` in it is
    shown next to this form, and its sources become evidence of this entry. It is deleted only
    later: if Slack can't replace it on the screen, it can still be saved.

    Raises:
        NotFoundError, RetiredError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        entry = load_entry(tx.entries.visible_to(reader), key)
        proposal = _find_revised_draft(tx, entry, reader)
        if proposal is None:
            require_in_force(entry)
        # Locked as in `open_form`, also the channel of the earlier form's sources.
        earlier_draft = tx.form_drafts.get(draft) if draft is not None else None
        for place in sorted({entry.home, earlier_draft.channel if earlier_draft else entry.home}):
            tx.channels.get(place, lock=True)
        earlier = load_own_draft(tx, draft, reader) if draft is not None else None
        # Sources in another channel stay out: this entry's readers may not be in that channel.
        is_same_channel = earlier is not None and earlier.channel == entry.home
        opened = tx.form_drafts.add(
            NewFormDraft(
                user=reader.user,
                kind=entry.key.kind,
                channel=entry.home,
                created_at=now,
                thread_ts=earlier.thread_ts if earlier and is_same_channel else None,
                entry=entry.id,
                base=entry.revision.number,
                gap=earlier.gap if earlier else None,
                proposal=proposal.id if proposal else None,
                values={
                    **entry.content.values,
                    **({"note": proposal.revision.note} if proposal else {}),
                    **_captured_values(earlier, typed or {}),
                },
                evidence=earlier.evidence if earlier and is_same_channel else (),
                filled=earlier.filled if earlier else (),
            )
        ).standing()
        tx.form_drafts.put(opened)
        hidden = find_hidden_in_form(tx, reader, opened, entry)
    references = list_references(opened, entry)
    form = Form(
        draft=opened, values=opened.values, editing=entry, references=references, hidden=hidden
    )
    if proposal is None:
        return form
    return replace(form, asked=proposal.asked, requests=len(proposal.requests))


def _find_revised_draft(tx: Transaction, entry: Entry, reader: Reader) -> Proposal | None:
    """Return the proposal that an edit of a draft revises; None if the entry isn't a draft.

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
    """Store what was typed so far, and show the form as another kind or with another level.

    Raises:
        NotFoundError: the form is gone or was saved; says as which entry.
        NotAllowedError: it belongs to another person.
    """
    with store.transaction(team) as tx:
        draft = load_own_draft(tx, draft_id, reader)
        saved_entry = None if draft.saved is None else tx.entries.by_id(draft.saved)
        if saved_entry is not None:
            raise NotFoundError(
                f"This form was already saved as {saved_entry.key}. To change that, use `/lore "
                f"edit {saved_entry.key}`."
            )
        values = {**draft.values, **typed}
        if add_level:
            values["levels"] = [*typed.get("levels", []), {}]
        draft = replace(draft.as_shown(kind, base), values=values)
        tx.form_drafts.put(replace(draft, values=mask_values(values)).standing())
        editing = tx.entries.by_id(draft.entry) if draft.entry is not None else None
        duplicates = () if editing else find_duplicates(tx, reader, values)
        proposal = None if draft.proposal is None else tx.proposals.get(draft.proposal)
        hidden = find_hidden_in_form(tx, reader, draft, editing)
    references = list_references(draft, editing)
    form = Form(
        draft=draft,
        values=values,
        duplicates=duplicates,
        editing=editing,
        references=references,
        hidden=hidden,
    )
    if proposal is None:
        return form
    return replace(form, asked=proposal.asked, requests=len(proposal.requests))


def reopen_form(store: Store, team: TeamId, draft_id: FormDraftId, *, reader: Reader) -> Form:
    """Show an unsaved form again, with what was stored of it."""
    return change_form(store, team, draft_id, reader=reader, typed={})


def drop_form(store: Store, team: TeamId, draft_id: FormDraftId, *, user: UserId) -> None:
    """Delete a person's form with everything typed in it; a second time does nothing."""
    with store.transaction(team) as tx:
        draft = tx.form_drafts.get(draft_id, lock=True)
        if draft is not None and draft.user == user and draft.saved is None:
            tx.form_drafts.drop(draft_id)


def load_own_draft(tx: Transaction, draft_id: FormDraftId, reader: Reader) -> FormDraft:
    """Return a person's own form, locked.

    Raises:
        NotFoundError, NotAllowedError: it is gone, belongs to another person, or to a private
            channel that they left.
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


def _captured_values(draft: FormDraft | None, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts of a form, as they are stored in the form that replaces it."""
    if draft is None:
        return {}
    values = {**draft.values, **typed}
    texts = {
        field.name: values.get(field.name)
        for field in FIELDS[draft.kind]
        if field.shape in (Shape.LINE, Shape.TEXT, Shape.LINES, Shape.LEVELS)
    }
    return {"captured": {"kind": draft.kind.value, "values": mask_values(texts)}}


def _review_days(tx: Transaction) -> int:
    return tx.workspace.get().review_every.days
