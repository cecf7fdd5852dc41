"""Acts of the audit."""

from typing import Any

from bot.domain.audit_acts import Act
from tests.support.ops import Ops


def acts(ops: Ops, **which: Any) -> list[Act]:  # noqa: ANN401 - of acts
    with ops.store.read(ops.team) as tx:
        return list(tx.audit.acts(**which))
