"""A workspace with a row in each audited table."""

from bot.domain.audit_acts import OPSLORE
from bot.domain.certification import DueReasonKind, Verdict
from bot.domain.entries import Outcome
from bot.domain.gaps import GapState, NewGap
from bot.domain.kinds import Kind
from bot.domain.nudges import Choice
from bot.domain.revisions import Change, Effect
from storage.store import Store
from storage.verdicts import GivenVerdict
from tests.support.storage_makers import (
    ANA,
    BEN,
    DAY,
    NOW,
    OPS,
    TEAM,
    add,
    channels,
    content,
    evidence,
    occurrence,
)


def fill(store: Store) -> None:
    """Record DEC-1 and ESC-1, and do everything with them that adds a row."""
    with store.transaction(TEAM) as tx:
        channels(tx)
        tx.audit.add(ANA, "channel_joined", OPS, {}, NOW)
        add(tx, "Page", kind=Kind.ESCALATION)
        entry = add(tx, evidence=[evidence("1.1")], owner=ANA, backup=BEN, raises="ESC-1")
        tx.audit.add(ANA, "evidence_added", "DEC-1", {}, NOW)
    with store.transaction(TEAM) as tx:
        written = tx.entries.write(
            entry.id,
            content(rule="Later.", owner=ANA, raises="ESC-1"),
            author=BEN,
            at=NOW,
            note="Why.",
            change=Change.EDITED,
            effect=Effect.RULE,
        )
        proposal = tx.proposals.add(entry.id, revision=2, base=1, author=BEN, owner=ANA, at=NOW)
        proposal = tx.proposals.approve(proposal, ANA, NOW)
        tx.proposals.request_changes(proposal, ANA, "Shorter.", NOW)
        assert written.number == 2
        tx.audit.add(ANA, "changes_requested", "DEC-1@2", {}, NOW)
    with store.transaction(TEAM) as tx:
        tx.entries.certify(entry.id, revision=1, by=ANA, at=NOW, due_at=NOW + 90 * DAY)
        tx.verdicts.add(
            entry.id,
            GivenVerdict(revision=1, verdict=Verdict.ASKED, by=ANA, at=NOW + DAY, asked=BEN),
            NOW + 90 * DAY,
        )
        tx.uses.add(
            entry.id,
            revision=1,
            outcome=Outcome.FAILED,
            by=BEN,
            at=NOW,
            note="It hung.",
            permalink="https://acme.example/3",
            key="3.1",
        )
        tx.due_reasons.add(entry.id, DueReasonKind.FAILED, NOW)
        tx.nudges.choose(ANA, Choice(off=True))
        gap = tx.gaps.add(
            NewGap(channel=OPS, act="question", title="Disk", occurrences=(occurrence("2.1"),))
        )
        tx.gaps.set_state(gap, GapState.DISMISSED)
        tx.audit.add(OPSLORE, "certified", "DEC-1@1", {}, NOW)
