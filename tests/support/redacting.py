"""Redacting a text, and everything that the database holds."""

from sqlalchemy import select as columns
from sqlmodel import SQLModel

from sandbox.forms import View
from storage.store import Store
from tests.support.ops import Ops

# A person's data: no secret by its form, so nothing masks it.
TEXT = "Zofia Kowalska of Elm Street 451"
WHY = "Asked for by the person."


def redacted(ops: Ops, text: str = TEXT, where: str = "", why: str = WHY) -> View:
    """Redact a text, and return the form after its two submissions."""
    view = ops.cleo.slash(ops.ops, "/lore redact").view
    assert view is not None
    view.fill({"Text to remove": text, "Where": where, "Why?": why})
    assert view.submit() == {}
    assert "Found in" in view.words()
    assert view.submit() == {}
    ops.drain()
    return view


def kept(store: Store) -> str:
    """Return every row of every table, as text."""
    with store.engine.connect() as connection:
        rows = [
            repr(tuple(row))
            for table in SQLModel.metadata.sorted_tables
            for row in connection.execute(columns(table))
        ]
    return "\n".join(rows)
