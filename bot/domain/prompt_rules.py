"""Ask rarely, and be right: when a message is worth a prompt."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.domain.kinds import Kind
from bot.domain.recognition import SpeechAct

# A channel's own scores decide once there are this many; before that the floor of the act does.
ENOUGH: Final = 20
# Of the messages that read like an act, this share scores high enough to ask about.
QUOTA: Final = 0.3
# Below this a message is counted and never asked about: measured, one prompt in three would be
# wrong there.
SURE: Final = 0.5
# Budgets count prompts within this time.
BUDGET_PERIOD: Final = timedelta(hours=24)
# A prompt that could not be shown within this time is not shown any more: its writer moved on.
STALE: Final = timedelta(minutes=30)
# A refusal is remembered for messages like it this long.
REFUSAL_KEPT: Final = timedelta(days=180)
# A path is counted over this long; what recurs more slowly is no routine.
GAP_KEPT: Final = timedelta(days=60)


def bar(recent: Sequence[float]) -> float:
    """The score that a message must reach, from the channel's recent scores of the same act."""
    if len(recent) < ENOUGH:
        return SURE
    ranked = sorted(recent, reverse=True)
    return max(SURE, ranked[max(0, int(len(ranked) * QUOTA) - 1)])


def kind_of(act: SpeechAct) -> Kind:
    """The kind of entry that an act leads to: a question asks for a rule."""
    return {SpeechAct.ESCALATION: Kind.ESCALATION, SpeechAct.HANDOFF: Kind.HANDOFF}.get(
        act, Kind.DECISION
    )
