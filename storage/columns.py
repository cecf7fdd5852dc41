"""Column types: aware times, text that both databases accept, and 64-bit ids."""

import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, Text, TypeDecorator
from sqlalchemy.types import TypeEngine


class Utc(TypeDecorator[datetime]):
    """An aware time, stored to the microsecond and read back in UTC."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        """Use a time zone on PostgreSQL. SQLite has none, and stores text that sorts by time."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert the time to UTC. A naive time raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must be aware")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def clean(text: str) -> str:
    """Remove what the databases refuse in a text: NUL and lone surrogates."""
    if text.isascii():
        return text.replace("\0", "")
    return "".join(char for char in text if char != "\0" and unicodedata.category(char) != "Cs")


class Words(TypeDecorator[str]):
    """Text from people, without NUL and lone surrogates, which a database refuses."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Remove what can't be stored."""
        return None if value is None else clean(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002, ANN401 - SQLAlchemy's signature
        """Return the text as it was stored."""
        return None if value is None else str(value)


class Id(TypeDecorator[int]):
    """A 64-bit number that the database assigns."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int]:
        """Use INTEGER on SQLite. It has 64 bits there, and SQLite assigns ids to no other type."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


class Name(TypeDecorator[str]):
    """A name that is searched by its prefix, and so is compared byte by byte."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """Use collation C on PostgreSQL, which otherwise compares by the rules of a language."""
        return dialect.type_descriptor(String(collation=None if dialect.name == "sqlite" else "C"))
