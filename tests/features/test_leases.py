"""An outbox item of a slow sender passes to the next sender, and nothing is sent twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.deps import Deps
from bot.domain.listening.prompting import QUIET
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
from tests.support.prompting import ROLLBACK

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
    ops.drain()
    ops.clock.time += QUIET
    # The thread settles, and the prompt is in the outbox.
    assert ops.bot.sender.step(ops.bot.deps) == 1


def seen(ops: Ops) -> int:
    """Return how many messages Opslore sent to ana and to the channel."""
    by_bot = [each for each in ops.driver.messages(ops.ops) if each.raw.get("bot_id")]
    return len(by_bot) + len(ops.ana.dms()) + len(ops.ana.ephemerals(ops.ops))


def drawing_for(ops: Ops, takes: timedelta, meanwhile: Callable[[], object] = lambda: None) -> Deps:
    """Return a sender that pauses before it renders, while other senders continue."""

    def slow(name: str, **shown: object) -> dict[str, Any]:
        ops.clock.time += takes
        meanwhile()
        return ops.bot.deps.render(name, **shown)

    return replace(ops.bot.deps, render=slow)


@pytest.mark.parametrize("left", [card, digest, nudge, offer, prompt])
def test_an_item_ready_too_late_is_sent_once_by_the_next_sender(
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
def test_an_item_that_another_sender_sent_is_not_sent_again(
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


def test_a_late_refusal_is_not_reported_if_another_sender_posted_the_item(ops: Ops) -> None:
    """Ana isn't told that a card couldn't be posted, because it was."""
    card(ops)
    late = claimed(ops)
    ops.later(minutes=2)
    posted = seen(ops)

    assert not drop_item(ops.store, late, now=ops.clock(), reason="channel_not_found")
    ops.drain()

    assert fate(ops, late).fate is Fate.SENT
    assert seen(ops) == posted


def test_a_late_record_of_another_post_changes_neither_digest_nor_nudge(ops: Ops) -> None:
    """Both are updated in the message that was recorded first."""
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


def test_a_late_sender_does_not_postpone_an_item_that_another_has_claimed(ops: Ops) -> None:
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


def test_a_post_made_in_time_and_recorded_late_appears_once(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another sender has claimed it since then, and finds the post."""
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
