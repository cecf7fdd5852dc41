"""The two buttons below a nudge: none for a week, or none any more."""

import functools

from slack_bolt import App

from bot.deps import Deps
from bot.domain.nudges import Came, NudgeId
from bot.listeners.guard import pressed
from bot.slack import ids
from bot.slack.payloads.fields import number
from bot.slack.payloads.interactions import ButtonPress
from bot.usecases.review.nudges import choose_nudges


def register(app: App, deps: Deps) -> None:
    """What is chosen, the nudge itself says."""
    for action, came in ((ids.NUDGE_SNOOZE, Came.SNOOZED), (ids.NUDGE_NEVER, Came.NEVER)):
        app.action(action)(pressed(deps, functools.partial(_chosen, deps, came)))


def _chosen(deps: Deps, came: Came, press: ButtonPress) -> None:
    choose_nudges(
        deps.store,
        deps.team,
        reader=deps.people.reader(press.user),
        came=came,
        nudge_id=NudgeId(number(press.value)),
        now=deps.now(),
    )
    deps.wake()
