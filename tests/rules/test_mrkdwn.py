"""Typed text has no effect in a message, and Slack's text is read as people see it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.entries import ChannelId, UserId
from bot.domain.invisible import show_invisible
from bot.slack.text import mrkdwn, phrases

# Pieces with a meaning in Slack, so that texts often combine them.
MEANT = (
    "<!channel>  <@U1>  <#C1|ops>  @here  @  #  #ops  *  _  ~  `  ```  >  &  &amp;  &lt;  |  a  é"
    "  好  https://x.io/@here?a=1&b=_c_"
)
PIECES = st.sampled_from([*MEANT.split("  "), " ", "\n"])
TYPED = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))


@given(TYPED)
def test_escaped_text_can_be_unescaped(text: str) -> None:
    assert mrkdwn.unescape(mrkdwn.escape(text)) == text
    assert mrkdwn.plain(mrkdwn.escape(text)) == text


@given(TYPED)
def test_typed_text_cannot_ping_people_or_link_a_channel(text: str) -> None:
    """Slack reads `<…>` and, unless told otherwise, a bare @name or #channel."""
    safe = mrkdwn.defused(text)
    assert not re.search(r"[<>]", safe)
    outside_addresses = re.sub(r"https?://[^\s<>`*|\"]+", "", safe)
    assert not re.search(f"@(?!{mrkdwn.JOINER})", safe)
    assert not re.search(f"#(?!{mrkdwn.JOINER})", outside_addresses)


@given(TYPED)
def test_typed_text_cannot_open_or_close_a_mark(text: str) -> None:
    """This is also true together with the marks that a template puts around it."""
    safe = re.sub(r"https?://[^\s<>`*|\"]+", "address", mrkdwn.defused(text))
    assert "`" not in safe
    assert not re.search(r"(?:^|[\s\W_])([*_])(?=[^\s*_])", safe)
    assert not re.search(r"(?<=[^\s])([*_~])(?=[\W_]|$)", safe)
    assert not re.search(r"(?m)^\s*&gt;", safe)


@given(TYPED)
def test_defused_text_looks_the_same(text: str) -> None:
    """Without the invisible joiners and look-alikes, it is the typed text, escaped."""
    back = str.maketrans("∗ˍ∼ˋ", "*_~`", mrkdwn.JOINER)
    seen = mrkdwn.unescape(mrkdwn.defused(text)).translate(back).replace("%40", "@")
    assert seen == show_invisible(text).translate(back).replace("%40", "@")


@pytest.mark.parametrize(
    "text",
    [
        "kubectl -n db_main get pods",
        "2*3*4 and 2 * 3",
        "https://wiki.io/_x_/~ana?a=b#top",
        "see ~/.ssh/config",
    ],
)
def test_text_that_slack_shows_as_typed_is_not_changed(text: str) -> None:
    assert mrkdwn.defused(text) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("*page* the _lead_", "∗page∗ the ˍleadˍ"),
        ("```rm -rf```", "ˋˋˋrm -rfˋˋˋ"),
        ("> quoted", "\u2060&gt; quoted"),
        ("a > b\n  > c", "a &gt; b\n\u2060  &gt; c"),
        ("ask @ana in #ops", "ask @\u2060ana in #\u2060ops"),
        ("<!here>", "&lt;!here&gt;"),
        ("https://x.io/@here", "https://x.io/%40here"),
    ],
)
def test_typed_markup_is_shown_as_typed(text: str, seen: str) -> None:
    assert mrkdwn.defused(text) == seen


def test_marks_apply_across_lines_marks_and_links() -> None:
    """A mark ends with its line, and a tilde inside would end a strike-through early."""
    assert mrkdwn.strike("see ~/.ssh\n\n  and here ") == "~see ∼/.ssh~\n\n  ~and here~ "
    assert mrkdwn.strike("<https://x.io/~ana|notes>") == "~<https://x.io/~ana|notes>~"
    assert mrkdwn.strike("https://x.io/~ana") == "~https://x.io/%7Eana~"
    assert mrkdwn.bold("a*b") == "*a∗b*"
    assert mrkdwn.bold("") == ""


def test_mentions_links_and_dates_are_written_as_slack_reads_them() -> None:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert mrkdwn.mention(UserId("U1")) == "<@U1>"
    assert mrkdwn.channel(ChannelId("C1")) == "<#C1>"
    assert mrkdwn.link("https://x.io/?a=1&b=|", "R&D > *all*") == (
        "<https://x.io/?a=1&amp;b=%7C|R&amp;D &gt; ∗all∗>"
    )
    assert mrkdwn.link("https://x.io", "") == "<https://x.io>"
    assert mrkdwn.date(at, "{date_short} at {time}", "2 March <9:00>") == (
        "<!date^1772442000^{date_short} at {time}|2 March &lt;9:00&gt;>"
    )


@pytest.mark.parametrize("url", ["!channel", "@U1", "javascript:alert(1)", "https://x y", ""])
def test_text_that_is_not_a_url_does_not_become_a_link(url: str) -> None:
    assert "<" not in mrkdwn.link(url, "runbook")


def test_a_date_without_a_zone_is_refused() -> None:
    """Otherwise it would be read in the host's time zone."""
    naive = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 - the refused case itself
    with pytest.raises(ValueError, match="time zone"):
        mrkdwn.date(naive, "{date}", "2 March")


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("ping <@U1> or <@U9|old.name>", "ping @Ana or @old.name"),
        ("<@U9>", "@U9"),
        ("in <#C1>, <#C9|night> and <#C8|>", "in #ops, #night and #C8"),
        ("<!here> <!channel|channel> <!subteam^S1> <!subteam^S9|@night>", None),
        ("<https://x.io/?a=1&amp;b=2>", "https://x.io/?a=1&b=2"),
        ("<https://x.io|the runbook>", "the runbook (https://x.io)"),
        ("<http://x.io|x.io>", "http://x.io"),
        ("<mailto:ana@x.io|ana@x.io>", "ana@x.io"),
        ("<!date^1772442000^{date} at {time}|2 March 9:00>", "2 March 9:00"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt; stays, *bold* too", "&lt; stays, *bold* too"),
    ],
)
def test_text_from_slack_is_read_as_people_see_it(sent: str, seen: str | None) -> None:
    names = {"U1": "Ana", "C1": "ops", "S1": "on-call"}
    expected = "@here @channel @on-call @night" if seen is None else seen
    assert mrkdwn.plain(sent, lambda ident: names.get(ident, "")) == expected


def test_without_names_ids_are_shown() -> None:
    assert mrkdwn.plain("<@U1> in <#C1>") == "@U1 in #C1"


@given(TYPED, TYPED)
def test_a_link_is_one_token_whatever_its_label(label: str, path: str) -> None:
    made = mrkdwn.link(f"https://x.io/{path}", label)
    assert len(re.findall("<", made)) <= 1
    assert not re.search(r"<[@#!]", made)


@given(TYPED, st.integers(10, 60))
def test_a_cut_never_leaves_a_code_fence_open(text: str, room: int) -> None:
    drawn = phrases.cut_body(phrases.body(text), room)

    assert len(drawn) <= room
    assert drawn.count("```") % 2 == 0
