"""The workspace's clock, which only moves forward."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.errors import ActionRefusedError
from tests.support.sandbox_sample import FORM, Bench, running

# A Wednesday.
NOW = datetime(2026, 3, 25, 10, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running(tmp_path, now=lambda: NOW) as found:
        yield found


def test_what_is_said_after_it_was_moved_bears_the_new_time(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])

    bench.driver.do("time.ahead", hours=25)

    assert float(ana.say(ops, "Tomorrow")) - NOW.timestamp() == pytest.approx(25 * 3600, abs=1)


def test_next_monday_is_nine_by_the_wall_clock_of_the_zone(bench: Bench) -> None:
    """Daylight saving time begins in between."""
    first = bench.driver.do("time.monday", zone="Europe/Berlin")
    second = bench.driver.do("time.monday", zone="Europe/Berlin")

    assert datetime.fromtimestamp(first, BERLIN) == datetime(2026, 3, 30, 9, tzinfo=BERLIN)
    assert datetime.fromtimestamp(second, BERLIN) == datetime(2026, 4, 6, 9, tzinfo=BERLIN)


def test_it_moves_to_a_chosen_time_and_never_back(bench: Bench) -> None:
    bench.driver.do("time.to", local="2026-04-01T12:00", zone="Europe/Berlin")

    with pytest.raises(ActionRefusedError, match="only goes forward"):
        bench.driver.do("time.to", local="2026-04-01T11:59", zone="Europe/Berlin")
    with pytest.raises(ActionRefusedError, match="this is no time: soon"):
        bench.driver.do("time.to", local="soon", zone="Europe/Berlin")


def test_a_trigger_does_not_outlive_a_move(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    ana.slash(ops, "/sample quick")
    trigger = bench.driver.deliveries()[-1]["payload"]["trigger_id"]

    bench.driver.do("time.ahead", hours=1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        bench.client.views_open(trigger_id=trigger, view=FORM)
