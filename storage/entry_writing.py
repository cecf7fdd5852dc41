"""The rows that a change of an entry writes: its revision, landing, links and search index."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete

from bot.domain.entries import EntryId, Key, State, UserId
from bot.domain.kinds import FIELDS, Shape
from bot.domain.revisions import Content, Revision
from storage.aggregate import TEAM, Queries, table_of
from storage.audit.chain import Audit
from storage.entry_rows import id_of
from storage.hashes import new_salt
from storage.search import index
from storage.tables.entries import EntryRow, LandingRow, LinkRow, RevisionRow

_LINKS: Final = table_of(LinkRow)
_UNLINKED: Final = delete(_LINKS).where(
    _LINKS.c.team_id == TEAM, _LINKS.c.entry_id == bindparam("id")
)


class EntryWriting(Queries):
    """The base of `Entries`: writes the rows that any change of an entry needs."""

    def _write(self, row: EntryRow, revision: Revision) -> None:
        content, change = revision.content, revision.change
        revision_row = RevisionRow(
            team_id=self._team,
            entry_id=id_of(row),
            number=revision.number,
            kind=content.kind.value,
            content=dict(content.values),
            author=revision.author,
            at=revision.at,
            note=revision.note,
            change=change.value,
            effect=revision.effect.value,
            superseded_by=revision.superseded_by,
            salt=new_salt(),
        )
        self._flush(revision_row)
        Audit(self._session, self._team).add(
            actor=UserId(revision.author),
            action=change.value,
            subject=str(Key(kind=content.kind, number=row.number, revision=revision.number)),
            details={
                "entry": row.id,
                "revision": revision.number,
                "effect": revision.effect.value,
                **({"superseded_by": revision.superseded_by} if revision.superseded_by else {}),
                **({"draft": True} if row.state == State.DRAFT.value else {}),
            },
            at=revision.at,
        )

    def _land(self, row: EntryRow, revision: Revision, at: datetime) -> None:
        landing = {"entry_id": id_of(row), "revision": revision.number}
        self._flush(LandingRow(team_id=self._team, at=at, **landing))
        self._show(row, revision.content)

    def _copy_values(self, row: EntryRow, content: Content, at: datetime) -> None:
        for name, value in row_values(content, at).items():
            setattr(row, name, value)
        self._flush(row)

    def _show(self, row: EntryRow, content: Content) -> None:
        """Set the entry's links and search index from this content."""
        self._link(id_of(row), content)
        index.write(self._session, self._team, {id_of(row): content})

    def _link(self, entry_id: EntryId, content: Content) -> None:
        """Replace the entry's links with those in its content."""
        self._session.exec(_UNLINKED, params={"team": self._team, "id": entry_id})
        for field in FIELDS[content.kind]:
            key = Key.parse(content.text(field.name)) if field.shape is Shape.ENTRY else None
            if key is not None:
                self._session.add(
                    LinkRow(
                        team_id=self._team,
                        entry_id=entry_id,
                        field=field.name,
                        to_kind=key.kind.value,
                        to_number=key.number,
                    )
                )
        self._session.flush()


def row_values(content: Content, at: datetime) -> dict[str, Any]:
    """Return the values that an entry's row copies from its revision in force."""
    return {
        "title": content.title,
        "owner": content.owner,
        "backup": content.backup,
        "review_days": content.review_every.days,
        "thin": bool(content.thin),
        "changed_at": at,
        "salt": new_salt(),
    }
