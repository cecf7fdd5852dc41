"""Links that people post, and the app's previews of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.errors import ActionRefusedError
from tests.support.links import URL, with_links
from tests.support.sandbox_sample import Bench, plain, running

PREVIEW = {"title": "Rollbacks", "text": "When the budget is gone", "color": "#36a64f"}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running(tmp_path, manifest=with_links(tmp_path), retry_delays=()) as found:
        found.app.event("link_shared")(lambda ack: ack())
        yield found


def refused(call: Callable[..., Any], **args: Any) -> str:  # noqa: ANN401 - any method
    """Return Slack's error for a refused call."""
    with pytest.raises(SlackApiError) as caught:
        call(**args)
    return str(caught.value.response["error"])


def test_the_app_hears_of_its_links_where_its_bot_is_not(bench: Bench) -> None:
    driver = bench.driver
    ana, eve = driver.person("ana"), driver.person("eve", foreign=True)
    ops = driver.channel("ops", members=[ana, eve])

    first = ana.say(ops, f"see {URL} and https://example.com/ and http://www.lore.example.com")
    eve.say(ops, URL)
    driver.invite_bot(ops)
    ana.say(ops, URL, thread=first)
    bench.client.chat_postMessage(channel=str(ops), text=f"<{URL}>")

    outside, inside = bench.heard("link_shared")
    assert [link["url"] for link in outside["links"]] == [URL, "http://www.lore.example.com"]
    assert {link["domain"] for link in outside["links"]} == {"lore.example.com"}
    assert (outside["channel"], outside["message_ts"], outside["user"]) == (str(ops), first, ana.id)
    assert (outside["is_bot_user_member"], inside["is_bot_user_member"]) == (False, True)
    assert outside["source"] == "conversations_history"
    assert (outside.get("thread_ts"), inside["thread_ts"]) == (None, first)


@pytest.mark.parametrize("by", ["place", "unfurl_id"])
def test_a_preview_is_added_and_then_altered(bench: Bench, by: str) -> None:
    """The message isn't marked as edited, and the app gets the event where its bot is."""
    driver, client = bench.driver, bench.client
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    driver.invite_bot(ops)
    ts = ana.say(ops, URL)
    event = bench.heard("link_shared")[0]
    where = {"channel": event["channel"], "ts": event["message_ts"]}
    if by == "unfurl_id":
        where = {"unfurl_id": event["unfurl_id"], "source": event["source"]}

    client.chat_unfurl(**where, unfurls={URL: PREVIEW})
    client.chat_unfurl(**where, unfurls={URL: PREVIEW | {"text": "Always"}})
    driver.until(lambda: len(bench.heard("message")) == 3)

    message = driver.messages(ops)[-1]
    [preview] = message.raw["attachments"]
    assert (message.ts, "edited" in message.raw) == (ts, False)
    assert (preview["title"], preview["text"], preview["id"]) == ("Rollbacks", "Always", 1)
    assert (preview["app_unfurl_url"], preview["is_app_unfurl"]) == (URL, True)
    assert preview["bot_id"] == bench.sandbox.bot_id
    changes = [event for event in bench.heard("message") if "previous_message" in event]
    assert [change["message"]["ts"] for change in changes] == [ts, ts]


def test_only_what_was_posted_is_unfurled(bench: Bench) -> None:
    driver, unfurl = bench.driver, bench.client.chat_unfurl
    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    ts = ana.say(ops, f"{URL} https://example.com/")
    place = {"channel": str(ops), "ts": ts}
    named = {"unfurl_id": f"{ops}.{ts}.0", "source": "conversations_history"}
    wrong = {"blocks": [{"type": "sing"}]}

    def error(url: str = URL, preview: object = PREVIEW, **where: str) -> str:
        return refused(unfurl, **(where or place), unfurls={url: preview})

    assert error("https://example.com/") == "cannot_unfurl_url"
    assert error(f"{URL}&c=3") == "cannot_unfurl_message"
    assert error(preview="words") == "invalid_unfurls_format"
    assert error(preview=wrong) == "cannot_parse_attachment"
    assert error(**place | {"channel": "C0NOWHERE"}) == "cannot_find_channel"
    assert error(**place | {"ts": "1.000000"}) == "cannot_find_message"
    assert error(**named) == "invalid_unfurl_id"
    assert error(**named | {"source": "dreams"}) == "invalid_source"
    assert refused(bench.client.api_call, api_method="chat.unfurl", params=place) == (
        "missing_unfurls"
    )


def test_a_button_in_a_preview_says_which_link_it_is_about(bench: Bench) -> None:
    driver, heard = bench.driver, list[dict[str, Any]]()

    @bench.app.action("use")
    def use_pressed(ack: Callable[[], None], body: dict[str, Any]) -> None:
        ack()
        heard.append(body)

    ana = driver.person("ana")
    ops = driver.channel("ops", members=[ana])
    ts = ana.say(ops, URL)
    button = {"type": "button", "action_id": "use", "text": plain("Use")}
    blocks = [{"type": "actions", "elements": [button]}]
    bench.client.chat_unfurl(channel=str(ops), ts=ts, unfurls={URL: {"blocks": blocks}})

    [message] = driver.messages(ops)
    assert message.buttons() == ["Use"]
    ana.press("Use", on=message)

    [body] = heard
    assert body["container"] == {
        "type": "message_attachment",
        "message_ts": ts,
        "attachment_id": 1,
        "channel_id": str(ops),
        "is_ephemeral": False,
        "is_app_unfurl": True,
        "app_unfurl_url": URL,
    }
    assert body["app_unfurl"]["app_unfurl_url"] == URL
    assert body["message"]["user"] == ana.id


def test_unfurling_needs_its_scopes(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="links:read"),
        running(tmp_path, manifest=with_links(tmp_path, scopes=())),
    ):
        pass
    with running(tmp_path, manifest=with_links(tmp_path, scopes=("links:read",))) as bench:
        call = bench.client.chat_unfurl
        assert refused(call, channel="C1", ts="1.0", unfurls={URL: PREVIEW}) == "missing_scope"


def test_the_author_removes_a_preview(bench: Bench) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    ops = driver.channel("ops", members=[ana, ben])
    ts = ana.say(ops, URL)
    bench.client.chat_unfurl(channel=str(ops), ts=ts, unfurls={URL: PREVIEW})

    with pytest.raises(ActionRefusedError):
        driver.do("talk.remove_preview", user=ben.id, channel=str(ops), ts=ts, attachment=1)
    driver.do("talk.remove_preview", user=ana.id, channel=str(ops), ts=ts, attachment=1)

    assert "attachments" not in driver.messages(ops)[0].raw
