"""Slack exports for tests: of hand-made records, and of the labeled chat of a team."""

import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

TEAMS: Final = Path(__file__).parents[1] / "recognition" / "data" / "ops-chat"
MENTION: Final = re.compile(r"@(u_?[a-z0-9]+)")

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message of a labeled chat, before it becomes a record of an export."""

    id: str
    channel: str
    thread: str
    at: float
    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMade:
    """An export, and the place of each message by its id in the labeled chat."""

    path: Path
    places: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def write_export(path: Path, days: Mapping[str, object], **lists: object) -> Path:
    """Write a zip file: `days` by `channel/2026-03-01`, `lists` by name, such as `users`.

    Text and bytes are written as they are; all else as JSON.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (*lists.items(), *days.items()):
            raw = content if isinstance(content, (str, bytes)) else json.dumps(content)
            archive.writestr(f"{name}.json", raw)
    return path


def message(user: str, ts: str, text: str, **others: object) -> Record:
    """Return a record as Slack exports it."""
    return {"type": "message", "user": user, "ts": ts, "text": text, **others}


def account(ident: str, name: str, **others: object) -> Record:
    """Return a record of `users.json`."""
    return {"id": ident, "name": name, "profile": {"real_name": name.capitalize()}, **others}


def read_team(folder: Path) -> list[Line]:
    """Return the chat of one team of the labeled data."""
    rows = [json.loads(row) for row in (folder / "chat.jsonl").read_text("utf-8").splitlines()]
    return [
        Line(
            id=row["id"],
            channel=row["channel"],
            thread=row["thread"],
            at=row["ts"],
            author=row["author"],
            text=row["text"],
        )
        for row in rows
    ]


def export_chat(path: Path, lines: Sequence[Line]) -> ExportMade:
    """Write an export of a labeled chat, with accounts for its people and Slack's own markup."""
    roots: dict[tuple[str, str], str] = {}
    places: dict[str, tuple[str, str]] = {}
    days: defaultdict[str, list[Record]] = defaultdict(list)
    people: dict[str, None] = {}
    for number, line in enumerate(lines):
        ts = f"{int(line.at)}.{number % 1_000_000:06d}"
        root = roots.setdefault((line.channel, line.thread), ts)
        people |= dict.fromkeys((line.author, *MENTION.findall(line.text)))
        day = datetime.fromtimestamp(line.at, UTC).date()
        thread = {"thread_ts": root} if root != ts else {}
        days[f"{line.channel}/{day}"].append(
            message(user_id(line.author), ts, _mrkdwn(line.text), **thread)
        )
        places[line.id] = (line.channel, ts)
    users = [account(user_id(name), name.removeprefix("u_")) for name in people]
    channels = [
        {"id": f"C{number:08d}", "name": name}
        for number, name in enumerate(dict.fromkeys(line.channel for line in lines))
    ]
    write_export(path, days, users=users, channels=channels)
    return ExportMade(path=path, places=places)


def user_id(author: str) -> str:
    """Return an id of Slack's form for a person of the labeled chat."""
    return f"U0{re.sub('[^A-Z0-9]', '', author.removeprefix('u_').upper()):0<8}"


def _mrkdwn(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return MENTION.sub(lambda found: f"<@{user_id(found[1])}>", escaped)
