"""The Web API: its answers, and its refusals with Slack's errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.support.sandbox_sample import FORM, Bench, card, manifest, plain, running


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running(tmp_path, retry_delays=()) as found:
        yield found


def refused(call: Callable[..., Any], **args: Any) -> dict[str, Any]:  # noqa: ANN401 - any method
    """Return the answer to a refused call."""
    with pytest.raises(SlackApiError) as caught:
        call(**args)
    answer: dict[str, Any] = caught.value.response.data
    return answer


def test_tokens_are_asked_for_and_known(bench: Bench) -> None:
    url = bench.sandbox.api_url
    app = bench.sandbox.app_token
    bot = bench.client

    assert refused(WebClient(base_url=url).auth_test)["error"] == "not_authed"
    assert refused(WebClient("xoxb-no", base_url=url).auth_test)["error"] == "invalid_auth"
    assert refused(WebClient(app, base_url=url).auth_test)["error"] == "not_allowed_token_type"
    assert refused(bot.api_call, api_method="chat.sing")["error"] == "unknown_method"
    found = bot.auth_test()
    assert (found["user_id"], found["bot_id"]) == (bench.sandbox.bot_user_id, bench.sandbox.bot_id)
    about = bot.bots_info(bot=bench.sandbox.bot_id)["bot"]
    assert about["app_id"] == bench.sandbox.app_id


def test_an_answer_says_which_scopes_the_token_has(bench: Bench) -> None:
    headers = bench.client.auth_test().headers
    granted = next(value for name, value in headers.items() if name.lower() == "x-oauth-scopes")
    assert {"chat:write", "users:read"} <= set(granted.split(","))


def test_each_method_needs_its_scope_of_the_manifest(tmp_path: Path) -> None:
    for scope, method, args in (
        ("users:read", "users.info", {"user": "U1"}),
        ("groups:read", "users.conversations", {"types": "public_channel,private_channel"}),
    ):
        path = manifest(tmp_path, without_scope=scope)
        with running(tmp_path, manifest=path) as bench:
            answer = refused(bench.client.api_call, api_method=method, params=args)
            assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
            assert scope not in answer["provided"].split(",")


def test_a_bot_posts_only_where_it_is_a_member(bench: Bench) -> None:
    driver, client = bench.driver, bench.client
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    secret = driver.channel("secret", private=True, members=[ana])

    def post(channel: object) -> str:
        return str(refused(client.chat_postMessage, channel=str(channel), text="x")["error"])

    assert post(ops) == "not_in_channel"
    assert post(secret) == "channel_not_found"
    assert post("C0NOWHERE") == "channel_not_found"
    driver.invite_bot(ops)
    driver.archive(ops)
    assert post(ops) == "is_archived"


def test_a_message_is_refused_for_what_is_in_it(bench: Bench) -> None:
    ops = bench.driver.channel("ops")
    bench.driver.invite_bot(ops)

    def post(**message: object) -> dict[str, Any]:
        args = {"channel": ops.id, **message}
        return refused(bench.client.api_call, api_method="chat.postMessage", json=args)

    assert post(text="")["error"] == "no_text"
    assert post(text="x", thread_ts="1700000000.000001")["error"] == "thread_not_found"
    assert post(text="x", metadata={"event_type": ""})["error"] == "invalid_metadata_schema"
    answer = post(text="x", blocks=[{"type": "header", "text": plain("h" * 151)}])
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    ]


def test_direct_messages_open_themselves(bench: Bench) -> None:
    driver, client = bench.driver, bench.client
    ana, ben = driver.person("ana"), driver.person("ben")
    answer = client.chat_postMessage(channel=ana.id, text="psst")

    assert answer["channel"].startswith("D")
    assert [message.text for message in ana.dms()] == ["psst"]
    driver.deactivate(ben)
    assert refused(client.chat_postMessage, channel=ben.id, text="x")["error"] == (
        "channel_not_found"
    )


def test_ephemerals_reach_one_member_and_can_not_be_changed(bench: Bench) -> None:
    driver, client = bench.driver, bench.client
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana])
    driver.invite_bot(ops)
    whisper: dict[str, Any] = {"channel": ops.id, "text": "psst"}
    ts = client.chat_postEphemeral(user=ana.id, **whisper)["message_ts"]

    assert refused(client.chat_postEphemeral, user=ben.id, **whisper)["error"] == (
        "user_not_in_channel"
    )
    assert [message.text for message in ana.ephemerals(ops)] == ["psst"]
    assert "psst" not in [message.text for message in ben.sees(ops)]
    assert "psst" not in [message.text for message in driver.messages(ops)]
    update = {"channel": ops.id, "ts": ts}
    assert refused(client.chat_update, text="y", **update)["error"] == "message_not_found"
    assert refused(client.chat_delete, **update)["error"] == "message_not_found"


def test_a_bot_changes_and_deletes_its_own_messages_alone(bench: Bench) -> None:
    driver, client = bench.driver, bench.client
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    driver.invite_bot(ops)
    foreign = {"channel": ops.id, "ts": ana.say(ops, "mine")}
    own = {"channel": ops.id, "ts": client.chat_postMessage(channel=ops.id, text="a")["ts"]}
    client.chat_update(text="b", **own)

    assert driver.messages(ops)[-1].raw["edited"]["user"] == bench.sandbox.bot_user_id
    assert driver.messages(ops)[-1].text == "b"
    assert refused(client.chat_update, text="x", **foreign)["error"] == "cant_update_message"
    assert refused(client.chat_delete, **foreign)["error"] == "cant_delete_message"
    assert refused(client.chat_update, text="x" * 4001, **own)["error"] == "msg_too_long"
    client.chat_delete(**own)
    assert refused(client.chat_delete, **own)["error"] == "message_not_found"


def test_metadata_comes_back_whole_only_when_asked_for(bench: Bench) -> None:
    ops = bench.driver.channel("ops")
    bench.driver.invite_bot(ops)
    metadata = {"event_type": "kept", "event_payload": {"id": "7"}}
    bench.client.chat_postMessage(channel=ops.id, text="x", metadata=metadata)

    def read(**how: Any) -> object:  # noqa: ANN401 - any argument
        found: list[dict[str, object]]
        found = bench.client.conversations_history(channel=ops.id, limit=1, **how)["messages"]
        return found[0]["metadata"]

    assert read() == {"event_type": "kept"}
    assert read(include_all_metadata=True) == metadata


def test_history_and_replies_come_in_pages(bench: Bench) -> None:
    driver, client = bench.driver, bench.client
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    root = ana.say(ops, "0")
    for number in range(1, 4):
        ana.say(ops, f"reply {number}", thread=root)
        ana.say(ops, str(number))
    driver.invite_bot(ops)

    pages = client.conversations_history(channel=ops.id, limit=2)
    texts = [[message["text"] for message in page["messages"]] for page in pages]
    assert texts == [
        [f"<@{bench.sandbox.bot_user_id}> has joined the channel", "3"],
        ["2", "1"],
        ["0"],
    ]
    thread = client.conversations_replies(channel=ops.id, ts=root)["messages"]
    assert [message["text"] for message in thread] == ["0", "reply 1", "reply 2", "reply 3"]
    assert (thread[0]["reply_count"], thread[0]["latest_reply"]) == (3, thread[-1]["ts"])
    late = client.conversations_replies(channel=ops.id, ts=root, oldest=thread[2]["ts"])
    assert [message["text"] for message in late["messages"]] == ["0", "reply 3"]
    wrong = {"channel": ops.id, "cursor": "nonsense"}
    assert refused(client.conversations_history, **wrong)["error"] == "invalid_cursor"


def test_permalinks_of_replies_name_their_thread(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    root = ana.say(ops, "root")
    reply = ana.say(ops, "reply", thread=root)

    def link(ts: str) -> str:
        return str(bench.client.chat_getPermalink(channel=ops.id, message_ts=ts)["permalink"])

    assert link(root) == f"https://sandbox.slack.com/archives/{ops.id}/p{root.replace('.', '')}"
    assert link(reply).endswith(f"?thread_ts={root}&cid={ops.id}")


def test_users_conversations_returns_what_bot_and_person_share(bench: Bench) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    both = driver.channel("both", private=True, members=[ana, ben])
    driver.channel("alone", members=[ana])
    driver.invite_bot(both)
    kinds = "public_channel,private_channel"

    def shared(user: str) -> list[str]:
        found = bench.client.users_conversations(user=user, types=kinds)
        return [channel["id"] for channel in found["channels"]]

    assert shared(ana.id) == [both.id]
    driver.leave(ana, both)
    assert shared(ana.id) == []
    assert set(bench.client.conversations_members(channel=both.id)["members"]) == {
        ben.id,
        bench.sandbox.bot_user_id,
    }


def test_people_are_described_with_what_sets_them_apart(bench: Bench) -> None:
    driver = bench.driver
    guest = driver.person("gus", single_channel=True)
    foreign = driver.person("fay", foreign=True)
    stranger = driver.person("sid", stranger=True)
    boss = driver.person("boss", admin=True, tz="America/New_York")
    robot = driver.bot("pager")

    def about(user: object) -> dict[str, Any]:
        found: dict[str, Any] = bench.client.users_info(user=str(user))["user"]
        return found

    assert (about(guest)["is_restricted"], about(guest)["is_ultra_restricted"]) == (True, True)
    assert about(foreign)["team_id"] != bench.sandbox.team_id
    assert about(stranger)["is_stranger"] is True
    assert (about(boss)["is_admin"], about(boss)["tz"]) == (True, "America/New_York")
    assert about(robot)["is_bot"] is True
    driver.deactivate(guest)
    assert about(guest)["deleted"] is True
    assert refused(bench.client.users_info, user="U0NOBODY")["error"] == "user_not_found"


def test_views_are_refused_with_a_used_or_unknown_trigger(bench: Bench) -> None:
    client = bench.client
    assert refused(client.views_open, trigger_id="1.nope", view=FORM)["error"] == (
        "invalid_trigger_id"
    )
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    ana.slash(ops, "/sample form")
    used = bench.driver.calls("views.open")[-1]["args"]["trigger_id"]
    assert refused(client.views_open, trigger_id=used, view=FORM)["error"] == (
        "exchanged_trigger_id"
    )
    assert refused(client.views_update, view_id="V0", view=FORM)["error"] == "not_found"
    shown = ana.view
    assert shown is not None
    stale = {"view_id": shown.id, "hash": "1.stale", "view": FORM}
    assert refused(client.views_update, **stale)["error"] == "hash_conflict"


def test_calls_beyond_the_tiers_wait_as_slack_says(tmp_path: Path) -> None:
    """A second message in the same second has to wait; one in another channel doesn't."""
    with running(tmp_path, rate_limits=True) as bench:
        channels = [bench.driver.channel(name) for name in ("one", "two")]
        for channel in channels:
            bench.driver.invite_bot(channel)
            bench.client.chat_postMessage(channel=channel.id, text="first")
        with pytest.raises(SlackApiError) as caught:
            bench.client.chat_postMessage(channel=channels[0].id, **card("second"))

    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"


def test_a_block_that_is_not_verbatim_can_ping_a_channel(bench: Bench) -> None:
    """Escaping isn't enough, because Slack links plain names and addresses by itself."""
    ops = bench.driver.channel("ops")
    bench.driver.invite_bot(ops)
    words = "@here and `@here` in #ops, #nowhere, https://x.example or <https://y.example|#ops>"

    def posted(**how: object) -> str:
        section = {"type": "section", "text": {"type": "mrkdwn", "text": words, **how}}
        bench.client.chat_postMessage(channel=ops.id, text="x", blocks=[section])
        return str(bench.driver.messages(ops)[-1].blocks[0]["text"]["text"])

    assert posted() == (
        f"<!here> and `@here` in <#{ops.id}|ops>, #nowhere, <https://x.example> or "
        "<https://y.example|#ops>"
    )
    assert posted(verbatim=True) == words
