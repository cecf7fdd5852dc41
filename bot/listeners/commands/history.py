"""The words of `/lore` that are about an entry's revisions."""

import re
from typing import Final

from bot.domain.entries import Key
from bot.domain.errors import InvalidInputError
from bot.listeners.answers import restored, retired
from bot.listeners.commands.call import Answer, Call, key_and_rest
from bot.usecases.entries.history import changes_since, compare_revisions, history_of
from bot.usecases.entries.plans import plan_restoring, plan_retiring
from bot.usecases.entries.retire import restore_revision, retire_entry

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


def restore(call: Call, rest: str) -> Answer | None:
    """Have an entry say what an earlier revision said, or bring a retired one back, and why."""
    deps = call.deps
    key, number, note = _key_number_and_note(rest)
    if not note:
        plan = plan_restoring(deps.store, deps.team, reader=call.reader, key=key, number=number)
        return call.ask_why(plan)
    done = restore_revision(
        deps.store,
        deps.team,
        reader=call.reader,
        key=key,
        number=number,
        note=note,
        alone=deps.alone,
        now=deps.now(),
    )
    return call.note(restored(done))


def supersede(call: Call, rest: str) -> Answer | None:
    """Retire an entry in favour of another, which both say, and why."""
    deps = call.deps
    key, other = key_and_rest(rest)
    successor, note = key_and_rest(_WITH.sub("", other))
    if not successor:
        raise InvalidInputError(
            "Which entry takes which one's place? `/lore supersede DEC-7 with DEC-12`."
        )
    if not note:
        plan = plan_retiring(
            deps.store, deps.team, reader=call.reader, key=key, successor=successor
        )
        return call.ask_why(plan)
    done = retire_entry(
        deps.store,
        deps.team,
        reader=call.reader,
        key=key,
        note=note,
        successor=successor,
        alone=deps.alone,
        now=deps.now(),
    )
    return call.note(retired(done))


def _key_number_and_note(text: str) -> tuple[str, int | None, str]:
    """The key, the revision if one is named, and the reason: `DEC-7 2 It was better.`"""
    head, rest = key_and_rest(text)
    key = Key.parse(head)
    if key is None:
        return head, None, ""
    if key.revision:
        return str(key.entry), key.revision, rest.strip()
    first, _, note = rest.partition(" ")
    if not (_NUMBERS.fullmatch(first) or Key.parse(first)):
        return head, None, rest.strip()
    name, numbers = _key_and_numbers(f"{head} {first}")
    if note and not _BETWEEN.sub("", note).strip("@0123456789"):
        raise InvalidInputError(f"One revision at a time: `/lore restore {name} {numbers[0]}`.")
    return name, numbers[0], note.strip()


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
