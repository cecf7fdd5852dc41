"""What each line of the model is trained to tell, from the labels of a message."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.recognition.labeled import ADDED_TEAMS, OPS_TEAMS, Labeled


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whether a line holds for a message, and how much that counts; 0 if it isn't known."""

    holds: bool
    counts: float = 1.0


def find_targets(line: str, messages: Sequence[Labeled]) -> list[Target]:
    """Return the target of each message for one of the model's lines."""
    decided = {message.thread for message in messages if "decision" in message.labels}
    return [
        _find_target(line, message, is_decided=message.thread in decided) for message in messages
    ]


def _find_target(line: str, message: Labeled, *, is_decided: bool) -> Target:
    if line in ("report", "small_talk") and message.team not in (*OPS_TEAMS, *ADDED_TEAMS):
        return Target(holds=False, counts=0.0)
    is_plain = message.labels == {"none"}
    match line:
        case "report":
            return Target(holds=is_plain and message.matter is not None and not message.is_reply)
        case "small_talk":
            return Target(holds=is_plain and message.matter is None and message.covered_by is None)
        case "standing":
            return Target(holds=message.detail == "standing")
        case "settles":
            return _find_settling(message, is_decided=is_decided)
        case _:
            return Target(holds=line in message.labels)


def _find_settling(message: Labeled, *, is_decided: bool) -> Target:
    if "decision" in message.labels:
        return Target(holds=True)
    # An answer in a thread without a decision may settle it, but we don't know which one does.
    may_settle = (
        message.matter is not None and message.is_reply and "question" not in message.labels
    )
    return Target(holds=False, counts=0.0 if may_settle and not is_decided else 1.0)
