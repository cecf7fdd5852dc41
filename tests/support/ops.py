"""A bot in the test's process, in a workspace of the sandbox. Its clock moves only by hand."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_bolt import BoltRequest

from bot.app import Bot, build
from bot.domain.approval import ApprovalPolicy
from bot.domain.audit_acts import OPSLORE
from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.kinds import FIELDS, Kind
from bot.domain.timeouts import Timeouts
from bot.jobs import post_digests
from bot.settings import Settings
from bot.slack import ids
from bot.usecases.entries.forms import open_form
from bot.usecases.entries.record import SubmittedForm, save_form
from sandbox import Driver, Sandbox, Timing
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from storage.audit.chain import UNNAMED
from storage.store import Store
from tests.support.beginnings import Beginning, rows_of, set_state, state_of
from tests.support.patience import PATIENT, Patience

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # a Wednesday

Reply = tuple[int, dict[str, str], bytes]


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        # Each reading is a moment later, so that no two events have the same time.
        self.time += timedelta(milliseconds=1)
        return self.time


class Ops:
    """A workspace with `#ops`, four people in it, and the bot."""

    bot: Bot
    patience: Patience

    def __init__(self, store: Store) -> None:
        self.clock = Clock()
        self.store = store
        self.timeouts = PATIENT
        self.deliveries = 1  # how often the sandbox delivers each event
        # On a busy machine the bot may take longer than Slack waits, and the test shouldn't fail.
        self.sandbox = Sandbox(
            MANIFEST, now=self.clock, deliver=self._deliver, timing=Timing(ack_seconds=60)
        )

    def open(self, beginnings: dict[str, Beginning]) -> None:
        """Start a bot that has joined `#ops`. `beginnings`: such workspaces by kind of database."""
        self.sandbox.__enter__()
        # The bot acknowledges last. It sends its outbox items when a test drains the outbox.
        self.driver = Driver(self.sandbox, patience=0)
        app = self.sandbox._installation  # noqa: SLF001 - only tests copy a workspace
        beginning = beginnings.get(self.store.dialect)
        if beginning is None:
            self._begin()
            beginnings[self.store.dialect] = Beginning(
                sandbox=state_of(app), rows=rows_of(self.store.engine), time=self.clock.time
            )
        else:
            set_state(app, beginning.sandbox)
            beginning.rows.restore(self.store.engine)
            self.clock.time = beginning.time
        self.start()
        self.ana, self.ben, self.cleo = map(self.driver.known, ("ana", "ben", "cleo"))
        (ops,) = (each for each in self.driver.channels() if each["name"] == "ops")
        self.ops = Channel(ops["id"], ops["name"])

    def _begin(self) -> None:
        ana = self.driver.person("ana", tz="Europe/Berlin")
        ben = self.driver.person("ben", tz="America/New_York")
        cleo = self.driver.person("cleo", tz="Europe/Berlin", admin=True)
        ops = self.driver.channel("ops", members=[ana, ben, cleo])
        self.start()
        self.driver.invite_bot(ops, by=ana)
        self.review(ApprovalPolicy(on=False))
        self.drain()

    def close(self) -> None:
        self.driver.close()
        self.sandbox.__exit__(None, None, None)

    def start(self) -> None:
        """Start the bot, or start it again after an outage."""
        settings = Settings(
            bot_token=self.sandbox.bot_token,
            signing_secret=self.sandbox.signing_secret,
            slack_api_url=self.sandbox.api_url,
            timeouts=self.timeouts,
        )
        self.bot = build(settings, self.store, now=self.clock, patient=False)

    def restart_with(self, timeouts: Timeouts) -> None:
        """Start the bot again with other time-outs than a test's usual ones."""
        self.timeouts = timeouts
        self.start()

    def review(self, policy: ApprovalPolicy) -> None:
        """Set the approval policy. It is off in tests that aren't about it."""
        with self.store.transaction(self.team) as tx:
            tx.workspace.put(replace(tx.workspace.get(), approval=policy))
            tx.audit.add(OPSLORE, "workspace_set", self.team, {}, self.clock())

    @property
    def team(self) -> TeamId:
        return TeamId(self.sandbox.team_id)

    def drain(self) -> None:
        """Send all outbox items that are due."""
        while self.bot.sender.step(self.bot.deps):
            pass

    def later(self, **by: float) -> None:
        """Move the clock, and run the jobs that are due."""
        self.clock.time += timedelta(**by)
        self.tick()

    def tick(self) -> None:
        """Run the jobs of one minute."""
        post_digests(self.bot.deps)
        self.drain()

    def record(
        self,
        person: PersonDriver,
        title: str,
        rule: str = "We do it.",
        channel: Channel | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> str:
        """Record a decision that is in force under any policy, and return its key.

        It calls the use cases of the form, because filling in the form takes twice as long.
        """
        deps, user = self.bot.deps, UserId(person.id)
        reader, now = deps.people.reader(user), self.clock()
        home = deps.people.channel(ChannelId(str(channel or self.ops)))
        opened = open_form(
            self.store, self.team, reader=reader, channel=home, now=now, kind=Kind.DECISION
        )
        names = {field.label: field.name for field in FIELDS[Kind.DECISION]}
        typed = {names[label]: text for label, text in (fields or {}).items()}
        saved = save_form(
            self.store,
            self.team,
            opened.draft.id,
            SubmittedForm(
                typed={**opened.values, "title": title, "rule": rule, **typed}, owner=reader
            ),
            reader=reader,
            is_alone=lambda *_: True,
            now=self.clock(),
        )
        self.drain()
        return str(saved.entry.key)

    def draft(
        self,
        person: PersonDriver,
        title: str,
        rule: str = "We do it.",
        channel: Channel | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> str:
        """Record a decision with `/lore record`, a draft if approval is on, and return its key."""
        # In tests that delay commands, the form opens after the acknowledgement.
        view = person.slash(channel or self.ops, "/lore record decision", seconds=60).view
        assert view is not None
        view.fill({"Title": title, "What do we do?": rule, **(fields or {})})
        assert view.submit() == {}
        self.drain()
        cards = self.driver.messages(channel or self.ops)
        return next(card.text.split("@")[0] for card in reversed(cards) if title in card.text)

    def retire(
        self, person: PersonDriver, on: Message | View | Channel | str, near: str | None = None
    ) -> None:
        """Press `Retire`, and give a reason in the form that opens."""
        self.answer_form(person.press("Retire", on, near=near))

    def answer_form(self, opened: object) -> None:
        """Submit the form that a button opened, if any, with a reason if it asks for one."""
        if isinstance(opened, View):
            if opened.raw["callback_id"] == ids.REASON_FORM:
                opened.fill({"What changed and why?": "No longer done."})
            assert "errors" not in opened.submit()

    def _deliver(self, body: bytes, headers: dict[str, str]) -> Reply:
        for _ in range(self.deliveries):
            request = BoltRequest(body=body.decode(), headers=dict(headers))
            response = self.bot.app.dispatch(request)
        sent = {name: values[0] for name, values in response.headers.items()}
        return response.status, sent, response.body.encode()


@pytest.fixture(scope="session")
def beginnings() -> dict[str, Beginning]:
    """Return how a workspace begins, by kind of database: the first test on each adds its own."""
    return {}


@pytest.fixture
def ops(store: Store, patience: Patience, beginnings: dict[str, Beginning]) -> Iterator[Ops]:
    found = Ops(store)
    found.patience = patience
    found.open(beginnings)
    yield found
    found.close()
    # After each test, every audited row must be as an act of a use case left it.
    with store.read(found.team) as tx:
        faults = tx.audit.verify().faults
        assert not faults, faults
        unnamed = [act for act in tx.audit.acts() if act.action == UNNAMED]
        assert not unnamed, unnamed
