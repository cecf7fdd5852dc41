"""The stage of one part of the walk: sandbox, `opslore run`, people, and what they saw."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from bot.slack import ids
from sandbox import Driver
from sandbox.errors import ActionRefusedError
from sandbox.forms import SlashAnswer, View
from sandbox.persons import PersonDriver
from sandbox.seen import Answer, Channel, Message
from tests.support.processes import BotProcess, free_port, sandbox_process

T = TypeVar("T")

RUN: Final = ("-m", "bot.cli", "run")
# `opslore run` with the sandbox's clock, so that things come due as time passes.
CLOCKED: Final = ("-m", "bot.cli.demo.clocked")
ROLLBACK: Final = "From now on we always roll back checkout when errors stay above two percent."
# An entry covers this question, so whoever asks it is shown the entry at once.
GATEWAY_RULE: Final = (
    "We restart the payment gateway before calling the vendor about failed card payments."
)
GATEWAY_QUESTION: Final = (
    "Payment gateway fails card payments again, do we restart it before calling the vendor?"
)
# The button that only prompts with such an entry have.
NOT_THIS: Final = "Not this"
# The button that only prompts to record something have.
MUTE: Final = "Mute prompts here"
RULE: Final = "What do we do?"
_LONGEST = 96
# On a busy machine results arrive late, which isn't the bot's fault.
_PATIENCE = 60


@dataclass
class Walk:
    """`#ops` with the bot and people: Cleo is an admin, and Dan isn't in the channel."""

    mode: str
    database_url: str
    folder: Path
    environment: dict[str, str]
    bot: BotProcess
    driver: Driver
    ana: PersonDriver
    ben: PersonDriver
    cleo: PersonDriver
    dan: PersonDriver
    ops: Channel
    seen: list[str] = field(default_factory=list)
    # This part must log these lines at error level, and no others.
    alarms: set[str] = field(default_factory=set)

    @property
    def sqlite(self) -> bool:
        """Return whether the database is a file."""
        return self.database_url.startswith("sqlite")

    def saw(self, what: str, words: object) -> None:
        """Print on one line what people saw."""
        shown = " ".join(str(words).split())
        shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
        self.seen.append(what)
        sys.stdout.write(f"    {what}: {shown}\n")
        sys.stdout.flush()

    def until(self, happened: Callable[[], T]) -> T:
        """Wait until this is true."""
        return self.driver.until(happened, _PATIENCE)

    def settled(self) -> None:
        """Wait until every outbox item that is due was sent."""

        def quiet() -> bool:
            page = self.bot.page("/metrics")
            return page is not None and "opslore_outbox_waiting 0\n" in page.text

        self.until(quiet)

    # Reading.

    def find(self, *parts: str, channel: Channel | None = None) -> Message | None:
        """Return the latest message or reply in a channel that contains all these words."""
        said = self.driver.messages(channel or self.ops)
        found = [each for each in said if all(part in each.words() for part in parts)]
        return found[-1] if found else None

    def arrives(self, *parts: str, channel: Channel | None = None) -> Message:
        """Wait for such a message."""
        try:
            return self.until(lambda: self.find(*parts, channel=channel))  # type: ignore[return-value] # truthy
        except TimeoutError:
            raise AssertionError(f"no message says {parts}") from None

    def told(self, person: PersonDriver, *parts: str) -> Message:
        """Wait for a message that only this person reads, with all these words."""

        def look() -> Message | None:
            every = [*person.ephemerals(), *person.dms()]
            found = [each for each in every if all(part in each.words() for part in parts)]
            return max(found, key=lambda each: each.ts, default=None)

        try:
            return self.until(look)  # type: ignore[return-value] # truthy
        except TimeoutError:
            raise AssertionError(f"{person.name} is not told {parts}") from None

    # Acting.

    def cover(self) -> str:
        """Record the entry that covers `GATEWAY_QUESTION`, and return its key."""
        return self.record(self.ana, "Restart the payment gateway first", GATEWAY_RULE)

    def chat(self, count: int) -> None:
        """Post so many messages; the rate of prompts in a channel follows from them."""
        for number in range(count):
            self.ben.say(self.ops, f"ok {number}")

    def state(self, person: PersonDriver, text: str, *, channel: Channel | None = None) -> str:
        """State a rule, for which someone else says thanks; return the rule's timestamp.

        A thread that someone closes settles at once, and the author of the rule is prompted.
        """
        place = channel or self.ops
        ts = person.say(place, text)
        self.settled()
        other = self.ben if person.id == self.cleo.id else self.cleo
        other.say(place, "Thanks, that works.", thread=ts)
        return ts

    def ask(
        self, person: PersonDriver, line: str, *parts: str, channel: Channel | None = None
    ) -> SlashAnswer:
        """Enter a command whose answer or modal has all these words."""
        answer = person.slash(channel or self.ops, line, seconds=_PATIENCE)
        assert answer.error is None, f"{line}: {answer.error}"
        words = answer.view.words() if answer.view else answer.words()
        assert words, f"{line} was answered with silence"
        assert all(part in words for part in parts), f"{line} was answered {words!r}"
        return answer

    def form(self, person: PersonDriver, line: str, *, channel: Channel | None = None) -> View:
        """Enter a command that opens a modal."""
        view = self.ask(person, line, channel=channel).view
        assert view is not None, f"{line} opened nothing"
        return view

    def press(
        self, person: PersonDriver, label: str, on: Message | View, *, near: str | None = None
    ) -> View | Answer | None:
        """Press a button of a message or modal, and check that Slack reports no missing answer.

        If the form asks for a reason, give one.
        """
        if isinstance(on, View):
            done = self.explain(on.press(label, near=near, seconds=None))
        else:
            done = self.explain(person.press(label, on, near=near))
        assert not isinstance(done, Answer) or done.error is None, f"{label}: {done}"
        if isinstance(done, View) and done.raw.get("callback_id") == ids.REVIEW_FORM:
            # `Still accurate` shows the text, with the verdict below it.
            self.save(done)
            return None
        return done

    def explain(self, opened: View | Answer | None) -> View | Answer | None:
        """Give a reason and submit if the open form asks for one."""
        if not isinstance(opened, View) or opened.raw.get("callback_id") != ids.REASON_FORM:
            return opened
        said = opened.fill({"What changed and why?": "No longer done."}).submit()
        assert "errors" not in said, f"the form stays open and says {said}"
        return None

    def opened(
        self, person: PersonDriver, label: str, on: Message | View, *, near: str | None = None
    ) -> View:
        """Press a button that opens a modal."""
        view = self.press(person, label, on, near=near)
        assert isinstance(view, View), f"{label} opened nothing: {view}"
        return view

    def save(self, view: View, values: Mapping[str, str | None] | None = None) -> None:
        """Fill a form and submit it; it closes."""
        said = view.fill(values or {}).submit()
        assert said == {}, f"the form stays open and says {said}"

    def record(self, person: PersonDriver, title: str, rule: str = "We do it.") -> str:
        """Record a decision by command, and return its key once it is in force."""
        self.save(self.form(person, "/lore record decision"), {"Title": title, RULE: rule})
        return self.card(title).text.partition("@")[0]

    def card(self, title: str, channel: Channel | None = None) -> Message:
        """Wait for the card of an entry that is in force; a draft is approved first."""
        approved: list[str] = []

        def look() -> Message | None:
            said = self.driver.messages(channel or self.ops)
            every = [each for each in said if title in each.words()]
            drafts = [each for each in every if " · draft · " in each.words()]
            if drafts and not approved:
                by = self.cleo if "owner ben" in drafts[-1].words() else self.ben
                self.press(by, "Approve", drafts[-1])
                approved.append(drafts[-1].ts)
            cards = [each for each in every if "Use it" in each.buttons()]
            return cards[-1] if cards else None

        try:
            return self.until(look)  # type: ignore[return-value] # truthy
        except TimeoutError:
            raise AssertionError(f"no card of {title!r}") from None

    def without_review(self) -> None:
        """Turn approval off, as an admin does."""
        view = self.form(self.cleo, "/lore settings")
        view.choose("Changes need approval", "No")
        self.save(view)


@contextmanager
def staged(
    mode: str,
    database_url: str,
    folder: Path,
    *,
    command: Sequence[str] = RUN,
    sandbox: Sequence[str] = (),
) -> Iterator[Walk]:
    """Yield the running processes; then check that the bot exits with 0 and without a fault."""
    port = free_port()
    http = ("--mode", "http", "--request-url", f"http://127.0.0.1:{port}/slack/events")
    arguments = (*(http if mode == "http" else ()), *sandbox)
    with (folder / "sandbox.log").open("w+") as log, sandbox_process(*arguments, log=log) as found:
        environment = {**found, "OPSLORE_PORT": str(port)}
        bot = BotProcess(environment, database_url, folder, command)
        try:
            with Driver.connect(environment["SANDBOX_URL"]) as driver:
                walk = _people(mode, database_url, environment, bot, driver)
                yield walk
            assert not bot.running or bot.stop() == 0, "it ended with another status than 0"
            _logged(walk)
            assert "Traceback" not in (folder / "sandbox.log").read_text(), "the sandbox failed"
        finally:
            if bot.running:
                bot.kill()


def _logged(walk: Walk) -> None:
    """Check that the log has each expected alarm and no other fault."""
    lines = walk.bot.said().splitlines()
    alarms = [line for line in lines if " error   " in line]
    for wanted in walk.alarms:
        assert any(wanted in line for line in alarms), f"the log does not say {wanted}"
    faults = [line for line in alarms if not any(wanted in line for wanted in walk.alarms)]
    faults += [line for line in lines if "Traceback" in line]
    assert not faults, f"the log says {faults[:3]}"


def _people(
    mode: str, database_url: str, environment: dict[str, str], bot: BotProcess, driver: Driver
) -> Walk:
    ana, ben = driver.person("ana"), driver.person("ben", tz="America/New_York")
    cleo, dan = driver.person("cleo", admin=True), driver.person("dan")
    ops = driver.channel("ops", members=[ana, ben, cleo])
    bot.start().until_ready()
    driver.invite_bot(ops, by=ana)
    folder = bot.log.parent
    walk = Walk(mode, database_url, folder, environment, bot, driver, ana, ben, cleo, dan, ops)
    walk.arrives("Opslore")  # its greeting
    return walk


__all__ = [
    "CLOCKED",
    "GATEWAY_QUESTION",
    "GATEWAY_RULE",
    "MUTE",
    "NOT_THIS",
    "ROLLBACK",
    "RULE",
    "RUN",
    "ActionRefusedError",
    "Walk",
    "staged",
]
