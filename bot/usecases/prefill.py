"""What a form is filled in with: a thread, an undocumented path, and what is there already."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.domain import likeness
from bot.domain.entries import ChannelId, Entry, Evidence, UserId
from bot.domain.errors import (
    NotFoundError,
)
from bot.domain.kinds import FIELDS, Kind, trigger_field
from bot.domain.paths import PathId, PathState
from bot.domain.recognition import Act, recognise
from bot.domain.threads import Thread, title_of
from bot.domain.visibility import Reader
from bot.usecases.masking import excerpt, mask
from storage.store import Transaction

_EVIDENCE: Final = 10
_DUPLICATES: Final = 3


def is_open(tx: Transaction, path_id: PathId) -> bool:
    """Whether nobody recorded or dismissed an undocumented path yet."""
    path = tx.paths.get(path_id)
    return path is not None and path.state is PathState.OPEN


def of_path(
    tx: Transaction, path_id: PathId, values: dict[str, Any], evidence: tuple[Evidence, ...]
) -> tuple[dict[str, Any], tuple[Evidence, ...]]:
    """The values and evidence of a form, completed from an undocumented path.

    Raises:
        NotFoundError: it was recorded or dismissed meanwhile.
    """
    path = tx.paths.get(path_id)
    if path is None or path.state is not PathState.OPEN:
        raise NotFoundError("This was recorded or dismissed meanwhile; nothing is left to do.")
    if not values.get("title"):
        values = {**values, "title": title_of(path.title)}
    if evidence:
        return values, evidence
    asked = min(path.samples, key=lambda sample: sample.at).excerpt if path.samples else ""
    if asked != values["title"]:
        # What was asked is when it comes up; word for word, as with what a thread suggests.
        values = {trigger_field(path.kind).name: asked} | values
    return values, tuple(
        Evidence(sample.channel, sample.ts, sample.permalink, sample.author, sample.excerpt)
        for sample in path.samples[:_EVIDENCE]
    )


def suggested(
    thread: Thread, chosen: Kind, names: Callable[[UserId], str]
) -> tuple[dict[str, Any], dict[UserId, str]]:
    """What the thread suggests, also for the fields of a kind that is chosen later.

    With it the names that were asked for: of those whom a suggested text mentions.
    """
    values = thread.suggest(chosen)
    own = {field.name for field in FIELDS[chosen]}
    for kind in Kind:
        # Where the chosen kind suggests nothing for a field of its own, another kind does not know
        # better: a handoff's occasion would stand in a decision as its rule again.
        values = {
            name: each for name, each in thread.suggest(kind).items() if name not in own
        } | values
    mentioned = dict.fromkeys(user for said in thread.said for user in said.mentions)
    called = {user: names(user) for user in mentioned if f"@{user}" in str(values)}
    return {name: _named(value, called) for name, value in values.items()}, called


def _named(value: Any, called: Mapping[UserId, str]) -> Any:  # noqa: ANN401 - of any field
    if isinstance(value, list):
        return [_named(part, called) for part in value]
    if isinstance(value, str):
        for user, name in called.items():
            value = value.replace(f"@{user}", f"@{name}")
    return value


def masked(thread: Thread) -> Thread:
    """The thread without the secrets that were pasted into it."""
    return replace(thread, said=tuple(replace(said, text=mask(said.text)) for said in thread.said))


def evidence_of(
    thread: Thread, permalinks: Mapping[str, str], called: Mapping[UserId, str]
) -> tuple[Evidence, ...]:
    """The opening message and those that read like an act, in order; `called` are people's names.

    What a form takes over from a message is thus found in its excerpt, word for word.
    """
    acts = [said for said in thread.said[1:] if recognise(said.text).act is not Act.NONE]
    return tuple(
        Evidence(
            channel=ChannelId(thread.channel),
            ts=said.ts,
            permalink=permalinks[said.ts],
            author=said.user,
            excerpt=_named(excerpt(said.text), called),
        )
        for said in (*thread.said[:1], *acts)[:_EVIDENCE]
    )


def duplicates_of(tx: Transaction, reader: Reader, values: Mapping[str, Any]) -> tuple[Entry, ...]:
    """Entries that may already say it: most of the suggested words are theirs."""
    words = " ".join(
        str(values.get(name) or "") for name in ("title", "trigger", "condition", "rule")
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
