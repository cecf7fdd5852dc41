"""The stored rows, read past the store's classes, and the rules that always apply to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import SQLModel, col, select

from bot.domain.approval import ProposalState
from bot.domain.entries import State
from bot.domain.kinds import FIELDS, Shape
from bot.domain.redaction import MARK
from bot.domain.revisions import Change
from storage.search.spelling import tokens
from storage.tables.approval import ApprovalRow, ProposalRow, RequestRow
from storage.tables.entries import EntryRow, LandingRow, LinkRow, RevisionRow
from storage.tables.search import DocumentRow
from storage.transaction import Transaction
from tests.endurance.histories.model import Story, Values

_INSTANT: Final = timedelta(microseconds=1)
_OPEN: Final = {state.value for state in ProposalState if state.open}
_ENDS: Final = {Change.RETIRED.value, Change.SUPERSEDED.value}

# A revision: the key of its entry, and its number.
Name = tuple[str, int]


@dataclass(frozen=True)
class Rows:
    """All rows of a workspace's entries and their approvals, under the keys of the entries."""

    entries: dict[str, dict[str, Any]]
    revisions: dict[Name, dict[str, Any]]
    landings: dict[Name, datetime]
    proposals: dict[int, dict[str, Any]]
    approvals: dict[Name, set[str]]
    requests: dict[int, list[tuple[str, str, int | None]]]
    links: dict[str, dict[str, tuple[str, int]]]
    words: dict[str, tuple[set[str], set[str], set[str]]]

    def landed(self, key: str) -> list[int]:
        """Return the numbers of the revisions that took effect."""
        return [number for entry, number in self.landings if entry == key]


def read(tx: Transaction, stories: dict[str, Story]) -> Rows:
    """Read the present rows of the database."""
    keys = {int(story.id): key for key, story in stories.items()}

    def rows(row: type[SQLModel], *order: str) -> list[dict[str, Any]]:
        columns: Any = row
        query = select(row).where(columns.team_id == tx.team)
        query = query.order_by(*(col(getattr(columns, name)) for name in order))
        return [found.model_dump() for found in tx.session.exec(query)]

    approvals: dict[Name, set[str]] = {}
    for row in rows(ApprovalRow):
        approvals.setdefault((keys[row["entry_id"]], row["revision"]), set()).add(row["by"])
    requests: dict[int, list[tuple[str, str, int | None]]] = {}
    for row in rows(RequestRow, "proposal_id", "number"):
        asked = (row["by"], row["comment"], row["answer"])
        requests.setdefault(row["proposal_id"], []).append(asked)
    links: dict[str, dict[str, tuple[str, int]]] = {key: {} for key in stories}
    for row in rows(LinkRow):
        links[keys[row["entry_id"]]][row["field"]] = (row["to_kind"], row["to_number"])
    return Rows(
        {keys[row["id"]]: row for row in rows(EntryRow)},
        {
            (keys[row["entry_id"]], row["number"]): row
            for row in rows(RevisionRow, "entry_id", "number")
        },
        {
            (keys[row["entry_id"]], row["revision"]): row["at"]
            for row in rows(LandingRow, "entry_id", "revision")
        },
        {row["id"]: row | {"key": keys[row["entry_id"]]} for row in rows(ProposalRow, "id")},
        approvals,
        requests,
        links,
        {
            keys[row["entry_id"]]: (
                set(row["title"].split()),
                set(row["body"].split()),
                set(row["tags"].split()),
            )
            for row in rows(DocumentRow)
        },
    )


@dataclass(frozen=True)
class Step:
    """The changes that one step made to the rows.

    `erased`: the text that it redacted. `own`: revisions that their author was allowed to
    approve. `asked`: how many approvals each revision needed that took effect by approval.
    `read_`: the text that the first approver read.
    """

    before: Rows
    now: Rows
    stories: dict[str, Story]
    erased: str
    own: set[Name]
    asked: dict[Name, int]
    read_: dict[Name, Values]


def rows_match_replay(step: Step) -> None:
    """Check that each row says what the replay of the history says."""
    now = step.now
    for key, story in step.stories.items():
        row, said = now.entries[key], story.now
        assert row["revision"] == story.number, key
        assert row["state"] == (State.RETIRED if story.retired else State.IN_FORCE).value, key
        assert row["superseded_by"] == said.superseded_by, key
        assert (row["title"], row["owner"]) == (said.values["title"], said.values["owner"]), key
        assert row["backup"] == said.values.get("backup", ""), key
        certified = (
            None if row["certified_at"] is None else (row["certified_by"], row["certified_at"])
        )
        assert certified == story.certified, key
        numbers = [number for entry, number in now.revisions if entry == key]
        assert numbers == list(range(1, len(story.texts) + 1)), key
        for number, text in enumerate(story.texts, 1):
            found = now.revisions[key, number]
            assert found["content"] == text.values, (key, number)
            assert (found["author"], found["note"]) == (text.author, text.note), (key, number)
            assert (found["change"], found["effect"]) == (text.change.value, text.effect.value)
            assert (found["superseded_by"], found["at"]) == (text.superseded_by, text.at)
        landings = [(number, at) for (entry, number), at in now.landings.items() if entry == key]
        assert landings == story.landings, key
        approvals = {n: by for (entry, n), by in now.approvals.items() if entry == key}
        assert approvals == {n: set(by) for n, by in story.approvals.items()}, key
    wishes = {
        int(wish.id): (
            key,
            wish.author,
            wish.number,
            wish.base,
            wish.state.value,
            wish.decided_by,
            [(one.by, one.comment, one.answer) for one in wish.asked],
        )
        for key, story in step.stories.items()
        for wish in story.wishes
    }
    columns = ("key", "author", "revision", "base", "state", "decided_by")
    assert {
        each: (*(row[name] for name in columns), now.requests.get(each, []))
        for each, row in now.proposals.items()
    } == wishes


def one_in_force(step: Step) -> None:
    """Check that the last revision to take effect is in force, and that numbers rise."""
    for key, row in step.now.entries.items():
        landed = step.now.landed(key)
        assert row["revision"] == max(landed), key
        assert landed == sorted(set(landed)), key
        times = [step.now.landings[key, number] for number in landed]
        assert times == sorted(times), key
        before = step.before.landed(key)
        assert landed[: len(before)] == before, key
        ended = step.now.revisions[key, row["revision"]]["change"] in _ENDS
        assert (row["state"] == State.RETIRED.value) == ended, key


def nothing_rewritten(step: Step) -> None:
    """Check that no saved content changed, except for a mark in place of a redacted text."""
    for name, before in step.before.revisions.items():
        now = step.now.revisions[name]
        unlike = {column for column in before if before[column] != now[column]}
        if step.erased:
            assert unlike <= {"content", "note", "salt"}, name
            if unlike:
                assert step.erased not in str(now["content"]) + now["note"], name
                assert MARK in str(now["content"]) + now["note"], name
        else:
            assert not unlike, name
    for landing, at in step.before.landings.items():
        assert step.now.landings[landing] == at
    for approved, by in step.before.approvals.items():
        assert by <= step.now.approvals[approved]


def approved_by_others(step: Step) -> None:
    """Check that no one approved their own change without permission, or an outdated revision."""
    for name, by in step.now.approvals.items():
        author = step.now.revisions[name]["author"]
        assert author not in by or name in step.own, name
    for name in step.now.approvals.keys() - step.before.approvals.keys():
        current = {
            (row["key"], row["revision"])
            for row in step.before.proposals.values()
            if row["state"] == ProposalState.PROPOSED.value
        }
        assert name in current, name


def as_approved(step: Step) -> None:
    """Check that the approved text took effect, with as many approvals as were needed."""
    for row in step.now.proposals.values():
        name = (row["key"], row["revision"])
        if row["state"] != ProposalState.IN_FORCE.value:
            assert name not in step.now.landings, name
            continue
        assert name in step.now.landings
        assert len(step.now.approvals[name]) >= step.asked[name], name
        assert step.now.revisions[name]["content"] == step.read_[name], name


def proposed_on_what_is_in_force(step: Step) -> None:
    """Check that waiting changes are based on the revision in force of an entry in use."""
    for row in step.now.proposals.values():
        entry, name = step.now.entries[row["key"]], (row["key"], row["revision"])
        if row["state"] == ProposalState.PROPOSED.value:
            assert row["base"] == entry["revision"], name
            assert row["revision"] > row["base"], name
        if row["state"] in _OPEN and entry["state"] == State.RETIRED.value:
            assert step.now.revisions[name]["change"] == Change.RESTORED.value, name


def found_and_linked(step: Step) -> None:
    """Check that search and links follow the revision in force."""
    for key, row in step.now.entries.items():
        kind = step.stories[key].key.kind
        content = step.now.revisions[key, row["revision"]]["content"]
        assert key in step.now.words, key
        title, body, tags = step.now.words[key]
        assert title == set(tokens(content["title"])), key
        assert tags == set(tokens(" ".join(content.get("tags", [])))), key
        read_in_full = (Shape.TEXT, Shape.URL)
        texts = [content.get(f.name, "") for f in FIELDS[kind] if f.shape in read_in_full]
        assert body == set(tokens(" ".join(texts))), key
        named = {
            each.name: content[each.name]
            for each in FIELDS[kind]
            if each.shape is Shape.ENTRY and each.name in content
        }
        found = {name: step.stories[named[name]].key for name in named}
        assert step.now.links[key] == {
            name: (other.kind.value, other.number) for name, other in found.items()
        }, key


INVARIANTS: Final[tuple[Callable[[Step], None], ...]] = (
    one_in_force,
    nothing_rewritten,
    approved_by_others,
    as_approved,
    proposed_on_what_is_in_force,
    found_and_linked,
    rows_match_replay,
)


def chain_holds(tx: Transaction) -> None:
    """Check that the audit's chain verifies and has a row for every revision."""
    assert tx.audit.verify().fault is None


def read_as_of(tx: Transaction, story: Story, moment: datetime) -> None:
    """Check that the revision in force at any moment is the one in the replay."""
    found, ought = tx.revisions.in_force_at(story.id, moment), story.at(moment)
    if found is None or ought is None:
        assert found is None, (story.key, moment)
        assert ought is None, (story.key, moment)
        return
    assert (found.revision.number, found.since) == ought, (story.key, moment)
    assert found.revision.content.values == story.text(ought[0]).values, (story.key, moment)


def moments(story: Story) -> list[datetime]:
    """Return the moments just before, at and just after each revision took effect."""
    return [at + shift for _, at in story.landings for shift in (-_INSTANT, timedelta(), _INSTANT)]
