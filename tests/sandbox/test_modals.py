"""Modals and the Home tab: what people enter and how apps answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_bolt import BoltResponse

from sandbox.errors import ActionRefusedError
from sandbox.forms import View
from sandbox.permissions import TRIGGER_SECONDS
from sandbox.seen import Channel
from tests.support.sandbox_sample import Bench, running


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with running(tmp_path, retry_delays=()) as found:
        yield found


def form(bench: Bench) -> View:
    """Return the sample app's form, opened by ana."""
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    view = ana.slash(ops, "/sample form").view
    assert view is not None
    return view


def test_slack_itself_asks_for_what_is_required(bench: Bench) -> None:
    """The app gets nothing until the form is complete."""
    view = form(bench)
    before = len(bench.driver.deliveries())

    assert view.submit() == {"Title": "Please complete this required field."}
    assert view.fill({"Title": "x" * 21}).submit() == {"Title": "Please use at most 20 characters."}
    assert len(bench.driver.deliveries()) == before


def test_untouched_fields_are_null_and_touched_ones_keep_their_shape(bench: Bench) -> None:
    view = form(bench)
    ben = bench.driver.person("ben")
    assert view.values["title"]["title"] == {"type": "plain_text_input", "value": None}
    assert view.values["kind"]["kind"] == {"type": "static_select", "selected_option": None}

    view.fill({"Title": "Roll back"}).choose("Owner", ben)

    assert view.values["title"]["title"]["value"] == "Roll back"
    assert view.values["owner"]["owner"]["selected_user"] == ben.id
    assert "Roll back" in view.texts()


def test_errors_stand_beside_fields_and_the_form_stays(bench: Bench) -> None:
    view = form(bench)

    assert view.fill({"Title": "bad"}).submit() == {"Title": "Not this one."}
    assert "Not this one." in view.words()
    assert view.errors == {"title": "Not this one."}
    assert view.fill({"Title": "fine"}).submit() == {}
    with pytest.raises(ActionRefusedError, match="closed"):
        view.submit()


def test_errors_that_name_no_input_are_trouble_for_the_person(bench: Bench) -> None:
    trouble = form(bench).fill({"Title": "wrong"}).submit()

    assert list(trouble) == [""]
    assert trouble[""].startswith("We had some trouble connecting.")


def test_an_update_keeps_what_was_typed(bench: Bench) -> None:
    """A choice that dispatches an action changes the title, and the typed text stays."""
    view = form(bench).fill({"Title": "kept"})

    view.choose("Kind", "Handoff")

    assert view.title == "A h"
    assert view.values["title"]["title"]["value"] == "kept"
    with pytest.raises(ActionRefusedError, match="not offered"):
        view.choose("Kind", "Holiday")


def test_options_come_from_the_app_while_one_types(bench: Bench) -> None:
    view = form(bench)

    assert view.options("Like", "fail") == ["Like fail"]
    view.choose("Like", "Like fail")
    assert view.values["like"]["like"]["selected_option"]["value"] == "1"
    with pytest.raises(ActionRefusedError, match="wants more"):
        view.options("Like", "")


def test_modals_stack_three_high(bench: Bench) -> None:
    first = form(bench)
    assert first.fill({"Title": "more"}).submit() == {}
    second = bench.driver.known("ana").view
    assert second is not None
    assert second.title == "Second"
    assert second.raw["previous_view_id"] == first.id
    assert second.fill({"Title": "more"}).submit() == {}
    third = bench.driver.known("ana").view
    assert third is not None
    assert "push_limit_reached" in third.fill({"Title": "more"}).submit()[""]
    with pytest.raises(ActionRefusedError, match="beneath"):
        first.submit()
    third.close()
    assert bench.driver.known("ana").view == second
    assert bench.driver.deliveries()[-1]["type"] == "view_closed"


def test_a_trigger_is_good_for_three_seconds_of_the_clock(tmp_path: Path) -> None:
    """The clock moves while the app is working, so its modal comes too late."""
    times = [datetime(2026, 3, 2, 12, tzinfo=UTC)]
    with running(tmp_path, now=lambda: times[-1], trigger_seconds=TRIGGER_SECONDS) as bench:

        def slow(args: object, next: object) -> None:  # noqa: A002, ARG001 - Bolt's own name
            times.append(times[-1] + timedelta(seconds=3))
            assert callable(next)
            next()

        bench.app.use(slow)
        # After an error, Bolt would wait for another acknowledgement.
        bench.app.error(lambda: BoltResponse(status=200))
        ana = bench.driver.person("ana")
        answer = ana.slash(bench.driver.channel("ops", members=[ana]), "/sample form", seconds=0)

        assert answer.view is None
        assert bench.driver.calls("views.open")[-1]["answer"]["error"] == "expired_trigger_id"


def test_the_home_tab_shows_what_the_app_published(bench: Bench) -> None:
    ana, ben = bench.driver.person("ana"), bench.driver.person("ben")

    home = ana.home()

    assert home is not None
    assert home.texts() == ["Welcome home"]
    assert bench.heard("app_home_opened")[-1]["tab"] == "home"
    assert "view" not in bench.heard("app_home_opened")[-1]
    assert ben.view is None


def test_a_shortcut_hands_over_the_message(bench: Bench) -> None:
    ana = bench.driver.person("ana")
    ops = bench.driver.channel("ops", members=[ana])
    ts = ana.say(ops, "Worth keeping")

    view = ana.shortcut("Keep this", ops, ts)

    assert isinstance(view, View)
    assert view.raw["private_metadata"] == "Worth keeping"
    with pytest.raises(ActionRefusedError, match="no message shortcut"):
        ana.shortcut("Lose this", ops, ts)


def test_people_reach_only_what_their_client_offers(bench: Bench) -> None:
    driver = bench.driver
    ana, ben = driver.person("ana"), driver.person("ben")
    secret = driver.channel("secret", private=True, members=[ana])

    assert ben.sees(secret) == []
    with pytest.raises(ActionRefusedError, match="can't see"):
        ben.slash(secret, "/sample quick")
    with pytest.raises(ActionRefusedError, match="not a valid command"):
        ana.slash(secret, "/unknown")
    with pytest.raises(ActionRefusedError, match="no channel"):
        ana.say(Channel("C0NOWHERE"), "hello")


def test_a_modal_opened_while_one_is_sent_is_not_seen(bench: Bench) -> None:
    """Slack answers ok, but the submission closes both; apps should push or update."""
    view = form(bench)

    assert view.fill({"Title": "open another"}).submit() == {}

    assert bench.driver.calls("views.open")[-1]["answer"]["ok"] is True
    assert bench.driver.known("ana").view is None


def test_zones_have_their_offset_at_the_clocks_time(tmp_path: Path) -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    with running(tmp_path, now=lambda: summer) as bench:
        ana = bench.driver.person("ana", tz="Europe/Berlin")

        assert bench.client.users_info(user=ana.id)["user"]["tz_offset"] == 7200
