"""Entries as the database holds them."""

from bot.domain.entries import Entry
from tests.support.ops import Ops
from tests.support.storage_makers import entry_named


def entry(ops: Ops, key: str = "DEC-1") -> Entry:
    """Return the entry of a key as it is now."""
    return entry_named(ops.store, ops.team, key)
