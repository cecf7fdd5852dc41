"""What a check found, and how it is written on the terminal."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_WIDTH: Final = 100
_MARGIN: Final = 22


class Verdict(StrEnum):
    """What came of a check; one that could not be made says which fault to mend first."""

    OK = "ok"
    FAULT = "fault"
    SKIPPED = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line: what was looked at, what was seen, and the mend where it is a fault."""

    check: str
    verdict: Verdict
    seen: str
    mend: str = ""


def fine(check: str, seen: str) -> Finding:
    """A check that found all well."""
    return Finding(check=check, verdict=Verdict.OK, seen=seen)


def fault(check: str, seen: str, mend: str) -> Finding:
    """A check that found a fault."""
    return Finding(check=check, verdict=Verdict.FAULT, seen=seen, mend=mend)


def skipped(check: str, why: str) -> Finding:
    """A check that could not be made, or has nothing to look at."""
    return Finding(check=check, verdict=Verdict.SKIPPED, seen=why)


def written(findings: Iterable[Finding]) -> str:
    """The findings as lines, each fault with its mend beneath."""
    lines = []
    for finding in findings:
        lines.append(_hung(f"{finding.verdict:<6} {finding.check:<14} ", finding.seen))
        if finding.mend:
            lines.append(_hung(" " * (_MARGIN - 2) + "→ ", finding.mend))
    return "\n".join(lines)


def _hung(head: str, text: str) -> str:
    # A link that is broken in two can not be clicked.
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=head,
        subsequent_indent=" " * _MARGIN,
        break_long_words=False,
        break_on_hyphens=False,
    )
