"""The expected state: the history of each entry, replayed on plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.approval import ProposalId, ProposalState
from bot.domain.entries import ChannelId, EntryId, Key, UserId
from bot.domain.kinds import FIELDS, Kind, Shape
from bot.domain.redaction import MARK
from bot.domain.revisions import Change, Effect

Values = dict[str, Any]

# The fields that don't change the rule itself, as docs/approval.md lists them.
_WORDING = {"title", "rationale", "runbook", "owner", "backup", "review_every", "tags"}
_CHOSEN = {Shape.USER, Shape.ENTRY, Shape.DAYS, Shape.LEVELS}


@dataclass
class Text:
    """A revision's original text."""

    values: Values
    author: str
    note: str
    change: Change
    effect: Effect
    superseded_by: str
    at: datetime


@dataclass
class Asked:
    """A request for changes, and the revision that the author wrote after it."""

    by: str
    comment: str
    answer: int | None = None


@dataclass
class Wish:
    """A proposal: the number of its last revision, and of the revision it is based on.

    `owner`: the owner of the entry when it was opened.
    """

    id: ProposalId
    author: str
    number: int
    base: int
    owner: str
    state: ProposalState = ProposalState.PROPOSED
    decided_by: str | None = None
    asked: list[Asked] = field(default_factory=list)


@dataclass
class Story:
    """The history of one entry; its revisions are numbered from 1."""

    id: EntryId
    key: Key
    home: ChannelId
    texts: list[Text] = field(default_factory=list)
    landings: list[tuple[int, datetime]] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    approvals: dict[int, list[str]] = field(default_factory=dict)
    certified: tuple[str, datetime] | None = None

    @property
    def number(self) -> int:
        return self.landings[-1][0]

    @property
    def now(self) -> Text:
        return self.text(self.number)

    @property
    def owner(self) -> UserId:
        return UserId(self.now.values["owner"])

    @property
    def retired(self) -> bool:
        return self.now.change in (Change.RETIRED, Change.SUPERSEDED)

    @property
    def open(self) -> list[Wish]:
        return [wish for wish in self.wishes if wish.state.open]

    def text(self, number: int) -> Text:
        return self.texts[number - 1]

    def at(self, moment: datetime) -> tuple[int, datetime] | None:
        """Return what was in force at a moment, and since when."""
        found = [landing for landing in self.landings if landing[1] <= moment]
        return found[-1] if found else None

    def write(self, text: Text) -> int:
        self.texts.append(text)
        return len(self.texts)

    def land(self, number: int, at: datetime, *, by: str) -> None:
        """Put a revision in force; rebase, send back or end each other open proposal."""
        self.landings.append((number, at))
        if self.now.effect is Effect.RULE:
            self.certified = None
        for wish in self.open:
            said = self.text(wish.number)
            if self.retired and said.change is not Change.RESTORED:
                wish.state, wish.decided_by = ProposalState.WITHDRAWN, by
            elif contested(self, wish):
                if said.change in (Change.OWNER, Change.BACKUP):
                    wish.state, wish.decided_by = ProposalState.WITHDRAWN, by
                elif wish.state is ProposalState.PROPOSED:
                    wish.state, wish.decided_by = ProposalState.CHANGES_REQUESTED, by
            else:
                merged = merge(self.text(wish.base).values, said.values, self.now.values)
                if merged.get("backup") == merged["owner"]:
                    del merged["backup"]
                ends = self.retired or said.change.retires
                if not ends and not differing(merged, self.now.values):
                    wish.state, wish.decided_by = ProposalState.WITHDRAWN, by
                    continue
                wish.base = number
                wish.number = self.write(
                    Text(
                        merged,
                        said.author,
                        said.note,
                        said.change,
                        said.effect,
                        said.superseded_by,
                        at,
                    )
                )

    def erase(self, text: str) -> bool:
        """Replace a text with a mark, and return whether it occurred anywhere."""
        found = False
        for said in self.texts:
            values = erased_from(said.values, text, self.key.kind)
            note = said.note.replace(text, MARK)
            found |= (values, note) != (said.values, said.note)
            said.values, said.note = values, note
        for wish in self.wishes:
            for asked in wish.asked:
                comment = asked.comment.replace(text, MARK)
                found |= comment != asked.comment
                asked.comment = comment
        return found


def differing(one: Values, other: Values) -> set[str]:
    """Return the fields in which two contents differ."""
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def merge(base: Values, mine: Values, now: Values) -> Values:
    """Return the present content with this person's changes."""
    changed = differing(base, mine)
    merged = {name: value for name, value in now.items() if name not in changed}
    return merged | {name: mine[name] for name in changed if name in mine}


def contested(story: Story, wish: Wish) -> set[str]:
    """Return the fields that both people changed differently."""
    base, mine = story.text(wish.base).values, story.text(wish.number).values
    both = differing(base, mine) & differing(base, story.now.values)
    return {name for name in both if mine.get(name) != story.now.values.get(name)}


def followable(said: Text, kind: Kind) -> bool:
    """Return whether a revision can be approved: an escalation in use notifies someone."""
    ends = said.change in (Change.RETIRED, Change.SUPERSEDED)
    return ends or kind is not Kind.ESCALATION or bool(said.values.get("levels"))


def suggested(changed: set[str]) -> Effect:
    """Return the kind of a change, by the fields it changes."""
    return Effect.WORDING if changed <= _WORDING else Effect.RULE


def erased_from(values: Values, text: str, kind: Kind) -> Values:
    """Return the content with a mark at each place of the text."""
    shapes = {each.name: each.shape for each in FIELDS[kind]}
    return {name: _without(value, text, shapes[name]) for name, value in values.items()}


def _without(value: Any, text: str, shape: Shape) -> Any:  # noqa: ANN401 - the value of any field
    if shape in _CHOSEN:
        return value
    if isinstance(value, list):
        tag = "-".join(text.lower().split())
        return [str(part).replace(text, MARK).replace(tag, MARK) for part in value]
    return str(value).replace(text, MARK)
