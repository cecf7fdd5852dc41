"""Run the bot with short leases, so that what a killed sender had claimed is soon free."""

import os
import sys
from dataclasses import replace
from datetime import timedelta

from bot.cli.run import run
from bot.domain.timeouts import Timeouts
from bot.settings import Settings

SHORT_LEASE = Timeouts(lease=timedelta(seconds=6), longest_call=timedelta(seconds=2))


def main() -> int:
    """Run the bot until it is told to stop; returns the exit status."""
    return run(replace(Settings.from_env(os.environ), timeouts=SHORT_LEASE))


if __name__ == "__main__":
    sys.exit(main())
