"""The options of `opslore listen`."""

import argparse
from datetime import date
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to the command's parser."""
    parser.add_argument(
        "export", type=Path, metavar="EXPORT", help="the zip file of a Slack export, or its folder"
    )
    parser.add_argument(
        "--html",
        type=Path,
        metavar="FILE",
        help="write the page here (default: opslore-report.html beside the export)",
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="also write a JSON object per message and per gap"
    )
    parser.add_argument(
        "--entries", type=Path, metavar="FILE", help="a JSON list of entries that are recorded"
    )
    parser.add_argument(
        "--queries", type=Path, metavar="FILE", help="a JSON list of searches; needs --search"
    )
    parser.add_argument(
        "--search", type=Path, metavar="FILE", help="write the result of each search here"
    )
    parser.add_argument(
        "--semantic",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="compare meanings too (default: if opslore[semantic] is installed)",
    )
    parser.add_argument(
        "--into",
        nargs="?",
        const="",
        metavar="TEAM",
        help="let the running bot take over the gaps: into the database at DATABASE_URL; TEAM is "
        "the workspace's ID if the database has several",
    )
    parser.add_argument(
        "--since", type=_day, metavar="DATE", help="only messages since this date (UTC)"
    )
    parser.add_argument(
        "--until", type=_day, metavar="DATE", help="only messages until this date (UTC)"
    )
    parser.add_argument(
        "--channels", metavar="NAMES", help="only these channels, like ops,oncall (default: all)"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} isn't a date. Write it like 2026-03-01."
        ) from error
