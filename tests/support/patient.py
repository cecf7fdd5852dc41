"""Run a module of the bot, patient as in tests: `python -m tests.support.patient bot.cli run`."""

import importlib
import runpy
import sys

from tests.support.patience import LONG


def main() -> None:
    """Run the module that the first argument names, with those that follow."""
    for name, value in LONG.items():
        module, _, attribute = name.rpartition(".")
        setattr(importlib.import_module(module), attribute, value)
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
