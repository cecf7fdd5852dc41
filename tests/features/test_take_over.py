"""`opslore listen --into`: the running bot's database takes over what an export holds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from bot.cli.listen.interrupt import Interrupt
from bot.cli.listen.reading import Period
from bot.cli.listen.taking import Account, Taking, choose_team, describe
from bot.domain.entries import TeamId
from bot.domain.errors import InvalidInputError
from bot.slack.export.reading import open_export
from sandbox.persons import PersonDriver
from tests.support.command_line import opslore
from tests.support.exports import account, message, write_export
from tests.support.gap_threads import CLEANED, DISK, DISK_TITLE, MAIL, ROTATED, ask_once, gaps
from tests.support.ops import Ops
from tests.support.prompting import DAY, prompts
from tests.support.races import at_once
from tests.support.redacting import TEXT, kept, redacted

TABLES: Final = ("heard_messages", "threads", "thread_terms", "term_counts", "thread_links")

AWAY: Final = (
    "  Left out #random, 2 messages: Opslore doesn't listen there. Invite it and run the same "
    "command again."
)


class History:
    """An export of `#ops` and of another channel, and the command that takes it over."""

    def __init__(self, ops: Ops, folder: Path) -> None:
        self.ops, self.folder = ops, folder
        self.days: dict[str, list[Any]] = {}
        self.interrupt = Interrupt()
        self.others: list[Any] = []
        self.groups: list[Any] = []

    def ask(self, text: str, ago: float, answer: str = CLEANED, channel: str = "ops") -> str:
        """Let ben have asked so many days ago, and cleo have answered."""
        at = self.ops.clock.time - ago * DAY
        root = self.say(self.ops.ben.id, text, at, channel)
        if answer:
            after = at + timedelta(minutes=2)
            self.say(self.ops.cleo.id, answer, after, channel, thread_ts=root)
        return root

    def say(
        self, user: str, text: str, at: datetime, channel: str = "ops", **others: object
    ) -> str:
        ts = f"{at.timestamp():.6f}"
        day = self.days.setdefault(f"{channel}/{at:%Y-%m-%d}", [])
        day.append(message(user, ts, text, **others))
        return ts

    def take(self, team: str = "") -> tuple[Account, list[str]]:
        """Run the command, and return what it took and what it says."""
        ops, path = self.ops, self.write()
        taking = Taking(
            store=ops.store, team=TeamId(team or ops.team), now=ops.clock, pause=self.pause
        )
        with open_export(path, wanted=lambda *_: True) as export:
            taking.check(export.people)
            found = taking.take(export, Period(), self.interrupt)
            return found, [*describe(taking, found, export.channel_names)]

    def write(self) -> Path:
        """Write the export."""
        ops = self.ops
        people = (ops.ana, ops.ben, ops.cleo)
        users = [account(one.id, one.name, team_id=ops.team) for one in people]
        return write_export(
            self.folder / "export.zip",
            self.days,
            users=[*users, *self.others],
            channels=[{"id": str(ops.ops), "name": "ops"}, {"id": "C00000009", "name": "random"}],
            groups=self.groups,
        )

    def pause(self, _: float) -> None:
        """Do nothing between two threads."""


@pytest.fixture
def history(ops: Ops, tmp_path: Path) -> History:
    return History(ops, tmp_path)


def rows(ops: Ops) -> dict[str, set[str]]:
    """Return the rows that threads are compared by, and the gaps without their numbers."""
    with ops.store.read(ops.team) as tx:
        connection = tx.session.connection()
        stored = {
            table: {
                str({name: value for name, value in row.items() if name != "gap_id"})
                for row in connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()  # noqa: S608 - our own names
            }
            for table in TABLES
        }
        shown = tx.gaps.recurring(None, ops.clock.time - 60 * DAY, 1)
    return {**stored, "gaps": {f"{gap.title} {gap.threads} {gap.answerer}" for gap in shown}}


def test_the_gaps_of_an_export_are_listed_with_who_answers_them(ops: Ops, history: History) -> None:
    for ago, text in zip((20, 12, 5), DISK, strict=False):
        history.ask(text, ago)

    _, said = history.take()

    assert said == [
        f"Taken over into {ops.team}: 3 threads, 1 gap.",
        "  #ops: 3 threads, 1 gap",
        "No one is prompted about the past. `/lore gaps` lists the gaps in their channels.",
    ]
    words = gaps(ops).words()
    assert DISK_TITLE in words
    assert "cleo" in words
    assert "3 threads" in words


def test_no_one_is_prompted_about_the_past_but_when_it_comes_back(
    ops: Ops, history: History
) -> None:
    history.ask(DISK[0], 9)
    history.ask(DISK[1], 4)
    history.take()
    ops.drain()
    ops.later(hours=1)
    assert not ops.driver.calls("chat.postEphemeral")

    ask_once(ops, DISK[2], answer=CLEANED)

    [prompt] = prompts(ops.cleo, ops.ops)
    assert "This is the third time (Feb 23, Feb 28, today), and you answered it 3 times." in (
        prompt.text
    )


def test_doing_it_twice_is_the_same_as_once(ops: Ops, history: History) -> None:
    for ago, text in enumerate((*DISK, *MAIL), 3):
        history.ask(text, ago, ROTATED if text in MAIL else CLEANED)
    history.take()
    once = rows(ops)

    _, said = history.take()

    assert rows(ops) == once
    assert said == [
        f"Nothing new was taken over into {ops.team}.",
        "  Left out 12 messages: Opslore has them already, or they were deleted in Slack.",
    ]


def test_an_interruption_loses_nothing_and_doubles_nothing(ops: Ops, history: History) -> None:
    for ago, text in enumerate((*DISK, *MAIL), 3):
        history.ask(text, ago, ROTATED if text in MAIL else CLEANED)

    def press(_: float) -> None:
        history.interrupt.is_pressed = True

    history.pause = press  # type: ignore[method-assign] # Ctrl-C while it pauses
    found, said = history.take()
    assert not found.is_complete
    assert said[-1] == "It was interrupted. Run the same command again to go on."
    assert len(rows(ops)["threads"]) == 1

    for _ in range(6):
        history.interrupt.is_pressed = False
        history.take()

    assert len(rows(ops)["threads"]) == 6
    assert {gap.split(" U")[0] for gap in rows(ops)["gaps"]} >= {f"{DISK_TITLE} 4"}
    history.interrupt.is_pressed = False
    assert "Nothing new" in history.take()[1][0]


def test_what_the_bot_could_not_have_heard_is_left_out_with_the_reason(
    ops: Ops, history: History
) -> None:
    history.ask(DISK[0], 200)
    history.ask(DISK[1], 5, channel="random")
    history.others = [account("U0XEN0001", "xenia", team_id="T0OTHER01")]
    history.say("U0XEN0001", DISK[2], ops.clock.time - 3 * DAY)
    history.say("U0GHOST01", DISK[3], ops.clock.time - 2 * DAY)

    _, said = history.take()

    assert said == [
        f"Nothing new was taken over into {ops.team}.",
        AWAY,
        "  Left out 2 messages: before Nov 4, 2025. Opslore remembers threads for 120 days.",
        "  Left out 2 messages: by people who aren't in the workspace.",
    ]
    assert not rows(ops)["heard_messages"]


def test_a_message_that_was_deleted_in_slack_is_not_taken_over(ops: Ops, history: History) -> None:
    ts = ops.ana.say(ops.ops, DISK[0])
    ops.ana.delete(ops.ops, ts)
    ops.drain()
    history.say(ops.ana.id, DISK[0], datetime.fromtimestamp(float(ts), ops.clock.time.tzinfo))

    history.take()

    assert not rows(ops)["heard_messages"]


def test_only_masked_excerpts_and_hashes_are_kept(ops: Ops, history: History) -> None:
    history.ask("The deploy fails, what do we do? password: hunter2", 4)
    history.say(ops.ana.id, "Nobody else noticed the zebra.", ops.clock.time - 3 * DAY)
    history.take()

    stored = str(rows(ops))
    assert "The deploy fails" in stored
    assert "hunter2" not in stored


def test_a_gap_of_a_private_channel_is_shown_to_its_members_only(
    ops: Ops, history: History
) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ben, ops.cleo])
    ops.driver.invite_bot(secret, by=ops.ben)
    ops.drain()
    history.groups = [{"id": str(secret), "name": "secret"}]
    for ago, text in enumerate(DISK[:3], 3):
        history.ask(text, ago, channel="secret")

    _, said = history.take()

    assert said[1] == "  #secret: 3 threads, 1 gap"
    assert "3 threads" in gaps(ops, ops.ben).words()
    assert DISK_TITLE not in gaps(ops, ops.ana).words()


def test_a_redacted_text_does_not_come_back(ops: Ops, history: History) -> None:
    for ago, text in enumerate(DISK[:3], 3):
        history.ask(f"{text} It was on the rack of {TEXT}.", ago)
    history.take()
    assert TEXT in kept(ops.store)
    redacted(ops)

    history.take()

    assert TEXT not in kept(ops.store)


def test_an_entry_that_covers_a_matter_leaves_no_gap(ops: Ops, history: History) -> None:
    more = {"When does this come up?": "The disk of the build server is full."}
    ops.record(ops.cleo, "Build server disk full", CLEANED, fields=more)
    for ago, text in enumerate(DISK, 3):
        history.ask(text, ago)

    _, said = history.take()

    assert said[0] == f"Taken over into {ops.team}: 4 threads, 0 gaps."
    assert "No gaps" in ops.ana.slash(ops.ops, "/lore gaps").words()


def test_it_is_taken_over_while_the_bot_hears_the_same_channel(ops: Ops, history: History) -> None:
    for ago, text in enumerate((*DISK, *MAIL), 3):
        history.ask(text, ago, ROTATED if text in MAIL else CLEANED)
    for text in DISK[:2]:
        ops.ana.say(ops.ops, text)

    at_once(history.take, ops.drain)
    ops.later(hours=1)

    assert len(rows(ops)["threads"]) == 8
    history.take()
    assert len(rows(ops)["threads"]) == 8


def test_an_export_of_another_workspace_is_refused(ops: Ops, history: History) -> None:
    history.ask(DISK[0], 3)

    with pytest.raises(InvalidInputError, match=f"of workspace {ops.team}, and --into is T0OTHER"):
        history.take("T0OTHER01")


@pytest.mark.parametrize(
    ("teams", "into", "reason"),
    [
        ([], "", "no workspace yet"),
        (["T1", "T2"], "", "one of these workspaces: T1, T2"),
        (["T1"], "T2", "one of these workspaces: T1"),
    ],
)
def test_a_workspace_that_is_not_clear_is_asked_for(
    teams: list[str], into: str, reason: str
) -> None:
    with pytest.raises(InvalidInputError, match=reason):
        choose_team([*map(TeamId, teams)], into)
    assert choose_team([TeamId("T1"), TeamId("T2")], "T2") == "T2"


def test_the_person_who_left_is_still_the_one_who_answered(ops: Ops, history: History) -> None:
    """They are in the export with their name, and the bot heard them as long as it was there."""
    dora: PersonDriver = ops.driver.person("dora")
    history.others = [account(dora.id, "dora", team_id=ops.team, deleted=True)]
    for ago, text in enumerate(DISK[:3], 3):
        root = history.ask(text, ago, "")
        at = datetime.fromtimestamp(float(root), ops.clock.time.tzinfo)
        history.say(dora.id, CLEANED, at + timedelta(minutes=2), thread_ts=root)

    history.take()

    assert "dora" in gaps(ops).words()


def test_the_command_takes_over_into_the_database_of_the_bot(ops: Ops, history: History) -> None:
    ops.clock.time = datetime.now(UTC)
    for ago, text in zip((20, 12, 5), DISK, strict=False):
        history.ask(text, ago)
    export = history.write()
    env = {"DATABASE_URL": ops.store.engine.url.render_as_string(hide_password=False)}

    done = opslore("listen", str(export), "--no-semantic", "--into", env=env, folder=history.folder)

    assert done.returncode == 0, done.stderr
    assert f"Taken over into {ops.team}: 3 threads, 1 gap." in done.stdout
    assert DISK_TITLE in gaps(ops).words()
    ops.clock.time += timedelta(days=1)
    assert ops.bot.deps.store.teams() == [ops.team]


def test_a_database_that_is_not_the_bots_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    env = {"DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}
    done = opslore("listen", "nowhere.zip", "--into", env=env, folder=tmp_path)

    assert done.returncode == 2
    assert "Run `opslore db upgrade`." in done.stderr
