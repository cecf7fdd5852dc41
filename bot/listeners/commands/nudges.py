"""`/lore nudges`: whether one is nudged, and from when."""

from bot.domain.errors import InvalidInputError
from bot.domain.nudges import Came
from bot.listeners.commands.call import Answer, Call
from bot.usecases.review.nudges import choice_of, choose_nudges

_CHOICES = {"on": None, "off": Came.NEVER, "snooze": Came.SNOOZED}


def nudges(call: Call, rest: str) -> Answer:
    """Say whether the one who asks is nudged, or have it so."""
    deps, said = call.deps, rest.strip().lower()
    if not said:
        choice = choice_of(deps.store, deps.team, reader=call.reader)
    elif said in _CHOICES:
        choice = choose_nudges(
            deps.store, deps.team, reader=call.reader, came=_CHOICES[said], now=deps.now()
        )
    else:
        raise InvalidInputError(
            "`/lore nudges on`, `/lore nudges off`, or `/lore nudges snooze` for a week without."
        )
    return deps.render("nudges", choice=choice)
