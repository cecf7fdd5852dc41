"""Metrics in the Prometheus text format (prometheus.io, exposition formats)."""

import threading
from collections import Counter
from datetime import datetime
from typing import Final

from storage.store import Store

_lock: Final = threading.Lock()
_counts: Final[Counter[str]] = Counter()


def count(name: str, kind: str) -> None:
    """Count one event: `opslore_<name>_total{kind="<kind>"}`."""
    with _lock:
        _counts[f'opslore_{name}_total{{kind="{kind}"}}'] += 1


def exposition(store: Store, now: datetime) -> str:
    """Return all counts since the start, and the size and age of the outbox."""
    backlog = store.outbox_backlog()
    oldest = (now - backlog.oldest_due).total_seconds() if backlog.oldest_due else 0.0
    with _lock:
        counts = sorted(_counts.items())
    lines = [f"{name} {value}" for name, value in counts]
    lines += [
        f"opslore_outbox_waiting {backlog.waiting}",
        f"opslore_outbox_oldest_seconds {max(0.0, oldest):.3f}",
    ]
    return "\n".join(lines) + "\n"
