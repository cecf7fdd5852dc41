"""The verdicts of a review, wherever an entry that is due is shown, and taking one over."""

import functools

from slack_bolt import App

from bot.deps import Deps
from bot.domain.entries import Entry, UserId
from bot.domain.errors import ConflictError
from bot.domain.periods import zone_of
from bot.domain.visibility import Reader
from bot.listeners.answers import tell
from bot.listeners.guard import pressed
from bot.listeners.home import redraw_home
from bot.listeners.record import edit
from bot.slack import ids
from bot.slack.payloads import ButtonPress
from bot.slack.shape import OLDER, MalformedError
from bot.usecases.certify import ask_someone, certify_entry, find_wanting
from bot.usecases.ownership import change_owner, say_new_owner


def register(app: App, deps: Deps) -> None:
    """Each verdict is about the exact revision that its button stands beside."""
    for action, listener in (
        (ids.CERTIFY_ENTRY, _accurate),
        (ids.CHANGE_ENTRY, _wanting),
        (ids.ASK_ENTRY, _asked),
        (ids.TAKE_OVER, _taken_over),
    ):
        app.action(action)(pressed(deps, functools.partial(listener, deps)))


def _accurate(deps: Deps, press: ButtonPress) -> None:
    reader = deps.people.reader(press.user)
    try:
        entry = certify_entry(deps.store, deps.team, reader=reader, key=press.value, now=deps.now())
    except ConflictError:
        # What the page shows is out of date, or it would not have been asked.
        redraw_home(deps, press)
        raise
    tell(
        deps, press, f"Noted: {entry.cited} is still accurate; due again on {_day(entry, reader)}."
    )
    redraw_home(deps, press)


def _wanting(deps: Deps, press: ButtonPress) -> None:
    """The verdict is kept even where the form can not be opened, or is closed again."""
    reader = deps.people.reader(press.user)
    entry = find_wanting(deps.store, deps.team, reader=reader, key=press.value, now=deps.now())
    edit(deps, press, str(entry.key))


def _asked(deps: Deps, press: ButtonPress) -> None:
    name, _, cited = press.block.partition(".")
    if name != ids.ASK_ENTRY or not press.value:
        raise MalformedError(OLDER)
    asked = deps.people.reader(UserId(press.value))
    entry = ask_someone(
        deps.store,
        deps.team,
        reader=deps.people.reader(press.user),
        key=cited,
        asked=asked,
        now=deps.now(),
    )
    tell(deps, press, f"Noted: {asked.person.name} is asked about {entry.cited} instead.")
    redraw_home(deps, press)


def _taken_over(deps: Deps, press: ButtonPress) -> None:
    reader = deps.people.reader(press.user)
    changed = change_owner(
        deps.store,
        deps.team,
        reader=reader,
        key=press.value,
        owner=reader,
        known=deps.known,
        now=deps.now(),
    )
    proposed = say_new_owner(changed, reader) if changed.proposal else ""
    tell(deps, press, proposed or f"You answer for {changed.entry.key} now.")
    redraw_home(deps, press)


def _day(entry: Entry, reader: Reader) -> str:
    """The day by their own clock, as cards show it."""
    due = entry.due_at.astimezone(zone_of(reader.person.timezone))
    return f"{due:%B} {due.day}, {due.year}"
