"""The words of `/lore` that are about an entry's revisions."""

import re
from typing import Final

from bot.domain.entries import Key
from bot.domain.errors import InvalidInputError
from bot.listeners.answers import restored, retired
from bot.listeners.commands.call import Answer, Call, key_and_rest
from bot.usecases.history import changes_since, compare_revisions, history_of
from bot.usecases.revise import restore_revision, retire_entry

_NUMBERS: Final = re.compile(r"@?(?P<number>[1-9][0-9]{0,8})")
_SINCE: Final = re.compile(r"^since\b\s*", re.IGNORECASE)
_WITH: Final = re.compile(r"^(?:with|by)\b\s*", re.IGNORECASE)
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


def changes(call: Call, rest: str) -> Answer:
    """What came into force since a day, or in the last week."""
    deps = call.deps
    when = _SINCE.sub("", rest)
    found = changes_since(deps.store, deps.team, reader=call.reader, when=when, now=deps.now())
    return deps.render("changes", found=found)


def restore(call: Call, rest: str) -> Answer:
    """Have an entry say what an earlier revision said, or bring a retired one back."""
    deps = call.deps
    key, numbers = _key_and_numbers(rest)
    if len(numbers) > 1:
        raise InvalidInputError(f"One revision at a time: `/lore restore {key} {numbers[0]}`.")
    done = restore_revision(
        deps.store,
        deps.team,
        reader=call.reader,
        key=key,
        number=numbers[0] if numbers else None,
        note="",
        alone=deps.alone,
        now=deps.now(),
    )
    return call.note(restored(done))


def supersede(call: Call, rest: str) -> Answer:
    """Retire an entry in favour of another, which both say for ever."""
    deps = call.deps
    key, other = key_and_rest(rest)
    successor = _WITH.sub("", other)
    if not successor:
        raise InvalidInputError(
            "Which entry takes which one's place? `/lore supersede DEC-7 with DEC-12`."
        )
    done = retire_entry(
        deps.store,
        deps.team,
        reader=call.reader,
        key=key,
        note="",
        successor=successor,
        alone=deps.alone,
        now=deps.now(),
    )
    return call.note(retired(done))


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
