"""Playing histories on one database until so many steps were made."""

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from storage.store import Store
from tests.endurance.histories.machine import Histories
from tests.endurance.histories.workplace import Tally

# Of so many rules a workspace lives, and of so many workspaces one seed tells.
_LONG = 50
_MANY = 10


def play(store: Store, steps: int, *, seeded: int, shrink: bool = False) -> Tally:
    """Make at least so many steps, the same for the same seed; any fault is raised.

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
