"""Fill in a form from threads or a typed title, and say if that couldn't be done in full."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from bot.domain.entries import ChannelId, Evidence, EvidenceState, UserId
from bot.domain.errors import NotFoundError
from bot.domain.form_drafts import FormDraft
from bot.domain.kinds import TITLE_LIMIT, Kind, main_field
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.terms import terms
from bot.domain.messages import MOST_NAMED
from bot.domain.prefill import Mark, Source, make_marks
from bot.domain.recognition import read
from bot.domain.threads import Thread
from bot.usecases.steps.secrets import excerpt, mask
from storage.hashes import new_salt
from storage.store import Transaction

if TYPE_CHECKING:
    from bot.domain.listening.drafts import EntryDraft, Sources

_EVIDENCE: Final = 10
_LONGEST_FALLBACK: Final = 1000  # characters of `Last resort`

# The link of a message, from its channel, its timestamp and the timestamp of its thread.
Permalink = Callable[[ChannelId, str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefilled:
    """The values of a form, the sources of each, and the messages that they were captured from.

    `kind`: the kind that the threads read like, or the chosen one. `answerer`: who settles it.
    """

    kind: Kind = Kind.DECISION
    values: Mapping[str, Any] = field(default_factory=dict)
    filled: tuple[Mark, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    answerer: UserId | None = None


def fill_from_title(kind: Kind, typed: str) -> dict[str, Any]:
    """Return a typed text as title; if it's too long, as main field, with a shorter title."""
    if len(typed) <= TITLE_LIMIT:
        return {"title": typed}
    from bot.domain.listening.titles import title_of  # noqa: PLC0415 - costs start-up

    return {"title": title_of(typed), main_field(kind).name: typed}


def fill_from_threads(
    threads: Sequence[Thread],
    chosen: Kind | None,
    permalink: Permalink,
    names: Callable[[UserId], str],
    gap_title: str = "",
) -> Prefilled:
    """Return the values that the threads suggest, also for kinds that may be chosen later.

    The threads are about one matter. `names` returns the name of a person whom a suggested text
    mentions. `gap_title`: the title under which people know the matter. It goes before a new one
    if it's from a message of these threads.
    """
    from bot.domain.listening.drafts import draft_entry  # noqa: PLC0415 - costs start-up

    conversations = [thread.conversation() for thread in threads if thread.messages]
    if not conversations:
        return Prefilled(kind=chosen or Kind.DECISION)
    conversations.sort(key=lambda conversation: conversation.messages[0].ts)
    readings = [
        [read(said, conversation.messages[:at]) for at, said in enumerate(conversation.messages)]
        for conversation in conversations
    ]
    draft = draft_entry(conversations, readings, chosen)
    suggested = {name: parts for name, parts in _suggest(draft).items() if parts[0]}
    if origin := _find_origin(gap_title, conversations):
        suggested["title"] = (gap_title, (origin,))
    people = {
        user
        for conversation in conversations
        for said in conversation.messages
        for user in (said.user, *said.mentions)
    }
    texts = str([value for value, _ in suggested.values()])
    texts += " ".join(said.text for said in draft.evidence)
    mentioned = [user for user in sorted(people) if f"@{user}" in texts]
    names_by_id = {user: names(user) for user in mentioned[:MOST_NAMED]}
    values = {name: _with_names(value, names_by_id) for name, (value, _) in suggested.items()}
    answers = {said.ts for parts in draft.sources["rule"] for said in parts}
    salt = new_salt()
    return Prefilled(
        kind=draft.kind,
        values=values,
        filled=tuple(
            mark
            for name, (_, sources) in suggested.items()
            for mark in make_marks(name, values[name], _described(sources, answers), salt=salt)
        ),
        evidence=_collect_evidence(draft.evidence, permalink, names_by_id),
        answerer=draft.owner,
    )


def _suggest(draft: "EntryDraft") -> "dict[str, tuple[Any, Sources]]":
    """Return the value of each field of all kinds, and the messages that its parts are from."""
    from bot.domain.listening.levels import last_resort  # noqa: PLC0415 - costs start-up

    sources = draft.sources
    trigger = (draft.trigger, sources["trigger"])
    rule = (draft.rule, sources["rule"])
    levels = [
        {"whom": [*level.users], **({"wait": level.wait} if level.wait else {})}
        for level in draft.levels
    ]
    to = ", ".join(f"@{user}" for user in draft.receivers)
    # Its author isn't part of the text, so an edit of the message doesn't remove them.
    sender = (f"@{draft.sender}" if draft.sender else "", ((),))
    answers = [said for part in sources["rule"] for said in part]
    rest = last_resort(draft.rule, answers, draft.levels)
    fits = draft.trigger and len(rest) <= _LONGEST_FALLBACK
    return {
        "title": (draft.title, sources["title"]),
        "trigger": trigger,
        # One message alone says what goes wrong, whatever else it says.
        "condition": trigger if draft.trigger else rule,
        "rule": rule,
        "fallback": (rest, sources["rule"][-len(rest.splitlines()) :]) if fits else ("", ()),
        "rationale": (draft.rationale, sources["rationale"]),
        "from": sender,
        "to": (to, sources["to"]),
        "payload": (list(draft.payload), sources["payload"]),
        "levels": (levels, sources["levels"]),
    }


def _find_origin(title: str, conversations: Iterable[Conversation]) -> tuple[Said, ...]:
    """Return the messages that a gap's title may be from."""
    words = set(terms(title))
    return tuple(
        said
        for conversation in conversations
        for said in conversation.messages
        if words and words <= set(terms(said.text))
    )


def _described(sources: "Sources", answers: set[str]) -> list[list[Source]]:
    return [
        [
            Source(channel=said.channel, ts=said.ts, author=said.user, answers=said.ts in answers)
            for said in part
        ]
        for part in sources
    ]


def drop_changed_text(
    tx: Transaction, draft: FormDraft, threads: Iterable[Thread] = ()
) -> FormDraft:
    """Return the draft without the text of messages that changed after they were read.

    If a message was edited after its thread was read, its new text isn't stored anywhere, so its
    excerpt stays empty until the next edit.
    """
    edits_read = {
        (thread.channel, message.ts): message.edited
        for thread in threads
        for message in thread.messages
    }
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


def explain_prefill(thread: Thread | None, draft: FormDraft, others: Sequence[Thread] = ()) -> str:
    """Return why a form isn't filled in from its whole threads; empty if it is."""
    edited = any(source.state is EvidenceState.EDITED for source in draft.evidence)
    if edited or any(mark.gone for mark in draft.filled):
        return _CHANGED
    if thread is None:
        return "" if all(other.is_complete for other in others) else _EXCERPTS
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
    messages: Sequence[Said], permalink: Permalink, names_by_id: Mapping[UserId, str]
) -> tuple[Evidence, ...]:
    """Return the openings and answers as evidence, the latest if there are too many."""
    return tuple(
        Evidence(
            channel=said.channel,
            ts=said.ts,
            permalink=permalink(said.channel, said.ts, said.root),
            author=said.user,
            excerpt=_with_names(excerpt(said.text), names_by_id),
        )
        for said in messages[-_EVIDENCE:]
    )


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
_EXCERPTS: Final = (
    "Slack didn't return every thread in time, so parts of this form come from short excerpts. "
    "Complete them yourself, or cancel and try again."
)
