"""Each test's workspace is a copy of one that was played."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import make_engine
from storage.store import Store
from tests.support.beginnings import Beginning
from tests.support.databases import opened, sqlite_url
from tests.support.ops import Ops
from tests.support.patience import PATIENT


@pytest.fixture
def beginnings() -> dict[str, Beginning]:
    """Return none yet, so that the workspace of this test is played."""
    return {}


@pytest.fixture
def other_store(ops: Ops, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Open a second database of the same kind."""
    if ops.store.dialect == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        path = Path(shutil.copy(template, tmp_path / "other.db"))
        with opened(make_engine(sqlite_url(path), PATIENT)) as store:
            yield store
    else:
        with (
            request.getfixturevalue("postgresql").migrated() as url,
            opened(make_engine(url, PATIENT)) as store,
        ):
            yield store


@pytest.fixture
def copied(other_store: Store, beginnings: dict[str, Beginning]) -> Iterator[Ops]:
    """Return a copy of the played workspace."""
    found = Ops(other_store)
    found.open(beginnings)
    yield found
    found.close()


def test_a_copied_workspace_goes_on_as_the_played_one(ops: Ops, copied: Ops) -> None:
    told = []
    for each in (ops, copied):
        key = each.record(each.ana, "Deploys")
        shown = each.ben.slash(each.ops, "/lore show deploys").text
        messages = [message.text for message in each.driver.messages(each.ops)]
        with each.store.read(each.team) as tx:
            acts = [(act.actor, act.action, act.subject) for act in tx.audit.acts()]
            assert not tx.audit.verify().faults
        told.append((key, shown, messages, acts))
    assert told[0] == told[1]
