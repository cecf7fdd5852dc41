"""Faults in an entry's structure that keep people from following it."""

from bot.domain.kinds import FIELDS, Kind
from bot.domain.revisions import Content

_PARTIES = ("from", "to")


def list_faults(content: Content) -> tuple[str, ...]:
    """Return one sentence for each fault that has to be fixed before a revision is approved."""
    faults = []
    if content.kind is Kind.HANDOFF:
        faults += [
            f"“{field.label}” is empty."
            for field in FIELDS[content.kind]
            if field.name in _PARTIES and not content.text(field.name)
        ]
    if content.kind is Kind.ESCALATION:
        faults += _list_level_faults(content)
    if content.owner and content.owner == content.backup:
        faults.append("The owner is also the backup.")
    return tuple(faults)


def _list_level_faults(content: Content) -> list[str]:
    """Return the faults of the levels. The last one needs no wait: the last resort follows it."""
    stored = content.values.get("levels", [])
    levels = stored if isinstance(stored, list) else []
    if not levels:
        return ["It has no level, so it notifies no one."]
    faults = []
    for number, level in enumerate(levels, start=1):
        values = level if isinstance(level, dict) else {}
        if not values.get("whom"):
            faults.append(f"Level {number} has no one to notify.")
        if number < len(levels) and not values.get("wait"):
            faults.append(f"Level {number} has no wait before level {number + 1}.")
    return faults
