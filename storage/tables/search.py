"""What search knows of entries."""

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from storage.columns import Id, Words
from storage.tables.row import Row


class DocumentRow(Row, table=True):
    """What search reads of an entry: its words, folded; the full-text index follows this table."""

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
    """Three letters in a row of a word that some entry holds: finds what a mistyped word meant."""

    __tablename__ = "term_grams"

    team_id: str = Field(primary_key=True)
    gram: str = Field(primary_key=True)
    term: str = Field(primary_key=True)


class TermRow(Row, table=True):
    """A word that some entry holds or held; `seen`: in about how many revisions."""

    __tablename__ = "terms"

    team_id: str = Field(primary_key=True)
    term: str = Field(primary_key=True)
    seen: int
