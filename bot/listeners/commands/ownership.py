"""The commands of `/lore` about everything that one person owns."""

from bot.domain.errors import InvalidInputError
from bot.listeners.commands.call import Answer, Call
from bot.usecases.ownership.away import read_away
from bot.usecases.ownership.transfer import transfer_entries


def away(call: Call, _: str) -> Answer:
    """Return the entries of a person that no one else has certified or used."""
    deps, users = call.deps, call.command.mentioned
    if len(users) > 1:
        raise InvalidInputError(
            "Mention one person: `/lore away @user`, or `/lore away` for yourself."
        )
    person = deps.people.person(users[0] if users else call.command.user)
    found = read_away(deps.store, deps.team, reader=call.reader, person=person)
    return deps.render("away", away=found)


def transfer(call: Call, _: str) -> Answer:
    """Pass on what one person owns and backs up. If that is a lot, ask for confirmation first."""
    return _transfer(call)


def handover(call: Call, _: str) -> Answer:
    """Run `transfer` under its old name."""
    return _transfer(call, renamed=True)


def _transfer(call: Call, *, renamed: bool = False) -> Answer:
    deps, users = call.deps, call.command.mentioned
    if len(users) != 2:  # noqa: PLR2004 - from one person to another
        now = "This command is now `/lore transfer`. " if renamed else ""
        raise InvalidInputError(
            f"{now}Mention both people: `/lore transfer @from @to`. For a single entry, use "
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
