"""Faults of Slack and the database: a clear answer or a late one, once, and nothing lost."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from slack_bolt import BoltRequest, BoltResponse
from sqlalchemy import event

from bot.domain.entries import ChannelId
from bot.domain.listening.prompting import QUIET
from bot.jobs import look_around
from bot.usecases.settings.channels import move_channel
from sandbox.forms import View
from storage.store import Store
from tests.support.faults import FAULTS, bring, cards, held, prompts, read_by, save, settle, strike
from tests.support.gap_threads import CLEANED, DISK, ask_once
from tests.support.ops import Ops
from tests.support.prompting import ROLLBACK, WAITS, say
from tests.support.prompting import settle as settle_threads
from tests.support.recording import typed

LOOKUPS = ("users.info", "users.conversations", "conversations.info")
# A read has no effect to lose or delay: it fails, is retried later, or gets no answer.
_READS = ("ratelimited", "status 500", "status 403", "never")


def calls(*methods: str) -> pytest.MarkDecorator:
    """Return each method with each fault that makes a difference to it."""
    reads = (*LOOKUPS, "conversations.replies", "conversations.history")
    pairs = [(each, how) for each in methods for how in (_READS if each in reads else FAULTS)]
    return pytest.mark.parametrize(("method", "fault"), pairs)


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Run these tests on one database only, since Slack's faults don't depend on it."""
    path = tmp_path / "opslore.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def ops(ops: Ops) -> Ops:
    """Return a bot with an empty cache of people."""
    ops.start()
    return ops


# Faults of Slack, call by call.


def test_a_prompt_is_shown_by_another_replica_with_an_empty_cache(ops: Ops) -> None:
    """Lookups made before anything was sent may be repeated."""
    ops.ana.say(ops.ops, ROLLBACK)
    ops.drain()
    ops.clock.time += QUIET
    ops.bot.sender.step(ops.bot.deps)
    ops.start()
    strike(ops, "users.conversations", "ratelimited")
    ops.drain()
    settle(ops)

    assert len(prompts(ops.ana)) == 1


@calls(*LOOKUPS, "chat.postEphemeral")
def test_a_prompt_is_shown_at_most_once_and_never_forgotten(
    ops: Ops, method: str, fault: str
) -> None:
    strike(ops, method, fault)
    ops.ana.say(ops.ops, ROLLBACK)
    ops.drain()
    settle(ops)
    settle_threads(ops)
    settle(ops)

    # An ephemeral message can't be looked up, so one that may have arrived is never sent again.
    may_have_arrived = method == "chat.postEphemeral" and fault != "ratelimited"
    assert len(prompts(ops.ana)) == 1 or (may_have_arrived and not prompts(ops.ana))
    home = ops.ana.home()
    assert home is not None
    assert WAITS in home.words()


@calls(*LOOKUPS, "conversations.replies", "views.open")
def test_the_shortcut_opens_the_form_or_says_why_not(ops: Ops, method: str, fault: str) -> None:
    ts = ops.ana.say(ops.ops, "the checkout throws errors")
    strike(ops, method, fault, times=2)

    ops.ana.shortcut("Record this thread", ops.ops, ts)
    ops.driver.heal()
    settle(ops)

    assert ops.ana.view is not None or any("ry again" in text for text in read_by(ops.ana, ops))


@pytest.mark.parametrize("way", ["mention", "reaction"])
@calls(*LOOKUPS, "conversations.replies", "chat.postEphemeral")
def test_a_person_who_asks_to_record_gets_the_button(
    ops: Ops, way: str, method: str, fault: str
) -> None:
    ts = ops.ben.say(ops.ops, "the checkout throws errors")
    strike(ops, method, fault, times=2)
    if way == "mention":
        ops.ana.say(ops.ops, f"<@{ops.sandbox.bot_user_id}> record", thread=ts)
    else:
        ops.ana.react(ops.ops, ts, "scroll")
    ops.drain()
    ops.driver.heal()
    settle(ops)

    offers = [each for each in ops.ana.ephemerals(ops.ops) if each.buttons()]
    # The person asked for it, so showing it twice is better than not at all.
    assert 1 <= len(offers) <= (3 if fault in ("lost", "late") else 1)
    assert save(ops.ana.press(offers[-1].buttons()[0], on=offers[-1])) == {}
    ops.drain()
    assert [each.thread_ts for each in cards(ops)] == [ts]


@calls("conversations.replies", "views.open", "response_url")
def test_accepting_a_prompt_opens_the_form_or_says_why_not(
    ops: Ops, method: str, fault: str
) -> None:
    say(ops, ops.ana, ROLLBACK)
    [prompt] = prompts(ops.ana)
    strike(ops, method, fault, times=2)

    ops.ana.press("Record it", on=prompt)
    ops.driver.heal()
    settle(ops)

    view = ops.ana.view
    if view is None:
        assert any("ry again" in text for text in read_by(ops.ana, ops))
        view = ops.ana.press("Record it", on=prompts(ops.ana)[0])  # type: ignore[assignment] # a view
    assert save(view) == {}
    ops.drain()
    assert len(cards(ops)) == 1


@pytest.mark.parametrize("line", ["find checkout", "record"])
@calls(*LOOKUPS, "views.open")
def test_a_command_is_answered_whatever_slack_does(
    ops: Ops, method: str, line: str, fault: str
) -> None:
    strike(ops, method, fault, times=2)

    answer = ops.ana.slash(ops.ops, f"/lore {line}")
    ops.driver.heal()
    settle(ops)

    assert answer.error is None
    assert answer.words() or ops.ana.view is not None


@calls("users.info", "users.conversations")
def test_a_form_that_cannot_be_saved_stays_open_and_is_saved_once(
    ops: Ops, method: str, fault: str
) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    ops.start()
    strike(ops, method, fault, times=2)

    errors = save(view)
    ops.driver.heal()
    if errors:
        assert "ry again" in str(errors)
        assert save(view) == {}
    ops.drain()
    settle(ops)

    assert len(cards(ops)) == 1
    assert "1 entry" in ops.ana.slash(ops.ops, "/lore watch").words()


@calls("chat.postMessage", "users.info")
def test_the_card_of_a_saved_entry_is_posted_once(ops: Ops, method: str, fault: str) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert save(view) == {}
    ops.start()
    strike(ops, method, fault)
    ops.drain()
    settle(ops)

    assert len(cards(ops)) == 1


@calls("conversations.history")
def test_a_card_is_posted_once_even_if_the_lookup_of_it_fails_too(
    ops: Ops, method: str, fault: str
) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert save(view) == {}
    strike(ops, "chat.postMessage", "lost")
    strike(ops, method, fault, times=3)
    ops.drain()
    settle(ops)

    assert len(cards(ops)) == 1


@calls("chat.update")
def test_a_change_reaches_the_card_whatever_slack_does(ops: Ops, method: str, fault: str) -> None:
    ops.record(ops.ana, "Roll back", rule="Roll back checkout.")
    strike(ops, method, fault, times=2)

    ops.ana.slash(ops.ops, "/lore retire DEC-1 No longer done.")
    ops.drain()
    settle(ops)

    [card] = [each for each in ops.driver.messages(ops.ops) if "Decision" in each.words()]
    assert "etired" in card.words()


@calls("users.info", "users.conversations", "chat.postMessage", "conversations.history")
def test_the_digest_is_posted_once_whatever_slack_does(ops: Ops, method: str, fault: str) -> None:
    ops.record(ops.ana, "Roll back", rule="Roll back checkout.")
    ops.tick()
    ops.start()
    strike(ops, method, fault, times=2)
    if method == "conversations.history":
        strike(ops, "chat.postMessage", "lost")

    ops.later(days=7)
    settle(ops)

    posted = [each for each in ops.driver.messages(ops.ops) if each.text.startswith("Weekly")]
    assert len(posted) == 1
    assert "Owner gone" not in posted[0].words()


def test_the_home_tab_is_drawn_on_the_second_try(ops: Ops) -> None:
    strike(ops, "views.publish", "status 500")

    home = ops.ana.home(seconds=3)

    assert home is not None
    assert "Nothing is waiting for you." in home.words()


def test_a_person_that_slack_does_not_identify_is_shown_nothing(ops: Ops) -> None:
    secret = ops.driver.channel("secret", private=True, members=[ops.ben])
    ops.driver.invite_bot(secret, by=ops.ben)
    ops.drain()
    ops.record(ops.ben, "Open the vault", channel=secret)
    ops.start()
    strike(ops, "users.conversations", "status 500", times=2)

    words = ops.ana.slash(ops.ops, "/lore find vault").words()

    assert "Open the vault" not in words
    assert "ry again" in words


def test_retry_after_is_respected(ops: Ops) -> None:
    strike(ops, "chat.postMessage", "ratelimited")
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert save(view) == {}
    ops.drain()

    tried = len(ops.driver.calls("chat.postMessage"))
    ops.later(seconds=19)
    assert len(ops.driver.calls("chat.postMessage")) == tried
    ops.later(seconds=2)
    assert len(ops.driver.calls("chat.postMessage")) == tried + 1
    assert len(cards(ops)) == 1


def test_retry_after_for_one_post_delays_only_its_channel(ops: Ops) -> None:
    """Slack limits posts by channel, so everything else for that channel waits as long."""
    other = ops.driver.channel("network", members=[ops.ana])
    ops.driver.invite_bot(other, by=ops.ana)
    ops.drain()
    tried = len(ops.driver.calls("chat.postMessage"))
    strike(ops, "chat.postMessage", "ratelimited")
    for channel, title in ((ops.ops, "Drain"), (ops.ops, "Reboot"), (other, "Reroute")):
        view = ops.ana.slash(channel, "/lore record decision").view
        assert isinstance(view, View)
        view.fill({"Title": title, "What do we do?": "We do it."})
        assert view.submit() == {}

    def posted_to() -> list[str]:
        calls = ops.driver.calls("chat.postMessage")[tried:]
        return ["ops" if call["args"]["channel"] == str(ops.ops) else "other" for call in calls]

    ops.drain()
    assert posted_to() == ["ops", "other"]
    ops.later(seconds=19)
    assert posted_to() == ["ops", "other"]
    ops.later(seconds=2)

    assert posted_to() == ["ops", "other", "ops", "ops"]
    assert sorted(card.text.split("@")[0] for card in cards(ops)) == ["DEC-1", "DEC-2"]
    assert [card.text.split("@")[0] for card in ops.driver.messages(other)[-1:]] == ["DEC-3"]


# How events arrive.


def three_times(ops: Ops) -> None:
    ops.driver.deliver_events(times=3)


def in_two_bots(ops: Ops) -> None:
    """Deliver each event to two processes at the same moment."""
    first = ops.bot
    ops.start()
    second = ops.bot
    assert first
    assert second
    pool = ThreadPoolExecutor(2)

    def dispatch(request: BoltRequest) -> BoltResponse:
        again = BoltRequest(body=request.raw_body, headers=request.headers)
        both = [
            pool.submit(bot.app.dispatch, each) for bot, each in ((first, request), (second, again))
        ]
        return max((one.result() for one in both), key=lambda response: response.status)

    ops.bot = replace(first, app=SimpleNamespace(dispatch=dispatch))  # type: ignore[arg-type] # what is used of it


@pytest.mark.parametrize("manner", [three_times, in_two_bots])
def test_an_event_delivered_more_than_once_takes_effect_once(
    ops: Ops, manner: Callable[[Ops], None]
) -> None:
    manner(ops)
    root = ops.ana.say(ops.ops, ROLLBACK)
    ops.ben.say(ops.ops, f"<@{ops.sandbox.bot_user_id}> record", thread=root)
    ops.cleo.react(ops.ops, root, "scroll")
    side = ops.driver.channel("side", members=[ops.ana])
    ops.driver.invite_bot(side, by=ops.ana)
    settle_threads(ops)

    assert len(prompts(ops.ana)) == 1
    assert [len(person.ephemerals()) for person in (ops.ben, ops.cleo)] == [1, 1]
    by_bot = [each for each in ops.driver.messages(side) if each.raw.get("bot_id")]
    assert len(by_bot) == 1


def test_an_edit_that_arrives_before_its_message_replaces_it(ops: Ops) -> None:
    ts = ""

    def act() -> None:
        nonlocal ts
        ts = ops.ben.say(ops.ops, "What do we do when the build server disk is full? Call Hugo.")
        ops.ben.edit(ops.ops, ts, "What do we do when the build server disk is full?")

    said, edited = held(ops, act)
    for payload in (edited, said, edited):
        assert bring(ops, payload) == 200
    ops.drain()

    with ops.store.read(ops.team) as tx:
        query = "SELECT ts, excerpt FROM heard_messages"
        rows = tx.session.connection().exec_driver_sql(query).all()
    assert [tuple(row) for row in rows] == [
        (ts, "What do we do when the build server disk is full?")
    ]


def test_an_edit_of_a_message_from_before_the_bot_joined_is_ignored(ops: Ops) -> None:
    said = held(ops, lambda: ops.ana.say(ops.ops, "nothing to see"))
    ops.clock.time += timedelta(hours=1)
    ops.ana.edit(ops.ops, said[0]["event"]["ts"], ROLLBACK)
    settle_threads(ops)

    assert not prompts(ops.ana)


def test_a_message_deleted_before_it_arrives_is_never_stored(ops: Ops) -> None:
    def act() -> None:
        ts = ops.ana.say(ops.ops, ROLLBACK)
        ops.ana.delete(ops.ops, ts)

    said, deleted = held(ops, act)
    for payload in (deleted, said):
        assert bring(ops, payload) == 200
    settle_threads(ops)

    assert not prompts(ops.ana)
    with ops.store.read(ops.team) as tx:
        for table in ("heard_messages", "occurrences", "gaps", "prompts", "outbox"):
            rows = tx.session.connection().exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608 - names above
            assert "roll back" not in str(rows).lower()


def test_events_in_any_order_lead_to_the_same_result(ops: Ops) -> None:
    ops.driver.deliver_events(shuffle=True)
    root = ops.ana.say(ops.ops, "the checkout throws errors")
    ops.ana.say(ops.ops, ROLLBACK, thread=root)
    ops.ben.react(ops.ops, root, "scroll")
    ops.driver.deliver_events()
    ops.driver.until(lambda: all(each["acked"] for each in ops.driver.deliveries()))
    settle_threads(ops)

    assert len(prompts(ops.ana)) == 1
    assert len(ops.ben.ephemerals()) == 1


# Channels that the bot isn't in, or was removed from.


def test_a_card_for_a_channel_that_removed_the_bot_is_reported_in_a_direct_message(
    ops: Ops,
) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    held(ops, lambda: ops.driver.remove_bot(ops.ops))

    assert save(view) == {}
    ops.drain()

    assert any("DEC-1 is saved, but its card" in each.text for each in ops.ana.dms())


@pytest.mark.parametrize("how", ["remove_bot", "archive", "delete_channel"])
def test_a_channel_without_the_bot_gets_no_post_and_no_endless_retries(ops: Ops, how: str) -> None:
    ops.tick()
    ops.ana.say(ops.ops, ROLLBACK)
    getattr(ops.driver, how)(ops.ops)
    ops.drain()

    ops.later(days=7)
    settle(ops)

    assert ops.store.outbox_backlog().waiting == 0


def test_a_channel_whose_id_changed_keeps_its_data(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", rule="Roll back checkout.")
    ask_once(ops, DISK[0], answer=CLEANED)
    new = ops.driver.change_channel_id(ops.ops)
    ask_once(ops, DISK[1], by=ops.ana, answer=CLEANED, channel=new)

    assert "DEC-1" in ops.ana.slash(new, "/lore find checkout").words()
    assert "2 threads" in ops.ana.slash(new, "/lore gaps").words()


def test_a_channel_first_seen_under_its_new_id_keeps_its_settings(ops: Ops) -> None:
    """The bot was down during the change, and looks at the channels before Slack's retry."""
    ops.ana.slash(ops.ops, "/lore watch off")
    view = ops.ana.slash(ops.ops, "/lore digest settings").view
    assert view is not None
    assert view.choose("Day", "Thursday").submit() == {}
    ops.driver.deliver_events(drop=True)
    new = ops.driver.change_channel_id(ops.ops)
    look_around(ops.bot.deps)

    move_channel(ops.store, ops.team, ChannelId(str(ops.ops)), ChannelId(str(new)), now=ops.clock())

    assert "not listening" in ops.ana.slash(new, "/lore watch").words()
    shown = ops.ana.slash(new, "/lore digest settings").view
    assert shown is not None
    assert typed(shown, "Day") == "Thursday"


def test_someone_who_asked_before_the_bot_joined_counts_as_a_member_afterwards(ops: Ops) -> None:
    side = ops.driver.channel("side", members=[ops.ana])
    ops.ana.slash(ops.ops, "/lore gaps")
    ops.driver.invite_bot(side, by=ops.ana)

    view = ops.ana.slash(side, "/lore digest settings").view
    assert view is not None
    assert view.submit() == {}


def test_an_uninstalled_bot_sends_nothing_more_and_gives_up(ops: Ops) -> None:
    ops.ana.say(ops.ops, ROLLBACK)
    ops.driver.uninstall()
    ops.drain()
    settle(ops)
    ops.later(hours=25)

    assert ops.store.outbox_backlog().waiting == 0


# Faults of the database.


@pytest.fixture
def broken(store: Store) -> Iterator[Callable[[str], Callable[[], None]]]:
    """Break the database in one of several ways and return a function that repairs it."""
    mends: list[Callable[[], None]] = []

    def breaks(way: str) -> Callable[[], None]:
        mend = _WAYS[way](store)
        mends.append(mend)
        return mend

    yield breaks
    for mend in mends:
        mend()


def _pragma(store: Store, pragma: str) -> Callable[[], None]:
    def connected(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
        connection.execute(f"PRAGMA {pragma}")

    event.listen(store.engine, "connect", connected)
    store.engine.dispose()

    def mend() -> None:
        if event.contains(store.engine, "connect", connected):
            event.remove(store.engine, "connect", connected)
            store.engine.dispose()

    return mend


def _locked(store: Store) -> Callable[[], None]:
    mend = _pragma(store, "busy_timeout = 50")
    holder = store.engine.raw_connection()
    holder.execute("BEGIN IMMEDIATE")

    def free() -> None:
        if holder.is_valid:
            holder.rollback()
            holder.close()
        mend()

    return free


def _full(store: Store) -> Callable[[], None]:
    """Fill the free pages too, since a migration that dropped a table leaves some."""
    with closing(sqlite3.connect(str(store.engine.url.database))) as connection:
        connection.execute("VACUUM")
    return _pragma(store, "max_page_count = 1")


_WAYS: dict[str, Callable[[Store], Callable[[], None]]] = {
    "locked": _locked,
    "full": _full,
    "read-only": lambda store: _pragma(store, "query_only = ON"),
}
_WORDS = {"locked": "busy", "full": "disk is full", "read-only": "read-only"}


@pytest.fixture(params=_WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


LONG = {"Why?": "Because. " * 300}


def filled(ops: Ops) -> None:
    """Fill the pages already in use, so that the next write needs a new one."""
    for _ in range(2):
        assert save(ops.ben.slash(ops.ops, "/lore record decision").view, **LONG) == {}
    ops.drain()


Breaks = Callable[[str], Callable[[], None]]


def test_an_event_that_cannot_be_stored_is_not_acknowledged_and_is_stored_on_the_retry(
    ops: Ops, broken: Breaks, way: str
) -> None:
    payloads = held(ops, lambda: ops.ana.say(ops.ops, ROLLBACK))
    payloads += held(ops, lambda: ops.cleo.react(ops.ops, payloads[0]["event"]["ts"], "scroll"))
    mend = broken(way)
    statuses = [bring(ops, payload) for payload in payloads]
    mend()

    # A short text may still fit on a full disk.
    assert statuses == [500, 500] or (way == "full" and set(statuses) <= {200, 500})
    assert [bring(ops, payload) for payload in payloads] == [200] * len(payloads)
    settle_threads(ops)
    assert len(prompts(ops.ana)) == 1
    assert len(ops.cleo.ephemerals()) == 1


def test_a_form_stays_open_with_the_reason_and_is_saved_once_the_database_works(
    ops: Ops, broken: Breaks, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    filled(ops)
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    mend = broken(way)

    errors = save(view, **LONG)
    assert _WORDS[way] in str(errors)
    # It waits for the database once, because Slack waits for 3 seconds.
    assert caplog.messages.count("database_unavailable") == 1
    mend()

    assert save(view, **LONG) == {}
    ops.drain()
    assert [each.text.partition("@")[0] for each in cards(ops)] == ["DEC-1", "DEC-2", "DEC-3"]


def test_a_command_and_a_click_report_the_fault_of_the_database(
    ops: Ops, broken: Breaks, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    ops.record(ops.ana, "Roll back", rule="Roll back checkout.")
    filled(ops)
    mend = broken(way)

    answer = ops.ana.slash(ops.ops, "/lore retire DEC-2 No longer done.").words()
    # The first card shows its full text, so the click certifies it at once.
    ops.ana.press("Still accurate", on=cards(ops)[0])
    told = read_by(ops.ana, ops)
    mend()

    faults = caplog.messages.count("database_unavailable")
    # A short text may still fit on a full disk.
    has_room = way == "full" and faults == 1
    assert faults == 2 or has_room  # Each of them waits once.
    assert _WORDS[way] in answer
    assert any(_WORDS[way] in text for text in told) or has_room


def test_no_change_is_stored_in_part(ops: Ops, broken: Breaks, way: str) -> None:
    filled(ops)
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    before = contents(ops)
    mend = broken(way)
    assert save(view, **LONG) != {}
    mend()

    assert contents(ops) == before


def contents(ops: Ops) -> dict[str, int]:
    """Return how many rows each table has."""
    with ops.store.read(ops.team) as tx:
        read = tx.session.connection().exec_driver_sql
        return {
            table: read(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608 - names above
            for table in ("entries", "revisions", "audit", "documents", "links", "outbox")
        }


def test_the_sender_continues_when_the_database_is_back(ops: Ops, broken: Breaks, way: str) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert save(view) == {}
    mend = broken(way)
    assert ops.bot
    failed: list[str] = []
    try:
        ops.drain()
    except Exception as error:  # noqa: BLE001 - the assertion below shows it
        failed.append(type(error).__name__)
    mend()
    settle(ops)

    assert failed in ([], ["NotStoredError"])
    assert len(cards(ops)) == 1
