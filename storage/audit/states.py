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
# With this many letters, no one finds another text with the same hash.
_HASH_LETTERS: Final = 32
_EMPTY: Final[Mapping[type, object]] = {Boolean: False, Integer: 0, String: ""}
_NEVER_EMPTY: Final = object()
_SALT: Final = "The salt of the text's hash. It is replaced when the text changes."


class AuditedTable:
    """A table that the audit covers.

    `without`: the columns that the audit doesn't record, and why. `when`: which rows it covers;
    None is all. `row_hash`: record this hash of the row instead of its columns. `recorded_as`: the
    table's name in acts. `renamed`: the columns' names in acts. Both keep the names of older acts.
    """

    def __init__(
        self,
        row: type[SQLModel],
        without: Mapping[str, str] | None = None,
        *,
        when: Callable[[Row], bool] | None = None,
        row_hash: Callable[[Row], str] | None = None,
        recorded_as: str | None = None,
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        self.table = table_of(row)
        self.name = recorded_as or self.table.name
        self._renamed = renamed or {}
        self.without = {"team_id": "Each workspace has its own audit."} | dict(without or {})
        primary_key = list(self.table.primary_key)
        self.key = [column for column in primary_key if column.name != "team_id"] or primary_key
        left_out = {*self.without, *(column.name for column in self.key)}
        self.columns = [column for column in self.table.columns if column.name not in left_out]
        self._when = when
        self._row_hash = row_hash
        self._empty = {column.name: _empty_value(column) for column in self.columns}
        self._words = {column.name for column in self.columns if isinstance(column.type, Words)}
        self._flags = {column.name for column in self.columns if isinstance(column.type, Boolean)}
        extra = [column for column in self.table.columns if column.name in ("team_id", "salt")]
        self.read = [*dict.fromkeys([*self.key, *self.columns, *extra])]

    @property
    def selected(self) -> list[Any]:
        """The columns to select. SQLite's flags are read as numbers, to notice any but 0 and 1."""
        return [
            type_coerce(column, Integer).label(column.name)
            if column.name in self._flags
            else column
            for column in self.read
        ]

    def key_of(self, row: Row) -> str:
        """Return a row's name in the audit: its primary key without the workspace."""
        return "/".join(str(row[column.name]) for column in self.key)

    def state_of(self, row: Row) -> State | None:
        """Return the state that the audit records of a row; None if it doesn't cover the row.

        Empty columns are left out, so that a new column doesn't change older states. Text is
        recorded as a salted hash.
        """
        if self._when is not None and not self._when(row):
            return None
        if self._row_hash is not None:
            return {"hash": self._row_hash(row)}
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


def _empty_value(column: Column[Any]) -> object:
    if column.nullable:
        return None
    kind = column.type
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return next((empty for type_, empty in _EMPTY.items() if isinstance(kind, type_)), _NEVER_EMPTY)


_FOLLOWS_THE_CHAT: Final = "It follows the messages in the channel."
AUDITED_TABLES: Final[Mapping[str, AuditedTable]] = {
    audited.name: audited
    for audited in (
        AuditedTable(
            WorkspaceRow,
            {
                "acts": "The end of the audit itself.",
                "head": "The end of the audit itself.",
                "channels_listed_at": "It only says when to ask Slack again.",
            },
            renamed={"needs_approval": "review"},
        ),
        AuditedTable(CounterRow),
        AuditedTable(ChannelRow, {"heard_at": "It only says which of two events is newer."}),
        AuditedTable(EntryRow, {"salt": _SALT}),
        AuditedTable(RevisionRow, row_hash=of_revision),
        AuditedTable(LandingRow),
        AuditedTable(ProposalRow),
        AuditedTable(RequestRow, {"salt": _SALT}),
        AuditedTable(ApprovalRow),
        AuditedTable(VerdictRow, recorded_as="reviews"),
        AuditedTable(DueReasonRow),
        AuditedTable(EvidenceRow, {"salt": _SALT}),
        AuditedTable(LinkRow),
        AuditedTable(UseRow, {"salt": _SALT}, recorded_as="observations"),
        AuditedTable(NudgeChoiceRow),
        AuditedTable(
            GapRow,
            dict.fromkeys(
                (
                    *("channel", "act", "title", "renamed", "corrected", "probability", "answerer"),
                    *("count", "searches", "people", "days", "rank", "first_at", "last_at"),
                ),
                _FOLLOWS_THE_CHAT,
            ),
            # People rely on a gap's state once it was dismissed or recorded.
            when=lambda row: row["state"] != GapState.OPEN.value,
            recorded_as="paths",
        ),
    )
}
AUDITED_BY_NAME: Final[Mapping[str, AuditedTable]] = {
    audited.table.name: audited for audited in AUDITED_TABLES.values()
}
_PASSES_THROUGH: Final = (
    "It keeps Opslore from handling an event twice, and is deleted after a month."
)
_VIEW: Final = "A view, as it was posted, of rows that the audit covers."
_SEARCH: Final = "The search index, which contains only what the revisions say."
UNAUDITED_TABLES: Final[Mapping[str, str]] = {
    "audit": "The audit itself, which has its own hashes.",
    "messages": _PASSES_THROUGH,
    "edits": _PASSES_THROUGH,
    "events": _PASSES_THROUGH,
    "occurrences": _FOLLOWS_THE_CHAT,
    "gap_searches": "It only says how often people searched for a gap.",
    "heard_messages": _FOLLOWS_THE_CHAT,
    "threads": _FOLLOWS_THE_CHAT,
    "thread_terms": _FOLLOWS_THE_CHAT,
    "term_counts": _FOLLOWS_THE_CHAT,
    "thread_links": _FOLLOWS_THE_CHAT,
    "prompts": "Opslore's questions, and whether it may ask again.",
    "membership_changes": "It only says which cached answers of Slack are outdated.",
    "duties": "It only says when periodic jobs are due.",
    "outbox": "Messages to Slack about rows that the audit covers.",
    "form_drafts": "Forms that aren't saved yet.",
    "digests": _VIEW,
    "digest_lines": _VIEW,
    "nudges": _VIEW,
    "nudge_items": _VIEW,
    "documents": _SEARCH,
    "terms": _SEARCH,
    "term_grams": _SEARCH,
}
