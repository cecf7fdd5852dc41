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
    reviews = [review for review in tx.verdicts.of(entry) if review.revision in authors]
    bulk = _in_bulk(tx, [review for review in reviews if review.verdict is Verdict.ACCURATE])
    judged: dict[int, list[VerdictDetails]] = defaultdict(list)
    for review in reviews:
        in_bulk = (
            review.verdict is Verdict.ACCURATE
            and (review.by, CertificationTime(entry=entry, at=review.at)) in bulk
        )
        by_author = review.by == authors[review.revision]
        verdict = VerdictDetails(
            verdict=review.verdict,
            by=review.by,
            at=review.at,
            asked=review.asked,
            by_author=by_author,
            in_bulk=in_bulk,
        )
        judged[review.revision].append(verdict)
    return {number: tuple(verdicts) for number, verdicts in judged.items()}


def _in_bulk(
    tx: Transaction, reviews: Iterable[GivenVerdict]
) -> set[tuple[UserId, CertificationTime]]:
    """Return which certifications around these were given in bulk, each with who gave it."""
    bulk: set[tuple[UserId, CertificationTime]] = set()
    for review in reviews:
        nearby = tx.verdicts.certified_by(
            review.by, review.at - BULK_WITHIN, review.at + BULK_WITHIN
        )
        bulk |= {(review.by, certified) for certified in bulk_certifications(nearby)}
    return bulk
