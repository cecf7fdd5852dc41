"""Recording an entry, or another revision of one, through a form that is saved once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.domain import likeness
from bot.domain.digests import Section
from bot.domain.drafts import Draft, DraftId
from bot.domain.entries import ChannelId, Entry, Evidence, Key, TeamId, UserId
from bot.domain.errors import (
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    RetiredError,
    RevisedError,
)
from bot.domain.kinds import FIELDS, Kind, Shape
from bot.domain.paths import PathId, PathState
from bot.domain.recognition import Act, recognise
from bot.domain.revisions import Change, Content, changed_fields, clean
from bot.domain.telling import Topic
from bot.domain.threads import Thread, title_of
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.usecases.allowed import found, require_in_force, require_member
from bot.usecases.digest import strike
from bot.usecases.masking import excerpt, mask, refuse_secrets
from storage.store import Store, Transaction

_EVIDENCE: Final = 10
_DUPLICATES: Final = 3
_NOTE: Final = 500
# The lines of a digest that an edit settles; it certifies nothing, so a due entry comes back.
_EDITED: Final = (Section.DUE, Section.FAILING, Section.THIN)


@dataclass(frozen=True)
class Form:
    """A form as it is shown: its draft, the values in it and what stands on top."""

    draft: Draft
    values: Mapping[str, Any]
    duplicates: tuple[Entry, ...] = ()
    editing: Entry | None = None
    notice: str = ""


@dataclass(frozen=True)
class Saved:
    """What a form became. `first`: this submission saved it, an earlier one did otherwise."""

    entry: Entry
    first: bool
    edited: bool


def open_form(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    channel: Channel | None,
    now: datetime,
    kind: Kind | None = None,
    thread: Thread | None = None,
    permalinks: Mapping[str, str] | None = None,
    path: PathId | None = None,
    title: str = "",
) -> Form:
    """Begin to record in a channel, prefilled from a thread or from an undocumented path.

    `permalinks` maps the timestamps of the thread's messages to their links.

    Raises:
        NotAllowedError: a guest, a stranger, or a channel that Opslore is not in.
        NotFoundError: the path was recorded or dismissed meanwhile.
    """
    require_member(reader)
    if channel is None or not channel.joined:
        raise NotAllowedError(
            "Opslore isn't in this channel, so an entry could not live here. "
            "Invite it with `/invite @Opslore`, or record in a channel where it is."
        )
    if channel.archived:
        raise NotAllowedError("This channel is archived; record in one that is in use.")
    thread = _masked(thread) if thread else None
    chosen = kind or (thread.reads_like() if thread else Kind.DECISION)
    values: dict[str, Any] = thread.suggest(chosen) if thread else {}
    if title:
        values["title"] = title
    evidence = _evidence(thread, permalinks or {}) if thread else ()
    with store.transaction(team) as tx:
        if tx.channels.get(channel.id) is None:
            tx.channels.put(channel)
        if path is not None:
            values, evidence = _from_path(tx, path, values, evidence)
        values |= {"owner": reader.user, "review_every": _days(tx)}
        draft = tx.drafts.add(
            user=reader.user,
            kind=chosen,
            channel=channel.id,
            thread_ts=thread.ts if thread else None,
            path=path,
            values=values,
            evidence=evidence,
            at=now,
        )
        duplicates = _duplicates(tx, reader, values)
    notice = "" if thread is None or thread.whole else _THREAD_SILENT
    return Form(draft, values, duplicates, notice=notice)


def open_edit(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    key: str,
    now: datetime,
    draft: DraftId | None = None,
) -> Form:
    """Begin to edit the revision in force.

    `draft` is a form for a new entry that turned out to be there already: what it was captured from
    becomes evidence of this one.

    Raises:
        NotFoundError, RetiredError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        entry = found(tx.entries.visible_to(reader), key)
        require_in_force(entry)
        earlier = tx.drafts.get(draft, lock=True) if draft is not None else None
        opened = tx.drafts.add(
            user=reader.user,
            kind=entry.key.kind,
            channel=entry.home,
            thread_ts=earlier.thread_ts if earlier else None,
            entry=entry.id,
            base=entry.revision.number,
            path=earlier.path if earlier else None,
            values=dict(entry.content.values),
            evidence=earlier.evidence if earlier and earlier.channel == entry.home else (),
            at=now,
        )
        if earlier is not None:
            tx.drafts.drop(earlier.id)
    return Form(opened, opened.values, editing=entry)


def change_form(
    store: Store,
    team: TeamId,
    draft_id: DraftId,
    *,
    reader: Reader,
    typed: Mapping[str, Any],
    kind: Kind | None = None,
    add_level: bool = False,
) -> Form:
    """Keep what was typed so far and show the form as another kind, or with one level more.

    Raises:
        NotFoundError, NotAllowedError: the draft is gone or another person's.
    """
    with store.transaction(team) as tx:
        draft = _own(tx, draft_id, reader.user)
        values = {**draft.values, **{name: value for name, value in typed.items() if value}}
        if add_level:
            values["levels"] = [*typed.get("levels", []), {}]
        draft = replace(draft, kind=kind or draft.kind, values=values)
        tx.drafts.put(draft)
        editing = tx.entries.by_id(draft.entry) if draft.entry is not None else None
        duplicates = () if editing else _duplicates(tx, reader, values)
    return Form(draft, values, duplicates, editing=editing)


def reopen_form(store: Store, team: TeamId, draft_id: DraftId, *, reader: Reader) -> Form:
    """Show an unsaved draft again, with what was kept of it."""
    return change_form(store, team, draft_id, reader=reader, typed={})


def drop_form(store: Store, team: TeamId, draft_id: DraftId, *, user: UserId) -> None:
    """Forget a form that was closed by the person who opened it."""
    with store.transaction(team) as tx:
        draft = tx.drafts.get(draft_id, lock=True)
        if draft is not None and draft.user == user and draft.saved is None:
            tx.drafts.drop(draft_id)


def save_form(
    store: Store,
    team: TeamId,
    draft_id: DraftId,
    *,
    reader: Reader,
    typed: Mapping[str, Any],
    note: str,
    now: datetime,
) -> Saved:
    """Save what the form holds: an entry's first revision, or the next one of the edited entry.

    Submitting the same form again changes nothing and returns what the first submission made.

    Raises:
        InvalidInputError: a field can not be kept, or names an entry that is not there.
        RetiredError: the entry was retired while the form was open; the draft keeps what was typed.
        RevisedError: somebody saved another revision; the draft moves onto it and keeps the text.
        NotFoundError, NotAllowedError: the draft is gone or another person's.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        draft = _own(tx, draft_id, reader.user)
        if draft.saved is not None:
            entry = tx.entries.by_id(draft.saved)
            assert entry is not None
            return Saved(entry, first=False, edited=draft.entry is not None)
        values = {name: value for name, value in typed.items() if value}
        values.setdefault("owner", reader.user)
        content = _read(tx, reader, draft.kind, values)
        conflict = _conflict(tx, draft, values | {"note": note})
        if conflict is None:
            entry = _keep(tx, draft, content, note=_note(note), by=reader.user, now=now)
            tx.drafts.put(replace(draft, saved=entry.id, values={}, evidence=()))
            return Saved(entry, first=True, edited=draft.entry is not None)
    raise conflict


def _read(tx: Transaction, reader: Reader, kind: Kind, values: dict[str, Any]) -> Content:
    content = Content.of(kind, values)
    refuse_secrets(dict(content.values))
    door = tx.entries.visible_to(reader)
    for field in FIELDS[kind]:
        linked = content.values.get(field.name)
        if field.shape is Shape.ENTRY and linked:
            key = Key.parse(str(linked))
            entry = door.get(key) if key and key.kind is field.links_to else None
            if entry is None or entry.retired:
                reason = "This entry is not there any more; choose another."
                raise InvalidInputError(reason, {field.name: reason})
    return content


def _conflict(
    tx: Transaction, draft: Draft, values: dict[str, Any]
) -> RetiredError | RevisedError | None:
    """What moved on since the form was opened; what was typed is kept with the draft."""
    if draft.entry is None:
        return None
    entry = tx.entries.by_id(draft.entry, lock=True)
    assert entry is not None
    if entry.retired:
        tx.drafts.put(replace(draft, values=values))
        return RetiredError(
            f"{entry.key} was retired while you were editing, so this can't be saved. Your text is "
            "kept here: copy what you need, or record it as a new entry."
        )
    if entry.revision.number == draft.base:
        return None
    assert draft.base is not None
    seen = tx.revisions.get(entry.id, draft.base)
    assert seen is not None
    changed = tuple(field.label for field in changed_fields(seen.content, entry.content))
    tx.drafts.put(replace(draft, values=values, base=entry.revision.number))
    return RevisedError(
        f"{entry.cited} was saved while you were editing; it changed "
        f"{', '.join(changed) or 'nothing you can see'}. Your text is still here: compare, then "
        "save again.",
        current=entry.revision.number,
        changed=changed,
    )


def _keep(
    tx: Transaction, draft: Draft, content: Content, *, note: str, by: UserId, now: datetime
) -> Entry:
    if draft.entry is None:
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
    else:
        before = tx.entries.by_id(draft.entry)
        assert before is not None
        if not changed_fields(before.content, content):
            raise InvalidInputError(
                "Nothing is changed yet.", {"title": "Nothing is changed yet; close the form."}
            )
        entry = tx.entries.revise(
            draft.entry, content, author=by, at=now, note=note, change=Change.EDITED
        )
        for evidence in draft.evidence:
            tx.evidence.add(entry.id, evidence)
    if draft.path is not None:
        tx.paths.set_state(draft.path, PathState.RECORDED, entry.id)
        recorded = f"recorded as {entry.key}"
        strike(tx, [Section.UNDOCUMENTED], by=by, outcome=recorded, now=now, path=draft.path)
    if draft.entry is not None:
        strike(tx, _EDITED, by=by, outcome="edited", now=now, entry=entry.id)
    tx.outbox.add(
        Topic.CARD if draft.entry is None else Topic.REFRESH,
        channel=entry.home,
        thread_ts=entry.thread_ts,
        user=by,
        payload={"entry": entry.id},
        due_at=now,
        at=now,
        once=f"card:{entry.id}" if draft.entry is None else None,
    )
    tx.audit.add(
        actor=by,
        action=entry.revision.change.value,
        subject=str(entry.cited),
        details={"draft": draft.id},
        at=now,
    )
    return entry


def _own(tx: Transaction, draft_id: DraftId, user: UserId) -> Draft:
    draft = tx.drafts.get(draft_id, lock=True)
    if draft is None:
        raise NotFoundError("This form is no longer known. Copy your text and begin a new one.")
    if draft.user != user:
        raise NotAllowedError("This form belongs to somebody else; open one of your own.")
    return draft


def _from_path(
    tx: Transaction, path_id: PathId, values: dict[str, Any], evidence: tuple[Evidence, ...]
) -> tuple[dict[str, Any], tuple[Evidence, ...]]:
    path = tx.paths.get(path_id)
    if path is None or path.state is not PathState.OPEN:
        raise NotFoundError("This was recorded or dismissed meanwhile; nothing is left to do.")
    if not values.get("title"):
        values = {**values, "title": title_of(path.title)}
    if evidence:
        return values, evidence
    return values, tuple(
        Evidence(sample.channel, sample.ts, sample.permalink, sample.author, sample.excerpt)
        for sample in path.samples[:_EVIDENCE]
    )


def _masked(thread: Thread) -> Thread:
    return replace(thread, said=tuple(replace(said, text=mask(said.text)) for said in thread.said))


def _evidence(thread: Thread, permalinks: Mapping[str, str]) -> tuple[Evidence, ...]:
    """The opening message and those that read like an act, in order."""
    acts = [said for said in thread.said[1:] if recognise(said.text).act is not Act.NONE]
    return tuple(
        Evidence(
            channel=ChannelId(thread.channel),
            ts=said.ts,
            permalink=permalinks[said.ts],
            author=said.user,
            excerpt=excerpt(said.text),
        )
        for said in (*thread.said[:1], *acts)[:_EVIDENCE]
    )


def _duplicates(tx: Transaction, reader: Reader, values: Mapping[str, Any]) -> tuple[Entry, ...]:
    """Entries that may already say it: most of the suggested words are theirs."""
    words = " ".join(
        str(values.get(name, "")) for name in ("title", "trigger", "condition", "rule")
    )
    terms = likeness.terms(words)
    if not terms:
        return ()
    likely = tx.entries.visible_to(reader).covering(terms, limit=10)
    scored = [(likeness.alike(terms, likeness.terms(_title_and_when(e))), -e.id, e) for e in likely]
    best = sorted((one for one in scored if one[0] >= likeness.SAME_PATH), key=lambda one: one[:2])
    return tuple(entry for _, _, entry in reversed(best[-_DUPLICATES:]))


def _title_and_when(entry: Entry) -> str:
    return " ".join(entry.content.text(name) for name in ("title", "trigger", "condition", "rule"))


def _days(tx: Transaction) -> int:
    return tx.workspace.get().review_every.days


def _note(typed: str) -> str:
    note = clean(typed or "")
    if len(note) > _NOTE:
        reason = f"{len(note):,} characters; at most {_NOTE} fit. Shorten it."
        raise InvalidInputError(reason, {"note": reason})
    refuse_secrets({"note": note})
    return note


_THREAD_SILENT: Final = (
    "Slack didn't give the whole thread in time, so this form is filled from one message."
)
