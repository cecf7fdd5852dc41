"""Serve a workspace until it is stopped: `python -m sandbox --manifest manifest.yml`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from sandbox.delivery import ACK_SECONDS
from sandbox.manifest import Manifest
from sandbox.permissions import TRIGGER_SECONDS
from sandbox.server import Sandbox
from sandbox.timing import Timing

_LOOK_SECONDS = 1.0


def main(arguments: list[str] | None = None) -> int:
    """Print the app's environment variables, and serve until SIGTERM or SIGINT.

    Messages for people go to stderr, because stdout may be a file that the app reads.
    """
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--manifest", type=Path, default=Path("manifest.yml"))
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--mode", choices=("socket", "http"), default="socket")
    parser.add_argument("--request-url", help="where the app listens in http mode")
    parser.add_argument("--rate-limits", action="store_true", help="refuse calls beyond the tiers")
    parser.add_argument(
        "--ack-seconds", type=float, default=ACK_SECONDS, help="how long Slack waits for the app"
    )
    parser.add_argument(
        "--trigger-seconds",
        type=float,
        default=TRIGGER_SECONDS,
        help="how long after an act the app may open a modal",
    )
    options = parser.parse_args(arguments)
    if options.mode == "http" and not options.request_url:
        parser.error("--mode http needs --request-url")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        manifest = Manifest.load(options.manifest)
    except (OSError, ValueError, KeyError) as error:
        parser.error(f"{options.manifest}: {error}")
    sandbox = Sandbox(
        options.manifest,
        mode=options.mode,
        request_url=options.request_url,
        rate_limits=options.rate_limits,
        timing=Timing(ack_seconds=options.ack_seconds, trigger_seconds=options.trigger_seconds),
        port=options.port,
    )
    with sandbox:
        for name, value in sandbox.environment.items():
            sys.stdout.write(f"{name}={value}\n")
        sys.stdout.flush()
        sys.stderr.write(f"{manifest.name} is installed. Open {sandbox.url}/page/ in a browser.\n")
        # In a process that was suspended, the signal may reach a thread that can't wake this one.
        while not stop.wait(_LOOK_SECONDS):
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
