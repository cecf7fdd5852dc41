"""The bot is killed at random moments under load: what it acknowledged is there, once."""

from pathlib import Path

from tests.endurance.kills import kill_often

# A killed sender's lease is a minute long; here nobody wants to wait for its end.
_SHORT_LEASE = (
    "from datetime import timedelta; from bot.domain import outbox;"
    "outbox.LEASE, outbox.LONGEST_CALL = timedelta(seconds=6), timedelta(seconds=2);"
    "from bot.cli.__main__ import main; raise SystemExit(main(['run']))"
)


def test_nothing_acknowledged_is_lost_or_doubled_by_kills(
    database_url: str, tmp_path: Path
) -> None:
    outcome = kill_often(3, database_url, tmp_path, seed=8, command_line=("-c", _SHORT_LEASE))

    assert not outcome.faults
    assert outcome.figures["messages acknowledged"] > 0
    assert outcome.figures["forms closed"] > 0
