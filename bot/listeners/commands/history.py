"""The commands of `/lore` about the revisions of an entry."""

import re
from typing import Final

from bot.domain.entries import Key
from bot.domain.errors import InvalidInputError
from bot.listeners.answers import describe_restored, describe_retired
from bot.listeners.commands.call import Answer, Call, key_and_rest
from bot.usecases.entries.history import compare_revisions, list_changes, read_history
from bot.usecases.entries.plans import plan_restoring, plan_retiring
from bot.usecases.entries.retire import restore_revision, retire_entry

_NUMBERS: Final = re.compile(r"@?(?P<number>[1-9][0-9]{0,8})")
_SINCE: Final = re.compile(r"^since\b\s*", re.IGNORECASE)
_WITH: Final = re.compile(r"^(?:with|by)\b\s*", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\.{2,3}|[\s,]+|\b(?:and|to|with)\b", re.IGNORECASE)


def history(call: Call, rest: str) -> Answer:
    """Return the newest revisions of an entry."""
    deps = call.deps
    page = read_history(deps.store, deps.team, reader=call.reader, key=rest)
    return deps.render("history", history=page)


def diff(call: Call, rest: str) -> Answer:
    """Compare two revisions."""
    deps = call.deps
    key, numbers = _key_and_numbers(rest)
    old, new = [*numbers, None, None][:2]
    comparison = compare_revisions(
        deps.store, deps.team, reader=call.reader, key=key, old=old, new=new
    )
    return deps.render("diff", comparison=comparison)


def changes(call: Call, rest: str) -> Answer:
    """Return the revisions that came into force since a day, or in the last week."""
    deps = call.deps
    when = _SINCE.sub("", rest)
    found = list_changes(deps.store, deps.team, reader=call.reader, when=when, now=deps.now())
    return deps.render("changes", found=found)


def restore(call: Call, rest: str) -> Answer | None:
    """Restore an earlier revision, or a retired entry. Without a reason, a form asks for it."""
    deps = call.deps
    key, number, note = _key_number_and_note(rest)
    if not note:
        plan = plan_restoring(deps.store, deps.team, reader=call.reader, key=key, number=number)
        return call.ask_why(plan)
    result = restore_revision(
        deps.store,
        deps.team,
        reader=call.reader,
        key=key,
        number=number,
        note=note,
        is_alone=deps.alone,
        now=deps.now(),
    )
    return call.note(describe_restored(result))


def supersede(call: Call, rest: str) -> Answer | None:
    """Replace an entry with another. Without a reason, a form asks for it."""
    deps = call.deps
    key, other = key_and_rest(rest)
    successor, note = key_and_rest(_WITH.sub("", other))
    if not successor:
        raise InvalidInputError(
            "Name the old and the new entry: `/lore supersede DEC-7 with DEC-12`."
        )
    if not note:
        plan = plan_retiring(
            deps.store, deps.team, reader=call.reader, key=key, successor=successor
        )
        return call.ask_why(plan)
    result = retire_entry(
        deps.store,
        deps.team,
        reader=call.reader,
        key=key,
        note=note,
        successor=successor,
        is_alone=deps.alone,
        now=deps.now(),
    )
    return call.note(describe_retired(result))


def _key_number_and_note(text: str) -> tuple[str, int | None, str]:
    """Return the key, the revision if there is one, and the reason: `DEC-7 2 It was better.`"""
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
        raise InvalidInputError(
            f"Restore one revision at a time: `/lore restore {name} {numbers[0]}`."
        )
    return name, numbers[0], note.strip()


def _key_and_numbers(text: str) -> tuple[str, list[int]]:
    """Return the key and the revisions after it: `DEC-7 2 4`, `DEC-7@2 DEC-7@4`, `DEC-7 2..4`."""
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
                f"{other} isn't a revision of {key.entry}. Compare two revisions of one entry: "
                f"`/lore diff {key.entry} 2 4`."
            )
        else:
            raise InvalidInputError(
                f"“{part[:60]}” isn't a revision. Use numbers, `/lore diff {key.entry} 2 4`, or "
                f"none, `/lore diff {key.entry}`."
            )
    if len(numbers) > 2:  # noqa: PLR2004 - a comparison has two
        raise InvalidInputError(
            f"Compare two revisions at a time: `/lore diff {key.entry} {numbers[0]} {numbers[1]}`."
        )
    return str(key.entry), numbers
