"""Form drafts: open forms, each of which is saved once."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Text, bindparam, cast, delete, or_, update
from sqlmodel import col, select

from bot.domain.approval import ProposalId
from bot.domain.entries import ChannelId, EntryId, Evidence, EvidenceState, TeamId, UserId
from bot.domain.form_drafts import FormDraft, FormDraftId, NewFormDraft
from bot.domain.gaps import GapId
from bot.domain.kinds import Kind
from bot.domain.prefill import Mark, update_marks
from storage.aggregate import TEAM, Queries, table_of
from storage.tables.forms import FormDraftRow

# The key, next to the form's fields, of the marks that say which text Opslore filled in.
FILLED: Final = "filled"
_ONE: Final = select(FormDraftRow).where(
    FormDraftRow.team_id == TEAM, FormDraftRow.id == bindparam("id")
)
_ONE_LOCKED: Final = _ONE.with_for_update()
_DRAFTS: Final = table_of(FormDraftRow)
_CHANGED: Final = update(_DRAFTS).where(
    _DRAFTS.c.team_id == TEAM, _DRAFTS.c.id == bindparam("draft")
)


class FormDrafts(Queries):
    """The open forms of a workspace."""

    def add(self, draft: NewFormDraft) -> FormDraft:
        """Store a form that was opened."""
        row = FormDraftRow(
            team_id=self._team,
            user=draft.user,
            kind=draft.kind.value,
            channel=draft.channel,
            created_at=draft.created_at,
            thread_ts=draft.thread_ts,
            entry_id=draft.entry,
            base=draft.base,
            gap_id=draft.gap,
            proposal_id=draft.proposal,
            form=_form(draft.values, draft.filled),
            evidence=[asdict(source) for source in draft.evidence],
        )
        self._flush(row)
        return _draft(row)

    def get(self, draft_id: FormDraftId, *, lock: bool = False) -> FormDraft | None:
        """Return a form. `lock`: a second submission waits until this one is saved."""
        query = _ONE_LOCKED if lock else _ONE
        row = self._session.exec(query, params={"team": self._team, "id": draft_id}).first()
        return None if row is None else _draft(row)

    def put(self, draft: FormDraft) -> None:
        """Store a form's kind, values, evidence, what it edits, and the entry it was saved as."""
        values = {
            "kind": draft.kind.value,
            "form": _form(draft.values, draft.filled),
            "evidence": [asdict(source) for source in draft.evidence],
            "entry_id": draft.entry,
            "base": draft.base,
            "proposal_id": draft.proposal,
            "kept": draft.kept,
            "saved": draft.saved,
        }
        params = {"team": self._team, "draft": draft.id, **values}
        self._session.exec(_CHANGED, params=params)

    def based_on(self, channel: ChannelId, ts: str, *, lock: bool = True) -> list[FormDraft]:
        """Return the unsaved forms that were captured or filled in from a message."""
        mentions = [
            cast(column, Text).contains(f'"{ts}"', autoescape=True)
            for column in (FormDraftRow.evidence, FormDraftRow.form)
        ]
        query = select(FormDraftRow).where(
            FormDraftRow.team_id == self._team, col(FormDraftRow.saved).is_(None), or_(*mentions)
        )
        query = query.order_by(col(FormDraftRow.id))
        rows = self._session.exec(query.with_for_update() if lock else query)
        return [draft for draft in map(_draft, rows) if (channel, ts) in draft.sources]

    def drop(self, draft_id: FormDraftId) -> None:
        """Delete a form that was closed."""
        self._session.exec(
            delete(FormDraftRow).where(
                col(FormDraftRow.team_id) == self._team, col(FormDraftRow.id) == draft_id
            )
        )

    def forget_before(self, at: datetime, most: int) -> int:
        """Delete forms opened before then, saved or not, at most `most`, and return how many."""
        return self._forget_oldest(FormDraftRow, "created_at", at, most)

    def waiting_for(self, user: UserId, limit: int) -> list[FormDraft]:
        """Return the forms that this user opened and never saved, the latest first."""
        query = select(FormDraftRow).where(
            FormDraftRow.team_id == self._team,
            FormDraftRow.user == user,
            col(FormDraftRow.saved).is_(None),
        )
        query = query.order_by(col(FormDraftRow.created_at).desc(), col(FormDraftRow.id).desc())
        return [_draft(row) for row in self._session.exec(query.limit(limit))]


def redacted_form(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form as it is stored after a redaction, with its marks updated."""
    return _form(after, update_marks(_marks(before), before, after))


def _form(values: Mapping[str, Any], filled: Iterable[Mark]) -> dict[str, Any]:
    marks = [asdict(mark) for mark in filled]
    form = {name: value for name, value in values.items() if name != FILLED}
    return {**form, FILLED: marks} if marks else form


def _marks(form: Mapping[str, Any]) -> tuple[Mark, ...]:
    return tuple(Mark(**mark) for mark in form.get(FILLED, ()))


def _draft(row: FormDraftRow) -> FormDraft:
    assert row.id is not None
    return FormDraft(
        id=FormDraftId(row.id),
        team=TeamId(row.team_id),
        user=UserId(row.user),
        kind=Kind(row.kind),
        channel=ChannelId(row.channel),
        created_at=row.created_at,
        thread_ts=row.thread_ts,
        entry=None if row.entry_id is None else EntryId(row.entry_id),
        base=row.base,
        gap=None if row.gap_id is None else GapId(row.gap_id),
        proposal=None if row.proposal_id is None else ProposalId(row.proposal_id),
        values={name: value for name, value in row.form.items() if name != FILLED},
        filled=_marks(row.form),
        evidence=tuple(_evidence(source) for source in row.evidence),
        kept=row.kept,
        saved=None if row.saved is None else EntryId(row.saved),
    )


def _evidence(source: Mapping[str, str]) -> Evidence:
    return Evidence(
        channel=ChannelId(source["channel"]),
        ts=source["ts"],
        permalink=source["permalink"],
        author=UserId(source["author"]),
        excerpt=source["excerpt"],
        state=EvidenceState(source["state"]),
    )
