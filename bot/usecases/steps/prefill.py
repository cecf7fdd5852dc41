"""Fill in a form from a thread or a gap, and find entries that may already cover it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.domain import likeness
from bot.domain.entries import ChannelId, Entry, Evidence, EvidenceState, Key, UserId
from bot.domain.errors import (
    NotFoundError,
)
from bot.domain.form_drafts import FormDraft
from bot.domain.gaps import GapId, GapState
from bot.domain.kinds import FIELDS, TITLE_LIMIT, Kind, main_field, trigger_field
from bot.domain.prefill import Mark, make_marks
from bot.domain.recognition import SpeechAct, recognise
from bot.domain.threads import Thread, title_of
from bot.domain.visibility import Reader
from bot.usecases.steps.gaps import GAP_CLOSED
from bot.usecases.steps.secrets import excerpt, mask
from storage.hashes import new_salt
from storage.store import Transaction

_EVIDENCE: Final = 10
_DUPLICATES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefilled:
    """The values of a form, the sources of each, and the messages that they were captured from."""

    values: Mapping[str, Any] = field(default_factory=dict)
    filled: tuple[Mark, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def is_gap_open(tx: Transaction, gap_id: GapId) -> bool:
    """Return whether no one has recorded or dismissed a gap."""
    gap = tx.gaps.get(gap_id)
    return gap is not None and gap.state is GapState.OPEN


def fill_from_gap(tx: Transaction, gap_id: GapId, prefilled: Prefilled) -> Prefilled:
    """Complete the values of a form from a gap.

    Raises:
        NotFoundError: someone has recorded or dismissed the gap.
    """
    gap = tx.gaps.get(gap_id)
    if gap is None or gap.state is not GapState.OPEN:
        raise NotFoundError(GAP_CLOSED)
    values = {"title": title_of(gap.title), **prefilled.values}
    filled, salt = prefilled.filled, new_salt()
    for first in sorted(gap.occurrences, key=lambda occurrence: occurrence.at)[:1]:
        if not prefilled.evidence and first.excerpt != values["title"]:
            # The question is the trigger, word for word, as in a form that is filled in from a
            # thread.
            values = {trigger_field(gap.kind).name: first.excerpt, **values}
        for name, value in values.items():
            if name not in prefilled.values:
                filled += make_marks(name, value, ((first.ts,),), channel=first.channel, salt=salt)
    evidence = prefilled.evidence or tuple(
        Evidence(
            channel=occurrence.channel,
            ts=occurrence.ts,
            permalink=occurrence.permalink,
            author=occurrence.author,
            excerpt=occurrence.excerpt,
        )
        for occurrence in gap.occurrences[:_EVIDENCE]
    )
    return Prefilled(values=values, filled=filled, evidence=evidence)


def fill_from_title(kind: Kind, typed: str) -> dict[str, Any]:
    """Return a typed text as title; if it's too long, as main field, with a shorter title."""
    if len(typed) <= TITLE_LIMIT:
        return {"title": typed}
    return {"title": title_of(typed), main_field(kind).name: typed}


def fill_from_thread(
    thread: Thread, chosen: Kind, permalinks: Mapping[str, str], names: Callable[[UserId], str]
) -> Prefilled:
    """Return the values that a thread suggests, also for kinds that may be chosen later.

    `names` returns the name of a person whom a suggested text mentions.
    """
    suggestions = thread.suggest(chosen)
    own = {field.name for field in FIELDS[chosen]}
    for kind in Kind:
        # Another kind's suggestion isn't used for a field of the chosen kind: a handoff's trigger
        # would also become a decision's rule.
        suggestions = {
            name: suggestion for name, suggestion in thread.suggest(kind).items() if name not in own
        } | suggestions
    people = dict.fromkeys(
        user for message in thread.messages for user in (message.user, *message.mentions)
    )
    texts = str([suggestion.value for suggestion in suggestions.values()])
    names_by_id = {user: names(user) for user in people if f"@{user}" in texts}
    values = {
        name: _with_names(suggestion.value, names_by_id) for name, suggestion in suggestions.items()
    }
    salt, channel = new_salt(), ChannelId(thread.channel)
    filled = tuple(
        mark
        for name, suggestion in suggestions.items()
        for mark in make_marks(name, values[name], suggestion.sources, channel=channel, salt=salt)
    )
    return Prefilled(
        values=values, filled=filled, evidence=_collect_evidence(thread, permalinks, names_by_id)
    )


def drop_changed_text(tx: Transaction, draft: FormDraft, read: Thread | None = None) -> FormDraft:
    """Return the draft without the text of messages that changed after they were read.

    If a message was edited after the thread was `read`, its new text isn't stored anywhere, so its
    excerpt stays empty until the next edit.
    """
    edits_read = (
        {(read.channel, message.ts): message.edited for message in read.messages} if read else {}
    )
    for message, edited in tx.messages.find_edits(draft.sources).items():
        if edited > edits_read.get(message, edited):
            draft = draft.edited(*message, "", "")
    for channel, ts in tx.messages.find_deleted(draft.sources):
        draft = draft.deleted(channel, ts)
    return draft


def _with_names(value: Any, names_by_id: Mapping[UserId, str]) -> Any:  # noqa: ANN401 - of any field
    if isinstance(value, list):
        return [_with_names(part, names_by_id) for part in value]
    if isinstance(value, str):
        for user, name in names_by_id.items():
            value = value.replace(f"@{user}", f"@{name}")
    return value


def require_thread(thread: Thread) -> Thread:
    """Return the thread.

    Raises:
        NotFoundError: it was deleted, so there is nothing to fill a form from.
    """
    if thread.gone:
        raise NotFoundError(_GONE)
    return thread


def explain_prefill(thread: Thread | None, draft: FormDraft) -> str:
    """Return why a form isn't filled in from its whole thread; empty if it is."""
    edited = any(source.state is EvidenceState.EDITED for source in draft.evidence)
    if edited or any(mark.gone for mark in draft.filled):
        return _CHANGED
    if thread is None:
        return ""
    if not thread.messages:
        return _EMPTY if thread.is_complete else _UNREAD
    if thread.first is not None:
        return _LONG.format(thread.first)
    return "" if thread.is_complete else _SILENT


def mask_thread(thread: Thread) -> Thread:
    """Return the thread with its secrets masked."""
    return replace(
        thread,
        messages=tuple(replace(message, text=mask(message.text)) for message in thread.messages),
    )


def _collect_evidence(
    thread: Thread, permalinks: Mapping[str, str], names_by_id: Mapping[UserId, str]
) -> tuple[Evidence, ...]:
    """Return the first message and those with a speech act; `names_by_id` are people's names."""
    acts = [
        message
        for message in thread.messages[1:]
        if recognise(message.text).act is not SpeechAct.NONE
    ]
    return tuple(
        Evidence(
            channel=ChannelId(thread.channel),
            ts=message.ts,
            permalink=permalinks[message.ts],
            author=message.user,
            excerpt=_with_names(excerpt(message.text), names_by_id),
        )
        for message in (*thread.messages[:1], *acts)[:_EVIDENCE]
    )


def find_duplicates(
    tx: Transaction, reader: Reader, values: Mapping[str, Any]
) -> tuple[Entry, ...]:
    """Return the entries that contain most of the suggested words, so may already cover this."""
    words = " ".join(
        str(values.get(name) or "") for name in ("title", "trigger", "condition", "rule")
    )
    terms = likeness.terms(words)
    if not terms:
        return ()
    candidates = tx.entries.visible_to(reader).covering(terms, limit=10, drafts=True)
    scored = [
        (likeness.similarity(terms, likeness.terms(_compared_text(e))), -e.id, e)
        for e in candidates
    ]
    best = sorted(
        (candidate for candidate in scored if candidate[0] >= likeness.SAME_PATH),
        key=lambda candidate: candidate[:2],
    )
    return tuple(entry for _, _, entry in reversed(best[-_DUPLICATES:]))


def list_similar(tx: Transaction, reader: Reader, draft: FormDraft, title: str) -> tuple[Key, ...]:
    """Return the entries with nearly the title of a new one that its form did not show."""
    if draft.entry is not None:
        return ()
    shown = {entry.id for entry in find_duplicates(tx, reader, draft.values)}
    similar = find_duplicates(tx, reader, {"title": title})
    return tuple(entry.key for entry in similar if entry.id not in shown)


def _compared_text(entry: Entry) -> str:
    return " ".join(entry.content.text(name) for name in ("title", "trigger", "condition", "rule"))


_GONE: Final = (
    "The message was deleted, so there is nothing to fill the form from. Open an empty form with "
    "`/lore record`."
)
_EMPTY: Final = "The message has no usable text, so the form is empty. Fill it in yourself."
_UNREAD: Final = (
    "Slack didn't return the thread in time, so the form is empty. Fill it in yourself, or cancel "
    "and try again."
)
_SILENT: Final = (
    "Slack didn't return the whole thread in time, so this form is filled in from one message. Add "
    "the rest yourself, or cancel and try again."
)
_LONG: Final = (
    "This thread is long, so the form is filled in from its first {:,} messages. Add what came "
    "after them."
)
_CHANGED: Final = (
    "A message was just edited or deleted, so its old text is left out of this form. Close this "
    "form and record the thread again to use the current text."
)
