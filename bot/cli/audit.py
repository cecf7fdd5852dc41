"""`opslore audit`: verifying the audit and the rows that people rely on, and listing acts."""

import json
from datetime import UTC, datetime
from typing import Final

from bot.domain.audit_acts import Act
from bot.domain.audit_faults import describe, name_act
from bot.domain.entries import Key, TeamId, UserId
from bot.domain.errors import InvalidInputError, NotFoundError
from storage.migrate import open_current
from storage.store import Store

_COLUMNS: Final = ("team", "number", "at", "actor", "action", "subject", "details")


def verify(url: str, team: str | None, head: str | None = None) -> int:
    """Verify the audit of each workspace, or of one, and print the result and each fault.

    `head`: the hash of an act from an earlier run, which some act must still have.
    Return the exit status: 1 if there is a fault.

    Raises:
        NotFoundError: there is no such workspace.
        SchemaError, UnavailableError: the database has another version, or doesn't answer.
    """
    with open_current(url) as store:
        teams = _teams(store, team)
        results = [_verify(store, each_team) for each_team in teams]
        if head is not None and not any(_has_hash(store, each_team, head) for each_team in teams):
            print(
                f"No act has the hash {head}: acts were removed or rewritten since you noted it. "
                "Restore the audit from a backup."
            )
            return 1
    return 0 if all(results) else 1


def print_acts(
    url: str,
    team: str | None,
    *,
    entry: str | None = None,
    since: str | None = None,
    actor: str | None = None,
    as_json: bool = False,
) -> int:
    """Print one line per act, oldest first: who did what, when, and to which revision.

    Tabs separate the columns, and the first line names them. As JSON, each line is an object.
    Return the exit status: 1 if there is nothing to print.

    Raises:
        InvalidInputError: `entry` isn't a key, or `since` isn't a date.
        NotFoundError, SchemaError, UnavailableError: as `verify`.
    """
    key, moment = _key(entry), _moment(since)
    by = UserId(actor) if actor else None
    count = 0
    with open_current(url) as store:
        for each_team in _teams(store, team):
            with store.read(each_team) as tx:
                for act in tx.audit.acts(entry=key, actor=by, since=moment):
                    if not count and not as_json:
                        print("\t".join(_COLUMNS))
                    count += 1
                    print(_as_json(each_team, act) if as_json else _as_columns(each_team, act))
    return 0 if count else 1


def _verify(store: Store, team: TeamId) -> bool:
    """Print what was checked in a workspace and each fault. Return whether there are no faults."""
    with store.read(team) as tx:
        verdict = tx.audit.verify()
    for fault in verdict.faults:
        print(f"{team}: {describe(fault, verdict.acts)}")
    if verdict.more:
        print(f"{team}: {verdict.more:,} more rows differ from the audit.")
    if verdict.since is not None and verdict.since.number > 1:
        print(
            f"{team}: {name_act(verdict.since)} states the rows of an older database as they were "
            "then. For the time before, only texts, approvals and times in force are checked."
        )
    rows = ", ".join(f"{count:,} {table}" for table, count in sorted(verdict.rows.items()))
    count = len(verdict.faults) + verdict.more
    counted = {0: "no faults", 1: "1 fault"}.get(count, f"{count:,} faults")
    print(f"{team}: {counted}. These rows match the audit: {rows or 'none'}.")
    print(f"{team}: {verdict.acts:,} acts verify. Act {verdict.acts} has the hash {verdict.head}")
    return not verdict.faults


def _has_hash(store: Store, team: TeamId, head: str) -> bool:
    with store.read(team) as tx:
        return tx.audit.has_hash(head)


def _as_columns(team: TeamId, act: Act) -> str:
    details = json.dumps(act.details, sort_keys=True)
    cells = (team, act.number, act.at.isoformat(), act.actor, act.action, act.subject, details)
    return "\t".join(map(str, cells))


def _as_json(team: TeamId, act: Act) -> str:
    columns = {
        "team": team,
        "number": act.number,
        "at": act.at.isoformat(),
        "actor": act.actor,
        "action": act.action,
        "subject": act.subject,
        "details": act.details,
        "hash": act.hash,
        "states": act.states,
    }
    return json.dumps(columns)


def _teams(store: Store, team: str | None) -> list[TeamId]:
    known = store.teams()
    if team is None:
        return known
    if team not in known:
        raise NotFoundError(
            f"There is no workspace {team} here. Choose one of: {', '.join(known) or '-'}."
        )
    return [TeamId(team)]


def _key(text: str | None) -> Key | None:
    key = Key.parse(text) if text is not None else None
    if text is not None and key is None:
        raise InvalidInputError(f"“{text}” isn't a key like DEC-12, HND-3 or ESC-7.")
    return key


def _moment(text: str | None) -> datetime | None:
    """Read a date or a time, in UTC unless it names a time zone."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInputError(f"“{text}” isn't a date like 2026-03-01.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
