"""Proposals for the same entry: rebasing, and the requests to their authors."""

from bot.domain.approval import (
    FieldConflict,
    Proposal,
    ProposalId,
    ProposalState,
    Request,
    rebase_content,
)
from bot.domain.entries import EntryId, UserId
from bot.domain.revisions import Content
from tests.support.storage_makers import ANA, BEN, NOW, content

CLEO = UserId("U-cleo")
BASE = content(owner=ANA, trigger="The disk is full.")


def with_changes(**values: object) -> Content:
    return content(**{**dict(BASE.values), **values})  # type: ignore[arg-type] # as of content


def test_a_change_applies_to_the_revision_that_came_into_force_since() -> None:
    mine = with_changes(trigger="The disk is nearly full.")
    now = with_changes(backup=BEN)

    found = rebase_content(BASE, mine, now)

    assert found == with_changes(trigger="The disk is nearly full.", backup=BEN)


def test_two_different_texts_of_a_field_conflict() -> None:
    found = rebase_content(BASE, with_changes(trigger="Mine."), with_changes(trigger="Theirs."))

    assert isinstance(found, FieldConflict)
    assert [field.name for field in found.fields] == ["trigger"]


def test_the_same_text_of_a_field_does_not_conflict() -> None:
    both = with_changes(trigger="The same.")

    assert rebase_content(BASE, both, both) == both


def test_a_backup_who_becomes_the_owner_is_no_longer_the_backup() -> None:
    found = rebase_content(BASE, with_changes(backup=BEN), with_changes(owner=BEN))

    assert found == with_changes(owner=BEN)


def proposal(state: ProposalState, *requests: Request) -> Proposal:
    revision = None
    return Proposal(
        id=ProposalId(1),
        entry=EntryId(1),
        revision=revision,  # type: ignore[arg-type] # of no matter here
        base=1,
        author=ANA,
        owner=ANA,
        state=state,
        opened_at=NOW,
        changed_at=NOW,
        requests=requests,
    )


def request(by: UserId, answer: int | None = None) -> Request:
    return Request(by=by, comment=f"Shorter, says {by}.", answer=answer)


def test_the_author_sees_the_requests_that_no_revision_answers() -> None:
    old, new = request(BEN, answer=3), request(CLEO)

    assert proposal(ProposalState.CHANGES_REQUESTED, old, new).asked == (new,)


def test_a_revised_proposal_shows_which_requests_it_answers() -> None:
    requests = request(BEN, answer=3), request(CLEO, answer=4), request(BEN, answer=4)

    assert proposal(ProposalState.PROPOSED, *requests).asked == requests[1:]


def test_a_proposal_without_requests_answers_none() -> None:
    assert proposal(ProposalState.PROPOSED).asked == ()
