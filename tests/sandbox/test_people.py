"""User groups, and the bot's own reactions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.errors import SlackApiError

from sandbox.errors import ActionRefusedError
from tests.support.sandbox_sample import Bench, manifest, running

EVENTS = ("subteam_created", "subteam_members_changed", "subteam_updated")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    path = manifest(tmp_path)
    given = yaml.safe_load(path.read_text("utf-8"))
    given["oauth_config"]["scopes"]["bot"] += ["usergroups:read", "reactions:write"]
    given["settings"]["event_subscriptions"]["bot_events"] += EVENTS
    path.write_text(yaml.safe_dump(given), "utf-8")
    with running(tmp_path, manifest=path, retry_delays=()) as found:
        for kind in EVENTS:
            found.app.event(kind)(lambda ack: ack())
        yield found


def refused(call: Callable[..., Any], **args: Any) -> str:  # noqa: ANN401 - any method
    """Return Slack's error for a refused call."""
    with pytest.raises(SlackApiError) as caught:
        call(**args)
    return str(caught.value.response["error"])


def test_a_user_group_is_listed_and_mentioned(bench: Bench) -> None:
    driver, client = bench.driver, bench.client
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana])
    oncall = driver.usergroup("On call", "oncall", [ana, ben])
    ana.say(ops, "ask @oncall.")

    [message] = driver.messages(ops)
    [group] = client.usergroups_list(include_users=True)["usergroups"]
    assert (group["id"], group["handle"], group["users"]) == (oncall, "oncall", [ana.id, ben.id])
    assert "users" not in client.usergroups_list()["usergroups"][0]
    assert client.usergroups_users_list(usergroup=oncall)["users"] == [ana.id, ben.id]
    assert refused(client.usergroups_users_list, usergroup="S0NONE") == "no_such_subteam"
    assert message.text == f"ask <!subteam^{oncall}>."
    assert message.words() == "ask @oncall."
    assert bench.heard("subteam_created")[0]["subteam"]["id"] == oncall
    with pytest.raises(ActionRefusedError):
        driver.usergroup("Again", "oncall")


def test_the_app_hears_who_comes_and_goes_in_a_user_group(bench: Bench) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    oncall = driver.usergroup("On call", "oncall", [ana])

    driver.change_usergroup("oncall", [ben])
    driver.change_usergroup("oncall", [])

    [change] = bench.heard("subteam_members_changed")
    assert (change["added_users"], change["removed_users"]) == ([ben.id], [ana.id])
    assert bench.heard("subteam_updated")[-1]["subteam"]["date_delete"] > 0
    assert bench.client.usergroups_list()["usergroups"] == []
    everything = bench.client.usergroups_list(include_disabled=True)["usergroups"]
    assert [group["id"] for group in everything] == [oncall]


def test_the_bot_reacts_and_takes_that_back(bench: Bench) -> None:
    driver, client = bench.driver, bench.client
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    ts = ana.say(ops, "done")
    place: dict[str, Any] = {"channel": str(ops), "timestamp": ts}

    assert refused(client.reactions_add, **place, name="eyes") == "not_in_channel"
    driver.invite_bot(ops)
    assert client.reactions_add(**place, name="eyes")["ok"]
    assert refused(client.reactions_add, **place, name="eyes") == "already_reacted"
    assert refused(client.reactions_add, **place, name=":eyes:") == "invalid_name"
    wrong = place | {"timestamp": "1.000000"}
    assert refused(client.reactions_add, **wrong, name="eyes") == "message_not_found"
    assert refused(client.reactions_add, channel=str(ops), timestamp="", name="eyes") == (
        "no_item_specified"
    )
    found = client.reactions_get(**place)["message"]["reactions"]
    assert found == [{"name": "eyes", "users": [bench.sandbox.bot_user_id], "count": 1}]
    assert client.reactions_remove(**place, name="eyes")["ok"]
    assert refused(client.reactions_remove, **place, name="eyes") == "no_reaction"
