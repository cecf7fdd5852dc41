"""When a prompt or a gap is too old."""

from datetime import timedelta
from typing import Final

# Prompt budgets are per this period.
BUDGET_PERIOD: Final = timedelta(hours=24)
# A prompt is dropped after this time, because people have moved on.
STALE: Final = timedelta(minutes=45)
# A gap that hasn't come up for this long isn't listed.
GAP_KEPT: Final = timedelta(days=60)
