"""Drafts: forms while they are open, each saved once."""

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

# Where the marks of what was filled in are kept, beside the fields of the form.
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
    """The drafts of a workspace."""

    def add(self, draft: NewFormDraft) -> FormDraft:
        """Keep the opening of a form."""
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
        """The draft. `lock`: a second submission waits until this one is saved."""
        query = _ONE_LOCKED if lock else _ONE
        row = self._session.exec(query, params={"team": self._team, "id": draft_id}).first()
        return None if row is None else _draft(row)

    def put(self, draft: FormDraft) -> None:
        """Keep its kind, values, evidence, what it edits and what came of it."""
        changed = {
            "kind": draft.kind.value,
            "form": _form(draft.values, draft.filled),
            "evidence": [asdict(source) for source in draft.evidence],
            "entry_id": draft.entry,
            "base": draft.base,
            "proposal_id": draft.proposal,
            "kept": draft.kept,
            "saved": draft.saved,
        }
        params = {"team": self._team, "draft": draft.id, **changed}
        self._session.exec(_CHANGED, params=params)

    def based_on(self, channel: ChannelId, ts: str, *, lock: bool = True) -> list[FormDraft]:
        """The unsaved drafts that were captured or filled in from a message."""
        named = [
            cast(column, Text).contains(f'"{ts}"', autoescape=True)
            for column in (FormDraftRow.evidence, FormDraftRow.form)
        ]
        query = select(FormDraftRow).where(
            FormDraftRow.team_id == self._team, col(FormDraftRow.saved).is_(None), or_(*named)
        )
        query = query.order_by(col(FormDraftRow.id))
        rows = self._session.exec(query.with_for_update() if lock else query)
        return [draft for draft in map(_draft, rows) if (channel, ts) in draft.sources]

    def drop(self, draft_id: FormDraftId) -> None:
        """Forget a form that was put away."""
        self._session.exec(
            delete(FormDraftRow).where(
                col(FormDraftRow.team_id) == self._team, col(FormDraftRow.id) == draft_id
            )
        )

    def forget_before(self, at: datetime, most: int) -> int:
        """Forget at most so many forms opened before, saved or not, and return how many."""
        return self._forget_oldest(FormDraftRow, "created_at", at, most)

    def waiting_for(self, user: UserId, limit: int) -> list[FormDraft]:
        """What this user opened and never saved, the latest first."""
        query = select(FormDraftRow).where(
            FormDraftRow.team_id == self._team,
            FormDraftRow.user == user,
            col(FormDraftRow.saved).is_(None),
        )
        query = query.order_by(col(FormDraftRow.created_at).desc(), col(FormDraftRow.id).desc())
        return [_draft(row) for row in self._session.exec(query.limit(limit))]


def redacted(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """A form as it is kept, once a text was taken out of it."""
    return _form(after, update_marks(_marks(before), before, after))


def _form(values: Mapping[str, Any], filled: Iterable[Mark]) -> dict[str, Any]:
    kept = [asdict(mark) for mark in filled]
    return {**values, FILLED: kept} if kept else {n: v for n, v in values.items() if n != FILLED}


def _marks(form: Mapping[str, Any]) -> tuple[Mark, ...]:
    return tuple(Mark(**kept) for kept in form.get(FILLED, ()))


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


def _evidence(kept: Mapping[str, str]) -> Evidence:
    return Evidence(
        channel=ChannelId(kept["channel"]),
        ts=kept["ts"],
        permalink=kept["permalink"],
        author=UserId(kept["author"]),
        excerpt=kept["excerpt"],
        state=EvidenceState(kept["state"]),
    )
