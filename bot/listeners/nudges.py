"""The two buttons below a nudge: `Snooze` and `Turn off`."""

import functools

from slack_bolt import App

from bot.deps import Deps
from bot.domain.nudges import NudgeId, NudgeOutcome
from bot.listeners.guard import pressed
from bot.slack import ids
from bot.slack.payloads.fields import number
from bot.slack.payloads.interactions import ButtonPress
from bot.usecases.review.nudges import choose_nudges


def register(app: App, deps: Deps) -> None:
    """Register the buttons. The nudge is redrawn with the choice."""
    for action, came in (
        (ids.NUDGE_SNOOZE, NudgeOutcome.SNOOZED),
        (ids.NUDGE_NEVER, NudgeOutcome.NEVER),
    ):
        app.action(action)(pressed(deps, functools.partial(_choose, deps, came)))


def _choose(deps: Deps, came: NudgeOutcome, press: ButtonPress) -> None:
    choose_nudges(
        deps.store,
        deps.team,
        reader=deps.people.reader(press.user),
        came=came,
        nudge_id=NudgeId(number(press.value)),
        now=deps.now(),
    )
    deps.wake()
