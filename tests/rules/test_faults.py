"""The faults that keep a revision from being approved, because no one could follow the entry."""

from typing import Any

import pytest

from bot.domain.faults import list_faults
from bot.domain.kinds import Kind
from bot.domain.revisions import Content

ESCALATION = {"title": "Down", "condition": "Errors."}
HANDOFF = {"title": "Night to day", "payload": ["Open incidents"]}
FULL = {"whom": ["UANA"], "wait": 10}


@pytest.mark.parametrize(
    ("kind", "values", "faults"),
    [
        (Kind.DECISION, {"title": "Roll back", "rule": "Do."}, ()),
        (Kind.ESCALATION, ESCALATION, ("It has no level, so it notifies no one.",)),
        (Kind.ESCALATION, ESCALATION | {"levels": [FULL, {"whom": ["UBEN"]}]}, ()),
        (
            Kind.ESCALATION,
            ESCALATION | {"levels": [{"whom": ["UANA"]}, FULL, {"tell": "All."}]},
            ("Level 1 has no wait before level 2.", "Level 3 has no one to notify."),
        ),
        (Kind.HANDOFF, HANDOFF | {"from": "night"}, ("“To” is empty.",)),
        (Kind.HANDOFF, HANDOFF, ("“From” is empty.", "“To” is empty.")),
        (Kind.HANDOFF, HANDOFF | {"from": "night", "to": "day"}, ()),
        (
            Kind.DECISION,
            {"title": "Roll back", "rule": "Do.", "owner": "UANA", "backup": "UANA"},
            ("The owner is also the backup.",),
        ),
    ],
)
def test_each_structural_fault_is_one_sentence(
    kind: Kind, values: dict[str, Any], faults: tuple[str, ...]
) -> None:
    assert list_faults(Content(kind=kind, values=values)) == faults
