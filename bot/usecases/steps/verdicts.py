"""The verdicts on the revisions of an entry, each with what to know about it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot.domain.bulk_verdicts import BULK_WITHIN, Certified, Judged, bulk_certifications
from bot.domain.certification import Verdict
from bot.domain.entries import EntryId, UserId
from bot.domain.revisions import Revision
from storage.store import Transaction
from storage.verdicts import GivenVerdict


def verdicts_on(
    tx: Transaction, entry: EntryId, revisions: Iterable[Revision]
) -> Mapping[int, tuple[Judged, ...]]:
    """Return the verdicts on some revisions of an entry by their number, the last first."""
    authors = {revision.number: revision.author for revision in revisions}
    reviews = [one for one in tx.verdicts.of(entry) if one.revision in authors]
    bulk = _in_bulk(tx, [one for one in reviews if one.verdict is Verdict.ACCURATE])
    judged: dict[int, list[Judged]] = defaultdict(list)
    for one in reviews:
        in_bulk = (
            one.verdict is Verdict.ACCURATE and (one.by, Certified(entry=entry, at=one.at)) in bulk
        )
        by_author = one.by == authors[one.revision]
        verdict = Judged(
            verdict=one.verdict,
            by=one.by,
            at=one.at,
            asked=one.asked,
            by_author=by_author,
            in_bulk=in_bulk,
        )
        judged[one.revision].append(verdict)
    return {number: tuple(verdicts) for number, verdicts in judged.items()}


def _in_bulk(tx: Transaction, reviews: Iterable[GivenVerdict]) -> set[tuple[UserId, Certified]]:
    """Return the certifications in bulk among those around the given ones, with who gave them."""
    bulk: set[tuple[UserId, Certified]] = set()
    for one in reviews:
        around = tx.verdicts.certified_by(one.by, one.at - BULK_WITHIN, one.at + BULK_WITHIN)
        bulk |= {(one.by, certified) for certified in bulk_certifications(around)}
    return bulk
