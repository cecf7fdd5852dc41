"""Bulk certifications: more entries in a short time than anyone can read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.certification import Verdict
from bot.domain.entries import EntryId, UserId

# Certifying more than this many entries within this time is a burst.
BULK_ENTRIES: Final = 5
BULK_WITHIN: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationTime:
    """One certification of an entry."""

    entry: EntryId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictDetails:
    """A verdict and how it came about.

    `asked`: the person who was asked instead. `by_author`: the person wrote the revision.
    `in_bulk`: the person certified too many entries at once to have read them.
    """

    verdict: Verdict
    by: UserId
    at: datetime
    asked: UserId | None
    by_author: bool
    in_bulk: bool


def bulk_certifications(certified: Iterable[CertificationTime]) -> frozenset[CertificationTime]:
    """Return one person's certifications that belong to a burst.

    `certified` must include the person's other certifications within `BULK_WITHIN` before and
    after, so that a later call gives the same answer.
    """
    ordered = sorted(certified, key=lambda certification: (certification.at, certification.entry))
    bulk: set[CertificationTime] = set()
    for start, first in enumerate(ordered):
        burst = [later for later in ordered[start:] if later.at - first.at <= BULK_WITHIN]
        if len({certification.entry for certification in burst}) > BULK_ENTRIES:
            bulk.update(burst)
    return frozenset(bulk)
