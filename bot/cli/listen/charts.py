"""Counts over time as bars, each with its place in a drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.domain.recognition import SpeechAct

# Units of the drawing, which is scaled to the page.
WIDTH: Final = 300
HEIGHT: Final = 56
_LEAST: Final = 1.5  # so that a few messages are still seen
_MOST_BARS: Final = 60
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its first day, its count, and its rectangle."""

    day: date
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The bars of one act. `weeks`: how many weeks a bar counts."""

    act: SpeechAct
    total: int
    weeks: int
    bars: tuple[Bar, ...]

    @property
    def highest(self) -> Bar:
        """The bar with the most messages."""
        return max(self.bars, key=lambda bar: bar.count)


def draw_charts(
    weeks: Mapping[date, Mapping[SpeechAct, int]], acts: Sequence[SpeechAct]
) -> list[Chart]:
    """Return a chart for each act; all count the same weeks. Empty if nothing was counted."""
    if not weeks:
        return []
    first, last = min(weeks), max(weeks)
    length = (last - first) // _WEEK + 1
    per_bar = -(-length // _MOST_BARS)
    days = [first + _WEEK * per_bar * number for number in range(-(-length // per_bar))]
    counts = {
        act: [
            sum(weeks.get(day + _WEEK * more, {}).get(act, 0) for more in range(per_bar))
            for day in days
        ]
        for act in acts
    }
    return [_chart(act, days, counts[act], per_bar) for act in acts]


def _chart(act: SpeechAct, days: Sequence[date], counts: Sequence[int], weeks: int) -> Chart:
    room = WIDTH / len(days)
    most = max(*counts, 1)
    bars = []
    for number, (day, count) in enumerate(zip(days, counts, strict=True)):
        height = max(HEIGHT * count / most, _LEAST) if count else 0
        bars.append(
            Bar(
                day=day,
                count=count,
                x=round(number * room + room * 0.1, 2),
                y=round(HEIGHT - height, 2),
                width=round(min(room * 0.8, HEIGHT / 2), 2),
                height=round(height, 2),
            )
        )
    return Chart(act=act, total=sum(counts), weeks=weeks, bars=tuple(bars))
