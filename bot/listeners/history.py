"""The history of an entry: its pages, and the menu of each revision."""

import functools
from typing import Any

from slack_bolt import App

from bot.deps import Deps
from bot.domain.entries import Key
from bot.listeners.answers import open_over, show, show_in_place
from bot.listeners.guard import pressed
from bot.listeners.reasons import ask_why_restore
from bot.slack import ids
from bot.slack.api.posting import call
from bot.slack.payloads.fields import OLDER, MalformedError
from bot.slack.payloads.interactions import ButtonPress
from bot.usecases.entries.find import read_card
from bot.usecases.entries.history import History, compare_revisions, read_history


def register(app: App, deps: Deps) -> None:
    """Register the buttons that open a history and turn its pages, and the menu of a revision."""
    for action, listener in (
        (ids.SHOW_HISTORY, _open),
        (ids.HISTORY_OLDER, _turn_page),
        (ids.HISTORY_NEWER, _turn_page),
        (ids.REVISION_MENU, _choose),
    ):
        app.action(action)(pressed(deps, functools.partial(listener, deps)))


def _open(deps: Deps, press: ButtonPress) -> None:
    page = _page(deps, press)
    if press.channel is None:
        open_over(deps, press, deps.render("history_view", history=page))
    else:
        show(deps, press, deps.render("history", history=page))


def _turn_page(deps: Deps, press: ButtonPress) -> None:
    """Show another page in place of the current one."""
    page = _page(deps, press)
    if press.view is not None:
        view = deps.render("history_view", history=page)
        call(deps.client, "views.update", view_id=press.view.id, hash=press.view.hash, view=view)
        return
    message = deps.render("history", history=page)
    show_in_place(deps, press, message)


def _choose(deps: Deps, press: ButtonPress) -> None:
    act, _, key = press.value.partition(" ")
    if act == "restore":
        _ask_why_restore(deps, press, key)
        return
    name, shown = _look_up(deps, press, act, key)
    if press.channel is None:
        open_over(deps, press, deps.render(f"{name}_view", **shown))
    else:
        show(deps, press, deps.render("entry_card" if name == "revision" else name, **shown))


def _ask_why_restore(deps: Deps, press: ButtonPress, key: str) -> None:
    cited = Key.parse(key)
    if cited is None or cited.revision is None:
        raise MalformedError(OLDER)
    ask_why_restore(deps, press, str(cited.entry), cited.revision)


def _look_up(deps: Deps, press: ButtonPress, act: str, key: str) -> tuple[str, dict[str, Any]]:
    reader, cited = deps.people.reader(press.user), Key.parse(key)
    if cited is not None and act == "show":
        return "revision", {"card": read_card(deps.store, deps.team, reader=reader, key=key)}
    if cited is not None and act == "diff":
        return "diff", {
            "comparison": compare_revisions(
                deps.store, deps.team, reader=reader, key=str(cited.entry), new=cited.revision
            )
        }
    raise MalformedError(OLDER)


def _page(deps: Deps, press: ButtonPress) -> History:
    reader = deps.people.reader(press.user)
    return read_history(deps.store, deps.team, reader=reader, key=press.value)
