"""Events: which ones the app gets, from where, and how often."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from slack_sdk.errors import SlackApiError

from sandbox.delivery import ACK_SECONDS
from sandbox.errors import ActionRefusedError
from tests.support.sandbox_sample import Bench, manifest, running


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running(tmp_path, retry_delays=(0.0, 0.0)) as found:
        yield found


def test_typed_text_reaches_the_app_as_slack_escapes_it(bench: Bench) -> None:
    """Names become mentions, three characters are escaped, and no one can type a broadcast."""
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana, ben])
    secret = driver.channel("secret", private=True, members=[ana])
    driver.invite_bot(ops)

    ana.say(ops, "@ben: a < b & <!channel> in #ops, #secret or #nowhere, https://x.example/?a&b.")

    text = bench.heard("message")[-1]["text"]
    assert text == (
        f"<@{ben.id}>: a &lt; b &amp; &lt;!channel&gt; in <#{ops.id}|ops>, <#{secret.id}|> or "
        "#nowhere, <https://x.example/?a&amp;b>."
    )
    assert driver.messages(ops)[-1].words().startswith("@ben: a < b & <!channel> in #ops")


def test_a_mention_is_an_event_of_its_own_with_another_event_id(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.invite_bot(ops)

    ts = ana.say(ops, "@Sample record")

    told = [d["payload"] for d in bench.driver.deliveries()]
    about = [each for each in told if each["event"].get("ts") == ts]
    assert [each["event"]["type"] for each in about] == ["message", "app_mention"]
    assert about[0]["event_id"] != about[1]["event_id"]


def test_a_direct_message_is_no_mention(tmp_path: Path) -> None:
    path = manifest(tmp_path)
    document = yaml.safe_load(path.read_text("utf-8"))
    document["oauth_config"]["scopes"]["bot"].append("im:history")
    document["settings"]["event_subscriptions"]["bot_events"].append("message.im")
    path.write_text(yaml.safe_dump(document), "utf-8")
    with running(tmp_path, manifest=path) as bench:
        ana = bench.driver.person("ana")

        ana.say(bench.driver.do("page.direct", user=ana.id), "@Sample record")

        sent = [each["payload"]["event"] for each in bench.driver.deliveries()]
    assert sent[-1]["channel_type"] == "im"
    assert "app_mention" not in {each["type"] for each in sent}


def test_no_one_can_write_to_an_app_whose_messages_tab_is_read_only(tmp_path: Path) -> None:
    path = manifest(tmp_path)
    document = yaml.safe_load(path.read_text("utf-8"))
    document["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    path.write_text(yaml.safe_dump(document), "utf-8")
    with running(tmp_path, manifest=path) as bench:
        ana = bench.driver.person("ana")
        direct = bench.driver.do("page.direct", user=ana.id)

        with pytest.raises(ActionRefusedError, match="has been turned off"):
            ana.say(direct, "hello")


def test_nothing_is_heard_where_the_bot_is_not_a_member(bench: Bench) -> None:
    driver = bench.driver
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    ana.say(ops, "before")
    driver.invite_bot(ops, by=ana)
    ana.say(ops, "while")
    driver.remove_bot(ops)
    ana.say(ops, "after")

    assert [e["text"] for e in bench.heard("message") if "subtype" not in e] == ["while"]
    assert [e["inviter"] for e in bench.heard("member_joined_channel")] == [ana.id]
    assert len(bench.heard("channel_left")) == 1


def test_an_event_that_was_not_subscribed_to_is_not_delivered(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.invite_bot(ops)
    ts = ana.say(ops, "hm")
    ana.react(ops, ts, ":eyes:")
    ana.unreact(ops, ts, "eyes")

    assert [e["reaction"] for e in bench.heard("reaction_added")] == ["eyes"]
    assert bench.heard("reaction_removed") == []


def test_edits_and_deletions_carry_what_was_there_before(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.invite_bot(ops)
    ts = ana.say(ops, "fisrt")
    ana.edit(ops, ts, "first")
    ana.delete(ops, ts)

    changed, deleted = bench.heard("message")[-2:]
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("first", "fisrt")
    assert changed["ts"] != ts
    assert (deleted["deleted_ts"], deleted["previous_message"]["text"]) == (ts, "first")


def test_a_deleted_root_leaves_a_tombstone_over_its_replies(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    root = ana.say(ops, "root")
    ana.say(ops, "reply", thread=root)
    bench.driver.delete_message(ops, root)

    assert [m.words() for m in bench.driver.thread(ops, root)] == [
        "This message was deleted.",
        "reply",
    ]


def test_an_event_is_repeated_with_its_id_until_it_is_given_up(tmp_path: Path) -> None:
    tries: list[tuple[str | None, str | None]] = []

    def broken(_body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        retry = headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")
        tries.append(retry)
        return 500, {}, b""

    with running(tmp_path, retry_delays=(0.0, 0.0, 0.0)) as bench:
        ana = bench.driver.person("ana")
        ops = bench.driver.channel("ops", members=[ana])
        bench.driver.invite_bot(ops)
        bench.answer = broken
        ana.say(ops, "hello")
        failed = bench.driver.deliveries()[-1]

    assert tries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert (failed["attempts"], failed["acked"], failed["seconds"]) == (4, False, None)


def test_an_app_can_decline_to_be_told_again(tmp_path: Path) -> None:
    with running(tmp_path, retry_delays=(0.0,)) as bench:
        ana = bench.driver.person("ana")
        ops = bench.driver.channel("ops", members=[ana])
        bench.driver.invite_bot(ops)
        bench.answer = lambda _body, _headers: (500, {"x-slack-no-retry": "1"}, b"")
        ana.say(ops, "hello")

        assert bench.driver.deliveries()[-1]["attempts"] == 1


def test_events_can_be_repeated_dropped_or_held_and_shuffled(bench: Bench) -> None:
    driver = bench.driver
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    driver.invite_bot(ops)

    driver.deliver_events(drop=True)
    ana.say(ops, "dropped")
    driver.deliver_events(times=2)
    ana.say(ops, "twice")
    assert _said(bench) == ["twice", "twice"]
    driver.deliver_events(shuffle=True)
    held = [f"held {n}" for n in range(5)]
    for text in held:
        ana.say(ops, text)
    assert "held 0" not in _said(bench)
    driver.deliver_events()
    driver.until(lambda: len(_said(bench)) == 7)

    assert "dropped" not in _said(bench)
    assert sorted(_said(bench)[2:]) == held


def _said(bench: Bench) -> list[str]:
    return [event["text"] for event in bench.heard("message") if "subtype" not in event]


def test_people_speak_at_the_clocks_time_or_in_the_past(tmp_path: Path) -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with running(tmp_path, now=lambda: noon) as bench:
        ana = bench.driver.person("ana")
        ops = bench.driver.channel("ops", members=[ana])
        new = [ana.say(ops, "one"), ana.say(ops, "two")]
        old = ana.say(ops, "then", at=datetime(2026, 1, 5, 9, 30, tzinfo=UTC))

        assert new == sorted(set(new))
        assert [float(ts) // 1 for ts in new] == [noon.timestamp()] * 2
        assert old == "1767605400.000000"
        assert [m.text for m in bench.driver.messages(ops)] == ["then", "one", "two"]


def test_a_channel_can_change_its_id_be_archived_and_vanish(bench: Bench) -> None:
    driver = bench.driver
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    driver.invite_bot(ops)
    new = driver.change_channel_id(ops)
    driver.archive(new)

    with pytest.raises(ActionRefusedError, match="archived"):
        ana.say(new, "too late")
    assert [
        (e["old_channel_id"], e["new_channel_id"]) for e in bench.heard("channel_id_changed")
    ] == [(ops.id, new)]
    assert len(bench.heard("channel_archive")) == 1
    driver.delete_channel(new)
    assert driver.channels() == []


def test_a_public_channel_can_be_made_private(bench: Bench) -> None:
    """The event and its text are those of docs.slack.dev, channel_convert_to_private."""
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana])
    driver.invite_bot(ops)
    driver.convert_to_private(ops)

    (told,) = [e for e in bench.heard("message") if e.get("subtype", "").startswith("channel_con")]
    assert told == {
        "type": "message",
        "subtype": "channel_convert_to_private",
        "user": ana.id,
        "text": "made this channel *private*. Now, it can only be viewed or joined by invitation.",
        "ts": told["ts"],
        "team": told["team"],
        "channel": ops.id,
        "event_ts": told["event_ts"],
        "channel_type": "group",
    }
    assert bench.client.conversations_info(channel=ops.id)["channel"]["is_private"]
    with pytest.raises(ActionRefusedError, match="public channel"):
        driver.convert_to_private(ops)
    with pytest.raises(ActionRefusedError):
        ben.say(ops, "let me in")


def test_an_app_that_is_removed_hears_it_and_can_call_nothing_more(bench: Bench) -> None:
    bench.driver.uninstall()

    with pytest.raises(SlackApiError, match="account_inactive"):
        bench.client.auth_test()
    assert {event["type"] for event in bench.events} == {"tokens_revoked", "app_uninstalled"}


def test_a_manifest_without_the_scope_of_an_event_is_refused(tmp_path: Path) -> None:
    path = manifest(tmp_path, without_scope="reactions:read")
    with (
        pytest.raises(ValueError, match="reaction_added needs the scope reactions:read"),
        running(tmp_path, manifest=path),
    ):
        pass


def test_slack_waits_three_seconds() -> None:
    assert ACK_SECONDS == 3


def test_an_answer_after_that_time_comes_too_late(tmp_path: Path) -> None:
    """The event counts as failed and is sent again while the app is still working on the first."""
    told_again = threading.Event()
    tries: list[str | None] = []

    def slow(_body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        tries.append(headers.get("X-Slack-Retry-Reason"))
        if len(tries) == 1:
            told_again.wait(timeout=30)
        else:
            told_again.set()
        return 200, {}, b""

    with running(tmp_path, retry_delays=(0.0,), ack_seconds=1.0) as bench:
        ana = bench.driver.person("ana")
        ops = bench.driver.channel("ops", members=[ana])
        bench.answer = lambda _body, _headers: (200, {}, b"")
        bench.driver.invite_bot(ops)
        bench.answer = slow
        ana.say(ops, "hello")

    assert tries[:2] == [None, "http_timeout"]
