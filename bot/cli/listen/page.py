"""The report as one HTML file that needs no network and runs no script but its own."""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Final, TextIO

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from bot.cli.listen import charts
from bot.cli.listen.report import Report
from bot.cli.listen.wording import count, full_day, times

# Everything is in the file itself, and a text that a browser took for markup couldn't load or run
# anything. The hashes allow exactly the style sheet and the script of the page.
_POLICY: Final = "default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'"


def write_page(report: Report, file: TextIO) -> None:
    """Write the page."""
    style, script = _part("report.css"), _part("report.js")
    template = _environment().from_string(_part("report.html.j2"))
    file.writelines(
        template.generate(
            report=report,
            # The project's own files, and no text of the export.
            style=Markup(style),  # noqa: S704 - as above
            script=Markup(script),  # noqa: S704 - as above
            policy=_POLICY.format(style=_allowed(style), script=_allowed(script)),
            drawing=charts,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"count": count, "full_day": full_day, "times": times}
    return environment


def _part(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")


def _allowed(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
