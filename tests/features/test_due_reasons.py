"""Due reasons: why an entry is due at once, and how a verdict or a fix ends that."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.entries import ChannelId, UserId
from bot.domain.visibility import Reader
from bot.jobs import look_around, look_hourly
from bot.usecases.review.due_reasons import Batches, update_due_reasons
from sandbox.forms import View
from sandbox.persons import PersonDriver
from storage.due_reasons import DueReasons
from tests.support.accounts import an_hour_later, deactivated
from tests.support.certifying import asked
from tests.support.digests import now
from tests.support.editing import card
from tests.support.entries import entry
from tests.support.ops import Ops
from tests.support.recording import saved
from tests.support.reviewing import certify

OWNER = "its owner ana left or was deactivated"
BACKUP = "its backup ben left or was deactivated"
LEVEL = "a level names ben, who was deactivated"


def recorded(ops: Ops) -> None:
    """Record DEC-1 (owner ana, backup ben) and ESC-1 (owner cleo, first level ben)."""
    for kind, field in (("decision", "What do we do?"), ("escalation", "What goes wrong?")):
        person = ops.ana if kind == "decision" else ops.cleo
        view = person.slash(ops.ops, f"/lore record {kind}").view
        assert view is not None
        view.fill({"Title": f"A {kind}", field: "As agreed."})
        if kind == "decision":
            view.choose("Backup", ops.ben)
        else:
            view.choose("Level 1: notify", [ops.ben])
        saved(ops, view)


def state(ops: Ops, key: str = "DEC-1") -> str:
    return ops.cleo.slash(ops.ops, f"/lore show {key}").words()


def failed(ops: Ops) -> None:
    view = ops.cleo.press("Use it", on=card(ops))
    assert isinstance(view, View)
    view.choose("How did it go?", "Failed").fill({"Note": "It hung."})
    saved(ops, view)


@pytest.mark.parametrize(
    ("happens", "key", "why"),
    [
        (lambda ops: ops.ana.leave(ops.ops), "DEC-1", OWNER),
        (lambda ops: ops.ben.leave(ops.ops), "DEC-1", BACKUP),
        (lambda ops: deactivated(ops, ops.ana), "DEC-1", OWNER),
        (lambda ops: deactivated(ops, ops.ben), "DEC-1", BACKUP),
        (lambda ops: deactivated(ops, ops.ben), "ESC-1", LEVEL),
        (failed, "DEC-1", "it failed when used"),
    ],
)
def test_an_entry_is_due_at_once_and_says_why(
    ops: Ops, happens: Callable[[Ops], None], key: str, why: str
) -> None:
    """The digest and the waiting lists show the reason; the entry's own date is unchanged."""
    recorded(ops)
    before = entry(ops, key).due_at
    assert "in force, never certified" in state(ops, key)

    happens(ops)

    assert f"in force, due: {why}" in state(ops, key)
    assert entry(ops, key).due_at == before
    digest = now_by(ops, ops.cleo)
    if why == OWNER:
        assert "Owner gone" in digest
        assert "owner ana left or was deactivated" in digest
    else:
        assert "Due for review" in digest
        assert ("failed once" if happens is failed else why) in digest


def now_by(ops: Ops, person: PersonDriver) -> str:
    ops.clock.time += timedelta(minutes=1)
    assert "on its way" in person.slash(ops.ops, "/lore digest now").words()
    ops.drain()
    return ops.driver.messages(ops.ops)[-1].words()


def test_entries_of_an_archived_channel_are_due_until_it_is_unarchived(ops: Ops) -> None:
    recorded(ops)
    ops.driver.archive(ops.ops)
    other = ops.driver.channel("other", members=[ops.cleo])

    words = ops.cleo.slash(other, "/lore show DEC-1").words()
    assert "in force, due: its channel is archived" in words

    ops.driver.unarchive(ops.ops)
    assert "in force, never certified" in state(ops)


def test_an_archived_channel_is_noticed_without_an_event(ops: Ops) -> None:
    recorded(ops)
    ops.driver.deliver_events(drop=True)
    ops.driver.archive(ops.ops)
    ops.driver.heal()
    other = ops.driver.channel("other", members=[ops.cleo])

    an_hour_later(ops)

    words = ops.cleo.slash(other, "/lore show DEC-1").words()
    assert "in force, due: its channel is archived" in words


def test_a_verdict_settles_it_and_the_hourly_check_does_not_raise_it_again(ops: Ops) -> None:
    """The reviewer knows that the owner is gone and certifies the entry nonetheless."""
    recorded(ops)
    ops.ana.leave(ops.ops)

    certify(ops.cleo, asked(ops, ops.cleo, "DEC-1"))
    an_hour_later(ops)

    assert "certified until" in state(ops)
    assert "Take over" in ops.cleo.slash(ops.ops, "/lore show DEC-1").buttons()


def test_someone_who_took_it_over_during_the_check_stays_its_owner(ops: Ops) -> None:
    """The check takes a while, so the data it began with may be out of date."""
    recorded(ops)
    ops.driver.deactivate(ops.ana)
    ops.start()
    deps = ops.bot.deps

    def asked(user: UserId) -> Reader | None:
        found = deps.find_reader(user)
        if user == ops.ana.id:
            ops.ben.slash(ops.ops, "/lore owner DEC-1 @cleo")
        return found

    update_due_reasons(ops.store, ops.team, describe=asked, now=ops.clock())

    assert "left or was deactivated" not in state(ops)
    assert "owner cleo" in state(ops)


def test_an_owner_outside_the_public_channel_is_not_gone(ops: Ops) -> None:
    """They are gone once they join the channel and leave it again."""
    outside = ops.driver.person("dora")
    recorded(ops)
    ops.cleo.slash(ops.ops, "/lore owner DEC-1 @dora")

    an_hour_later(ops)
    assert "owner dora" in state(ops)
    assert "in force, never certified" in state(ops)

    outside.join(ops.ops)
    outside.leave(ops.ops)
    an_hour_later(ops)
    assert "its owner dora left or was deactivated" in state(ops)


def test_an_event_during_the_hourly_check_wins(ops: Ops) -> None:
    """The person was found in the channel but leaves before the check ends."""
    recorded(ops)
    ops.driver.deactivate(ops.ben)
    ops.start()
    deps = ops.bot.deps
    left: list[UserId] = []

    def asked(user: UserId) -> Reader | None:
        found = deps.find_reader(user)
        if user == ops.ana.id and not left:
            left.append(user)
            ops.ana.leave(ops.ops)
        return found

    update_due_reasons(ops.store, ops.team, describe=asked, now=ops.clock())

    assert left
    assert OWNER in state(ops)
    assert BACKUP in state(ops)
    an_hour_later(ops)
    assert OWNER in state(ops)


def test_an_owner_who_is_reactivated_owns_it_from_outside_as_before(ops: Ops) -> None:
    outside = ops.driver.person("dora")
    recorded(ops)
    ops.cleo.slash(ops.ops, "/lore owner DEC-1 @dora")
    deactivated(ops, outside)
    assert "its owner dora left or was deactivated" in state(ops)

    ops.driver.deactivate(outside, back=True)
    an_hour_later(ops)

    assert "in force, never certified" in state(ops)


def test_an_owner_who_left_and_is_named_again_owns_it_from_outside(ops: Ops) -> None:
    recorded(ops)
    ops.ana.leave(ops.ops)
    assert OWNER in state(ops)

    assert "ana now owns DEC-1." in ops.cleo.slash(ops.ops, "/lore owner DEC-1 @ana").words()
    an_hour_later(ops)

    assert "in force, never certified" in state(ops)


def test_archiving_the_channel_for_a_while_does_not_bring_an_owner_back(ops: Ops) -> None:
    recorded(ops)
    ops.ana.leave(ops.ops)
    ops.driver.archive(ops.ops)
    an_hour_later(ops)
    ops.driver.unarchive(ops.ops)
    an_hour_later(ops)

    assert OWNER in state(ops)


def test_an_owner_who_left_as_a_guest_is_not_back_as_a_member(ops: Ops) -> None:
    recorded(ops)
    home, ana = ChannelId(ops.ops.id), UserId(ops.ana.id)
    member = ops.bot.deps.people.reader(ana)
    guest = Reader(person=replace(member.person, guest=True), channels=member.channels)

    def look(found: Reader, **moved: Any) -> None:  # noqa: ANN401 - where and who
        known = {ana: found}.get
        update_due_reasons(ops.store, ops.team, describe=known, now=ops.clock(), **moved)

    look(guest)
    look(replace(guest, channels=frozenset()), channel=home, user=ana)
    look(replace(member, channels=frozenset()))
    assert OWNER in state(ops)

    look(member)
    assert "in force, never certified" in state(ops)


def test_an_owner_who_left_during_an_outage_is_gone_once_slack_answers(ops: Ops) -> None:
    recorded(ops)
    ops.driver.fail("users.conversations", "internal_error", times=1)

    ops.ana.leave(ops.ops)

    assert OWNER in state(ops)


def test_an_owner_who_returns_settles_the_reason_and_leaving_again_raises_it(ops: Ops) -> None:
    recorded(ops)
    ops.ana.leave(ops.ops)
    ops.ana.join(ops.ops)
    assert "in force, never certified" in state(ops)

    ops.ana.leave(ops.ops)
    assert OWNER in state(ops)


@pytest.mark.parametrize("act", ["Take over", "/lore owner DEC-1 @cleo"])
def test_a_new_owner_settles_that_the_owner_is_gone(ops: Ops, act: str) -> None:
    recorded(ops)
    ops.ana.leave(ops.ops)

    if act == "Take over":
        ops.cleo.press(act, on=asked(ops, ops.cleo, "DEC-1"))
    else:
        ops.cleo.slash(ops.ops, act)
    ops.drain()

    assert "owner cleo" in card(ops).words()
    assert "in force, never certified" in card(ops).words()
    assert "Take over" not in card(ops).buttons()


def test_the_card_of_an_entry_without_an_owner_offers_to_take_it_over(ops: Ops) -> None:
    recorded(ops)
    ops.ana.leave(ops.ops)
    ops.drain()
    assert "in force, due: its owner ana left or was deactivated" in card(ops).words()

    ops.cleo.press("Take over", on=card(ops))
    ops.drain()

    assert "owner cleo" in card(ops).words()
    assert "You now own DEC-1." in ops.cleo.ephemerals(ops.ops)[-1].words()


def test_an_edit_settles_a_failed_use_and_a_new_failure_is_due_again(ops: Ops) -> None:
    recorded(ops)
    failed(ops)
    view = ops.cleo.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    saved(ops, view.fill({"What do we do?": "Better."}))
    assert "in force, never certified" in state(ops)

    failed(ops)
    certify(ops.cleo, asked(ops, ops.cleo, "DEC-1"))
    assert "certified until" in state(ops)
    failed(ops)
    assert "due: it failed when used" in state(ops)


def test_rewording_the_same_rule_does_not_settle_a_failed_use(ops: Ops) -> None:
    recorded(ops)
    failed(ops)
    view = ops.cleo.slash(ops.ops, "/lore edit DEC-1").view
    assert view is not None
    saved(
        ops,
        view.fill({"Why?": "It helps."}).choose(
            "Kind of change", "Wording: what we do stays the same"
        ),
    )

    assert "due: it failed when used" in state(ops)


def test_if_slack_does_not_answer_no_one_counts_as_gone(ops: Ops) -> None:
    recorded(ops)
    ops.driver.deactivate(ops.ana)
    ops.start()
    ops.driver.fail("users.info", "internal_error")
    look_around(ops.bot.deps)
    ops.driver.heal()

    assert "in force, never certified" in state(ops)
    an_hour_later(ops)
    assert OWNER in state(ops)


def test_an_entry_due_at_once_can_be_snoozed_out_of_the_digest(ops: Ops) -> None:
    recorded(ops)
    failed(ops)
    digest = now(ops)
    assert "Due for review" in digest.words()

    ops.cleo.press("Snooze", on=digest, near="DEC-1")
    ops.drain()

    assert "Due for review" not in now(ops).words()
    assert "due: it failed" in state(ops)


def looks(ops: Ops) -> int:
    """Return how often Slack was asked for all people."""
    return len(ops.driver.calls("users.list"))


def test_only_one_process_runs_the_check_each_hour(ops: Ops) -> None:
    recorded(ops)
    look_hourly(ops.bot.deps)
    assert looks(ops) == 1

    ops.start()
    look_hourly(ops.bot.deps)
    assert looks(ops) == 1

    ops.clock.time += timedelta(hours=1)
    look_hourly(ops.bot.deps)
    look_hourly(ops.bot.deps)
    assert looks(ops) == 2


def test_a_failed_check_is_repeated_within_the_hour(ops: Ops) -> None:
    recorded(ops)
    ops.driver.deactivate(ops.ana)
    ops.driver.fail("users.list", "internal_error", times=1)
    look_hourly(ops.bot.deps)
    assert "in force, never certified" in state(ops)

    ops.clock.time += timedelta(minutes=15)
    look_hourly(ops.bot.deps)

    assert OWNER in state(ops)


def test_the_check_asks_slack_for_lists_and_not_for_each_person(ops: Ops) -> None:
    recorded(ops)
    away = ops.driver.channel("away", members=[ops.cleo])
    ops.driver.invite_bot(away, by=ops.cleo)
    ops.drain()
    ops.start()
    before = len(ops.driver.calls())

    look_around(ops.bot.deps)

    asked = [call["method"] for call in ops.driver.calls()[before:]]
    assert asked.count("users.list") == 1
    # The other channel has no entries.
    assert asked.count("conversations.members") == 1
    assert not {"users.info"} & set(asked)


@pytest.mark.parametrize("written", [1, 2])
def test_a_check_killed_between_two_batches_is_completed_by_the_next(
    ops: Ops, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    for number in range(5):
        ops.record(ops.ana, f"Decision {number}", "As agreed.")
    ops.driver.deactivate(ops.ana)
    ops.start()
    known, batches = ops.bot.deps.find_reader, Batches(read=2, written=written)
    add, added = DueReasons.add, list[object]()

    def killed_at_the_third(part: DueReasons, *given: Any, **more: Any) -> None:  # noqa: ANN401 - of add
        if len(added) == 2:
            raise RuntimeError("killed")
        added.append(given)
        add(part, *given, **more)

    def look() -> None:
        update_due_reasons(ops.store, ops.team, describe=known, now=ops.clock(), batches=batches)

    with monkeypatch.context() as patched:
        patched.setattr(DueReasons, "add", killed_at_the_third)
        with pytest.raises(RuntimeError, match="killed"):
            look()
    keys = [f"DEC-{number}" for number in range(1, 6)]
    assert sum(OWNER in state(ops, key) for key in keys) == 2

    look()

    assert all(OWNER in state(ops, key) for key in keys)
    with ops.store.read(ops.team) as tx:
        acts = [act.subject for act in tx.audit.acts() if act.action == "due_at_once"]
    assert acts == keys
