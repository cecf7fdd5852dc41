"""The loop that plays histories on one database for a number of steps."""

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from storage.store import Store
from tests.endurance.histories.machine import Histories
from tests.endurance.histories.workplace import Tally

# A workspace lives for this many rules, and a seed has this many workspaces.
_LONG = 50
_MANY = 10


def play(store: Store, steps: int, *, seeded: int, shrink: bool = False) -> Tally:
    """Run at least this many steps, the same for the same seed; raise any fault.

    `shrink`: look for a short history with the same fault, which takes minutes.
    """

    class Here(Histories):
        tally = Tally()

    Here.store = store
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    while Here.tally.steps < steps:
        seed(seeded)(Here)
        seeded += 1
        run_state_machine_as_test(
            Here,
            settings=settings(
                max_examples=_MANY,
                stateful_step_count=_LONG,
                deadline=None,
                database=None,
                phases=phases,
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
    return Here.tally
