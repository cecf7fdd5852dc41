"""The words for a fault of the audit, for the person who investigates it."""

from datetime import datetime
from typing import Final

from bot.domain.replay import Difference, Fault, Flaw, State, Teller

# The name of a row for people, by the table names that the audit uses.
_NOUNS: Final = {
    "workspaces": "the row of the workspace's settings",
    "counters": "the last key number of this kind",
    "channels": "the channel",
    "entries": "the entry",
    "revisions": "the revision",
    "landings": "the time it came into force",
    "proposals": "a proposal",
    "requests": "a request for changes",
    "approvals": "an approval",
    "reviews": "a verdict",
    "due_reasons": "a due reason",
    "evidence": "a message of its evidence",
    "links": "a link to another entry",
    "observations": "a use",
    "nudge_choices": "the choice of nudges",
    "paths": "the state of the gap",
}
# A state leaves out columns with these values.
_EMPTY: Final[dict[type, object]] = {bool: False, int: 0}
# The audit holds only a hash of these columns.
_HASHED: Final = {"title", "excerpt", "note", "comment", "hash"}
# Columns that distinguish the rows of one entry.
_PARTICULARS: Final = (
    "verdict",
    "outcome",
    "state",
    "kind",
    "about",
    "field",
    "by",
    "author",
    "permalink",
    "at",
    "opened_at",
)


def describe(fault: Fault, acts: int) -> str:
    """Return what is wrong, where, and what to do. `acts`: how many acts verify."""
    if fault.flaw is Flaw.BROKEN:
        return (
            f"Act {acts + 1} was changed, or an act before it was added or removed. "
            "Rows weren't compared, because no act after it can be trusted. "
            "Restore the audit from a backup."
        )
    if fault.flaw is Flaw.CUT:
        return (
            f"Acts were added or removed after act {acts}. "
            "Rows weren't compared. Restore the audit from a backup."
        )
    return f"{_described(fault)} {_next_step(fault)}"


def _described(fault: Fault) -> str:
    noun = _NOUNS.get(fault.table, f"a row of {fault.table}")
    named = f"{noun}{_particulars(fault)}"
    subject = f"gap-{fault.subject}" if fault.table == "paths" else fault.subject
    named = named if fault.table == "workspaces" else f"{subject}: {named}"
    act = "no act" if fault.teller is None else name_act(fault.teller)
    if fault.flaw is Flaw.CHANGED:
        listed = "; ".join(map(_difference, fault.differences))
        return f"{named} isn't as {act} left it: {listed}."
    if fault.flaw is Flaw.MISSING:
        return f"{named} is missing in the database. It was there after {act}."
    if fault.flaw is Flaw.UNREADABLE:
        return f"{named} can't be read: a column has a value of the wrong type."
    if fault.teller is None:
        return f"{named} is in the database, but no act added it."
    return f"{named} is in the database, although {act} removed it."


def _next_step(fault: Fault) -> str:
    entry = fault.subject.split("@")[0]
    if entry.partition("-")[0] in ("DEC", "HND", "ESC"):
        return f"Compare it with a backup and with `opslore audit list --entry {entry}`."
    return "Compare it with a backup and with `opslore audit list`."


def _particulars(fault: Fault) -> str:
    state: State = {} if fault.table in ("entries", "channels") else fault.state or {}
    values = [_value(name, state[name]) for name in _PARTICULARS if name in state]
    return f" ({', '.join(values)})" if values else ""


def _difference(difference: Difference) -> str:
    name = difference.column.replace("_", " ")
    if difference.column in _HASHED:
        return "the text isn't the one that was saved" if name == "hash" else f"the {name} differs"
    pair = difference.stored, difference.stated
    empty: object = next((_EMPTY[type(value)] for value in pair if type(value) in _EMPTY), None)
    stored, stated = (_value(name, empty if value is None else value) for value in pair)
    return f"{name} is {stored} in the database, and {stated} in the audit"


def _value(name: str, value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("at") and isinstance(value, str):
        try:
            return day(datetime.fromisoformat(value))
        except ValueError:
            return value
    return str(value)


def name_act(teller: Teller) -> str:
    """Return the name of an act in a sentence."""
    return f"act {teller.number} ({teller.action} by {teller.actor}, {day(teller.at)})"


def day(moment: datetime) -> str:
    """Return a moment for people to read, in UTC."""
    return f"{moment:%b} {moment.day} {moment:%Y %H:%M} UTC"
