"""Random histories of nudges: one a day at most, in working hours, despite outages and kills."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.entries import UserId
from bot.jobs import look_around, send_nudges
from bot.outbox import nudges as nudge_outbox
from bot.usecases.review import nudges as nudge_usecases
from sandbox.persons import PersonDriver
from tests.support.nudging import nudges
from tests.support.ops import Ops
from tests.support.owning import recorded
from tests.support.reviewing import certify

STEPS = 60
ZONES = {"ana": "Europe/Berlin", "ben": "America/New_York", "cleo": "Europe/Berlin"}
HOLIDAYS = (date(2026, 4, 3), date(2026, 4, 6))  # Good Friday, Easter Monday
# Points at which the bot is killed: before and after each step of a nudge.
STEPS_OF_A_NUDGE = (
    (nudge_usecases, "_build"),
    (nudge_outbox, "direct"),
    (nudge_outbox, "find_again"),
    (nudge_outbox, "post"),
    (nudge_outbox, "record_posted_nudge"),
)


class Killed(BaseException):
    """Ends the process here."""


class Walk:
    """A random history, the same for the same seed."""

    def __init__(self, ops: Ops, seed: int) -> None:
        self.ops = ops
        self.chance = random.Random(seed)  # noqa: S311 - the same history each time
        self.people = (ops.ana, ops.ben, ops.cleo)
        self.did: Counter[str] = Counter()

    def run(self) -> None:
        acts: tuple[tuple[int, Callable[[], None]], ...] = (
            (10, self.tick),
            (10, self.killed),
            (5, self.slack_fails),
            (3, self.answer),
            (2, self.choose),
            (1, self.handed_over),
        )
        weights, chosen = [weight for weight, _ in acts], [act for _, act in acts]
        for _ in range(STEPS):
            self.ops.clock.time += timedelta(minutes=self.chance.choice((1, 7, 45, 200, 600)))
            act = self.chance.choices(chosen, weights)[0]
            self.come_due()
            act()
            self.did[act.__name__] += 1

    def come_due(self) -> None:
        """Make every entry due again now and then, so that there is always something to send."""
        if self.chance.random() < 0.1:
            with self.ops.store.transaction(self.ops.team) as tx:
                now = self.ops.clock()
                for entry in tx.nudges.entries_due(now + timedelta(days=400), None, 100):
                    tx.entries.certify(
                        entry.id,
                        revision=entry.revision.number,
                        by=entry.owner,
                        at=now,
                        due_at=now,
                    )
                    tx.audit.add(entry.owner, "certified", str(entry.cited), {}, now)

    def tick(self) -> None:
        look_around(self.ops.bot.deps)
        send_nudges(self.ops.bot.deps)
        self.ops.drain()

    def killed(self) -> None:
        """Kill the bot before or after a step of the next nudge, then start another bot."""
        look_around(self.ops.bot.deps)
        with self.ops.store.read(self.ops.team) as tx:
            planned = tx.nudges.due(self.ops.clock.time + timedelta(days=7))
        if planned:
            self.ops.clock.time = max(self.ops.clock.time, planned[0].due_at)
        module, name = self.chance.choice(STEPS_OF_A_NUDGE)
        step, after = getattr(module, name), self.chance.random() < 0.5

        def stops(*args: object, **named: object) -> object:
            if after:
                step(*args, **named)
            raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, name, stops)
            try:
                self.tick()
            except Killed:
                self.did["kills"] += 1
        self.ops.start()

    def slack_fails(self) -> None:
        how = self.chance.choice(({"lost": True}, {"error": "ratelimited"}, {"status": 500}))
        method = self.chance.choice(("chat.postMessage", "conversations.open", "chat.update"))
        self.ops.driver.fail(method, times=self.chance.randint(1, 3), **how)
        self.tick()
        if self.chance.random() < 0.8:
            self.ops.driver.heal()

    def answer(self) -> None:
        person = self.chance.choice(self.people)
        sent = nudges(person)
        if sent and "Still accurate" in sent[-1].buttons():
            certify(person, sent[-1], "DEC-")

    def choose(self) -> None:
        person, word = (
            self.chance.choice(self.people),
            self.chance.choice(("on", "on", "on", "snooze")),
        )
        person.slash(self.ops.ops, f"/lore nudges {word}")

    def handed_over(self) -> None:
        giver, receiver = self.chance.sample(self.people, 2)
        giver.slash(self.ops.ops, f"/lore transfer @{giver.name} @{receiver.name}")


@pytest.mark.parametrize("seed", [1, 2])
def test_no_one_is_nudged_twice_a_day_or_out_of_hours(ops: Ops, seed: int) -> None:
    view = ops.cleo.slash(ops.ops, "/lore settings").view
    assert view is not None
    view.fill({"Holidays": "\n".join(day.isoformat() for day in HOLIDAYS)})
    assert view.submit() == {}
    for person in (ops.ana, ops.ben, ops.cleo):
        recorded(ops, 3, owner=person, backup=None if person.id == ops.cleo.id else ops.cleo)
    walk = Walk(ops, seed)

    walk.run()
    ops.driver.heal()
    walk.tick()

    assert walk.did["kills"] > 3, walk.did
    total = sum(_checked(ops, person) for person in (ops.ana, ops.ben, ops.cleo))
    assert total > 8, walk.did


def _checked(ops: Ops, person: PersonDriver) -> int:
    """Check that each nudge is in hours, one a day and recorded as posted; return their number."""
    sent = nudges(person)
    locals_ = [
        datetime.fromtimestamp(float(each.ts), UTC).astimezone(ZoneInfo(ZONES[person.name]))
        for each in sent
    ]
    days = Counter(local.date() for local in locals_)
    assert not [day for day, times in days.items() if times > 1]
    for local in locals_:
        assert local.weekday() < 5, local
        assert local.date() not in HOLIDAYS
        assert 9 <= local.hour < 17, local
    with ops.store.read(ops.team) as tx:
        rows = tx.nudges.of(UserId(person.id))
    known = {row.ts for row in rows if row.ts is not None}
    under_way = {row.day for row in rows if row.built_at and row.ts is None and row.came is None}
    unknown = [each for each in sent if each.ts not in known]
    assert len(unknown) <= len(under_way)
    assert known <= {each.ts for each in sent}
    return len(sent)
