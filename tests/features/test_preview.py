"""`opslore digest --dry-run` prints the digests and changes nothing."""

import pytest

from bot.cli.digest import print_digests
from bot.domain.errors import NotFoundError, UnavailableError
from bot.settings import Settings
from tests.support.ops import Ops


def settings(ops: Ops, database_url: str) -> Settings:
    return Settings(
        bot_token=ops.sandbox.bot_token,
        slack_api_url=ops.sandbox.api_url,
        database_url=database_url,
    )


def test_every_channel_in_use_is_printed_with_its_lines(
    ops: Ops, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = ops.driver.channel("night", members=[ops.ben])
    ops.driver.invite_bot(other, by=ops.ben)
    ops.drain()
    key = ops.record(ops.ana, "Restart the billing queue")

    assert print_digests(settings(ops, database_url), None, now=ops.clock) == 0

    printed = capsys.readouterr().out
    assert "#ops, as of 2026-03-04 10:00 UTC" in printed
    assert f"{key}  Restart the billing queue" in printed
    assert "#night" in printed
    assert "nothing to report" in printed


def test_a_channel_is_printed_by_its_id(
    ops: Ops, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = ops.driver.channel("night", members=[ops.ben])
    ops.driver.invite_bot(other, by=ops.ben)
    ops.drain()

    assert print_digests(settings(ops, database_url), other.id, now=ops.clock) == 0

    printed = capsys.readouterr().out
    assert "#night" in printed
    assert "#ops" not in printed


def test_nothing_is_posted_and_the_digest_still_comes_on_time(ops: Ops, database_url: str) -> None:
    before = [message.ts for message in ops.driver.messages(ops.ops)]

    print_digests(settings(ops, database_url), None, now=ops.clock)
    ops.tick()

    assert [message.ts for message in ops.driver.messages(ops.ops)] == before
    ops.later(days=7)
    last = ops.driver.messages(ops.ops)[-1]
    assert "Weekly digest" in last.words()
    assert "this is the first digest here" in last.words()


def test_a_channel_that_opslore_is_not_in_is_refused(ops: Ops, database_url: str) -> None:
    with pytest.raises(NotFoundError, match="isn't in a channel"):
        print_digests(settings(ops, database_url), "C0UNKNOWN", now=ops.clock)


def test_a_workspace_without_a_channel_names_the_next_step(
    ops: Ops, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ops.driver.remove_bot(ops.ops)

    assert print_digests(settings(ops, database_url), None, now=ops.clock) == 1
    assert "/invite @Opslore" in capsys.readouterr().out


def test_a_database_without_tables_names_the_command_to_run(ops: Ops, empty_url: str) -> None:
    with pytest.raises(UnavailableError, match="opslore db upgrade"):
        print_digests(settings(ops, empty_url), None, now=ops.clock)
