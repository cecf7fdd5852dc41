"""The buttons that turn the pages of `/lore list`."""

import functools
from contextlib import suppress

from slack_bolt import App

from bot.deps import Deps
from bot.domain.entries import Key
from bot.domain.entry_filters import EntryFilter
from bot.listeners.answers import show_in_place
from bot.listeners.guard import pressed
from bot.slack import ids
from bot.slack.payloads.fields import OLDER, MalformedError
from bot.slack.payloads.interactions import ButtonPress, unpacked
from bot.usecases.entries.listing import list_entries


def register(app: App, deps: Deps) -> None:
    """Register `Back` and `Next`."""
    for action in (ids.LIST_BACK, ids.LIST_NEXT):
        app.action(action)(pressed(deps, functools.partial(_turn_page, deps)))


def _turn_page(deps: Deps, press: ButtonPress) -> None:
    """Show another page in place of the current one."""
    entry_filter, start = _read_place(press.value)
    page = list_entries(
        deps.store,
        deps.team,
        entry_filter,
        reader=deps.people.reader(press.user),
        now=deps.now(),
        start=start,
    )
    message = deps.render("entry_page", page=page)
    show_in_place(deps, press, message)


def _read_place(value: str) -> tuple[EntryFilter, Key]:
    """Return the filter of a list and the key at which the page begins."""
    facts = unpacked(value)
    with suppress(KeyError, TypeError, ValueError):
        if start := Key.parse(facts["start"]):
            return EntryFilter.of(facts), start
    raise MalformedError(OLDER)
