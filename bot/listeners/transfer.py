"""The button that confirms a transfer, and the buttons that approve or withdraw one."""

import functools
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_bolt import App

from bot.deps import Deps
from bot.domain.entries import UserId
from bot.listeners.answers import put_away, show, tell
from bot.listeners.guard import pressed
from bot.slack import ids
from bot.slack.payloads.fields import OLDER, MalformedError, ident, needed
from bot.slack.payloads.interactions import ButtonPress, unpacked
from bot.usecases.ownership.transfer import transfer_entries
from bot.usecases.ownership.transfer_approval import Approved, approve_transfer, withdraw_transfer


def register(app: App, deps: Deps) -> None:
    """Register the buttons. Each is about the entries that its message lists."""
    for action, listener in (
        (ids.TRANSFER, _confirm),
        (ids.APPROVE_TRANSFER, _approve),
        (ids.WITHDRAW_TRANSFER, _withdraw),
    ):
        app.action(action)(pressed(deps, functools.partial(listener, deps)))


def _confirm(deps: Deps, press: ButtonPress) -> None:
    asked = unpacked(press.value)
    transfer = transfer_entries(
        deps.store,
        deps.team,
        reader=deps.people.reader(press.user),
        giver=deps.people.reader(UserId(ident(asked, "giver"))),
        receiver=deps.people.reader(UserId(ident(asked, "receiver"))),
        asked_at=_moment(needed(asked, "asked")),
        now=deps.now(),
    )
    show(deps, press, deps.render("transfer", transfer=transfer, renamed=False))
    put_away(deps, press)


def _approve(deps: Deps, press: ButtonPress) -> None:
    payload = _named(press)
    author, giver, receiver = (
        deps.people.person(UserId(ident(payload, who))) for who in ("author", "giver", "receiver")
    )
    approved = approve_transfer(
        deps.store,
        deps.team,
        payload,
        reader=deps.people.reader(press.user),
        people=(author, giver, receiver),
        seen=_moment(needed(payload, "seen")),
        now=deps.now(),
    )
    tell(deps, press, _say_approved(approved))


def _withdraw(deps: Deps, press: ButtonPress) -> None:
    payload, reader = _named(press), deps.people.reader(press.user)
    count = withdraw_transfer(deps.store, deps.team, payload, reader=reader, now=deps.now())
    owners = "its owner" if count == 1 else "their owners"
    tell(deps, press, f"{_entries(count)} {'stays' if count == 1 else 'stay'} with {owners}.")


def _say_approved(approved: Approved) -> str:
    moved = len(approved.passed.owned) + len(approved.passed.backed_up)
    parts = [f"You approved {_entries(moved + approved.counted)}."]
    if approved.counted:
        need = "needs" if approved.counted == 1 else "need"
        parts.append(f"{_entries(approved.counted)} still {need} another approval.")
    if approved.left:
        parts.append(
            f"{_entries(approved.left)} {'wasn' if approved.left == 1 else 'weren'}'t approved: "
            "already decided, changed since you saw the list, or waiting for someone else. "
            "The card shows which."
        )
    return " ".join(parts)


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"


def _named(press: ButtonPress) -> Mapping[str, Any]:
    payload = unpacked(press.value)
    for who in ("author", "giver", "receiver"):
        ident(payload, who)
    _moment(needed(payload, "opened_at"))
    return payload


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise MalformedError(OLDER) from None
