"""Permissions: every cell of the table in docs/approval.md is tried."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

import pytest

from bot.domain.approval import ApprovalPolicy, Proposal, ProposalState
from bot.domain.entries import ChannelId, Entry, Outcome, UserId
from bot.domain.errors import NotFoundError, OpsloreError
from bot.domain.revisions import (
    Change,
    Effect,
)
from bot.domain.visibility import Person, Reader
from bot.usecases.approval.approve import approve_proposal, request_changes, withdraw_proposal
from bot.usecases.entries.forms import open_edit, open_form
from bot.usecases.entries.record import SubmittedForm, save_form
from bot.usecases.entries.retire import restore_revision, retire_entry
from bot.usecases.entries.use import UseReport, use_entry
from bot.usecases.ownership.owner import change_owner, give_at_once, with_owner
from bot.usecases.ownership.transfer import transfer_entries
from bot.usecases.review.verdicts import certify_entry
from bot.usecases.steps.changes import NewRevision, change_entry
from bot.usecases.steps.draft_entries import propose_draft, revise_draft
from storage.store import Store
from tests.support.storage_makers import (
    NOW,
    OPS,
    SECRET,
    SIDE,
    TEAM,
    add,
    channels,
    content,
    revise,
)

DOCS: Final = Path(__file__).parents[2] / "docs" / "approval.md"

SETTINGS: Final = {
    "1": ApprovalPolicy(),
    "2": ApprovalPolicy(approvals=2),
    "self": ApprovalPolicy(self_approval=True),
    "off": ApprovalPolicy(on=False),
    "alone": ApprovalPolicy(),
    "private": ApprovalPolicy(),
}
INSIDE: Final = {"author", "member", "guest", "stranger", "bot", "deactivated", "someone"}
# An entry has these people only after it got another owner.
CHANGED: Final = {"former owner", "new owner"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A person about to act on an entry with a proposed change."""

    store: Store
    entry: Entry
    proposal: Proposal
    reader: Reader
    is_alone: bool

    @property
    def key(self) -> str:
        return str(self.entry.key)

    def alone(self, *_: object) -> bool:
        return self.is_alone

    def revisions_in_force(self) -> list[int]:
        with self.store.read(TEAM) as tx:
            return sorted(tx.revisions.landings(self.entry.id, 1, 99))

    def state(self) -> Proposal:
        with self.store.read(TEAM) as tx:
            proposal = tx.proposals.get(self.proposal.id)
        assert proposal is not None
        return proposal

    def open_proposals(self) -> int:
        with self.store.read(TEAM) as tx:
            return len(tx.proposals.of(self.entry.id))


def approve(case: Case) -> str:
    number = case.proposal.revision.number
    approve_proposal(
        case.store,
        TEAM,
        case.proposal.id,
        revision=number,
        reader=case.reader,
        is_alone=case.alone,
        now=NOW,
    )
    assert case.reader.user in case.state().approved_by
    return "yes" if number in case.revisions_in_force() else "counts"


def request(case: Case) -> str:
    request_changes(
        case.store,
        TEAM,
        case.proposal.id,
        revision=case.proposal.revision.number,
        comment="Say how long.",
        reader=case.reader,
        is_alone=case.alone,
        now=NOW,
    )
    assert case.state().state is ProposalState.CHANGES_REQUESTED
    return "yes"


def withdraw(case: Case) -> str:
    withdraw_proposal(case.store, TEAM, case.proposal.id, reader=case.reader, now=NOW)
    assert case.state().state is ProposalState.WITHDRAWN
    return "yes"


def edit(case: Case) -> str:
    def act() -> None:
        form = open_edit(case.store, TEAM, reader=case.reader, key=case.key, now=NOW)
        save_form(
            case.store,
            TEAM,
            form.draft.id,
            SubmittedForm(typed={**form.values, "exceptions": "None."}, note="It came up."),
            reader=case.reader,
            is_alone=case.alone,
            now=NOW,
        )

    return _changes(case, act)


def retire(case: Case) -> str:
    return _changes(
        case,
        lambda: retire_entry(
            case.store,
            TEAM,
            reader=case.reader,
            key=case.key,
            note="No longer done.",
            is_alone=case.alone,
            now=NOW,
        ),
    )


def restore(case: Case) -> str:
    return _changes(
        case,
        lambda: restore_revision(
            case.store,
            TEAM,
            reader=case.reader,
            key=case.key,
            number=1,
            note="It was better.",
            is_alone=case.alone,
            now=NOW,
        ),
    )


def certify(case: Case) -> str:
    certify_entry(case.store, TEAM, reader=case.reader, key=case.key, now=NOW)
    with case.store.read(TEAM) as tx:
        entry = tx.entries.by_id(case.entry.id)
    assert entry is not None
    assert entry.certified_by == case.reader.user
    return "yes"


def give(case: Case) -> str:
    return _changes(case, lambda: _own(case, person("someone", case.entry.home)))


def take_over(case: Case) -> str:
    if case.entry.owner == case.reader.user:
        _own(case, case.reader)
        return "-"
    return _changes(case, lambda: _own(case, case.reader))


def transfer(case: Case) -> str:
    """Transfer everything that the owner has to another member of the channel."""
    holder = _holder(case)
    someone = person("someone", case.entry.home)

    def act() -> None:
        found = transfer_entries(
            case.store,
            TEAM,
            reader=case.reader,
            giver=holder,
            receiver=someone,
            asked_at=NOW,
            now=NOW,
        )
        if not found.total:
            raise NotFoundError("Nothing passes on.")

    return _changes(case, act)


def _holder(case: Case) -> Reader:
    """Return the owner of the entry for this column."""
    return person(case.entry.owner.removeprefix("U-").replace("-", " "), case.entry.home)


def _own(case: Case, owner: Reader) -> None:
    holder = _holder(case)
    change_owner(
        case.store,
        TEAM,
        reader=case.reader,
        key=case.key,
        owner=owner,
        describe=lambda _: holder,
        now=NOW,
    )


def record(case: Case) -> str:
    with case.store.read(TEAM) as tx:
        channel = tx.channels.get(case.entry.home)
    form = open_form(case.store, TEAM, reader=case.reader, channel=channel, now=NOW)
    saved = save_form(
        case.store,
        TEAM,
        form.draft.id,
        SubmittedForm(typed={**form.values, "title": "Drain", "rule": "One by one."}),
        reader=case.reader,
        is_alone=case.alone,
        now=NOW,
    )
    assert saved.entry.is_draft == (saved.proposal is not None)
    return "waits" if saved.entry.is_draft else "yes"


def edit_draft(case: Case) -> str:
    form = open_edit(case.store, TEAM, reader=case.reader, key=case.key, now=NOW)
    typed = {**form.values, "exceptions": "None."}
    number = case.proposal.revision.number
    save_form(
        case.store,
        TEAM,
        form.draft.id,
        SubmittedForm(typed=typed),
        reader=case.reader,
        is_alone=case.alone,
        now=NOW,
    )
    assert case.state().revision.number == number + 1
    assert case.revisions_in_force() == []
    return "yes"


def use(case: Case) -> str:
    use_entry(
        case.store,
        TEAM,
        UseReport(key=case.key, outcome=Outcome.FOLLOWED),
        reader=case.reader,
        once=case.key,
        now=NOW,
    )
    return "yes"


ACTS: Final[Mapping[str, Callable[[Case], str]]] = {
    "approve": approve,
    "request changes": request,
    "withdraw": withdraw,
    "edit": edit,
    "retire": retire,
    "restore": restore,
    "certify": certify,
    "approve a takeover": approve,
    "give to someone": give,
    "take over": take_over,
    "transfer": transfer,
    "record": record,
    "approve a draft": approve,
    "request changes of a draft": request,
    "withdraw a draft": withdraw,
    "edit a draft": edit_draft,
    "use a draft": use,
    "certify a draft": certify,
    "retire a draft": retire,
}


def _changes(case: Case, act: Callable[[], object]) -> str:
    """Act, and return whether the entry changed at once or the change waits for approval."""
    in_force, is_open = case.revisions_in_force(), case.open_proposals()
    act()
    if case.revisions_in_force() != in_force:
        return "yes"
    assert case.open_proposals() == is_open + 1
    return "waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the table for one setting: the result for each person."""

    act: str
    setting: str
    cells: Mapping[str, str]


def rows() -> list[Row]:
    """Return the table, with a row for each of its settings."""
    lines = [
        [cell.strip() for cell in line.strip("|\n ").split("|")]
        for line in DOCS.read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    (_, _, *persons), _, *body = lines
    return [
        Row(act=act, setting=setting.strip(), cells=dict(zip(persons, cells, strict=True)))
        for act, settings, *cells in body
        for setting in settings.split(",")
    ]


ROWS: Final = rows()
_numbers: Final = count(1)


def _user(name: str) -> UserId:
    return UserId(f"U-{name.replace(' ', '-')}")


def person(name: str, home: ChannelId) -> Reader:
    """Return the person of this column."""
    found = Person(
        id=_user(name),
        name=name,
        guest=name == "guest",
        stranger=name == "stranger",
        bot=name == "bot",
        gone=name == "deactivated",
        admin=name == "admin",
    )
    return Reader(person=found, channels=frozenset({home if name in INSIDE else SIDE}))


def case_of(store: Store, name: str, setting: str, *, takeover: bool) -> Case:
    """Return a case: a person, and an entry with two revisions in force and a third one proposed.

    `takeover`: the third one proposes another owner.
    """
    home = SECRET if setting == "private" else OPS
    changed = name in CHANGED
    owner, author = (
        person("former owner" if changed else "owner", home),
        person("outside author" if name == "outside author" else "author", home),
    )
    with store.transaction(TEAM) as tx:
        channels(tx)
        tx.workspace.put(replace(tx.workspace.get(), approval=SETTINGS[setting]))
        values = {"owner": owner.user, "backup": _user("backup")}
        first = add(tx, f"Fail over {next(_numbers)}", home=home, **values)
        entry = revise(tx, first, first.content.changed_with(rationale="It is quick."))
        content = entry.content
        edited, owned = content.changed_with(rule="Twice."), with_owner(content, _user("outside"))
        waiting = change_entry(
            tx,
            entry,
            NewRevision(
                content=owned if takeover else edited,
                author=author.user,
                change=Change.OWNER if takeover else Change.EDITED,
                effect=Effect.WORDING if takeover else Effect.RULE,
            ),
            propose=True,
            now=NOW,
        )
        assert waiting.proposal is not None
        if changed:
            given = with_owner(content, _user("new owner"))
            give_at_once(tx, entry, given, change=Change.OWNER, by=owner.user, now=NOW)
        proposal, current = tx.proposals.get(waiting.proposal.id), tx.entries.by_id(entry.id)
    assert proposal is not None
    assert current is not None
    return Case(
        store=store,
        entry=current,
        proposal=proposal,
        reader=person(name, home),
        is_alone=setting == "alone",
    )


def draft_case_of(store: Store, name: str, setting: str) -> Case:
    """Return a case with a draft, whose author has named the new owner since then."""
    home = SECRET if setting == "private" else OPS
    is_changed = name in CHANGED
    owner = person("former owner" if is_changed else "owner", home)
    author = person("outside author" if name == "outside author" else "author", home)
    with store.transaction(TEAM) as tx:
        channels(tx)
        tx.workspace.put(replace(tx.workspace.get(), approval=SETTINGS[setting]))
        said = content(f"Fail over {next(_numbers)}", owner=owner.user, backup=_user("backup"))
        entry = tx.entries.add(said, home=home, author=author.user, at=NOW, due_at=NOW, draft=True)
        proposal = propose_draft(tx, entry, by=author.user, now=NOW)
        if is_changed:
            given = with_owner(said, _user("new owner"))
            changed = revise_draft(tx, entry, given, note="", by=author.user, now=NOW)
            assert changed.proposal is not None
            entry, proposal = changed.entry, changed.proposal
    return Case(
        store=store,
        entry=entry,
        proposal=proposal,
        reader=person(name, home),
        is_alone=setting == "alone",
    )


def prepare(store: Store, name: str, row: Row) -> Case:
    if row.act.endswith(" a draft"):
        return draft_case_of(store, name, row.setting)
    return case_of(store, name, row.setting, takeover=row.act == "approve a takeover")


def outcome(case: Case, act: Callable[[Case], str]) -> str:
    try:
        return act(case)
    except OpsloreError:
        return "no"


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.act}-{row.setting}" for row in ROWS])
def test_each_person_can_do_what_the_table_says(store: Store, row: Row) -> None:
    unchanged: dict[tuple[bool, bool], Case] = {}
    outcomes = {}
    for name in row.cells:
        # These get an entry of their own. An act that was refused leaves the entry to the next one.
        prepared = (name in CHANGED, name == "outside author")
        case = unchanged.pop(prepared, None) or prepare(store, name, row)
        case = replace(case, reader=person(name, case.entry.home))
        outcomes[name] = outcome(case, ACTS[row.act])
        if outcomes[name] == "no":
            assert case.state() == case.proposal
            unchanged[prepared] = case

    assert outcomes == row.cells


def test_the_table_has_each_act_once_per_setting() -> None:
    assert sorted((row.act, row.setting) for row in ROWS) == sorted(
        (act, setting) for act in ACTS for setting in SETTINGS
    )
