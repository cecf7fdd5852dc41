"""The bot is killed at random moments under load: acknowledged acts take effect once."""

from pathlib import Path

from tests.endurance.kills import kill_often

# A killed sender's lease lasts a minute, which would be too long to wait here.
_SHORT_LEASE = ("-m", "tests.support.short_lease")


def test_nothing_acknowledged_is_lost_or_doubled_by_kills(
    database_url: str, tmp_path: Path
) -> None:
    outcome = kill_often(2, database_url, tmp_path, seed=8, command_line=_SHORT_LEASE)

    assert not outcome.faults
    assert outcome.figures["messages acknowledged"] > 0
    assert outcome.figures["forms closed"] > 0
