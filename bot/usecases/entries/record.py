"""Save a form: record a new entry, write its next revision, or revise a proposal."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.domain.approval import Proposal
from bot.domain.digests import Section
from bot.domain.entries import Entry, Key, Origin, TeamId, UserId
from bot.domain.errors import ConflictError, InvalidInputError
from bot.domain.form_drafts import FormDraft, FormDraftId
from bot.domain.gaps import GapState
from bot.domain.kinds import FIELDS, Kind, Shape
from bot.domain.revisions import Change, Content, Effect, changed_fields, suggested_effect
from bot.domain.visibility import Reader
from bot.usecases.approval.policy import IsAlone, needs_approval, waits_for_approval
from bot.usecases.entries.forms import load_own_draft
from bot.usecases.steps.announcements import tell_named_people
from bot.usecases.steps.changes import (
    Changed,
    NewRevision,
    change_entry,
    redraw_entry,
    revise_proposal,
)
from bot.usecases.steps.draft_entries import propose_draft
from bot.usecases.steps.duplicates import list_similar
from bot.usecases.steps.form_conflicts import MADE_REVISION, find_conflict, find_earlier_save
from bot.usecases.steps.gaps import list_covered_gaps
from bot.usecases.steps.outbox import queue_card, redraw_linked_cards
from bot.usecases.steps.permissions import require_can_own, require_member
from bot.usecases.steps.prefill import drop_changed_text
from bot.usecases.steps.secrets import read_note, refuse_secrets
from bot.usecases.steps.settled_lines import settle_lines
from bot.usecases.steps.visible_links import find_hidden_links
from storage.store import Store, Transaction

_UNCHANGED: Final = "Nothing has changed yet."
_UNEXPLAINED: Final = (
    "You gave a reason but changed no field. Change one, or clear this to just add the thread as "
    "evidence."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The result of saving a form.

    `base`: the revision that the form edited; None if it recorded a new entry. If that revision is
    still in force, the form only added evidence, or the change is waiting as a `proposal`. `alike`:
    entries that may already cover it and that the form didn't show. `hidden`: newly linked keys
    that some readers of the entry can't see.
    """

    entry: Entry
    base: int | None
    proposal: Proposal | None = None
    alike: tuple[Key, ...] = ()
    hidden: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedForm:
    """A form as it was on the screen when it was submitted.

    `owner` and `backup` are the chosen people, as Slack describes them; None if none were chosen.
    `kind`, `base` and `requests` (how many it showed) are those on the screen. If Slack's answer
    didn't reach the screen, the stored draft is ahead of it, and saving must not undo what the
    person never saw. `effect`: the chosen kind of change; empty to derive it from the changed
    fields.
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
    is_alone: IsAlone,
    now: datetime,
) -> Saved:
    """Save a form as an entry's first revision, or as the next revision of the edited entry.

    If approval is on, the revision is proposed, and a new entry is a draft. Submitting the same
    text again changes nothing and returns the result of the first submission.

    Raises:
        InvalidInputError: a field can't be saved, or links to an entry that doesn't exist.
        RetiredError: the entry was retired while the form was open; the draft keeps the text.
        RevisedError: someone saved another revision; the draft moves onto it and keeps the
            text.
        ConflictError: the form was saved before with another text; the draft moves onto that
            revision.
        NotFoundError, NotAllowedError: the draft is gone or belongs to another person.
    """
    require_member(reader)
    owner_id = UserId(form.typed.get("owner") or reader.user)
    propose = _needs_approval(
        store, team, draft_id, by=reader.user, owner=owner_id, is_alone=is_alone
    )
    with store.transaction(team) as tx:
        draft = load_own_draft(tx, draft_id, reader)
        saved_entry = None if draft.saved is None else tx.entries.by_id(draft.saved)
        draft = draft if saved_entry else draft.as_shown(form.kind, form.base)
        values = {name: value for name, value in form.typed.items() if value}
        values.setdefault("owner", reader.user)
        content = _read_content(tx, reader, draft, values)
        edited = None if draft.entry is None else tx.entries.by_id(draft.entry, lock=True)
        assert (edited is None) == (draft.entry is None)
        note = read_note(form.note or "", "note")
        remarks = {"note": note, "effect": form.effect}
        read_form = _Submission(
            by=reader.user, content=content, note=note, effect=form.effect, propose=propose, now=now
        )
        proposal = _load_proposal(tx, draft)
        conflict: ConflictError | None = None
        if saved_entry is not None:
            conflict = find_earlier_save(tx, draft, content, remarks, entry=saved_entry)
            if conflict is None:
                return Saved(entry=saved_entry, base=draft.base, proposal=proposal)
        elif edited is not None:
            conflict = find_conflict(
                tx, draft, content, remarks, entry=edited, proposal=proposal, requests=form.requests
            )
        if conflict is None:
            home, before = (edited.home, edited.content.values) if edited else (draft.channel, {})
            require_can_own(tx, home, content, before, owner=form.owner, backup=form.backup)
            alike = list_similar(tx, reader, draft, content.title)
            saved = _store(tx, draft, edited, proposal, read_form)
            written = saved.proposal.revision if saved.proposal else saved.entry.revision
            made_revision = {MADE_REVISION: written.number}
            saved_draft = replace(
                draft, saved=saved.entry.id, values=made_revision, evidence=(), filled=()
            )
            proposed = None if saved.proposal is None else saved.proposal.id
            tx.form_drafts.put(replace(saved_draft, proposal=proposed))
            hidden = find_hidden_links(
                tx, home, None if edited is None else edited.revision, written
            )
            return Saved(
                entry=saved.entry,
                base=draft.base,
                proposal=saved.proposal,
                alike=alike,
                hidden=hidden,
            )
    raise conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class _Submission:
    """A submitted form that was read and checked; `propose`: its change needs approval."""

    by: UserId
    content: Content
    note: str
    effect: str
    propose: bool
    now: datetime

    def effect_on(self, before: Content) -> Effect:
        """Return the chosen kind of change, or else the one that the changed fields suggest."""
        if self.effect in tuple(Effect):
            return Effect(self.effect)
        return suggested_effect(changed_fields(before, self.content))


def _needs_approval(
    store: Store,
    team: TeamId,
    draft_id: FormDraftId,
    *,
    by: UserId,
    owner: UserId,
    is_alone: IsAlone,
) -> bool:
    """Return whether the revision that a form makes needs approval.

    `owner`: the owner named in the form, who could approve a new entry.
    """
    with store.read(team) as tx:
        draft = tx.form_drafts.get(draft_id)
        edited = tx.entries.by_id(draft.entry) if draft and draft.entry is not None else None
    if draft is None:
        return False
    if edited is not None:
        return needs_approval(store, team, edited, by=by, is_alone=is_alone)
    return waits_for_approval(
        store, team, by=by, home=draft.channel, owner=owner, is_alone=is_alone
    )


def _load_proposal(tx: Transaction, draft: FormDraft) -> Proposal | None:
    return None if draft.proposal is None else tx.proposals.get(draft.proposal)


def _read_content(
    tx: Transaction, reader: Reader, draft: FormDraft, values: dict[str, Any]
) -> Content:
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
                continue  # Someone else linked an entry that this person can't see; keep the link.
            if entry is None or entry.retired or entry.is_withdrawn:
                gone = f"{key} was {entry.state}" if entry else "This entry no longer exists"
                reason = f"{gone}. Choose another, or none."
                raise InvalidInputError(reason, {field.name: reason})
    return content


def _store(
    tx: Transaction,
    draft: FormDraft,
    before: Entry | None,
    proposal: Proposal | None,
    form: _Submission,
) -> Changed:
    draft, by, now = drop_changed_text(tx, draft), form.by, form.now
    if before is None:
        changed = _record(tx, draft, form)
    elif proposal is None:
        changed = _edit(tx, draft, before, form)
    else:
        changed = _revise(tx, draft, before, proposal, form)
    entry = changed.entry
    gaps = list_covered_gaps(tx, draft)
    thread = (draft.channel, draft.thread_ts) if draft.thread_ts else None
    tx.prompts.mark_recorded(gaps, thread, by=by, at=now)
    for gap in gaps:
        tx.gaps.set_state(gap, GapState.RECORDED, entry.id)
        tx.audit.add(by, "gap_recorded", f"gap-{gap}", {"entry": str(entry.key)}, now)
        recorded = f"recorded as {'draft ' if entry.is_draft else ''}{entry.key}"
        settle_lines(tx, [Section.GAPS], by=by, outcome=recorded, now=now, gap=gap)
    if draft.evidence:
        links = [source.permalink for source in draft.evidence]
        tx.audit.add(by, "evidence_added", str(entry.key), {"links": links}, now)
    return changed


def _record(tx: Transaction, draft: FormDraft, form: _Submission) -> Changed:
    """Add the entry, as a draft if approval is on; the card is also where it's approved."""
    entry = tx.entries.add(
        form.content,
        home=draft.channel,
        author=form.by,
        at=form.now,
        due_at=form.now + form.content.review_every,
        note=form.note,
        origin=Origin(thread_ts=draft.thread_ts, evidence=draft.evidence),
        draft=form.propose,
    )
    proposal = propose_draft(tx, entry, by=form.by, now=form.now) if form.propose else None
    queue_card(
        tx,
        entry,
        channel=entry.home,
        thread_ts=entry.thread_ts,
        user=form.by,
        now=form.now,
        proposal=proposal.id if proposal else None,
    )
    if proposal is None:
        redraw_linked_cards(tx, None, entry, now=form.now)
        tell_named_people(tx, entry, now=form.now)
    return Changed(entry=entry, proposal=proposal)


def _edit(tx: Transaction, draft: FormDraft, before: Entry, form: _Submission) -> Changed:
    """Change the entry; if no field changed, only add the evidence."""
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
            propose=form.propose,
            now=form.now,
        )
    elif not draft.evidence:
        raise InvalidInputError(
            _UNCHANGED, {"title": f"{_UNCHANGED} Change a field, or close the form."}
        )
    elif form.note:
        raise InvalidInputError(_UNCHANGED, {"note": _UNEXPLAINED})
    else:
        redraw_entry(tx, entry, form.now)
    if draft.thread_ts is not None:
        # Also post the result to the thread of the form; the entry's own card may be elsewhere.
        place, thread_ts = draft.channel, draft.thread_ts
        queue_card(tx, entry, channel=place, thread_ts=thread_ts, user=form.by, now=form.now)
    return changed


def _revise(
    tx: Transaction, draft: FormDraft, before: Entry, proposal: Proposal, form: _Submission
) -> Changed:
    """Replace the proposed revision by another; a draft also gets the new evidence."""
    for source in draft.evidence:
        tx.evidence.add(before.id, source)
    if proposal.waits and draft.evidence and not changed_fields(before.content, form.content):
        redraw_entry(tx, before, form.now)
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
