"""When a message is worth a prompt: rarely, and only if it is likely right."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot.domain.kinds import Kind
from bot.domain.recognition import SpeechAct

# Once a channel has this many scores of an act, they decide; before that, `SURE` alone does.
ENOUGH: Final = 20
# The share of messages with a speech act whose score is high enough for a prompt.
QUOTA: Final = 0.3
# A message with a lower score is counted but never prompted: in measurements, one such prompt in
# three was wrong.
SURE: Final = 0.5
# Prompt budgets are per this period.
BUDGET_PERIOD: Final = timedelta(hours=24)
# A prompt is dropped after this time, because its writer has moved on.
STALE: Final = timedelta(minutes=30)
# `Not this time` also applies to similar messages for this long.
REFUSAL_KEPT: Final = timedelta(days=180)
# A gap counts occurrences of this period; anything slower isn't a routine.
GAP_KEPT: Final = timedelta(days=60)


def prompt_threshold(recent: Sequence[float]) -> float:
    """Return the score needed for a prompt, from the channel's recent scores of the same act."""
    if len(recent) < ENOUGH:
        return SURE
    ranked = sorted(recent, reverse=True)
    return max(SURE, ranked[max(0, int(len(ranked) * QUOTA) - 1)])


def kind_of(act: SpeechAct) -> Kind:
    """Return the kind of entry to record for a speech act; a decision for a question."""
    return {SpeechAct.ESCALATION: Kind.ESCALATION, SpeechAct.HANDOFF: Kind.HANDOFF}.get(
        act, Kind.DECISION
    )
