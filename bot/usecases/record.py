"""Recording an entry, or another revision of one, by saving its form once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.domain.digests import Section
from bot.domain.drafts import Draft, DraftId
from bot.domain.entries import Entry, Key, TeamId, UserId
from bot.domain.errors import (
    InvalidInputError,
    RetiredError,
    RevisedError,
)
from bot.domain.kinds import FIELDS, Kind, Shape
from bot.domain.paths import PathId, PathState
from bot.domain.revisions import Change, Content, changed_fields, clean
from bot.domain.telling import Topic
from bot.domain.visibility import Person, Reader
from bot.usecases.allowed import require_fit, require_member
from bot.usecases.digest import strike
from bot.usecases.forms import as_it_stands, own_draft
from bot.usecases.masking import refuse_secrets
from bot.usecases.prefill import duplicates_of
from bot.usecases.tell import leave_card, redraw_named
from storage.store import Store, Transaction

_NOTE: Final = 500
_UNEXPLAINED: Final = (
    "Nothing is changed that this could explain. Change a field, or empty this to keep only where "
    "it came up."
)
# The lines of a digest that an edit settles; it certifies nothing, so a due entry comes back.
_EDITED: Final = (Section.DUE, Section.FAILING, Section.THIN)


@dataclass(frozen=True)
class Saved:
    """What a form became. `base`: the revision that it edited; None if it recorded the entry.

    Where that revision is still in force, the entry rests on more evidence and says the same.
    `alike`: entries that may already say it, and that did not stand on top of the form.
    """

    entry: Entry
    base: int | None
    alike: tuple[Key, ...] = ()


def save_form(
    store: Store,
    team: TeamId,
    draft_id: DraftId,
    *,
    reader: Reader,
    typed: Mapping[str, Any],
    note: str,
    owner: Person | None,
    now: datetime,
    backup: Person | None = None,
    kind: Kind | None = None,
) -> Saved:
    """Save what the form holds: an entry's first revision, or the next one of the edited entry.

    Submitting the same form again changes nothing and returns what the first submission made.
    `owner` and `backup` are those chosen, if they were, as Slack describes them. `kind` is that of
    the form on the screen: where a change of kind did not reach it, the draft is ahead.

    Raises:
        InvalidInputError: a field can not be kept, or names an entry that is not there.
        RetiredError: the entry was retired while the form was open; the draft keeps what was typed.
        RevisedError: somebody saved another revision; the draft moves onto it and keeps the text.
        NotFoundError, NotAllowedError: the draft is gone or another person's.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        draft = own_draft(tx, draft_id, reader)
        if draft.saved is not None:
            entry = tx.entries.by_id(draft.saved)
            assert entry is not None
            return Saved(entry, draft.base)
        draft = replace(draft, kind=kind or draft.kind)
        values = {name: value for name, value in typed.items() if value}
        values.setdefault("owner", reader.user)
        content = _read(tx, reader, draft, values)
        require_fit(content, draft.values, owner=owner, backup=backup)
        note = _note(note)
        conflict = _conflict(tx, draft, content, note)
        if conflict is None:
            alike = _alike(tx, reader, draft, content)
            entry = _keep(tx, draft, content, note=note, by=reader.user, now=now)
            tx.drafts.put(replace(draft, saved=entry.id, values={}, evidence=()))
            return Saved(entry, draft.base, alike)
    raise conflict


def _read(tx: Transaction, reader: Reader, draft: Draft, values: dict[str, Any]) -> Content:
    content = Content.of(draft.kind, values)
    refuse_secrets(dict(content.values))
    door = tx.entries.visible_to(reader)
    edited = tx.entries.by_id(draft.entry) if draft.entry is not None else None
    before = edited.content.values if edited else {}
    for field in FIELDS[draft.kind]:
        linked = content.values.get(field.name)
        if field.shape is Shape.ENTRY and linked:
            key = Key.parse(str(linked))
            entry = door.get(key) if key and key.kind is field.links_to else None
            if entry is None and linked == before.get(field.name):
                continue  # Somebody linked what this person may not see; it stays linked.
            if entry is None or entry.retired:
                reason = "This entry is not there any more; choose another."
                raise InvalidInputError(reason, {field.name: reason})
    return content


def _conflict(
    tx: Transaction, draft: Draft, content: Content, note: str
) -> RetiredError | RevisedError | None:
    """What moved on since the form was opened; what was typed is kept with the draft.

    Fields that were left as the form showed them take over what was saved meanwhile: saving again
    must not undo what the other person changed.
    """
    if draft.entry is None:
        return None
    entry = tx.entries.by_id(draft.entry, lock=True)
    assert entry is not None
    if entry.retired:
        typed = {field.name: content.values.get(field.name) for field in FIELDS[draft.kind]}
        tx.drafts.put(replace(draft, values={**draft.values, **typed, "note": note}, kept=True))
        return RetiredError(
            f"{entry.key} was retired while you were editing, so this can't be saved. Your text is "
            "kept here: copy what you need, or record it as a new entry."
        )
    if entry.revision.number == draft.base:
        return None
    assert draft.base is not None
    seen = tx.revisions.get(entry.id, draft.base)
    assert seen is not None
    mine = {field.name for field in changed_fields(seen.content, content)}
    values = {
        field.name: (content if field.name in mine else entry.content).values.get(field.name)
        for field in FIELDS[draft.kind]
    }
    # What was captured by another form, which this one took the place of, stays with it too.
    values = {**draft.values, **values, "note": note}
    tx.drafts.put(replace(draft, values=values, base=entry.revision.number, kept=True))
    changed = tuple(field.label for field in changed_fields(seen.content, entry.content))
    said = ", ".join(f"“{label}”" for label in changed) or "nothing you can see"
    return RevisedError(
        f"{entry.cited} was saved while you were editing; it changed {said}. "
        "Your text is still here: compare, then save again.",
        current=entry.revision.number,
        changed=changed,
    )


def _alike(tx: Transaction, reader: Reader, draft: Draft, content: Content) -> tuple[Key, ...]:
    """Of a new entry, those with nearly its title; asked before it is there itself."""
    if draft.entry is not None:
        return ()
    shown = {entry.id for entry in duplicates_of(tx, reader, draft.values)}
    found = duplicates_of(tx, reader, {"title": content.title})
    return tuple(entry.key for entry in found if entry.id not in shown)


def _keep(
    tx: Transaction, draft: Draft, content: Content, *, note: str, by: UserId, now: datetime
) -> Entry:
    draft = as_it_stands(tx, draft)
    before = None if draft.entry is None else tx.entries.by_id(draft.entry)
    if before is None:
        entry = _record(tx, draft, content, note=note, by=by, now=now)
    else:
        entry = _edit(tx, draft, before, content, note=note, by=by, now=now)
    for path in _settled(tx, draft):
        tx.paths.set_state(path, PathState.RECORDED, entry.id)
        tx.audit.add(by, "path_recorded", f"path-{path}", {"entry": str(entry.key)}, now)
        recorded = f"recorded as {entry.key}"
        strike(tx, [Section.UNDOCUMENTED], by=by, outcome=recorded, now=now, path=path)
    if draft.evidence:
        links = [source.permalink for source in draft.evidence]
        tx.audit.add(by, "evidence_added", str(entry.key), {"links": links}, now)
    redraw_named(tx, before, entry, now=now)
    return entry


def _record(
    tx: Transaction, draft: Draft, content: Content, *, note: str, by: UserId, now: datetime
) -> Entry:
    entry = tx.entries.add(
        content,
        home=draft.channel,
        author=by,
        at=now,
        due_at=now + content.review_every,
        note=note,
        thread_ts=draft.thread_ts,
        evidence=draft.evidence,
    )
    leave_card(tx, entry, channel=entry.home, thread_ts=entry.thread_ts, user=by, now=now)
    return entry


def _edit(
    tx: Transaction,
    draft: Draft,
    before: Entry,
    content: Content,
    *,
    note: str,
    by: UserId,
    now: datetime,
) -> Entry:
    """The entry with its next revision; if nothing is changed, with the evidence alone."""
    if changed_fields(before.content, content):
        tx.entries.revise(before.id, content, author=by, at=now, note=note, change=Change.EDITED)
        strike(tx, _EDITED, by=by, outcome="edited", now=now, entry=before.id)
    elif not draft.evidence:
        raise InvalidInputError(
            "Nothing is changed yet.", {"title": "Nothing is changed yet; close the form."}
        )
    elif note:
        raise InvalidInputError("Nothing is changed yet.", {"note": _UNEXPLAINED})
    for source in draft.evidence:
        tx.evidence.add(before.id, source)
    tx.outbox.add(
        Topic.REFRESH,
        channel=before.home,
        user=by,
        payload={"entry": before.id},
        due_at=now,
        at=now,
    )
    entry = tx.entries.by_id(before.id)
    assert entry is not None
    if draft.thread_ts is not None:
        # The thread that it was captured in hears of it too, wherever its own card stands.
        thread_ts = draft.thread_ts
        leave_card(tx, entry, channel=draft.channel, thread_ts=thread_ts, user=by, now=now)
    return entry


def _settled(tx: Transaction, draft: Draft) -> set[PathId]:
    """The open paths that an entry documents: where it came from, and where its thread began."""
    began = tx.paths.begun_by(draft.channel, draft.thread_ts) if draft.thread_ts else []
    source = None if draft.path is None else tx.paths.get(draft.path, lock=True)
    return {*began, *([source.id] if source and source.state is PathState.OPEN else [])}


def _note(typed: str) -> str:
    note = clean(typed or "")
    if len(note) > _NOTE:
        reason = f"{len(note):,} characters; at most {_NOTE} fit. Shorten it."
        raise InvalidInputError(reason, {"note": reason})
    refuse_secrets({"note": note})
    return note
