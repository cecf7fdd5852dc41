"""What a form is filled in with: a thread, an undocumented path, and what is there already."""

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
from bot.domain.prefill import Mark, marks
from bot.domain.recognition import SpeechAct, recognise
from bot.domain.threads import Thread, title_of
from bot.domain.visibility import Reader
from bot.usecases.steps.gaps import DEALT_WITH
from bot.usecases.steps.secrets import excerpt, mask
from storage.hashes import new_salt
from storage.store import Transaction

_EVIDENCE: Final = 10
_DUPLICATES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefilled:
    """What a form is filled in with, where from, and the messages that it was captured from."""

    values: Mapping[str, Any] = field(default_factory=dict)
    filled: tuple[Mark, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def is_open(tx: Transaction, gap_id: GapId) -> bool:
    """Whether nobody recorded or dismissed an undocumented path yet."""
    gap = tx.gaps.get(gap_id)
    return gap is not None and gap.state is GapState.OPEN


def of_gap(tx: Transaction, gap_id: GapId, begun: Prefilled) -> Prefilled:
    """What a form is filled in with, completed from an undocumented path.

    Raises:
        NotFoundError: it was recorded or dismissed meanwhile.
    """
    gap = tx.gaps.get(gap_id)
    if gap is None or gap.state is not GapState.OPEN:
        raise NotFoundError(DEALT_WITH)
    taken = {"title": title_of(gap.title), **begun.values}
    filled, salt = begun.filled, new_salt()
    for first in sorted(gap.occurrences, key=lambda occurrence: occurrence.at)[:1]:
        if not begun.evidence and first.excerpt != taken["title"]:
            # What was asked is when it comes up; word for word, as with what a thread suggests.
            taken = {trigger_field(gap.kind).name: first.excerpt, **taken}
        for name, value in taken.items():
            if name not in begun.values:
                filled += marks(name, value, ((first.ts,),), channel=first.channel, salt=salt)
    evidence = begun.evidence or tuple(
        Evidence(
            channel=occurrence.channel,
            ts=occurrence.ts,
            permalink=occurrence.permalink,
            author=occurrence.author,
            excerpt=occurrence.excerpt,
        )
        for occurrence in gap.occurrences[:_EVIDENCE]
    )
    return Prefilled(values=taken, filled=filled, evidence=evidence)


def of_title(kind: Kind, typed: str) -> dict[str, Any]:
    """A title; a text that is too long for one goes where there is room, and is given a title."""
    if len(typed) <= TITLE_LIMIT:
        return {"title": typed}
    return {"title": title_of(typed), main_field(kind).name: typed}


def of_thread(
    thread: Thread, chosen: Kind, permalinks: Mapping[str, str], names: Callable[[UserId], str]
) -> Prefilled:
    """What the thread suggests, also for the fields of a kind that is chosen later.

    `names` gives the name of a person whom a suggested text mentions.
    """
    taken = thread.suggest(chosen)
    own = {field.name for field in FIELDS[chosen]}
    for kind in Kind:
        # Where the chosen kind suggests nothing for a field of its own, another kind does not know
        # better: a handoff's occasion would stand in a decision as its rule again.
        taken = {
            name: each for name, each in thread.suggest(kind).items() if name not in own
        } | taken
    people = dict.fromkeys(user for said in thread.messages for user in (said.user, *said.mentions))
    texts = str([each.value for each in taken.values()])
    called = {user: names(user) for user in people if f"@{user}" in texts}
    values = {name: _named(each.value, called) for name, each in taken.items()}
    salt, channel = new_salt(), ChannelId(thread.channel)
    filled = tuple(
        mark
        for name, each in taken.items()
        for mark in marks(name, values[name], each.sources, channel=channel, salt=salt)
    )
    return Prefilled(
        values=values, filled=filled, evidence=_evidence_of(thread, permalinks, called)
    )


def as_it_stands(tx: Transaction, draft: FormDraft, read: Thread | None = None) -> FormDraft:
    """The draft without the words of messages that changed since they were read.

    Of one that was edited since the thread was `read`, what it says now is not kept anywhere: its
    excerpt is empty until it is edited again.
    """
    said = {(read.channel, said.ts): said.edited for said in read.messages} if read else {}
    for message, edited in tx.messages.find_edits(draft.sources).items():
        if edited > said.get(message, edited):
            draft = draft.edited(*message, "", "")
    for channel, ts in tx.messages.find_deleted(draft.sources):
        draft = draft.deleted(channel, ts)
    return draft


def _named(value: Any, called: Mapping[UserId, str]) -> Any:  # noqa: ANN401 - of any field
    if isinstance(value, list):
        return [_named(part, called) for part in value]
    if isinstance(value, str):
        for user, name in called.items():
            value = value.replace(f"@{user}", f"@{name}")
    return value


def there(thread: Thread) -> Thread:
    """The thread, unless it was deleted.

    Raises:
        NotFoundError: it was, so that nothing is left to record from.
    """
    if thread.gone:
        raise NotFoundError(_GONE)
    return thread


def notice_of(thread: Thread | None, draft: FormDraft) -> str:
    """What a form says of a thread that it could not be filled from, or not from all of it."""
    edited = any(source.state is EvidenceState.EDITED for source in draft.evidence)
    if edited or any(mark.gone for mark in draft.filled):
        return _CHANGED
    if thread is None:
        return ""
    if not thread.messages:
        return _EMPTY if thread.whole else _UNREAD
    if thread.first is not None:
        return _LONG.format(thread.first)
    return "" if thread.whole else _SILENT


def masked(thread: Thread) -> Thread:
    """The thread without the secrets that were pasted into it."""
    return replace(
        thread, messages=tuple(replace(said, text=mask(said.text)) for said in thread.messages)
    )


def _evidence_of(
    thread: Thread, permalinks: Mapping[str, str], called: Mapping[UserId, str]
) -> tuple[Evidence, ...]:
    """The opening message and those that read like an act; `called` are people's names."""
    acts = [said for said in thread.messages[1:] if recognise(said.text).act is not SpeechAct.NONE]
    return tuple(
        Evidence(
            channel=ChannelId(thread.channel),
            ts=said.ts,
            permalink=permalinks[said.ts],
            author=said.user,
            excerpt=_named(excerpt(said.text), called),
        )
        for said in (*thread.messages[:1], *acts)[:_EVIDENCE]
    )


def duplicates_of(tx: Transaction, reader: Reader, values: Mapping[str, Any]) -> tuple[Entry, ...]:
    """Entries that may already say it: most of the suggested words are theirs."""
    words = " ".join(
        str(values.get(name) or "") for name in ("title", "trigger", "condition", "rule")
    )
    terms = likeness.terms(words)
    if not terms:
        return ()
    likely = tx.entries.visible_to(reader).covering(terms, limit=10, drafts=True)
    scored = [(likeness.alike(terms, likeness.terms(_title_and_when(e))), -e.id, e) for e in likely]
    best = sorted((one for one in scored if one[0] >= likeness.SAME_PATH), key=lambda one: one[:2])
    return tuple(entry for _, _, entry in reversed(best[-_DUPLICATES:]))


def list_similar(tx: Transaction, reader: Reader, draft: FormDraft, title: str) -> tuple[Key, ...]:
    """Return the entries with nearly the title of a new one that its form did not show."""
    if draft.entry is not None:
        return ()
    shown = {entry.id for entry in duplicates_of(tx, reader, draft.values)}
    similar = duplicates_of(tx, reader, {"title": title})
    return tuple(entry.key for entry in similar if entry.id not in shown)


def _title_and_when(entry: Entry) -> str:
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
