"""Kill the bot at random moments under load, and count the results.

Run it with `python -m tests.endurance.kills --kills 200`, and add `--database-url` for a database
of your own.
"""

import argparse
import contextlib
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, text

from sandbox import Driver, Sandbox, Timing
from sandbox.errors import ActionRefusedError
from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from tests.support.processes import ROOT, BotProcess, free_port

# Slack's own retries end after minutes. These last as long as the bot is killed again and again.
RETRIES = (0.1,) * 5 + (0.5,) * 600
_MOST_UNDER_WAY = 40
_AT_WORK = 0.8
# A killed bot's outbox item is free again when its lease is over.
SETTLED_SECONDS = 100
TEXTS = (
    "We decided to roll back checkout whenever errors stay above {} percent.",
    "What do we do when the disk of build server {} is full?",
    "lunch at {}?",
)


@dataclass
class Load:
    """People who act until they are stopped, and the results that they were promised."""

    driver: Driver
    channel: Channel
    people: Sequence[PersonDriver]
    said: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    mentions: int = 0
    resubmitted: int = 0
    digests: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)
    faults: list[BaseException] = field(default_factory=list)

    def run(self, act: Callable[["Load", int], None]) -> threading.Thread:
        """Repeat one act in its own thread."""

        def work() -> None:
            number = 0
            try:
                while not self.stopping.wait(0.05):
                    number += 1
                    with contextlib.suppress(ActionRefusedError):
                        act(self, number)
            except BaseException as error:  # noqa: BLE001 - the assertion shows it
                self.faults.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread

    def end(self, threads: Sequence[threading.Thread]) -> None:
        """Stop the people, and wait until the bot has taken all their acts."""
        self.stopping.set()
        for thread in threads:
            thread.join()
        self.driver.until(lambda: under_way(self) == 0, SETTLED_SECONDS)


def talk(load: Load, number: int) -> None:
    """Post a message; Slack retries it until the bot takes it."""
    person = load.people[number % len(load.people)]
    words = TEXTS[number % len(TEXTS)].format(number)
    if number % 20 == 0:
        words = f"<@{load.driver.workspace()['bot_user_id']}> record"
        load.mentions += 1
    load.said.append(person.say(load.channel, words, wait=False))
    while under_way(load) > _MOST_UNDER_WAY and not load.stopping.wait(0.1):
        pass


def under_way(load: Load) -> int:
    """Return how many events wait for the bot; Slack delivers commands and clicks only once."""
    events = [each for each in load.driver.deliveries()[-400:] if each["kind"] == "events_api"]
    return sum(not each["acked"] for each in events)


def record(load: Load, number: int) -> None:
    """Fill a form and submit it until it closes, like a person who wants it saved."""
    person, title = load.people[0], f"Procedure {number}"
    person.slash(load.channel, "/lore record decision")
    view = person.view
    if view is None:
        return
    view.fill({"Title": title, "What do we do?": f"Follow step {number}."})
    load.asked.append(title)
    while view.submit():
        load.resubmitted += 1
        if load.stopping.wait(0.1):
            return
    load.closed.append(title)


def command(load: Load, number: int) -> None:
    """Run a search, and sometimes ask for a digest."""
    person = load.people[1]
    if number % 10 == 0:
        answer = person.slash(load.channel, "/lore digest now")
        load.digests += answer.text == "The digest is on its way to this channel."
    else:
        person.slash(load.channel, "/lore find procedure")


@dataclass(frozen=True)
class Outcome:
    """The promised results, the actual results, and each difference as text."""

    figures: dict[str, float]
    faults: list[str]


def kill_often(
    kills: int,
    database_url: str,
    folder: Path,
    *,
    seed: int,
    command_line: Sequence[str] = ("-m", "bot.cli", "run"),
) -> Outcome:
    """Kill the bot this many times under load, let it settle, and compare."""
    port = free_port()
    request_url = f"http://127.0.0.1:{port}/slack/events"
    with (
        Sandbox(
            ROOT / "manifest.yml", request_url=request_url, timing=Timing(retry_delays=RETRIES)
        ) as sandbox,
        Driver(sandbox) as driver,
    ):
        environment = {**sandbox.environment, "OPSLORE_PORT": str(port)}
        bot = BotProcess(environment, database_url, folder, command_line)
        try:
            return _played(bot.start().until_ready(), driver, database_url, kills, seed)
        finally:
            if bot.running:
                bot.kill()


def _played(bot: BotProcess, driver: Driver, database_url: str, kills: int, seed: int) -> Outcome:
    people = [driver.person(name) for name in ("ana", "ben", "cleo")]
    channel = driver.channel("ops", members=people)
    driver.invite_bot(channel, by=people[0])
    load = Load(driver, channel, people)
    began = time.monotonic()
    threads = [load.run(act) for act in (talk, record, command)]
    chance = random.Random(seed)
    for number in range(kills):
        # Most kills are under load, and some during a start.
        if chance.random() < _AT_WORK:
            bot.until_ready()
        time.sleep(chance.uniform(0.05, 2.0))
        bot.kill()
        bot.start()
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{number + 1} of {kills} kills")
    bot.until_ready()
    # If the bot never lived long enough to open a form, it gets one chance at the end.
    driver.until(lambda: load.closed or load.faults, SETTLED_SECONDS)
    load.end(threads)
    driver.until(lambda: is_quiet(bot), SETTLED_SECONDS)
    return compare(load, database_url, kills, time.monotonic() - began, bot)


def is_quiet(bot: BotProcess) -> bool:
    """Return whether the outbox is empty."""
    page = bot.page("/metrics")
    return page is not None and "opslore_outbox_waiting 0\n" in page.text


def compare(load: Load, database_url: str, kills: int, seconds: float, bot: BotProcess) -> Outcome:
    """Compare the results that people were promised with the database and with Slack."""
    found = _Database(database_url)
    # Messages to the bot are answered and not stored as messages, and neither are its own.
    mention = f"<@{load.driver.workspace()['bot_user_id']}>"
    events = [
        each["payload"]["event"]
        for each in load.driver.deliveries()
        if each["type"] == "message" and each["acked"] and "subtype" not in each["payload"]["event"]
    ]
    acked = {event["ts"] for event in events}
    own = {event["ts"] for event in events if "bot_id" in event or mention in event["text"]}
    posted = load.driver.messages(load.channel)
    cards = Counter(each.text.split("@")[0] for each in posted if each.text.startswith("DEC-"))
    digests = [each for each in posted if each.text.startswith("Weekly digest")]
    offers = [each for person in load.people for each in _offers(person)]
    titles = Counter(str(title) for title in found.column("SELECT title FROM entries"))
    faults = [f"the load failed: {error!r}" for error in load.faults]
    checks = (
        (
            "acknowledged messages that are not stored",
            acked - own - found.strings("messages", "ts"),
        ),
        ("messages never acknowledged", set(load.said) - acked),
        ("forms that closed without an entry", set(load.closed) - set(titles)),
        ("entries that no one recorded", set(titles) - set(load.asked)),
        ("entries recorded twice", {each for each, times in titles.items() if times > 1}),
        ("cards posted twice", {each for each, times in cards.items() if times > 1}),
        ("entries without a card", found.keys() - set(cards)),
        ("entries without a revision", found.without("revisions", "entry_id")),
        ("entries missing from search", found.without("documents", "entry_id")),
        (
            "digests built and not posted",
            found.strings("digests WHERE ts IS NULL AND built_at IS NOT NULL", "id"),
        ),
        (
            "digests posted and not recorded",
            {each.ts for each in digests} - found.strings("digests", "ts"),
        ),
        ("gaps with a wrong count", found.miscounted()),
    )
    faults += [f"{len(wrong)} {what}: {sorted(wrong)[:5]}" for what, wrong in checks if wrong]
    if len(offers) < load.mentions:
        faults.append(f"{load.mentions - len(offers)} mentions were not answered")
    if len(digests) < load.digests:
        faults.append(f"{load.digests - len(digests)} digests were promised and not posted")
    if "Traceback" in bot.said():
        faults.append("the log has a traceback")
    repeated = sum(each["attempts"] > 1 for each in load.driver.deliveries())
    figures = {
        "kills": kills,
        "seconds": round(seconds),
        "messages acknowledged": len(acked),
        "deliveries repeated": repeated,
        "forms closed": len(load.closed),
        "forms sent again": load.resubmitted,
        "cards": sum(cards.values()),
        "digests": len(digests),
        "mentions": load.mentions,
        "answers to mentions": len(offers),
        "posts found again": bot.said().count("post_found_again"),
    }
    return Outcome(dict(figures), faults)


def _offers(person: PersonDriver) -> list[Message]:
    """Return the answers to mentions; a prompt has more than one button."""
    return [each for each in person.ephemerals() if len(each.buttons()) == 1]


class _Database:
    """The content of the database, read without the bot."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url

    def column(self, query: str) -> list[object]:
        engine = create_engine(self._url)
        try:
            with engine.connect() as connection:
                return list(connection.execute(text(query)).scalars())
        finally:
            engine.dispose()

    def strings(self, table: str, column: str) -> set[str]:
        return {str(each) for each in self.column(f"SELECT {column} FROM {table}")}  # noqa: S608 - names above

    def keys(self) -> set[str]:
        return {f"DEC-{number}" for number in self.column("SELECT number FROM entries")}

    def without(self, table: str, column: str) -> set[str]:
        query = f"entries WHERE id NOT IN (SELECT {column} FROM {table})"  # noqa: S608 - names above
        return self.strings(query, "id")

    def miscounted(self) -> set[str]:
        threads = "(SELECT count(DISTINCT thread_ts) FROM occurrences WHERE gap_id = gaps.id)"
        return self.strings(f"gaps WHERE count <> {threads}", "id")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it and print the figures; exit with 1 if anything is lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database-url", help="an empty database (default: a new SQLite file)")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="opslore-kills-") as folder:
        url = given.database_url or f"sqlite:///{folder}/opslore.db"
        outcome = kill_often(given.kills, url, Path(folder), seed=given.seed)
    for name, figure in outcome.figures.items():
        sys.stdout.write(f"{name:24}{figure:>8}\n")
    for fault in outcome.faults:
        sys.stdout.write(f"FAULT: {fault}\n")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
