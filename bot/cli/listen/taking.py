"""`opslore listen --into`: the running bot's database takes over what an export holds."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from bot.cli.listen.interrupt import Interrupt
from bot.cli.listen.progress import Progress
from bot.cli.listen.reading import Period
from bot.cli.listen.wording import count, full_day
from bot.domain.embedding import Embedder, pack
from bot.domain.entries import ChannelId, TeamId
from bot.domain.errors import InvalidInputError
from bot.domain.invisible import show_invisible
from bot.domain.listening.conversation import Said
from bot.domain.listening.placing import REMEMBERED
from bot.embedding import load_embedder
from bot.settings import database_url
from bot.slack.export.people import People
from bot.slack.export.reading import Export
from bot.slack.payloads.fields import at
from bot.slack.text.permalinks import Links, redirect_link
from bot.usecases.listening.take_over import (
    PastMessage,
    Taken,
    audit_taken,
    find_permalink,
    list_listening,
    list_taken_gaps,
    take_over_thread,
)
from bot.usecases.steps.listening import Permalink
from storage.migrate import open_current
from storage.store import Store

# The running bot may write between two threads for at least as long as one took, up to this many
# seconds: SQLite has one writer at a time, and no queue for several processes.
_LONGEST_PAUSE: Final = 0.2


@dataclass(slots=True)
class Account:
    """The messages that were taken over, and the others by reason; channels by name."""

    threads: dict[ChannelId, set[str]] = field(default_factory=lambda: defaultdict(set))
    known: int = 0
    old: int = 0
    strangers: int = 0
    away: Counter[str] = field(default_factory=Counter)
    is_complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sorter:
    """Sorts messages into threads, and counts those that aren't taken over.

    `ids`: of the channels, by the names of their folders. `listening`: the bot hears these.
    """

    people: People
    period: Period
    since: datetime
    ids: Mapping[str, ChannelId]
    listening: frozenset[ChannelId]

    def sort(self, messages: Iterable[Said], account: Account) -> list[list[Said]]:
        """Return the threads of a day's messages, in the order in which they begin."""
        threads: defaultdict[tuple[ChannelId, str], list[Said]] = defaultdict(list)
        for said in messages:
            channel = self.ids.get(said.channel, said.channel)
            if not self.period.includes(said.at.date()):
                continue
            if channel not in self.listening:
                account.away[said.channel] += 1
            elif min(said.at, at(said.root)) < self.since:
                account.old += 1
            elif said.user in self.people.strangers or said.user not in self.people.names:
                account.strangers += 1
            else:
                threads[channel, said.root].append(replace(said, channel=channel))
        return [*threads.values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Takes the threads of an export over into the database of a workspace."""

    store: Store
    team: TeamId
    now: Callable[[], datetime]
    embedder: Embedder | None = None
    pause: Callable[[float], None] = time.sleep

    def check(self, people: People) -> None:
        """Check that an export is from this workspace.

        Raises:
            InvalidInputError: it's from another one.
        """
        if people.team and people.team != self.team:
            raise InvalidInputError(
                f"The export is of workspace {people.team}, and --into is {self.team}."
            )

    def take(self, export: Export, period: Period, interrupt: Interrupt) -> Account:
        """Take over the messages that the bot would remember, day by day, until Ctrl-C.

        Each thread of a day is one transaction. So if this ends early, the next run goes on.
        """
        account, sorter = Account(), self._sorter(export, period)
        progress = Progress(total=sum(map(export.size, export.layout.days)))
        permalink = self._permalink()
        for day in export.layout.days:
            threads = sorter.sort(export.read_day(day), account)
            for messages in threads:
                if interrupt.is_pressed:
                    account.is_complete = False
                    return account
                past = [self._past(export.people, said) for said in messages]
                self._take_thread(past, permalink, account)
            progress.messages += sum(map(len, threads))
            progress.advance(day.date, export.size(day))
        return account

    def _sorter(self, export: Export, period: Period) -> _Sorter:
        return _Sorter(
            people=export.people,
            period=period,
            since=self.now() - REMEMBERED,
            ids={name: ChannelId(ident) for ident, name in export.channel_names.items()},
            listening=frozenset(list_listening(self.store, self.team)),
        )

    def _take_thread(
        self, messages: list[PastMessage], permalink: Permalink, account: Account
    ) -> None:
        begun = time.monotonic()
        taken = take_over_thread(self.store, self.team, messages, permalink=permalink)
        first = messages[0].said
        if taken is Taken.ADDED:
            account.threads[first.channel].add(first.root)
            self.pause(min(time.monotonic() - begun, _LONGEST_PAUSE))
        elif taken is Taken.KNOWN:
            account.known += len(messages)

    def _past(self, people: People, said: Said) -> PastMessage:
        text = people.named(said.text)
        return PastMessage(
            said=replace(said, text=text),
            names=frozenset(people.name(user) for user in (said.user, *said.mentions)),
            meaning=pack(self.embedder.embed([text])[0]) if self.embedder else b"",
        )

    def _permalink(self) -> Permalink:
        known = find_permalink(self.store, self.team)
        if known is None:
            return lambda channel, ts, _root: redirect_link(self.team, channel, ts)
        parts = urlsplit(known)
        return Links(url=f"{parts.scheme}://{parts.netloc}").permalink


@contextmanager
def open_taking(
    into: str | None, env: Mapping[str, str], *, semantic: bool | None
) -> Iterator[Taking | None]:
    """Open the database that takes an export over; None if no one wants that.

    `into`: the workspace; empty if the database has only one. `semantic`: whether to keep the
    meanings of messages; None does so if it can.

    Raises:
        InvalidInputError: there is no such workspace, or there are several.
        UnavailableError: the database doesn't answer, or isn't up to date.
    """
    if into is None:
        yield None
        return
    embedder = load_embedder() if semantic is not False else None
    with open_current(database_url(env)) as store:
        team = choose_team(store.teams(), into)
        yield Taking(store=store, team=team, now=lambda: datetime.now(UTC), embedder=embedder)


def choose_team(teams: list[TeamId], into: str) -> TeamId:
    """Return the workspace that is named, or the only one if none is."""
    if into in teams:
        return TeamId(into)
    if not teams:
        raise InvalidInputError(
            "The database has no workspace yet. Start the bot with `opslore run` first, and invite "
            "it to the channels."
        )
    if into or len(teams) > 1:
        raise InvalidInputError(f"--into takes one of these workspaces: {', '.join(teams)}.")
    return teams[0]


def describe(taking: Taking, account: Account, names: Mapping[str, str]) -> Iterator[str]:
    """Yield lines that say what was taken over, and what wasn't and why; audit it if anything was.

    `names`: of the channels, by id.
    """
    now = taking.now()
    count_of = {channel: len(threads) for channel, threads in account.threads.items()}
    gaps = list_taken_gaps(taking.store, taking.team, account.threads, now=now)
    if count_of:
        threads = sum(count_of.values())
        audit_taken(taking.store, taking.team, threads=threads, gaps=len(gaps), now=now)
        found = count(len(gaps), "gap")
        yield f"Taken over into {taking.team}: {count(threads, 'thread')}, {found}."
    else:
        yield f"Nothing new was taken over into {taking.team}."
    for channel, threads in sorted(count_of.items(), key=lambda item: -item[1]):
        of_channel = sum(gap.channel == channel for gap in gaps)
        name = show_invisible(names.get(channel, channel))
        yield f"  #{name}: {count(threads, 'thread')}, {count(of_channel, 'gap')}"
    yield from _describe_rest(account, since=now - REMEMBERED)
    if gaps:
        yield "No one is prompted about the past. `/lore gaps` lists the gaps in their channels."
    if not account.is_complete:
        yield "It was interrupted. Run the same command again to go on."


def _describe_rest(account: Account, since: datetime) -> Iterator[str]:
    for channel, messages in account.away.most_common():
        name = show_invisible(channel)
        yield (
            f"  Left out #{name}, {count(messages, 'message')}: Opslore doesn't listen there. "
            "Invite it and run the same command again."
        )
    days = REMEMBERED // timedelta(days=1)
    for messages, why in (
        (account.known, "Opslore has them already, or they were deleted in Slack."),
        (account.old, f"before {full_day(since)}. Opslore remembers threads for {days} days."),
        (account.strangers, "by people who aren't in the workspace."),
    ):
        if messages:
            yield f"  Left out {count(messages, 'message')}: {why}"
