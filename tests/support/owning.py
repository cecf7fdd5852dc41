"""Entries that a person owns."""

from datetime import timedelta

from bot.domain.entries import UserId
from bot.domain.kinds import Kind
from bot.domain.revisions import Content
from bot.usecases.steps.channels import store_channel
from sandbox.persons import PersonDriver
from sandbox.seen import Channel
from tests.support.ops import Ops


def recorded(
    ops: Ops,
    number: int,
    *,
    owner: PersonDriver | None = None,
    backup: PersonDriver | None = None,
    channel: Channel | None = None,
) -> None:
    """Record entries, of ana unless another owner is named."""
    with ops.store.transaction(ops.team) as tx:
        for _ in range(number):
            typed = {
                "title": f"Roll back {_}",
                "rule": "As agreed.",
                "owner": (owner or ops.ana).id,
            }
            content = Content.of(
                Kind.DECISION, typed | ({"backup": backup.id} if backup is not None else {})
            )
            now = ops.clock()
            home = ops.bot.deps.people.channel(str(channel or ops.ops))  # type: ignore[arg-type] # an id
            assert home is not None
            store_channel(tx, home, now)
            tx.entries.add(
                content,
                home=home.id,
                author=UserId(ops.ana.id),
                at=now,
                due_at=now + timedelta(days=90),
            )
