"""PostgreSQL locked or unavailable: it is reported, nothing is lost, and work resumes."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, bindparam, create_engine, event, text
from sqlalchemy.exc import OperationalError

from bot.domain.entries import EntryId
from bot.domain.errors import NotStoredError
from storage.store import Store
from tests.support.faults import bring, cards, held, prompts, read_by, save, settle
from tests.support.ops import Ops
from tests.support.prompting import ROLLBACK
from tests.support.prompting import settle as settle_threads
from tests.support.storage_makers import TEAM

Breaks = Callable[[str], Callable[[], None]]
_WORDS = {"locked": "busy", "away": "isn't answering", "read-only": "read-only"}


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """Run these tests on PostgreSQL only, since SQLite fails in other ways."""
    return postgresql_url


@pytest.fixture(params=_WORDS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def broken(store: Store, database_url: str) -> Iterator[Breaks]:
    """Break the database from another session and return a function that repairs it."""
    mends: list[Callable[[], None]] = []

    def breaks(way: str) -> Callable[[], None]:
        mend = {"locked": _locked, "away": _away, "read-only": _read_only}[way](store, database_url)
        mends.append(mend)
        return mend

    yield breaks
    for mend in mends:
        mend()


def _locked(store: Store, url: str) -> Callable[[], None]:
    """Lock every table in another session; the bot waits a twentieth of a second for a lock."""
    held = [store]

    def begun(connection: Connection) -> None:
        if held:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 50")

    event.listen(store.engine, "begin", begun)
    engine = create_engine(url)
    holder = engine.connect()
    tables = holder.execute(
        text("SELECT string_agg(tablename, ', ') FROM pg_tables WHERE schemaname = 'public'")
    ).scalar_one()
    holder.execute(text(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE"))

    def mend() -> None:
        held.clear()
        holder.close()
        engine.dispose()

    return mend


def _away(store: Store, _url: str) -> Callable[[], None]:
    """Cut the connections and let no new one in."""
    _let_in(store, "false")
    cut(store)
    return lambda: _let_in(store, "true")


def _read_only(store: Store, _url: str) -> Callable[[], None]:
    """Make the database read-only, as an administrator would."""

    def change(to: str) -> None:
        _as_admin(store, f"ALTER DATABASE {store.engine.url.database} {to}")
        cut(store)

    change("SET default_transaction_read_only = on")
    return lambda: change("RESET default_transaction_read_only")


def _let_in(store: Store, allowed: str) -> None:
    _as_admin(store, f"ALTER DATABASE {store.engine.url.database} ALLOW_CONNECTIONS {allowed}")


def cut(store: Store) -> None:
    """Cut the bot's connections."""
    _as_admin(
        store,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "  # noqa: S608 - a name of ours
        f"WHERE datname = '{store.engine.url.database}'",
    )


def _as_admin(store: Store, statement: str) -> None:
    engine = create_engine(store.engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as admin:
        admin.execute(text(statement))
    engine.dispose()


def test_an_event_is_not_acknowledged_and_is_stored_on_the_retry(
    ops: Ops, broken: Breaks, way: str
) -> None:
    payloads = held(ops, lambda: ops.ana.say(ops.ops, ROLLBACK))
    payloads += held(ops, lambda: ops.cleo.react(ops.ops, payloads[0]["event"]["ts"], "scroll"))
    mend = broken(way)
    assert [bring(ops, payload) for payload in payloads] == [500, 500]
    mend()

    assert [bring(ops, payload) for payload in payloads] == [200, 200]
    settle_threads(ops)
    assert len(prompts(ops.ana)) == 1
    assert len(ops.cleo.ephemerals()) == 1


def test_people_are_told_about_the_fault(ops: Ops, broken: Breaks, way: str) -> None:
    ops.record(ops.ana, "Roll back", rule="Roll back checkout.")
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    mend = broken(way)

    errors = save(view)
    answer = ops.ben.slash(ops.ops, "/lore retire DEC-1 No longer done.").words()
    ops.ben.press("Still accurate", on=cards(ops)[0])
    told = read_by(ops.ben, ops)
    mend()

    assert _WORDS[way] in str(errors)
    assert _WORDS[way] in answer
    assert any(_WORDS[way] in words for words in told)
    assert save(view) == {}
    ops.drain()
    assert len(cards(ops)) == 2


def test_the_sender_continues_when_the_database_is_back(
    ops: Ops, broken: Breaks, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert save(ops.ana.slash(ops.ops, "/lore record decision").view) == {}
    assert ops.bot
    mend = broken(way)
    ops.bot.sender.start(ops.bot.deps)
    try:
        ops.driver.until(lambda: "outbox_not_read" in caplog.messages)
        mend()
        ops.driver.until(lambda: cards(ops), seconds=30)
    finally:
        ops.bot.sender.stop(10)
    settle(ops)

    assert len(cards(ops)) == 1


def test_commands_that_only_read_write_no_more_than_a_read_only_server_allows(
    store: Store, broken: Breaks
) -> None:
    broken("read-only")
    with store.read(TEAM) as tx:
        tx.workspace.get()

    with pytest.raises(NotStoredError, match="read-only"), store.transaction(TEAM) as tx:
        tx.workspace.put(tx.workspace.get())


def test_cut_connections_are_opened_again(ops: Ops, store: Store) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    cut(store)
    assert save(view) == {}
    cut(store)
    ops.drain()
    assert len(cards(ops)) == 1
    cut(store)
    assert "Roll back checkout." in ops.ana.slash(ops.ops, "/lore show DEC-1").words()
    [payload] = held(ops, lambda: ops.ana.say(ops.ops, ROLLBACK))
    cut(store)
    assert bring(ops, payload) == 200


def test_a_write_whose_connection_is_cut_is_not_acknowledged(ops: Ops, store: Store) -> None:
    """The connection is cut between the first statement and the commit."""
    [payload] = held(ops, lambda: ops.ana.say(ops.ops, ROLLBACK))

    once = iter([store])

    def committing(_connection: object) -> None:
        for each in once:
            cut(each)

    event.listen(store.engine, "commit", committing)
    assert bring(ops, payload) == 500
    event.remove(store.engine, "commit", committing)

    assert bring(ops, payload) == 200
    settle_threads(ops)
    assert len(prompts(ops.ana)) == 1


def test_a_statement_that_cannot_be_sent_is_not_an_outage(store: Store) -> None:
    """Otherwise we would tell the person to try again, and they would try in vain."""
    ids = [EntryId(number) for number in range(70_000)]
    with pytest.raises(OperationalError, match="parameters"), store.read(TEAM) as tx:
        tx.session.connection().execute(
            text("SELECT id FROM entries WHERE id IN :ids").bindparams(
                bindparam("ids", ids, expanding=True)
            )
        )
