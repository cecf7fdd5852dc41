"""The words of `/lore` that are about all that one person looks after."""

from bot.domain.errors import InvalidInputError
from bot.listeners.commands.call import Answer, Call
from bot.usecases.away import if_away
from bot.usecases.handover import hand_over


def away(call: Call, _: str) -> Answer:
    """What nobody else would know if somebody, or the one who asks, were away."""
    deps, users = call.deps, call.command.mentioned
    if len(users) > 1:
        raise InvalidInputError("One at a time: `/lore away @user`, or `/lore away` about you.")
    person = deps.people.person(users[0] if users else call.command.user)
    found = if_away(deps.store, deps.team, reader=call.reader, person=person)
    return deps.render("away", away=found)


def handover(call: Call, _: str) -> Answer:
    """Hand over what one person owns and backs up to another; of much, show it first."""
    deps, users = call.deps, call.command.mentioned
    if len(users) != 2:  # noqa: PLR2004 - from one to another
        raise InvalidInputError(
            "From whom to whom? Mention both: `/lore handover @from @to`. One entry alone: "
            "`/lore owner KEY @user`."
        )
    found = hand_over(
        deps.store,
        deps.team,
        reader=call.reader,
        giver=deps.people.person(users[0]),
        receiver=deps.people.reader(users[1]),
        now=deps.now(),
    )
    return deps.render("handover", handover=found)
