"""Labeled chat as messages in their threads.

A file has one JSON object per line: `id`, `channel`, `thread`, `ts` (seconds), `author`, `text`,
and the labels that tests/recognition/data/README.md explains.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bot.domain.entries import ChannelId, UserId
from bot.domain.listening.conversation import Said

DATA: Final = Path(__file__).with_name("data")
OPS_TEAMS: Final = ("harbor", "parcel", "ledger", "ward")
NCAR: Final = "ncar"
RUST: Final = "rust"
# Speech acts alone are trained on these too.
ADDED_TEAMS: Final = ("tide", "kiln", "node", "crate")
# Never trained or tuned on: the shipped weights are judged on them.
UNSEEN_TEAMS: Final = ("mast", "quad")
INVENTED: Final = "invented"  # short threads of many trades, for training only
_WITH_MATTERS: Final = frozenset([*OPS_TEAMS, *ADDED_TEAMS, *UNSEEN_TEAMS])
_MENTION: Final = re.compile(r"@([\w-]*\w)")
MOST_BEFORE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Labeled:
    """A message after the earlier ones of its thread, and its labels.

    `labels`: all that hold, empty if no one looked. `weight`: how many messages of real talk it
    represents. `is_trusted`: labeled by hand.
    """

    team: str
    id: str
    said: Said
    before: tuple[Said, ...]
    labels: frozenset[str]
    detail: str | None
    matter: str | None
    covered_by: str | None
    weight: float
    is_trusted: bool

    @property
    def thread(self) -> tuple[str, str, str]:
        """The thread, told apart from those of other teams and channels."""
        return self.team, self.said.channel, self.said.root

    @property
    def is_reply(self) -> bool:
        """Whether the message comes from someone else than opened the thread."""
        return bool(self.before) and self.before[0].user != self.said.user


def load_team(team: str, path: Path | None = None) -> list[Labeled]:
    """Return the messages of a team in order of time, from the file at `path` or our own data."""
    lines = (path or _find_file(team)).read_text(encoding="utf-8").splitlines()
    rows = sorted(map(json.loads, lines), key=lambda row: float(row["ts"]))
    return list(_read(team, rows))


def _find_file(team: str) -> Path:
    return (
        DATA / f"{team}.jsonl"
        if team in (NCAR, INVENTED)
        else DATA / "ops-chat" / team / "chat.jsonl"
    )


def _read(team: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Labeled]:
    authors = {row["author"] for row in rows}
    threads: defaultdict[tuple[str, str], list[Said]] = defaultdict(list)
    for row in rows:
        thread = threads[row["channel"], row["thread"]]
        said = _say(row, authors, thread[0].ts if thread else None)
        label = row.get("label")
        yield Labeled(
            team=team,
            id=row["id"],
            said=said,
            before=tuple(thread[-MOST_BEFORE:]),
            labels=frozenset([label, *(row.get("also") or [])] if label else []),
            detail=row.get("detail"),
            matter=row.get("matter"),
            covered_by=row.get("covered_by"),
            weight=1.0 if team in _WITH_MATTERS else float(row.get("weight") or 0),
            is_trusted=row.get("label_origin", "hand") == "hand",
        )
        thread.append(said)


def _say(row: Mapping[str, Any], authors: set[str], root: str | None) -> Said:
    ts, seconds = row["id"], float(row["ts"])
    return Said(
        channel=ChannelId(row["channel"]),
        ts=ts,
        root=root or ts,
        user=UserId(row["author"]),
        text=row["text"],
        at=datetime.fromtimestamp(seconds, UTC),
        mentions=tuple(UserId(name) for name in _MENTION.findall(row["text"]) if name in authors),
    )
