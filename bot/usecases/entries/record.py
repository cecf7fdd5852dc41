"""Recording an entry, or another revision of one, by saving its form once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.domain.approval import Proposal
from bot.domain.digests import Section
from bot.domain.entries import Entry, Key, Origin, TeamId, UserId
from bot.domain.errors import ConflictError, InvalidInputError
from bot.domain.form_drafts import FormDraft, FormDraftId
from bot.domain.gaps import GapId, GapState
from bot.domain.kinds import FIELDS, Kind, Shape
from bot.domain.revisions import (
    Change,
    Content,
    Effect,
    changed_fields,
    suggested_effect,
)
from bot.domain.visibility import Reader
from bot.usecases.approval.policy import Alone, needs_approval, waits_for_approval
from bot.usecases.entries.forms import own_draft
from bot.usecases.steps.announcements import tell_named
from bot.usecases.steps.changes import Changed, NewRevision, change_entry, redraw, revise_proposal
from bot.usecases.steps.draft_entries import propose_draft
from bot.usecases.steps.form_conflicts import MADE, conflict_of, saved_before
from bot.usecases.steps.outbox import leave_card, redraw_named
from bot.usecases.steps.permissions import require_fit, require_member
from bot.usecases.steps.prefill import as_it_stands, list_similar
from bot.usecases.steps.secrets import read_note, refuse_secrets
from bot.usecases.steps.settled_lines import strike
from bot.usecases.steps.visible_links import hidden_links
from storage.store import Store, Transaction

_UNCHANGED: Final = "Nothing has changed yet."
_UNEXPLAINED: Final = (
    "You gave a reason but changed no field. Change one, or clear this to just add the thread as "
    "evidence."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a form became. `base`: the revision that it edited; None if it recorded the entry.

    Where that revision is still in force, the entry rests on more evidence and says the same, or
    the change waits as a `proposal`.
    `alike`: entries that may already say it, and that did not stand on top of the form.
    `hidden`: the keys that it began to name and that not all who see the entry may see.
    """

    entry: Entry
    base: int | None
    proposal: Proposal | None = None
    alike: tuple[Key, ...] = ()
    hidden: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedForm:
    """The form as it was on the screen when it was submitted.

    `owner` and `backup` are those chosen, if they were, as Slack describes them. `kind`, `base` and
    `requests` (how many it showed) are those of the form on the screen: where an answer did not
    reach it, the draft is ahead, and saving must not undo what the person never saw. `effect`: the
    kind of change that was chosen; empty to have it told by the fields that differ.
    """

    typed: Mapping[str, Any]
    note: str = ""
    effect: str = ""
    owner: Reader | None = None
    backup: Reader | None = None
    kind: Kind | None = None
    base: int | None = None
    requests: int | None = None


def save_form(
    store: Store,
    team: TeamId,
    draft_id: FormDraftId,
    form: SubmittedForm,
    *,
    reader: Reader,
    alone: Alone,
    now: datetime,
) -> Saved:
    """Save what the form holds: an entry's first revision, or the next one of the edited entry.

    Where approval is on, the revision is proposed, and a new entry is a draft. Submitting the same
    text again changes nothing and returns what the first submission made.

    Raises:
        InvalidInputError: a field can not be kept, or names an entry that is not there.
        RetiredError: the entry was retired while the form was open; the draft keeps what was typed.
        RevisedError: somebody saved another revision; the draft moves onto it and keeps the text.
        ConflictError: it was saved before with another text; the draft moves onto what came of it.
        NotFoundError, NotAllowedError: the draft is gone or another person's.
    """
    require_member(reader)
    answers = UserId(form.typed.get("owner") or reader.user)
    review = _needs_approval(store, team, draft_id, by=reader.user, owner=answers, alone=alone)
    with store.transaction(team) as tx:
        draft = own_draft(tx, draft_id, reader)
        made = None if draft.saved is None else tx.entries.by_id(draft.saved)
        draft = draft if made else draft.as_shown(form.kind, form.base)
        values = {name: value for name, value in form.typed.items() if value}
        values.setdefault("owner", reader.user)
        content = _read(tx, reader, draft, values)
        edited = None if draft.entry is None else tx.entries.by_id(draft.entry, lock=True)
        assert (edited is None) == (draft.entry is None)
        note = read_note(form.note or "", "note")
        said = {"note": note, "effect": form.effect}
        read_form = _Form(
            by=reader.user, content=content, note=note, effect=form.effect, review=review, now=now
        )
        proposal = _proposal_of(tx, draft)
        conflict: ConflictError | None = None
        if made is not None:
            conflict = saved_before(tx, draft, content, said, entry=made)
            if conflict is None:
                return Saved(entry=made, base=draft.base, proposal=proposal)
        elif edited is not None:
            conflict = conflict_of(
                tx, draft, content, said, entry=edited, proposal=proposal, requests=form.requests
            )
        if conflict is None:
            home, before = (edited.home, edited.content.values) if edited else (draft.channel, {})
            require_fit(tx, home, content, before, owner=form.owner, backup=form.backup)
            alike = list_similar(tx, reader, draft, content.title)
            saved = _keep(tx, draft, edited, proposal, read_form)
            written = saved.proposal.revision if saved.proposal else saved.entry.revision
            kept = {MADE: written.number}
            done = replace(draft, saved=saved.entry.id, values=kept, evidence=(), filled=())
            proposed = None if saved.proposal is None else saved.proposal.id
            tx.form_drafts.put(replace(done, proposal=proposed))
            hidden = hidden_links(tx, home, None if edited is None else edited.revision, written)
            return Saved(
                entry=saved.entry,
                base=draft.base,
                proposal=saved.proposal,
                alike=alike,
                hidden=hidden,
            )
    raise conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """A submitted form that was read and checked. `review`: its change waits for approval."""

    by: UserId
    content: Content
    note: str
    effect: str
    review: bool
    now: datetime

    def effect_on(self, before: Content) -> Effect:
        """The kind of change that was chosen, or else that the changed fields suggest."""
        if self.effect in tuple(Effect):
            return Effect(self.effect)
        return suggested_effect(changed_fields(before, self.content))


def _needs_approval(
    store: Store, team: TeamId, draft_id: FormDraftId, *, by: UserId, owner: UserId, alone: Alone
) -> bool:
    """Return whether the revision that a form makes waits for approval.

    `owner`: the person whom the form names, who can approve a new entry.
    """
    with store.read(team) as tx:
        draft = tx.form_drafts.get(draft_id)
        edited = tx.entries.by_id(draft.entry) if draft and draft.entry is not None else None
    if draft is None:
        return False
    if edited is not None:
        return needs_approval(store, team, edited, by=by, alone=alone)
    return waits_for_approval(store, team, by=by, home=draft.channel, owner=owner, alone=alone)


def _proposal_of(tx: Transaction, draft: FormDraft) -> Proposal | None:
    return None if draft.proposal is None else tx.proposals.get(draft.proposal)


def _read(tx: Transaction, reader: Reader, draft: FormDraft, values: dict[str, Any]) -> Content:
    content = Content.of(draft.kind, values)
    refuse_secrets(dict(content.values))
    visible = tx.entries.visible_to(reader)
    edited = tx.entries.by_id(draft.entry) if draft.entry is not None else None
    before = edited.content.values if edited else {}
    for field in FIELDS[draft.kind]:
        linked = content.values.get(field.name)
        if field.shape is Shape.ENTRY and linked:
            key = Key.parse(str(linked))
            entry = visible.get(key) if key and key.kind is field.links_to else None
            if entry is None and linked == before.get(field.name):
                continue  # Somebody linked what this person may not see; it stays linked.
            if entry is None or entry.retired or entry.is_withdrawn:
                gone = f"{key} was {entry.state}" if entry else "This entry no longer exists"
                reason = f"{gone}. Choose another, or none."
                raise InvalidInputError(reason, {field.name: reason})
    return content


def _keep(
    tx: Transaction, draft: FormDraft, before: Entry | None, proposal: Proposal | None, form: _Form
) -> Changed:
    draft, by, now = as_it_stands(tx, draft), form.by, form.now
    if before is None:
        changed = _record(tx, draft, form)
    elif proposal is None:
        changed = _edit(tx, draft, before, form)
    else:
        changed = _revise(tx, draft, before, proposal, form)
    entry = changed.entry
    for gap in _settled(tx, draft):
        tx.gaps.set_state(gap, GapState.RECORDED, entry.id)
        tx.audit.add(by, "gap_recorded", f"gap-{gap}", {"entry": str(entry.key)}, now)
        recorded = f"recorded as {'draft ' if entry.is_draft else ''}{entry.key}"
        strike(tx, [Section.GAPS], by=by, outcome=recorded, now=now, gap=gap)
    if draft.evidence:
        links = [source.permalink for source in draft.evidence]
        tx.audit.add(by, "evidence_added", str(entry.key), {"links": links}, now)
    return changed


def _record(tx: Transaction, draft: FormDraft, form: _Form) -> Changed:
    """Add the entry, as a draft where approval is on; its card is also where it's approved."""
    entry = tx.entries.add(
        form.content,
        home=draft.channel,
        author=form.by,
        at=form.now,
        due_at=form.now + form.content.review_every,
        note=form.note,
        origin=Origin(thread_ts=draft.thread_ts, evidence=draft.evidence),
        draft=form.review,
    )
    proposal = propose_draft(tx, entry, by=form.by, now=form.now) if form.review else None
    leave_card(
        tx,
        entry,
        channel=entry.home,
        thread_ts=entry.thread_ts,
        user=form.by,
        now=form.now,
        proposal=proposal.id if proposal else None,
    )
    if proposal is None:
        redraw_named(tx, None, entry, now=form.now)
        tell_named(tx, entry, now=form.now)
    return Changed(entry=entry, proposal=proposal)


def _edit(tx: Transaction, draft: FormDraft, before: Entry, form: _Form) -> Changed:
    """The entry once it is changed; if nothing is, with the evidence alone."""
    for source in draft.evidence:
        tx.evidence.add(before.id, source)
    entry = tx.entries.by_id(before.id)
    assert entry is not None
    changed = Changed(entry=entry)
    if changed_fields(before.content, form.content):
        changed = change_entry(
            tx,
            entry,
            NewRevision(
                content=form.content,
                author=form.by,
                note=form.note,
                change=Change.EDITED,
                effect=form.effect_on(before.content),
            ),
            review=form.review,
            now=form.now,
        )
    elif not draft.evidence:
        raise InvalidInputError(
            _UNCHANGED, {"title": f"{_UNCHANGED} Change a field, or close the form."}
        )
    elif form.note:
        raise InvalidInputError(_UNCHANGED, {"note": _UNEXPLAINED})
    else:
        redraw(tx, entry, form.now)
    if draft.thread_ts is not None:
        # The thread that it was captured in hears of it too, wherever its own card stands.
        place, thread_ts = draft.channel, draft.thread_ts
        leave_card(tx, entry, channel=place, thread_ts=thread_ts, user=form.by, now=form.now)
    return changed


def _revise(
    tx: Transaction, draft: FormDraft, before: Entry, proposal: Proposal, form: _Form
) -> Changed:
    """Put another revision in place of the one proposed; a draft also gets the new evidence."""
    for source in draft.evidence:
        tx.evidence.add(before.id, source)
    if proposal.waits and draft.evidence and not changed_fields(before.content, form.content):
        redraw(tx, before, form.now)
        return Changed(entry=before, proposal=proposal)
    return revise_proposal(
        tx,
        before,
        proposal,
        form.content,
        note=form.note,
        effect=form.effect_on(before.content),
        by=form.by,
        now=form.now,
    )


def _settled(tx: Transaction, draft: FormDraft) -> set[GapId]:
    """The open paths that an entry documents: where it came from, and where its thread began."""
    began = tx.gaps.open_with_message(draft.channel, draft.thread_ts) if draft.thread_ts else []
    source = None if draft.gap is None else tx.gaps.get(draft.gap, lock=True)
    return {*began, *([source.id] if source and source.state is GapState.OPEN else [])}
