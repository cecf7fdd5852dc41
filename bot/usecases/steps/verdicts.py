"""Verdicts on the revisions of an entry, with the context that readers need to judge them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot.domain.bulk_verdicts import (
    BULK_WITHIN,
    CertificationTime,
    VerdictDetails,
    bulk_certifications,
)
from bot.domain.certification import Verdict
from bot.domain.entries import EntryId, UserId
from bot.domain.revisions import Revision
from storage.store import Transaction
from storage.verdicts import GivenVerdict


def list_verdicts(
    tx: Transaction, entry: EntryId, revisions: Iterable[Revision]
) -> Mapping[int, tuple[VerdictDetails, ...]]:
    """Return the verdicts on some revisions of an entry by their number, latest first."""
    authors = {revision.number: revision.author for revision in revisions}
    verdicts = [verdict for verdict in tx.verdicts.of(entry) if verdict.revision in authors]
    bulk = _in_bulk(
        tx,
        [verdict for verdict in verdicts if verdict.verdict is Verdict.ACCURATE],
    )
    judged: dict[int, list[VerdictDetails]] = defaultdict(list)
    for verdict in verdicts:
        in_bulk = (
            verdict.verdict is Verdict.ACCURATE
            and (verdict.by, CertificationTime(entry=entry, at=verdict.at)) in bulk
        )
        by_author = verdict.by == authors[verdict.revision]
        details = VerdictDetails(
            verdict=verdict.verdict,
            by=verdict.by,
            at=verdict.at,
            asked=verdict.asked,
            by_author=by_author,
            in_bulk=in_bulk,
        )
        judged[verdict.revision].append(details)
    return {number: tuple(verdicts) for number, verdicts in judged.items()}


def _in_bulk(
    tx: Transaction, verdicts: Iterable[GivenVerdict]
) -> set[tuple[UserId, CertificationTime]]:
    """Return which certifications around these were given in bulk, each with who gave it."""
    bulk: set[tuple[UserId, CertificationTime]] = set()
    for verdict in verdicts:
        nearby = tx.verdicts.certified_by(
            verdict.by, verdict.at - BULK_WITHIN, verdict.at + BULK_WITHIN
        )
        bulk |= {(verdict.by, certified) for certified in bulk_certifications(nearby)}
    return bulk
