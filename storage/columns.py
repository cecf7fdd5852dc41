"""Column types: times that come back aware, text that any database takes, ids."""

import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, Text, TypeDecorator
from sqlalchemy.types import TypeEngine


class Utc(TypeDecorator[datetime]):
    """An aware moment, kept to the microsecond and given back in UTC."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        """With a zone on PostgreSQL; SQLite has none, and its text sorts by time."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time rather than guess its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must be aware")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def clean(text: str) -> str:
    """Return what a database takes of a text."""
    if text.isascii():
        return text.replace("\0", "")
    return "".join(char for char in text if char != "\0" and unicodedata.category(char) != "Cs")


class Words(TypeDecorator[str]):
    """Text from people, without NUL and lone surrogates, which a database refuses."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """What can be stored of it."""
        return None if value is None else clean(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002, ANN401 - SQLAlchemy's signature
        """The text as it was stored."""
        return None if value is None else str(value)


class Id(TypeDecorator[int]):
    """A number given by the database: 64 bits on either."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int]:
        """SQLite numbers by itself only what is called INTEGER, which has 64 bits there."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


class Name(TypeDecorator[str]):
    """A name that is looked for by how it begins: compared by its bytes on either database."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """PostgreSQL else compares by the rules of a language; SQLite compares bytes anyway."""
        return dialect.type_descriptor(String(collation=None if dialect.name == "sqlite" else "C"))
