"""Count the verdicts for the page: acts by week, prompts, and the clearest messages."""

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.cli.listen.heard import Place, Prompt, Verdict
from bot.domain.recognition import SpeechAct

SHOWN: Final = (
    SpeechAct.DECISION,
    SpeechAct.ESCALATION,
    SpeechAct.HANDOFF,
    SpeechAct.QUESTION,
)
_CLEAREST: Final = 5  # messages of each act
_PROMPTS: Final = 20  # the latest, as examples


@dataclass(slots=True)
class Tally:
    """The counts of a history. `weeks`: the messages of each act by the Monday of their week."""

    weeks: defaultdict[date, Counter[SpeechAct]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    acts: Counter[SpeechAct] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    prompts: int = 0
    latest_prompts: deque[tuple[Place, Prompt]] = field(
        default_factory=lambda: deque(maxlen=_PROMPTS)
    )
    _clearest: defaultdict[SpeechAct, list[tuple[float, Place]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def watch(self, verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
        """Pass verdicts on and count them."""
        for verdict in verdicts:
            self._count(verdict)
            yield verdict

    def clearest(self, act: SpeechAct) -> list[Place]:
        """Return the messages that are most surely this act, the surest first."""
        return [place for _, place in sorted(self._clearest[act], reverse=True)]

    def _count(self, verdict: Verdict) -> None:
        place = (verdict.channel, verdict.ts)
        if verdict.prompt is not None:
            self.prompts += 1
            self.latest_prompts.append((place, verdict.prompt))
        if verdict.covered_by is not None:
            self.covered[verdict.covered_by] += 1
        act = verdict.act
        if act not in SHOWN:
            return
        self.acts[act] += 1
        self.weeks[_week(verdict.ts)][act] += 1
        ranked = self._clearest[act]
        heapq.heappush(ranked, (verdict.score, place))
        if len(ranked) > _CLEAREST:
            heapq.heappop(ranked)


def _week(ts: str) -> date:
    day = datetime.fromtimestamp(float(ts), UTC).date()
    return day - timedelta(days=day.weekday())
