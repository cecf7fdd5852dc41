"""People at work with the bot, in three processes: sandbox and test, bot, browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from playwright.sync_api import Locator, Page

from sandbox import Driver, Sandbox, Timing
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.processes import ROOT, BotProcess

_numbers = count(1)


@dataclass(frozen=True)
class Shift:
    """A sandbox with the bot connected to it over Socket Mode."""

    driver: Driver
    url: str
    bot: BotProcess

    def settle(self) -> None:
        """Wait until the bot has processed all messages and sent its answers."""
        self.driver.until(self._settled, 60)

    def kill_bot(self) -> None:
        """Kill the bot as a power cut does, and wait until its connections are closed."""
        self.bot.kill()
        self.driver.until(lambda: self.driver.sockets() == 0)

    def start_bot(self) -> None:
        """Start the bot again, and wait until it serves."""
        self.bot.start().until_ready()
        self.driver.until(self.driver.sockets)

    def ahead(self, days: int) -> None:
        """Move the clock forward, and wait until the bot follows it."""
        before = self._moves()
        self.driver.do("time.ahead", hours=days * 24)
        self.driver.until(lambda: self._moves() > before, 60)

    def _moves(self) -> int:
        return self.bot.said().count("clock_moved")

    def _settled(self) -> bool:
        page = self.bot.page("/metrics")
        return page is not None and "opslore_outbox_waiting 0" in page.text


@contextmanager
def on_shift(template: Path, folder: Path, *options: str) -> Iterator[Shift]:
    """Run the bot in its own process, on a copy of a SQLite file."""
    database = Path(shutil.copy(template, folder / "opslore.db"))
    # On a busy machine the bot may be slower than Slack's time limit, which isn't tested here.
    with Sandbox(
        ROOT / "manifest.yml", timing=Timing(ack_seconds=60, trigger_seconds=60)
    ) as sandbox:
        url = f"sqlite:///{database}"
        patient = ("-m", "tests.support.patient", *options)
        bot = BotProcess(sandbox.environment, url, folder, patient).start()
        try:
            with Driver(sandbox) as driver:
                bot.until_ready()
                driver.until(driver.sockets)
                yield Shift(driver, sandbox.url, bot)
        finally:
            if bot.running:
                bot.stop()


class Crew:
    """Ana, Ben and Cleo, in a private channel, apart from other tests' entries."""

    def __init__(self, shift: Shift, open_at: Callable[..., Page]) -> None:
        self.shift, self._open = shift, open_at
        self.driver = shift.driver
        number = next(_numbers)
        self.ana, self.ben, self.cleo = (
            self.driver.person(f"{name}{number}") for name in ("ana", "ben", "cleo")
        )
        members = [self.ana, self.ben, self.cleo]
        self._admin = self.driver.person(f"admin{number}", admin=True)
        self._office = self.driver.channel(f"office{number}", private=True, members=[self._admin])
        self.name = f"ops{number}"
        self.channel = self.driver.channel(self.name, private=True, members=members)
        self.driver.invite_bot(self.channel, by=self.ana)
        self.posted("Opslore is here")

    def record(self, person: PersonDriver, kind: str, fields: Mapping[str, str]) -> None:
        """Record an entry that is in force at once, outside the browser, and wait for its card."""
        self._approve_changes("No")
        view = person.slash(self.channel, f"/lore record {kind}").view
        assert view is not None
        view.fill(fields)
        assert view.submit() == {}
        self.posted(fields["Title"])
        self._approve_changes("Yes")

    def _approve_changes(self, answer: str) -> None:
        """Turn approval in the workspace on or off, as its admin."""
        view = self._admin.slash(self._office, "/lore settings", seconds=60).view
        assert view is not None
        assert view.choose("Changes need approval", answer).submit() == {}

    def posted(self, words: str) -> Message:
        """Wait for a message in the channel, and return it."""

        def found() -> list[Message]:
            return [each for each in self.driver.messages(self.channel) if words in each.text]

        return self.driver.until(found, 60)[0]

    def window(self, person: object, **options: object) -> Page:
        """Open the channel as one of them."""
        url = f"{self.shift.url}/page/?as={person}&in={self.channel}"
        return self._open(url, **options)

    def box(self, window: Page) -> Locator:
        """Return the channel's composer."""
        return window.get_by_role("textbox", name=f"Message #{self.name}")


def messages(window: Page, words: str) -> Locator:
    """Return the channel's messages with this text."""
    return window.get_by_role("main").get_by_role("article").filter(has_text=words)


def message(window: Page, words: str) -> Locator:
    """Return the channel's last message with this text."""
    return messages(window, words).last


def thread(window: Page) -> Locator:
    """Return the thread pane."""
    return window.get_by_role("complementary", name="Thread")


def reply(window: Page, words: str) -> Locator:
    """Return the open thread's last message with this text."""
    return thread(window).get_by_role("article").filter(has_text=words).last


def field(form: Locator, label: str) -> Locator:
    """Return a text field of a form."""
    return form.get_by_role("textbox", name=label)


def select(form: Locator, label: str) -> Locator:
    """Return a select of a form."""
    return form.get_by_role("combobox", name=label)


def button(place: Locator, label: str) -> Locator:
    """Return the button with exactly this label."""
    return place.get_by_role("button", name=label, exact=True)
