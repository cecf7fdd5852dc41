"""One act of the audit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from bot.domain.entries import UserId

# The actor of jobs and of changes that follow a Slack event.
OPSLORE: Final = UserId("opslore")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that a person or a job did; `number` counts from 1 in each workspace.

    `subject`: the entry or exact revision that was acted on, or a channel, gap, digest, nudge,
    person or workspace. `details` never hold text that people wrote. `states`: how the act left
    each row that people rely on, by table and key (see `replay`).
    """

    number: int
    actor: UserId
    action: str
    subject: str
    details: Mapping[str, Any]
    at: datetime
    hash: str
    states: Mapping[str, Any] = field(default_factory=dict)
