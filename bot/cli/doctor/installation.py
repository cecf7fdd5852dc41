"""Checks of this installation: the manifest, the database, and the schedule."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml

import bot
from bot.cli.doctor.findings import Finding, fault, fine, skipped
from bot.cli.doctor.known import Known
from bot.domain.digests import Digest
from bot.domain.entries import TeamId
from bot.domain.errors import InvalidInputError, UnavailableError
from bot.domain.schedule import LATE, zone_of
from bot.domain.workspaces import Channel
from bot.slack import access, ids
from storage.errors import SchemaError
from storage.health import check_health
from storage.store import Store

_PACKAGE: Final = Path(bot.__file__).parent
# In an installed package it is next to the code; in a clone, in the folder above.
_MANIFESTS: Final = (_PACKAGE / "manifest.yml", _PACKAGE.parent / "manifest.yml")
_SAME_VERSION: Final = (
    "Install Opslore again, so that manifest.yml and the code have the same version."
)
_NEWER: Final = (
    "Upgrade Opslore, or point DATABASE_URL at another database. A database can't be downgraded; "
    "restore a backup from before the upgrade."
)
_OUTAGE: Final = (
    "Check that the database server is up, that its disk isn't full, and that this user can write "
    "the file and its folder."
)
_NO_DATABASE: Final = (
    "Set DATABASE_URL to sqlite:////folder/opslore.db or to postgresql://user:password@host/name "
    "(pip install 'opslore[postgres]'), or unset it to use a file in your data folder."
)
_NOWHERE: Final = "Opslore isn't listening in any channel yet. Invite it: `/invite @Opslore`."
_NOT_RUNNING: Final = (
    "Check that `opslore run` is running. It posts a missed digest once when it's back."
)
_NOT_NUDGING: Final = (
    "Check that `opslore run` is running. It nudges people on their next working day."
)


def check_manifest(path: Path | None) -> list[Finding]:
    """Check that the manifest asks for exactly what this code uses."""
    check = "manifest"
    path = path or next((path for path in _MANIFESTS if path.exists()), None)
    if path is None:
        return [fault(check, "There is no manifest.yml.", _SAME_VERSION)]
    try:
        manifest = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        return [fault(check, f"{path} can't be read ({type(error).__name__}).", _SAME_VERSION)]
    if not isinstance(manifest, dict):
        return [fault(check, f"{path} isn't a manifest.", _SAME_VERSION)]
    differences = "; ".join(_differences(manifest))
    if differences:
        return [fault(check, f"{path} doesn't match this code: {differences}.", _SAME_VERSION)]
    return [fine(check, f"{len(access.SCOPES)} scopes and {len(access.EVENTS)} events, all used")]


def check_database(url: str, known: Known) -> list[Finding]:
    """Check that the database answers, isn't too new, and can be written."""
    check = "database"
    try:
        health = known.database = check_health(url)
    except SchemaError as error:
        return [fault(check, error.user_text.partition(". ")[0] + ".", _NEWER)]
    except UnavailableError as error:
        return [fault(check, error.user_text, _OUTAGE)]
    except InvalidInputError as error:
        return [fault(check, error.user_text, _NO_DATABASE)]
    if health.revision is None:
        return [fine(check, f"{health.where}: none yet; `opslore run` creates it")]
    state = "older than this code; `opslore run` upgrades it" if health.behind else "up to date"
    return [fine(check, f"{health.where}: revision {health.revision}, {state}, writable")]


def check_schedule(url: str, known: Known, now: datetime) -> list[Finding]:
    """Check that each channel's digest has a time, and that due digests and nudges were sent."""
    check = "schedule"
    if known.team is None:
        return [skipped(check, "Not checked, because there is no valid bot token.")]
    if known.database is None or known.database.behind:
        return [skipped(check, "Not checked, because the database isn't up to date.")]
    store = Store.open(url)
    try:
        channels = _live(store, known.team)
        if not channels:
            return [skipped(check, _NOWHERE)]
        digests = [_digest_of(store, channel, known, now) for channel in channels]
        return digests + _missed_nudges(store, known.team, now)
    finally:
        store.close()


def _differences(manifest: Mapping[str, Any]) -> Iterator[str]:
    features, settings = manifest.get("features") or {}, manifest.get("settings") or {}
    asked = ((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or []
    events = (settings.get("event_subscriptions") or {}).get("bot_events") or []
    commands = [command.get("command") for command in features.get("slash_commands") or []]
    shortcuts = [shortcut.get("callback_id") for shortcut in features.get("shortcuts") or []]
    for what, has, uses in (
        ("scope", asked, access.SCOPES),
        ("event", events, access.EVENTS),
        ("command", commands, [access.COMMAND]),
        ("shortcut", shortcuts, [ids.RECORD_SHORTCUT]),
    ):
        missing, spare = sorted(set(uses) - set(has)), sorted(set(has) - set(uses))
        if missing:
            yield f"missing {what}: {', '.join(missing)}"
        if spare:
            yield f"unused {what}: {', '.join(spare)}"
    if not (settings.get("interactivity") or {}).get("is_enabled"):
        yield "interactivity is off"
    home = features.get("app_home") or {}
    if not home.get("home_tab_enabled"):
        yield "the Home tab is off"
    if not home.get("messages_tab_enabled") or home.get("messages_tab_read_only_enabled"):
        yield "people can't write in the Messages tab"


def _live(store: Store, team: TeamId) -> list[Channel]:
    with store.read(team) as tx:
        return [channel for channel in tx.channels.all() if channel.live]


def _digest_of(store: Store, channel: Channel, known: Known, now: datetime) -> Finding:
    check, name = "schedule", known.channels.get(channel.id, channel.id)
    try:
        zone = zone_of(channel.digest.timezone)
    except InvalidInputError as error:
        fix = f"Type /lore digest settings in {name} and choose a time zone."
        return fault(check, f"{name}: {error.user_text.partition('. ')[0]}.", fix)
    with store.read(channel.team) as tx:
        planned = tx.digests.next_planned(channel.id)
        last = tx.digests.previous(channel.id, now)
    late = next((digest for digest in (planned, last) if digest and _missed(digest, now)), None)
    if late is not None:
        due = f"{late.due_at.astimezone(zone):%Y-%m-%d %H:%M}"
        return fault(check, f"{name}: the digest due {due} wasn't posted.", _NOT_RUNNING)
    due_at = planned.due_at if planned else channel.digest.next_after(now)
    before = f"{last.due_at.astimezone(zone):%Y-%m-%d}" if last else "none yet"
    return fine(
        check,
        f"{name}: next digest {due_at.astimezone(zone):%a %Y-%m-%d %H:%M} "
        f"({channel.digest.timezone}), last {before}",
    )


def _missed_nudges(store: Store, team: TeamId, now: datetime) -> list[Finding]:
    with store.read(team) as tx:
        missed = tx.nudges.missed(now - LATE)
    if not missed:
        return []
    count = "1 nudge wasn't" if len(missed) == 1 else f"{len(missed)} nudges weren't"
    since = f"{missed[0].due_at:%Y-%m-%d %H:%M} UTC"
    return [fault("nudges", f"{count} sent. The first was due {since}.", _NOT_NUDGING)]


def _missed(digest: Digest, now: datetime) -> bool:
    """Return whether a digest is overdue, allowing for slow posts."""
    return digest.ts is None and now - digest.due_at >= LATE
