"""manifest.yml asks for what the code uses: no more, and no less."""

import ast
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from jsonschema import Draft7Validator
from slack_sdk import WebClient

from bot.domain.entries import TeamId
from bot.domain.listening.prompting import CAME_BACK, QUIET
from bot.domain.workspaces import Workspace
from bot.listeners.commands import COMMANDS
from bot.slack import access, ids
from bot.usecases.steps.secrets import EXCERPT
from tests.support.registrations import registrations

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
SCHEMA = ROOT / "tests" / "data" / "slack-manifest.schema.json"
METHOD = re.compile(
    r"(admin|api|apps|auth|bookmarks|bots|canvases|chat|conversations|dnd|emoji|files|lists|oauth"
    r"|pins|reactions|reminders|search|stars|team|usergroups|users|views|workflows)(\.[a-zA-Z]+)+"
)


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
    return read


def methods_called() -> set[str]:
    """Each method's name that stands in the code, and each of the client's methods it calls."""
    found = set()
    for path in (ROOT / "bot").rglob("*.py"):
        if path == Path(access.__file__):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                known = hasattr(WebClient, node.value.replace(".", "_"))
                if METHOD.fullmatch(node.value) and known:
                    found.add(node.value)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                name = node.func.attr
                spelt = name.replace("_", ".")
                if hasattr(WebClient, name) and METHOD.fullmatch(spelt) and name != "api_call":
                    found.add(spelt)
    return found


def test_it_passes_slacks_schema(manifest: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(manifest)] == []


def test_every_method_called_is_known_with_its_scope() -> None:
    assert methods_called() == set(access.METHODS)


def test_it_asks_for_the_scopes_that_the_code_needs(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]
    assert scopes == {"bot": sorted(access.SCOPES)}


def test_it_subscribes_to_the_events_that_are_listened_to(manifest: dict[str, Any]) -> None:
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert subscribed == sorted(access.EVENTS)
    # Messages are taken in by `Intake`, before Bolt looks for a listener.
    heard = registrations()["event"] | {"message"}
    assert {event.partition(".")[0] for event in subscribed} == heard


def test_it_has_the_command_and_the_shortcut_that_are_listened_to(
    manifest: dict[str, Any],
) -> None:
    features = manifest["features"]
    commands = {command["command"] for command in features["slash_commands"]}
    shortcuts = {shortcut["callback_id"] for shortcut in features["shortcuts"]}
    found = registrations()
    assert commands == found["command"] == {access.COMMAND}
    assert shortcuts == found["shortcut"] == {ids.RECORD_SHORTCUT}
    assert features["app_home"]["home_tab_enabled"]
    assert manifest["settings"]["interactivity"]["is_enabled"]


def test_users_are_named_by_id_in_commands(manifest: dict[str, Any]) -> None:
    """Without escaping, `/lore owner DEC-1 @ana` would arrive as a name that anyone may bear."""
    assert all(command["should_escape"] for command in manifest["features"]["slash_commands"])


def test_the_document_gives_each_scope_with_everything_that_needs_it() -> None:
    """The table of docs/scopes.md: scope, reason, methods and events."""
    text = (ROOT / "docs" / "scopes.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| `")
    ]
    assert [row[0] for row in rows] == [f"`{scope}`" for scope in sorted(access.SCOPES)]
    for scope, reason, needed_by in rows:
        uses = {**access.METHODS, **access.EVENTS}
        needing = {name for name, scopes in uses.items() if scope.strip("`") in scopes}
        assert len(reason) > 20, scope
        assert needing <= set(re.findall(r"`([^`]+)`", needed_by)), scope


def create_link(manifest: dict[str, Any]) -> str:
    """The address at which Slack makes an app of a manifest (docs.slack.dev, app manifests)."""
    packed = quote(json.dumps(manifest, separators=(",", ":"), ensure_ascii=False), safe="")
    return f"https://api.slack.com/apps?new_app=1&manifest_json={packed}"


def test_the_readme_makes_the_app_with_one_click(manifest: dict[str, Any]) -> None:
    """When this fails, the first difference is the link that belongs into the README."""
    (link,) = re.findall(
        r"\((https://api\.slack\.com/apps\?new_app=1[^)]*)\)", README.read_text("utf-8")
    )
    assert link == create_link(manifest)
    assert len(link) < 8000


def test_the_readme_gives_the_figures_that_are_in_force() -> None:
    text = " ".join(README.read_text("utf-8").split())
    usual = Workspace(team=TeamId("T1"))
    assert (
        f"({usual.person_budget} prompts per person and {usual.channel_budget} per channel" in text
    )
    assert f"at most {EXCERPT} characters" in text
    assert f"quiet for {QUIET.seconds // 60} minutes" in text
    assert {2: "in a second thread"}[CAME_BACK] in text


def test_the_readme_knows_every_command() -> None:
    text = README.read_text("utf-8")
    for word in COMMANDS:
        assert f"`/lore {word}" in text or word == "help", word
