"""A digest lists each thing once: one line per entry, and no gap that didn't come up again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.approval import ApprovalPolicy
from bot.domain.entries import ChannelId, EntryId, UserId
from bot.domain.gaps import NewGap
from bot.usecases.review import digest as digest_usecases
from bot.usecases.review.digest import build_due_digests
from bot.usecases.review.verdicts import certify_entry
from sandbox.forms import View
from sandbox.seen import Message
from tests.support.digests import again, at, digests, monday, now, use
from tests.support.digests import gap as known
from tests.support.gap_threads import CLEANED, DISK, DISK_TITLE, MAIL, MAIL_TITLE, ask, ask_once
from tests.support.ops import Ops
from tests.support.proposing import propose


def overdue_failed_and_without_an_owner(ops: Ops) -> Message:
    """Return the digest of a channel in which DEC-1 is overdue, has failed and has no owner."""
    ops.record(ops.ben, "Roll back", "We roll back.")
    ops.clock.time += timedelta(days=93)
    use(ops, "DEC-1", "Failed")
    use(ops, "DEC-1", "Failed")
    ops.ben.leave(ops.ops)
    ops.drain()
    return now(ops)


def test_an_entry_has_one_line_with_all_its_reasons_most_urgent_first(ops: Ops) -> None:
    words = overdue_failed_and_without_an_owner(ops).words()

    assert words.count("DEC-1") == 1
    assert (
        "Owner gone\nDEC-1  Roll back\nowner ben left or was deactivated, overdue 3 days" in words
    )
    assert "overdue 3 days, never certified, failed twice" in words
    assert "“The node hung.”" in words


def test_a_line_stays_open_until_every_reason_is_settled(ops: Ops) -> None:
    digest = overdue_failed_and_without_an_owner(ops)

    ops.cleo.press("Take over", on=digest)
    ops.ana.press("Take over", on=digest)
    ops.drain()
    line = again(ops, digest).words()
    assert (
        "Roll back\nOwner changed by cleo · overdue 3 days, never certified, failed twice" in line
    )
    told = [each.text for each in ops.ana.ephemerals(ops.ops)]
    assert "Someone has already handled this. The line shows who." in told

    ops.cleo.slash(ops.ops, "/lore retire DEC-1 No longer done.")
    ops.drain()
    assert "Roll back\nOwner changed by cleo · Retired by cleo" in again(ops, digest).words()


def test_two_changes_to_one_entry_share_a_line_until_both_are_decided(ops: Ops) -> None:
    complete = {"Why?": "It helps.", "When does this come up?": "After a deploy."}
    ops.record(ops.ana, "Roll back", "We roll back.", fields=complete)
    ops.review(ApprovalPolicy())
    first = propose(ops, ops.ben, Exceptions="Not on Fridays.")
    second = propose(ops, ops.cleo, Tags="deploy")
    digest = now(ops)
    assert "2 changes have been waiting for approval since" in digest.words()

    ops.ana.press("Approve", on=first)
    ops.drain()
    assert "a change by cleo has been waiting since" in again(ops, digest).words()

    ops.ben.press("Approve", on=second)
    ops.drain()
    assert "Approved by ben" in again(ops, digest).words()


def test_a_gap_is_listed_again_only_if_it_came_up_again(ops: Ops) -> None:
    ops.tick()
    ask(ops, *DISK)
    at(ops, monday(9, 8))
    ask(ops, *MAIL)

    at(ops, monday(16, 8))
    first, second = digests(ops)
    assert DISK_TITLE in first.words()
    assert "new" not in first.words()
    assert DISK_TITLE not in second.words()
    assert f"Gaps\n{MAIL_TITLE}\nnew · 2 threads since Mar 9" in second.words()
    assert "1 earlier gap: /lore gaps" in second.words()

    ask_once(ops, DISK[0], answer=CLEANED)
    at(ops, monday(23, 8))
    third = digests(ops)[-1]
    assert f"Gaps\n{DISK_TITLE}\n5 threads since Mar 4" in third.words()
    assert MAIL_TITLE not in third.words()
    assert "1 earlier gap: /lore gaps" in third.words()
    shown = ops.ana.slash(ops.ops, "/lore gaps").words()
    assert DISK_TITLE in shown
    assert MAIL_TITLE in shown


def test_a_gap_that_was_considered_after_the_last_digest_is_listed_in_the_next(ops: Ops) -> None:
    """It came up just before that digest, but the bot processed its last message just after."""
    ops.tick()
    with ops.store.transaction(ops.team) as tx:
        known(tx, ChannelId(str(ops.ops)), DISK_TITLE, threads=1, at=ops.clock())
    at(ops, monday(9, 8))
    with ops.store.transaction(ops.team) as tx:
        [gap] = tx.gaps.recurring(None, monday(2, 8), 1)
        late = replace(gap.occurrences[0], ts="9.9", thread_ts="9.9", at=monday(9, 7, 59))
        both = (gap.occurrences[0], late)
        new = NewGap(channel=gap.channel, act=gap.act, title=gap.title, occurrences=both)
        tx.gaps.fill(gap.id, new)

    at(ops, monday(16, 8))

    assert DISK_TITLE not in digests(ops)[0].words()
    assert DISK_TITLE in digests(ops)[1].words()


def test_an_entry_is_marked_new_when_another_reason_is_added(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    ops.clock.time += timedelta(days=92)
    assert "new" not in now(ops).words()
    assert "Roll back\noverdue 2 days, never certified" in now(ops).words()

    use(ops, "DEC-1", "Failed")

    assert "Roll back\nnew · overdue 2 days, never certified, failed once" in now(ops).words()
    assert "Roll back\noverdue 2 days, never certified, failed once" in now(ops).words()


def test_an_incomplete_entry_is_listed_once(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    assert "missing: When does this come up?, Why?" in now(ops).words()

    assert "nothing to report" in now(ops).words()


def test_a_quiet_digest_is_one_line(ops: Ops) -> None:
    digest = now(ops)

    assert len(digest.blocks) == 1
    assert "\n" not in digest.words()


def test_a_deviation_is_not_called_failing(ops: Ops) -> None:
    complete = {"Why?": "It helps.", "When does this come up?": "After a deploy."}
    ops.record(ops.ana, "Roll back", "We roll back.", fields=complete)
    use(ops, "DEC-1", "Deviated")

    words = now(ops).words()

    assert "Deviations\nDEC-1  Roll back\ndeviated once" in words
    assert "Failing" not in words
    assert "failed" not in words


def test_an_edit_settles_a_deviation(ops: Ops) -> None:
    complete = {"Why?": "It helps.", "When does this come up?": "After a deploy."}
    ops.record(ops.ana, "Roll back", "We roll back.", fields=complete)
    use(ops, "DEC-1", "Deviated")
    digest = now(ops)

    view = ops.ana.press("Edit", on=digest)
    assert isinstance(view, View)
    assert view.fill({"What do we do?": "We roll forward."}).submit() == {}
    ops.drain()

    assert "Roll back\nEdited by ana" in again(ops, digest).words()


def test_a_link_says_where_it_leads_in_the_channels_time_zone(ops: Ops) -> None:
    ops.clock.time = monday(9, 23, 30)
    said = ops.ben.say(ops.ops, "Checkout shows errors. What do we do?")
    ops.drain()
    view = ops.ana.shortcut("Record this thread", ops.ops, said)
    assert isinstance(view, View)
    assert view.fill({"What do we do?": "We roll back."}).submit() == {}
    ops.drain()

    digest = now(ops)

    # The channel's time zone is Berlin, where it is past midnight.
    assert "#ops, Mar 10, ben" in digest.words()
    assert "message 1" not in digest.words()
    assert f"/archives/{ops.ops}/p{said.replace('.', '')}" in str(digest.blocks)


def test_a_message_in_another_private_channel_is_not_linked(ops: Ops) -> None:
    secret = ops.driver.channel("secret", members=[ops.ana, ops.ben], private=True)
    ops.driver.invite_bot(secret, by=ops.ana)
    ops.record(ops.ana, "Roll back", "We roll back.")
    said = ops.ben.say(secret, "Roll back of the checkout, as ever?")
    ops.drain()
    view = ops.ana.shortcut("Record this thread", secret, said)
    assert isinstance(view, View)
    with ops.store.transaction(ops.team) as tx:
        source = tx.form_drafts.waiting_for(UserId(ops.ana.id), 1)[0].evidence[0]
        [entry] = [tx.entries.by_id(one) for one in tx.entries.by_ids([EntryId(1)])]
        assert entry
        tx.evidence.add(entry.id, source)
        tx.audit.add(UserId(ops.ana.id), "evidence_added", str(entry.key), {}, ops.clock())

    digest = now(ops)

    assert "Roll back" in digest.words()
    assert secret.id not in str(digest.blocks)


def test_a_digest_is_built_again_if_someone_acts_while_it_is_built(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    ops.record(ops.ana, "Roll back", "We roll back.")
    ops.tick()
    ops.clock.time = monday(29, 8, month=6)
    composed: list[object] = []
    compose = digest_usecases._compose  # noqa: SLF001 - the step that is slow

    def slow(*args: object, **named: object) -> object:
        found = compose(*args, **named)  # type: ignore[arg-type] # as it was called
        if not composed:
            reader, clock = ops.bot.deps.people.reader(UserId(ops.ana.id)), ops.clock()
            certify_entry(ops.store, ops.team, reader=reader, key="DEC-1", now=clock)
        composed.append(found)
        return found

    monkeypatch.setattr(digest_usecases, "_compose", slow)

    build_due_digests(ops.store, ops.team, describe=ops.bot.deps.find_reader, now=ops.clock())
    ops.drain()

    assert len(composed) == 2
    assert "0 due for review" in digests(ops)[-1].words().replace("*", "")
    assert "Due for review" not in digests(ops)[-1].words()
