"""`Hand over`: yes to what `/lore handover` showed."""

import functools
from datetime import datetime

from slack_bolt import App

from bot.deps import Deps
from bot.domain.entries import UserId
from bot.listeners.answers import put_away, show
from bot.listeners.guard import pressed
from bot.slack import ids
from bot.slack.payloads import ButtonPress, unpacked
from bot.slack.shape import OLDER, MalformedError, ident, needed
from bot.usecases.handover import hand_over


def register(app: App, deps: Deps) -> None:
    """What moves is what was shown."""
    app.action(ids.HAND_OVER)(pressed(deps, functools.partial(_handed_over, deps)))


def _handed_over(deps: Deps, press: ButtonPress) -> None:
    asked = unpacked(press.value)
    done = hand_over(
        deps.store,
        deps.team,
        reader=deps.people.reader(press.user),
        giver=deps.people.person(UserId(ident(asked, "giver"))),
        receiver=deps.people.reader(UserId(ident(asked, "receiver"))),
        asked_at=_moment(needed(asked, "asked")),
        now=deps.now(),
    )
    show(deps, press, deps.render("handover", handover=done))
    put_away(press)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise MalformedError(OLDER) from None
