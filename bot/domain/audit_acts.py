"""What somebody did, as the audit keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from bot.domain.entries import UserId

# Who acted where no person did: a job, or what follows an event of Slack's.
OPSLORE: Final = UserId("opslore")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that somebody did; `number` counts from 1 in its workspace.

    `subject` is the entry or the exact revision it was done to, or a channel, path, digest,
    nudge, person or workspace. `details` never hold what people wrote.
    `states`: how the act left each row that people rely on, by table and key: see `replay`.
    """

    number: int
    actor: UserId
    action: str
    subject: str
    details: Mapping[str, Any]
    at: datetime
    hash: str
    states: Mapping[str, Any] = field(default_factory=dict)
