"""The tables of the search index."""

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from storage.columns import Id, Words
from storage.tables.row import Row


class DocumentRow(Row, table=True):
    """The searchable words of an entry. The database fills the full-text index from this table."""

    __tablename__ = "documents"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "entry_id"], ["entries.team_id", "entries.id"]),
    )

    entry_id: int = Field(primary_key=True, sa_type=Id)
    team_id: str
    title: str = Field(sa_type=Words)
    body: str = Field(sa_type=Words)
    tags: str = Field(sa_type=Words)


class TermGramRow(Row, table=True):
    """Three letters in a row of a word that an entry has, for finding the word despite typos."""

    __tablename__ = "term_grams"

    team_id: str = Field(primary_key=True)
    gram: str = Field(primary_key=True)
    term: str = Field(primary_key=True)


class TermRow(Row, table=True):
    """A word that an entry has or had. `seen`: in about how many revisions."""

    __tablename__ = "terms"

    team_id: str = Field(primary_key=True)
    term: str = Field(primary_key=True)
    seen: int
