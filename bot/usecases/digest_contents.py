"""What a weekly digest says: its figures and the facts of each line, read at one moment."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from bot.domain.asking import Waiting
from bot.domain.digests import Section
from bot.domain.entries import Entry, EntryId, EvidenceState, UserId
from bot.domain.paths import RECURRING, Path, PathId
from bot.domain.review import Proposal
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.usecases.asking import Asking
from storage.store import Transaction

WEEK: Final = timedelta(days=7)
# A path not seen for so long is not news; it comes back when it recurs.
_FRESH: Final = timedelta(days=28)
_MOST: Final = 30

# A line to be: its section, the entry or the path it is about, and its facts. A line about neither
# says how many the section leaves out.
Row = tuple[Section, EntryId | None, PathId | None, dict[str, Any]]
# People as Slack describes them; None of whom it does not say.
People = Mapping[UserId, Reader | None]


def contents(
    tx: Transaction, channel: Channel, people: People, now: datetime
) -> tuple[dict[str, int], list[Row]]:
    """A channel's figures of the week, and a row for each line, most urgent section first."""
    home = tx.entries.at_home(channel.id)
    since = now - WEEK
    paths = tx.paths.recurring([channel.id], now - _FRESH, RECURRING)
    due, owners = home.due(now), home.owners()
    waiting = Asking.of(tx, due[:_MOST]).answers(people.get, now)
    orphans = [
        entry
        for owner, owned in owners.items()
        for entry in owned
        if entry.orphaned or _gone(people.get(owner), channel)
    ]
    rows: list[Row] = [
        (Section.UNDOCUMENTED, None, path.id, _of_path(path)) for path in paths[:_MOST]
    ]
    rows += _rest(Section.UNDOCUMENTED, paths)
    rows += _lines(Section.DUE, due, now, partial(_due, waiting))
    rows += _lines(Section.OWNER_GONE, orphans, now)
    rows += _lines(Section.FAILING, home.failing(), now, partial(_failing, tx))
    rows += _proposed(tx, tx.proposals.at_home(channel.id))
    rows += _lines(Section.THIN, home.thin(), now, _thin)
    rows += _lines(Section.CHANGED, home.changed_since(since), now, _change)
    uses = home.uses_since(since)
    figures = {
        "entries": home.count(),
        "uses": uses.total,
        "undocumented": len(paths),
        "due": len(due),
        "prompts": tx.prompts.count_since(since, channel=channel.id),
        "accepted": tx.prompts.accepted_since(since, channel=channel.id),
    }
    return figures, rows


def placed(rows: list[Row]) -> Iterable[tuple[int, Row]]:
    """Each row with its place within its section."""
    seen: dict[Section, int] = {}
    for row in rows:
        position = seen.get(row[0], 0)
        seen[row[0]] = position + 1
        yield position, row


def _lines(
    section: Section,
    entries: Sequence[Entry],
    now: datetime,
    facts: Callable[[Entry], dict[str, Any]] = lambda _: {},
) -> list[Row]:
    lines: list[Row] = [
        (section, entry.id, None, _of(entry, now) | facts(entry)) for entry in entries[:_MOST]
    ]
    return lines + _rest(section, entries)


def _rest(section: Section, found: Sequence[object]) -> list[Row]:
    """A last line that says how many more there are, where they are too many for lines."""
    rest = len(found) - _MOST
    return [(section, None, None, {"rest": rest})] if rest > 0 else []


def _of(entry: Entry, now: datetime) -> dict[str, Any]:
    return _named(entry) | {"state": entry.certification(now).facts()}


def _named(entry: Entry) -> dict[str, Any]:
    return {
        "key": str(entry.key),
        "cited": str(entry.cited),
        "title": entry.title,
        "owner": entry.owner,
        "links": [
            evidence.permalink
            for evidence in entry.evidence
            if evidence.state is not EvidenceState.DELETED
        ][:3],
    }


def _of_path(path: Path) -> dict[str, Any]:
    return {
        "title": path.title,
        "act": path.act,
        "count": path.threads,
        "first": path.first_at.isoformat(),
        "last": path.last_at.isoformat(),
        "links": [sample.permalink for sample in path.samples[:3]],
    }


def _gone(reader: Reader | None, channel: Channel) -> bool:
    """Whether someone can no longer answer for what lives in a channel, noted or not yet.

    For what lives in a public one they do so from elsewhere too, unless it is noted that they left.
    Where Slack does not say, they are taken to be there: a digest accuses nobody by mistake.
    """
    if reader is None:
        return False
    return not reader.person.member or (channel.private and channel.id not in reader.channels)


def _due(waiting: Mapping[EntryId, Waiting], entry: Entry) -> dict[str, Any]:
    waits = {"waits": waiting[entry.id].facts()} if entry.id in waiting else {}
    return {"due": entry.due_at.isoformat(), **waits}


def _proposed(tx: Transaction, proposals: Sequence[Proposal]) -> list[Row]:
    rows: list[Row] = []
    shown = proposals[:_MOST]
    entries = tx.entries.by_ids(proposal.entry for proposal in shown)
    for proposal in shown:
        entry = entries[proposal.entry]
        facts = {
            "proposal": proposal.id,
            "proposed": f"{entry.key}@{proposal.revision.number}",
            "author": proposal.author,
            "note": proposal.revision.note,
            "since": proposal.opened_at.isoformat(),
        }
        rows.append((Section.WAITING, entry.id, None, _named(entry) | facts))
    return rows + _rest(Section.WAITING, proposals)


def _thin(entry: Entry) -> dict[str, Any]:
    return {"missing": list(entry.content.thin)}


def _failing(tx: Transaction, entry: Entry) -> dict[str, Any]:
    latest = tx.observations.latest_wrong(entry.id)
    facts = {
        "deviated": entry.uses.deviated,
        "failed": entry.uses.failed,
        "note": latest.note if latest else "",
    }
    # It rests on that use, and not on the thread that the entry came from.
    return facts | ({"links": [latest.permalink]} if latest and latest.permalink else {})


def _change(entry: Entry) -> dict[str, Any]:
    revision = entry.revision
    return {"change": revision.change.words, "author": revision.author, "note": revision.note}
