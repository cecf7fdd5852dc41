"""The words of `/lore` that are about all that one person looks after."""

from bot.domain.errors import InvalidInputError
from bot.listeners.commands.call import Answer, Call
from bot.usecases.ownership.away import if_away
from bot.usecases.ownership.transfer import transfer_entries


def away(call: Call, _: str) -> Answer:
    """What nobody else would know if somebody, or the one who asks, were away."""
    deps, users = call.deps, call.command.mentioned
    if len(users) > 1:
        raise InvalidInputError("One at a time: `/lore away @user`, or `/lore away` about you.")
    person = deps.people.person(users[0] if users else call.command.user)
    found = if_away(deps.store, deps.team, reader=call.reader, person=person)
    return deps.render("away", away=found)


def transfer(call: Call, _: str) -> Answer:
    """Pass on what one person owns and backs up to another; of much, show it first."""
    return _transfer(call)


def handover(call: Call, _: str) -> Answer:
    """Do the same under the name that it had before."""
    return _transfer(call, renamed=True)


def _transfer(call: Call, *, renamed: bool = False) -> Answer:
    deps, users = call.deps, call.command.mentioned
    if len(users) != 2:  # noqa: PLR2004 - from one to another
        now = "This command is now `/lore transfer`. " if renamed else ""
        raise InvalidInputError(
            f"{now}From whom to whom? Mention both: `/lore transfer @from @to`. One entry alone: "
            "`/lore owner KEY @user`."
        )
    giver, receiver = (deps.people.reader(user) for user in users)
    transfer = transfer_entries(
        deps.store,
        deps.team,
        reader=call.reader,
        giver=giver,
        receiver=receiver,
        now=deps.now(),
    )
    return deps.render("transfer", transfer=transfer, renamed=renamed)
