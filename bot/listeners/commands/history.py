"""The words of `/lore` that are about an entry's revisions."""

import re
from typing import Final

from bot.domain.entries import Key
from bot.domain.errors import InvalidInputError
from bot.listeners.commands.call import Answer, Call, key_and_rest
from bot.usecases.history import compare_revisions, history_of

_NUMBERS: Final = re.compile(r"@?(?P<number>[1-9][0-9]{0,8})")
_BETWEEN: Final = re.compile(r"\.{2,3}|[\s,]+|\b(?:and|to|with)\b", re.IGNORECASE)


def history(call: Call, rest: str) -> Answer:
    """An entry's revisions, page by page."""
    deps = call.deps
    found = history_of(deps.store, deps.team, reader=call.reader, key=rest)
    return deps.render("history", history=found)


def diff(call: Call, rest: str) -> Answer:
    """What one revision says otherwise than another."""
    deps = call.deps
    key, numbers = _key_and_numbers(rest)
    old, new = [*numbers, None, None][:2]
    comparison = compare_revisions(
        deps.store, deps.team, reader=call.reader, key=key, old=old, new=new
    )
    return deps.render("diff", comparison=comparison)


def _key_and_numbers(text: str) -> tuple[str, list[int]]:
    """The key, and the revisions named after it: `DEC-7 2 4`, `DEC-7@2 DEC-7@4`, `DEC-7 2..4`."""
    head, rest = key_and_rest(text)
    key = Key.parse(head)
    if key is None:
        return head, []
    numbers = [key.revision] if key.revision else []
    for part in filter(None, _BETWEEN.split(rest)):
        other, plain = Key.parse(part), _NUMBERS.fullmatch(part)
        if other and other.entry == key.entry and other.revision:
            numbers.append(other.revision)
        elif plain:
            numbers.append(int(plain["number"]))
        elif other and other.entry != key.entry:
            raise InvalidInputError(
                f"{other} is another entry than {key.entry}; two revisions of one are compared: "
                f"`/lore diff {key.entry} 2 4`."
            )
        else:
            raise InvalidInputError(
                f"“{part[:60]}” is no revision. Name one or two by number: `/lore diff {key.entry} "
                f"2 4`, or none: `/lore diff {key.entry}`."
            )
    if len(numbers) > 2:  # noqa: PLR2004 - a comparison is of two
        raise InvalidInputError(
            f"Two revisions are compared at a time: `/lore diff {key.entry} "
            f"{numbers[0]} {numbers[1]}`."
        )
    return str(key.entry), numbers
