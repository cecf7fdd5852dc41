"""Short functions that make the values for tests of storage."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.entries import ChannelId, Entry, Evidence, Key, Origin, TeamId, UserId
from bot.domain.gaps import GapId, NewGap, Occurrence
from bot.domain.kinds import Kind, main_field
from bot.domain.prompts import NewPrompt
from bot.domain.revisions import Change, Content
from bot.domain.visibility import Person, Reader
from bot.domain.workspaces import Channel
from storage.store import Store
from storage.transaction import Transaction

NOW = datetime(2026, 11, 30, 8, 0, 0, 123456, tzinfo=UTC)
DAY = timedelta(days=1)
TEAM, OTHER = TeamId("T1"), TeamId("T2")
OPS, SIDE, SECRET = ChannelId("C-ops"), ChannelId("C-side"), ChannelId("C-secret")
ANA, BEN = UserId("U-ana"), UserId("U-ben")


def content(title: str = "Fail over", kind: Kind = Kind.DECISION, **values: object) -> Content:
    return Content.of(kind, {"title": title, main_field(kind).name: "As agreed.", **values})


def add(tx: Transaction, title: str = "Fail over", **more: Any) -> Entry:  # noqa: ANN401 - of add
    kind = more.pop("kind", Kind.DECISION)
    home = more.pop("home", OPS)
    evidence = more.pop("evidence", ())
    due_at = more.pop("due_at", NOW + 90 * DAY)
    at = more.pop("at", NOW)
    return tx.entries.add(
        content(title, kind, **more),
        home=home,
        author=ANA,
        at=at,
        due_at=due_at,
        origin=Origin(evidence=tuple(evidence)),
    )


def revise(
    tx: Transaction,
    entry: Entry,
    new: Content,
    change: Change = Change.EDITED,
    **more: Any,  # noqa: ANN401 - of write
) -> Entry:
    """Write the next revision and put it in force at once."""
    told: dict[str, Any] = {"author": ANA, "at": NOW, "note": ""} | more
    written = tx.entries.write(entry.id, new, change=change, **told)
    return tx.entries.land(entry.id, written, by=told["author"], at=told["at"])


def entry_named(store: Store, team: TeamId, name: str) -> Entry:
    """Return the entry of a key as it is now."""
    key = Key.parse(name)
    assert key is not None
    with store.read(team) as tx:
        found = tx.entries.get(key)
    assert found is not None
    return found


def prompted(**more: Any) -> NewPrompt:  # noqa: ANN401 - of NewPrompt
    """Return a prompt to ANA in the thread 1.1 of OPS."""
    first = NewPrompt(channel=OPS, thread_ts="1.1", ts="1.1", user=ANA, kind="decision", at=NOW)
    return replace(first, **more)


def evidence(ts: str, channel: ChannelId = OPS) -> Evidence:
    return Evidence(
        channel=channel,
        ts=ts,
        permalink=f"https://acme.example/{ts}",
        author=BEN,
        excerpt=f"words of {ts}",
    )


def occurrence(ts: str, thread_ts: str | None = None, channel: ChannelId = OPS) -> Occurrence:
    at = NOW + timedelta(seconds=float(ts))
    return Occurrence(
        channel=channel,
        ts=ts,
        thread_ts=thread_ts or ts,
        author=BEN,
        at=at,
        permalink=f"https://acme.example/{ts}",
        excerpt=f"says {ts}",
    )


def add_gap(
    tx: Transaction, title: str, *ts: str, channel: ChannelId = OPS, act: str = "question"
) -> GapId:
    """Add a gap with an occurrence at each of the times."""
    occurrences = tuple(occurrence(one, channel=channel) for one in ts)
    return tx.gaps.add(NewGap(channel=channel, act=act, title=title, occurrences=occurrences))


def member(*channels: ChannelId) -> Reader:
    return Reader(person=Person(id=ANA, name="Ana"), channels=frozenset(channels))


def channels(tx: Transaction) -> None:
    """Add the channels: OPS and SIDE are public, SECRET is private."""
    for channel, private in ((OPS, False), (SIDE, False), (SECRET, True)):
        tx.channels.put(Channel(team=tx.team, id=channel, private=private))
