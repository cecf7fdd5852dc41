"""Gaps while a transaction is open: what refers to them follows them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from bot.domain.entries import Entry, UserId
from bot.domain.errors import NotFoundError
from bot.domain.gaps import Path, PathId
from bot.domain.outbox import Topic
from bot.domain.prompt_rules import PATH_KEPT
from bot.domain.visibility import Reader
from bot.usecases.steps.digest_lines import gap_links
from storage.store import Transaction

DEALT_WITH: Final = "This was recorded or dismissed meanwhile; nothing is left to do."


def follow_paths(tx: Transaction, paths: Iterable[PathId], now: datetime) -> None:
    """A message of these was edited or deleted: the digests that quote it follow."""
    for path_id in paths:
        path = tx.paths.get(path_id)
        title = path.title if path else ""
        channel = tx.channels.get(path.channel) if path else None
        urls = {sample.permalink for sample in path.samples} if path else set()
        for digest, line in tx.digests.lines_of(path_id):
            facts = {**line.facts, "title": title}
            if any(link["url"] not in urls for link in line.facts["links"]):
                facts["links"] = gap_links(path, channel, now) if path and channel else []
            if facts == line.facts:
                continue
            tx.digests.reword(line.id, facts)
            payload = {"digest": digest.id, "line": line.id}
            tx.outbox.add(
                Topic.REFRESH, channel=digest.channel, payload=payload, due_at=now, at=now
            )


def reopen_gaps(tx: Transaction, entry: Entry, *, by: UserId, now: datetime) -> None:
    """Open the gaps again that a draft was to cover, because it was withdrawn."""
    for path_id in tx.paths.reopen(entry.id):
        tx.audit.add(by, "path_reopened", f"path-{path_id}", {"entry": str(entry.key)}, now)


def see_path(tx: Transaction, reader: Reader, path_id: PathId) -> Path:
    """A path of one of the reader's channels.

    Raises:
        NotFoundError: there is none.
    """
    path = tx.paths.get(path_id)
    if path is None or path.channel not in reader.channels:
        raise NotFoundError(
            "This is no longer known: its messages were deleted, it did not come back for "
            f"{PATH_KEPT.days} days, or it is of a channel that you are not in."
        )
    return path
