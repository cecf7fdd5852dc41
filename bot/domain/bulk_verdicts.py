"""Certifications given in bulk: too many entries in too short a time to have read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.certification import Verdict
from bot.domain.entries import EntryId, UserId

# More entries than these within the time make a burst.
BULK_ENTRIES: Final = 5
BULK_WITHIN: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """One certification: of which entry, and when."""

    entry: EntryId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict with what to know about it.

    `asked`: the person the question was passed on to. `by_author`: the person wrote the revision.
    `in_bulk`: they certified too many entries within too short a time to have read them.
    """

    verdict: Verdict
    by: UserId
    at: datetime
    asked: UserId | None
    by_author: bool
    in_bulk: bool


def bulk_certifications(certified: Iterable[Certified]) -> frozenset[Certified]:
    """Return the certifications by one person that belong to a burst, all of each burst.

    Only the times decide, so the answer stays the same whenever it is asked for. It needs the
    person's other certifications within `BULK_WITHIN` before and after.
    """
    ordered = sorted(certified, key=lambda one: (one.at, one.entry))
    bulk: set[Certified] = set()
    for start, first in enumerate(ordered):
        burst = [one for one in ordered[start:] if one.at - first.at <= BULK_WITHIN]
        if len({one.entry for one in burst}) > BULK_ENTRIES:
            bulk.update(burst)
    return frozenset(bulk)
