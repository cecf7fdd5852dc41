"""`/lore nudges`: turning direct messages on and off."""

from bot.domain.errors import InvalidInputError
from bot.domain.nudges import NudgeOutcome
from bot.listeners.commands.call import Answer, Call
from bot.usecases.review.nudges import choose_nudges, read_nudge_choice

_CHOICES = {"on": None, "off": NudgeOutcome.NEVER, "snooze": NudgeOutcome.SNOOZED}


def nudges(call: Call, rest: str) -> Answer:
    """Show whether this person gets nudges, or change that."""
    deps, word = call.deps, rest.strip().lower()
    if not word:
        choice = read_nudge_choice(deps.store, deps.team, reader=call.reader)
    elif word in _CHOICES:
        choice = choose_nudges(
            deps.store, deps.team, reader=call.reader, came=_CHOICES[word], now=deps.now()
        )
    else:
        raise InvalidInputError(
            "Use `/lore nudges on`, `/lore nudges off`, or `/lore nudges snooze` for a week off."
        )
    return deps.render("nudges", choice=choice)
