"""After a workspace uninstalls Opslore, the outbox is dropped at once, with the reason."""

import pytest

from tests.support.faults import save
from tests.support.ops import Ops
from tests.support.prompting import ROLLBACK


@pytest.mark.parametrize(
    "reason", ["invalid_auth", "account_inactive", "token_revoked", "token_expired"]
)
def test_the_outbox_is_dropped_at_once_with_its_reason(ops: Ops, reason: str) -> None:
    assert save(ops.ana.slash(ops.ops, "/lore record decision").view) == {}
    ops.start()
    ops.ben.say(ops.ops, ROLLBACK)
    ops.driver.fail("*", error=reason)

    ops.drain()

    assert ops.store.outbox_backlog().waiting == 0
    with ops.store.read(ops.team) as tx:
        rows = tx.session.connection().exec_driver_sql(
            "SELECT DISTINCT reason FROM outbox WHERE fate = 'dropped'"
        )
        assert [tuple(row) for row in rows] == [(reason,)]


def test_it_is_logged_once(ops: Ops, caplog: pytest.LogCaptureFixture) -> None:
    for title in ("Roll back", "Roll forward", "Wait"):
        view = ops.ana.slash(ops.ops, "/lore record decision").view
        assert save(view, Title=title) == {}
    ops.driver.fail("*", error="account_inactive")

    ops.drain()

    assert caplog.messages.count("token_not_accepted") == 1
    assert "not_sent" not in caplog.messages
