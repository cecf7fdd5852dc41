"""One of two bots freezes inside a transaction: the other continues, and nothing is lost."""

from pathlib import Path

from tests.endurance.frozen import freeze_one


def test_the_other_bot_continues_while_one_is_frozen_inside_a_transaction(
    postgresql_url: str, tmp_path: Path
) -> None:
    outcome = freeze_one(postgresql_url, tmp_path, seconds=0)

    assert not outcome.faults
    assert {name for name in outcome.figures if name.startswith("first ")} == {
        "first form saved after",
        "first card posted after",
        "first message acknowledged after",
        "first digest posted after",
    }
