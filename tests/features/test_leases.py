"""A sender that was slow leaves what it claimed to the next: nothing is told twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.deps import Deps
from bot.domain.outbox import Fate, OutboxItem
from bot.domain.timeouts import Timeouts
from bot.jobs import look_around, send_nudges
from bot.outbox import delivery, topics
from bot.slack.api import posting
from bot.usecases.outbox import drop_item, postpone
from bot.usecases.review.digest import record_posted_digest
from bot.usecases.review.nudges import record_posted_nudge
from sandbox.forms import View
from tests.support.nudging import recorded, utc
from tests.support.ops import Ops

ROLLBACK = "We decided to roll back whenever checkout errors stay above two percent."
SECOND = timedelta(seconds=1)
LEASE = Timeouts().lease
LONGEST_CALL = Timeouts().longest_call


def card(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert isinstance(view, View)
    view.fill({"Title": "Roll back", "What do we do?": "Roll back checkout."})
    assert view.submit() == {}


def digest(ops: Ops) -> None:
    card(ops)
    ops.drain()
    ops.ana.slash(ops.ops, "/lore digest now")


def nudge(ops: Ops) -> None:
    recorded(ops, "2026-06-03 02:00")
    ops.clock.time = utc("2026-06-03 07:00")
    look_around(ops.bot.deps)
    send_nudges(ops.bot.deps)


def offer(ops: Ops) -> None:
    ops.ana.react(ops.ops, ops.ana.say(ops.ops, "the checkout throws errors"), "scroll")


def prompt(ops: Ops) -> None:
    ops.ana.say(ops.ops, ROLLBACK)
    assert ops.bot.sender.step(ops.bot.deps) == 1


def seen(ops: Ops) -> int:
    """How much Opslore has said to ana and in the channel."""
    by_bot = [each for each in ops.driver.messages(ops.ops) if each.raw.get("bot_id")]
    return len(by_bot) + len(ops.ana.dms()) + len(ops.ana.ephemerals(ops.ops))


def drawing_for(ops: Ops, takes: timedelta, meanwhile: Callable[[], object] = lambda: None) -> Deps:
    """What a sender has that waits so long for what it shows, while others go on."""

    def slow(name: str, **shown: object) -> dict[str, Any]:
        ops.clock.time += takes
        meanwhile()
        return ops.bot.deps.render(name, **shown)

    return replace(ops.bot.deps, render=slow)


@pytest.mark.parametrize("left", [card, digest, nudge, offer, prompt])
def test_what_is_ready_too_late_is_told_once_by_whoever_claims_it_next(
    ops: Ops, left: Callable[[Ops], None]
) -> None:
    left(ops)
    before = seen(ops)
    late = drawing_for(ops, LEASE - LONGEST_CALL)

    assert ops.bot.sender.step(late)
    assert seen(ops) == before

    ops.clock.time += timedelta(minutes=1)
    ops.drain()
    assert seen(ops) == before + 1


@pytest.mark.parametrize("left", [card, digest, nudge, offer])
def test_what_another_told_meanwhile_is_not_told_again(
    ops: Ops, left: Callable[[Ops], None]
) -> None:
    left(ops)
    before = seen(ops)
    late = drawing_for(ops, LEASE + SECOND, lambda: ops.bot.sender.step(ops.bot.deps))

    assert ops.bot.sender.step(late)
    assert seen(ops) == before + 1

    ops.later(minutes=1)
    assert seen(ops) == before + 1


def claimed(ops: Ops) -> OutboxItem:
    [item] = ops.store.claim_items(ops.clock(), 9)
    return item


def fate(ops: Ops, item: OutboxItem) -> OutboxItem:
    with ops.store.read(ops.team) as tx:
        found = tx.outbox.get(item.id)
    assert found is not None
    return found


def test_a_late_refusal_is_not_told_of_what_another_posted(ops: Ops) -> None:
    """Ana hears nothing of a card that could not be posted: it was."""
    card(ops)
    late = claimed(ops)
    ops.later(minutes=2)
    posted = seen(ops)

    assert not drop_item(ops.store, late, now=ops.clock(), reason="channel_not_found")
    ops.drain()

    assert fate(ops, late).fate is Fate.SENT
    assert seen(ops) == posted


def test_a_late_word_of_another_message_moves_neither_digest_nor_nudge(ops: Ops) -> None:
    """They are drawn anew where it stands that was recorded first."""
    digest(ops)
    late = claimed(ops)
    ops.later(minutes=2)
    nudge(ops)
    late_nudge = claimed(ops)
    ops.later(minutes=2)
    stands = [fate(ops, each).ts for each in (late, late_nudge)]
    digest_id, nudge_id = late.payload["digest"], late_nudge.payload["nudge"]

    record_posted_digest(ops.store, ops.team, digest_id, item=late.id, ts="1.1", now=ops.clock())
    record_posted_nudge(
        ops.store,
        ops.team,
        nudge_id,
        item=late_nudge.id,
        channel=late_nudge.channel,
        ts="1.2",
        now=ops.clock(),
    )

    with ops.store.read(ops.team) as tx:
        found = tx.digests.get(digest_id), tx.nudges.get(nudge_id)
    assert all(stands)
    assert [each and each.ts for each in found] == stands


def test_a_late_sender_puts_nothing_off_that_another_has_claimed(ops: Ops) -> None:
    card(ops)
    late = claimed(ops)
    ops.clock.time += LEASE
    current = claimed(ops)

    pause = timedelta()
    assert postpone(ops.store, late, now=ops.clock(), pause=pause, maybe=False, reason="late")
    ops.clock.time += LEASE - SECOND

    assert ops.store.claim_items(ops.clock(), 9) == []
    assert fate(ops, late).leased_until == current.leased_until
    assert fate(ops, late).attempted_at is not None


def test_what_was_posted_in_time_and_is_recorded_late_stands_once(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another has claimed it by then, and finds it."""
    digest(ops)
    before = seen(ops)
    others: list[OutboxItem] = []

    def slow(*args: Any, **kwargs: Any) -> str:  # noqa: ANN401 - as it was called
        monkeypatch.undo()
        ts = posting.post(*args, **kwargs)
        ops.clock.time += LEASE
        others.append(claimed(ops))
        return ts

    monkeypatch.setattr(delivery, "post", slow)
    assert ops.bot.sender.step(ops.bot.deps)
    [other] = others
    first = fate(ops, other)
    topics.send_item(ops.bot.deps, other)
    ops.drain()

    assert seen(ops) == before + 1
    assert (first.fate, first.ts) == (Fate.SENT, ops.driver.messages(ops.ops)[-1].ts)
    assert fate(ops, other) == first
