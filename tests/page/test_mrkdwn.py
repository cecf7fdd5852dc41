"""Slack's markup in the page: styles, quotes, links, mentions, dates and emoji."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.page.conftest import Visit
from tests.page.drawn import face, posted
from tests.support.sandbox_sample import Bench


def test_styles_are_drawn_where_words_begin_and_end(kit: Page) -> None:
    shown = face(kit, "mrkdwn: styles")
    expect(shown.locator("strong")).to_have_text(["bold", "bold italic", "struck bold"])
    expect(shown.locator("em")).to_have_text(["italic", "bold italic"])
    expect(shown.locator("s")).to_have_text(["struck", "struck bold"])
    expect(shown.locator(".text > code")).to_have_text(["code"])
    expect(shown).to_contain_text("2 * 3 * 4 and snake_case_name stay.")
    expect(shown.locator("pre")).to_have_text("make rollback\n  SERVICE=payments")


def test_quotes_begin_at_a_line_and_three_signs_quote_the_rest(kit: Page) -> None:
    quotes = face(kit, "mrkdwn: quotes and lists").locator("blockquote")
    expect(quotes).to_have_text(
        ["Better a known bug\nthan an unknown one.", "All of this\nis a quote,\n> to the end."]
    )


def test_links_lead_where_they_say(kit: Page) -> None:
    shown = face(kit, "mrkdwn: links")
    runbook = shown.get_by_role("link", name="The runbook")
    expect(runbook).to_have_attribute("href", "https://runbooks.example/payments?a=1&b=2")
    expect(runbook).to_have_attribute("rel", "noreferrer")
    mail = shown.get_by_role("link", name="ben@example.com")
    expect(mail).to_have_attribute("href", "mailto:ben@example.com")


def test_mentions_have_names_and_ones_own_stands_out(kit: Page) -> None:
    shown = face(kit, "mrkdwn: mentions")
    expect(shown).to_contain_text("@ana asks @ben and @zoe in #general, 🔒 private channel")
    expect(shown.locator(".mention.mine")).to_have_text(["@ben", "@here", "@channel", "@everyone"])
    expect(shown).to_contain_text("@on-call")


def test_a_channel_that_is_mentioned_is_a_way_there(bench: Bench, visit: Visit) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    bench.driver.channel("oncall", members=[ana])
    ana.say(ops, "see #oncall")
    window = visit("?as=ana&in=ops")

    window.get_by_role("article", name="ana").get_by_role("link", name="#oncall").click()

    expect(window.get_by_role("textbox", name="Message #oncall")).to_be_visible()


def test_dates_are_written_in_slacks_patterns_in_the_readers_zone(kit: Page) -> None:
    """18 February 2026, 07:39:45 UTC; the reader is in Berlin."""
    shown = face(kit, "mrkdwn: dates")
    for words in (
        "date_num: 2026-02-18",
        "date_short: Feb 18",
        "date_long: Wednesday, February 18th",
        "date_pretty: February 18th",
        "time: 08:39",
        "time_secs: 08:39:45",
        "broken: some day",
    ):
        expect(shown).to_contain_text(words)
    link = shown.get_by_role("link", name="2026-02-18 08:39")
    expect(link).to_have_attribute("href", "https://example.com/")


@pytest.mark.parametrize("now", [datetime(2026, 3, 4, 10, tzinfo=UTC)])
def test_days_close_to_today_are_called_so(bench: Bench, visit: Visit, now: datetime) -> None:
    def at(away: timedelta, pattern: str) -> str:
        return f"<!date^{int((now + away).timestamp())}^{pattern}|never>"

    text = "\n".join(
        [
            at(timedelta(), "{date_pretty} it is"),
            at(timedelta(days=-1), "It was {date_short_pretty}"),
            at(timedelta(days=1), "It will be {date_long_pretty}"),
            at(timedelta(minutes=-5, seconds=-20), "It was {ago}"),
        ]
    )
    message = posted(bench, visit, text)

    for words in ("Today it is", "It was yesterday", "It will be tomorrow", "It was 5 minutes ago"):
        expect(message).to_contain_text(words)


def test_a_year_stands_in_dates_that_are_far(bench: Bench, visit: Visit) -> None:
    far = int(datetime(2014, 2, 18, 12, tzinfo=UTC).timestamp())
    message = posted(bench, visit, f"<!date^{far}^{{date}}|a> and <!date^{far}^{{date_short}}|a>")

    expect(message).to_contain_text("February 18th, 2014 and Feb 18, 2014")


def test_emoji_names_become_characters_and_unknown_names_stay(bench: Bench, visit: Visit) -> None:
    message = posted(bench, visit, ":scroll: :wave::skin-tone-5: :nothing_such: :constructor:")
    expect(message).to_contain_text("📜 👋🏾 :nothing_such: :constructor:")


def test_plain_text_has_emoji_unless_it_says_no(kit: Page) -> None:
    shown = face(kit, "plain_text")
    expect(shown).to_contain_text("*no bold*, <@UANA> no mention, 🎉 emoji")
    expect(face(kit, "plain_text: without emoji")).to_contain_text(":tada: stays")
