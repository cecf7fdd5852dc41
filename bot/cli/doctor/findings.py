"""The findings of checks, and their text on the terminal."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_WIDTH: Final = 100
_MARGIN: Final = 22


class Verdict(StrEnum):
    """The result of a check. A skipped one says which fault to fix first."""

    OK = "ok"
    FAULT = "fault"
    SKIPPED = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line: the check, its result, and how to fix a fault."""

    check: str
    verdict: Verdict
    seen: str
    fix: str = ""


def fine(check: str, seen: str) -> Finding:
    """Return the finding of a check without faults."""
    return Finding(check=check, verdict=Verdict.OK, seen=seen)


def fault(check: str, seen: str, fix: str) -> Finding:
    """Return the finding of a check that found a fault."""
    return Finding(check=check, verdict=Verdict.FAULT, seen=seen, fix=fix)


def skipped(check: str, why: str) -> Finding:
    """Return the finding of a check that couldn't run, or had nothing to check."""
    return Finding(check=check, verdict=Verdict.SKIPPED, seen=why)


def format_findings(findings: Iterable[Finding]) -> str:
    """Return the findings as lines, with the fix below each fault."""
    lines = []
    for finding in findings:
        lines.append(_wrap(f"{finding.verdict:<6} {finding.check:<14} ", finding.seen))
        if finding.fix:
            lines.append(_wrap(" " * (_MARGIN - 2) + "→ ", finding.fix))
    return "\n".join(lines)


def _wrap(head: str, text: str) -> str:
    # A link can't be clicked if it is broken in two.
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=head,
        subsequent_indent=" " * _MARGIN,
        break_long_words=False,
        break_on_hyphens=False,
    )
