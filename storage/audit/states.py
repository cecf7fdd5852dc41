"""The tables that the audit covers, and what it records of each row.

Every table is in one of two lists: in `AUDITED_TABLES`, with the columns that the audit leaves out
and why, or in `UNAUDITED_TABLES`, with the reason why `audit verify` doesn't check it.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Boolean, Column, Integer, String, TypeDecorator, type_coerce
from sqlmodel import SQLModel

from bot.domain.gaps import GapState
from bot.domain.replay import State
from storage.aggregate import table_of
from storage.columns import Words, clean
from storage.hashes import moment, of_revision
from storage.tables.approval import ApprovalRow, ProposalRow, RequestRow
from storage.tables.entries import (
    EntryRow,
    EvidenceRow,
    LandingRow,
    LinkRow,
    RevisionRow,
    UseRow,
)
from storage.tables.listening import GapRow
from storage.tables.nudges import NudgeChoiceRow
from storage.tables.review import DueReasonRow, VerdictRow
from storage.tables.workspaces import ChannelRow, CounterRow, WorkspaceRow

Row = Mapping[str, Any]
# Enough that no one finds another text with the same hash.
_HASH_LETTERS: Final = 32
_EMPTY: Final[Mapping[type, object]] = {Boolean: False, Integer: 0, String: ""}
_NEVER_EMPTY: Final = object()
_UNSALTED: Final = "The salt of the hashes of words; it goes with them."


class AuditedTable:
    """A table that people rely on.

    `without`: the columns that the audit doesn't state, and why. `when`: which rows are relied on;
    None is all. `whole`: state the row as this hash of it, and not column by column. `stated_as`:
    the table's name in acts, and `renamed`: columns' names in acts, where older acts use others.
    """

    def __init__(
        self,
        row: type[SQLModel],
        without: Mapping[str, str] | None = None,
        *,
        when: Callable[[Row], bool] | None = None,
        whole: Callable[[Row], str] | None = None,
        stated_as: str | None = None,
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        self.table = table_of(row)
        self.name = stated_as or self.table.name
        self._renamed = renamed or {}
        self.without = {"team_id": "The audit is a workspace's own."} | dict(without or {})
        whole_key = list(self.table.primary_key)
        self.key = [each for each in whole_key if each.name != "team_id"] or whole_key
        unstated = {*self.without, *(each.name for each in self.key)}
        self.columns = [each for each in self.table.columns if each.name not in unstated]
        self._when = when
        self._whole = whole
        self._empty = {each.name: _empty(each) for each in self.columns}
        self._words = {each.name for each in self.columns if isinstance(each.type, Words)}
        self._flags = {each.name for each in self.columns if isinstance(each.type, Boolean)}
        extra = [each for each in self.table.columns if each.name in ("team_id", "salt")]
        self.read = [*dict.fromkeys([*self.key, *self.columns, *extra])]

    @property
    def selected(self) -> list[Any]:
        """The columns to select: a flag as the number it is, so that no other one passes for it."""
        return [
            type_coerce(each, Integer).label(each.name) if each.name in self._flags else each
            for each in self.read
        ]

    def key_of(self, row: Row) -> str:
        """Return how the audit names a row: its primary key without the workspace."""
        return "/".join(str(row[each.name]) for each in self.key)

    def state_of(self, row: Row) -> State | None:
        """Return what the audit states of a row; None if no one relies on it as it is.

        Empty columns are left out, so that a column that is added later changes no older state.
        Words are stated as a salted hash.
        """
        if self._when is not None and not self._when(row):
            return None
        if self._whole is not None:
            return {"hash": self._whole(row)}
        values = {name: self._value(name, row) for name in self._empty}
        return {
            self._renamed.get(name, name): value
            for name, value in values.items()
            if value != self._empty[name] or type(value) is not type(self._empty[name])
        }

    def _value(self, name: str, row: Row) -> object:
        value = row[name]
        if name in self._words and value:
            salted = f"{row['salt']}\0{name}\0{clean(value)}"
            return hashlib.sha256(salted.encode()).hexdigest()[:_HASH_LETTERS]
        if name in self._flags:
            return {0: False, 1: True}.get(value, value)
        return moment(value) if isinstance(value, datetime) else value


def _empty(column: Column[Any]) -> object:
    if column.nullable:
        return None
    kind = column.type
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return next((empty for of, empty in _EMPTY.items() if isinstance(kind, of)), _NEVER_EMPTY)


_FOLLOWS_THE_CHAT: Final = "It follows what is said in the channel."
AUDITED_TABLES: Final[Mapping[str, AuditedTable]] = {
    each.name: each
    for each in (
        AuditedTable(
            WorkspaceRow,
            {
                "acts": "The end of the audit itself.",
                "head": "The end of the audit itself.",
                "channels_listed_at": "Only when to ask Slack again.",
            },
            renamed={"needs_approval": "review"},
        ),
        AuditedTable(CounterRow),
        AuditedTable(ChannelRow, {"heard_at": "Only which of two events is newer."}),
        AuditedTable(EntryRow, {"salt": _UNSALTED}),
        AuditedTable(RevisionRow, whole=of_revision),
        AuditedTable(LandingRow),
        AuditedTable(ProposalRow),
        AuditedTable(RequestRow, {"salt": _UNSALTED}),
        AuditedTable(ApprovalRow),
        AuditedTable(VerdictRow, stated_as="reviews"),
        AuditedTable(DueReasonRow),
        AuditedTable(EvidenceRow, {"salt": _UNSALTED}),
        AuditedTable(LinkRow),
        AuditedTable(UseRow, {"salt": _UNSALTED}, stated_as="observations"),
        AuditedTable(NudgeChoiceRow),
        AuditedTable(
            GapRow,
            dict.fromkeys(
                ("channel", "act", "title", "terms", "count", "first_at", "last_at"),
                _FOLLOWS_THE_CHAT,
            ),
            # What became of a gap is relied on: that it was dismissed or recorded.
            when=lambda row: row["state"] != GapState.OPEN.value,
            stated_as="paths",
        ),
    )
}
AUDITED_BY_NAME: Final[Mapping[str, AuditedTable]] = {
    each.table.name: each for each in AUDITED_TABLES.values()
}
_PASSES_THROUGH: Final = "What was heard and not yet dealt with; it is dropped after a month."
_VIEW: Final = "A view of rows that the audit covers, as it was posted."
_SEARCH: Final = "The index of search; it holds nothing that the revisions don't say."
UNAUDITED_TABLES: Final[Mapping[str, str]] = {
    "audit": "The audit itself, which its own hashes cover.",
    "messages": _PASSES_THROUGH,
    "edits": _PASSES_THROUGH,
    "events": _PASSES_THROUGH,
    "occurrences": _FOLLOWS_THE_CHAT,
    "prompts": "What Opslore asked, and whether it may ask again.",
    "membership_changes": "Which cached answers of Slack are old.",
    "duties": "When a process does next what one of them does for all.",
    "outbox": "What Slack is told of rows that the audit covers.",
    "form_drafts": "Forms that no one has saved yet.",
    "digests": _VIEW,
    "digest_lines": _VIEW,
    "nudges": _VIEW,
    "nudge_items": _VIEW,
    "documents": _SEARCH,
    "terms": _SEARCH,
    "term_grams": _SEARCH,
}
