"""Run the bot as patiently as tests do: `python -m tests.support.patient [--by-sandbox-clock]`."""

import os
import sys
from dataclasses import replace

from bot.cli.demo import clocked
from bot.cli.run import run
from bot.settings import Settings
from tests.support.patience import PATIENT

BY_SANDBOX_CLOCK = "--by-sandbox-clock"


def main() -> int:
    """Run the bot until it is told to stop; returns the exit status."""
    if BY_SANDBOX_CLOCK in sys.argv:
        return clocked.main(os.environ, PATIENT)
    return run(replace(Settings.from_env(os.environ), timeouts=PATIENT))


if __name__ == "__main__":
    sys.exit(main())
