"""What a digest says: its figures, and in each line why it is there and what it rests on."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from bot.domain.certification import Certification, DueReasonKind
from bot.domain.digests import Line, Section, Shown
from bot.domain.entries import ChannelId, UserId
from bot.domain.reviewers import Waiting
from bot.slack.text import mrkdwn
from bot.slack.text.clipping import clip
from bot.slack.text.phrases import Names, short
from bot.slack.text.status import date, describe_reason, waits

# A line has room for this many characters of a note; a brief one for this many in all.
_NOTE: Final = 90
_BRIEF: Final = 100
_TIMES: Final = {1: "once", 2: "twice"}

Facts = Mapping[str, Any]


def says(names: Names) -> Callable[..., str]:
    """Return the filter that says, below a line's title, why it is there and where that leads.

    In brief it leaves out the note, and all links but a gap's first.
    """

    def said(line: Line, brief: bool = False) -> str:  # noqa: FBT001, FBT002 - as a template calls it
        facts = line.facts
        links = facts["links"][:1] if brief and line.gap is not None else facts["links"]
        reasons = ", ".join(_reasons(line, names))
        parts = [
            "*new*" if facts.get("new") and not line.settled else "",
            *_settled(line, names),
            clip(reasons, _BRIEF) if brief and reasons else reasons,
            "" if brief else _waits(line, names),
            "" if brief else _note(line),
            *([] if brief and line.gap is None else _linked(links, names)),
        ]
        return " · ".join(filter(None, parts))

    return said


def handled(names: Names) -> Callable[[Line], str]:
    """Return the filter that says who handled a line, and how."""

    def said(line: Line) -> str:
        last = _outcome(line.outcome, line.handled_by or UserId(""), names)
        return " · ".join([*_settled(line, names), last])

    return said


def headline(shown: Shown) -> str:
    """Return the figures of a digest, beside those of the weekly digest before that differ."""
    parts = (
        ("entries", "entry in force", "entries in force"),
        ("uses", "use this week", "uses this week"),
        ("gaps", "gap", "gaps"),
        ("due", "due for review", "due for review"),
    )
    return " · ".join(
        _figure(shown, name, one if shown.digest.figures[name] == 1 else many)
        for name, one, many in parts
    )


def heading(section: Section, shown: Iterable[Line]) -> str:
    """Return the heading of a section: deviations alone are not called failing."""
    if section is Section.FAILING and not any(line.facts.get("failed") for line in shown):
        return "Deviations"
    return section.heading


def quiet(shown: Shown) -> str:
    """Return the one line of a digest that has nothing to report."""
    return f"*Weekly digest*: nothing to report · {headline(shown)} · {_last(shown)}"


def footing(shown: Shown) -> str:
    """Return what isn't listed again, how often Opslore prompted, and when the last digest was."""
    figures = shown.digest.figures
    listed = sum(not line.rest for line in shown.of(Section.GAPS)) + shown.rest(Section.GAPS)
    earlier = figures["gaps"] - listed
    asked = _counted(figures["prompts"], "prompt this week", "prompts this week")
    parts = (
        _counted(earlier, "earlier gap", "earlier gaps") + ": `/lore gaps`" if earlier > 0 else "",
        f"{asked}, {figures['accepted']} accepted"
        if figures["prompts"]
        else "no prompts this week",
        _last(shown),
    )
    return " · ".join(filter(None, parts))


def _last(shown: Shown) -> str:
    if shown.last_posted is None:
        return "this is the first digest here"
    return f"last digest {date(shown.last_posted)}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _figure(shown: Shown, name: str, words: str) -> str:
    before = shown.before.get(name)
    if before in (None, shown.digest.figures[name]):
        was = ""
    elif shown.before_at is None:
        was = f" (last week {before})"
    else:
        was = f" ({before} as of {date(shown.before_at)})"
    return f"*{shown.digest.figures[name]}* {words}{was}"


def _reasons(line: Line, names: Names) -> Iterator[str]:
    """Yield the words of each reason that is still open, the most urgent first.

    That an entry changed is only said if there is nothing else to say.
    """
    for reason in line.open_reasons:
        if reason is not Section.CHANGED or line.section is Section.CHANGED:
            yield from _SAYS[reason](line.facts, names)


def _settled(line: Line, names: Names) -> Iterator[str]:
    """Yield what people did about the other reasons, each deed once."""
    for settled in dict.fromkeys(line.settled.values()):
        yield _outcome(settled.outcome, settled.by, names)


def _outcome(outcome: str, by: UserId, names: Names) -> str:
    done = mrkdwn.defused(outcome[:1].upper() + outcome[1:])
    return f"{done} by {mrkdwn.defused(names(by))}"


def _waits(line: Line, names: Names) -> str:
    waiting = Waiting.of(line.facts["waits"]) if "waits" in line.facts else None
    reason = line.open_reasons[0]
    if reason is Section.DUE or (waiting and waiting.person and reason is Section.OWNER_GONE):
        return waits(names)(waiting).removeprefix(" · ")
    return ""


def _note(line: Line) -> str:
    """Return what people wrote about the reasons of a line that wasn't listed before."""
    if line.facts.get("repeated"):
        return ""
    written = (line.facts.get(_NOTES.get(reason, ""), "") for reason in line.open_reasons)
    note = next(filter(None, written), "")
    return f"“{mrkdwn.defused(clip(short(note), _NOTE))}”" if note else ""


def _linked(links: Iterable[Mapping[str, str]], names: Names) -> Iterator[str]:
    """Yield links that say where they lead: `#ops, Nov 4, clara`."""
    for link in links:
        author = names(UserId(link["author"])) if link["author"] else ""
        label = ", ".join(filter(None, [link["day"], author])) or "message"
        place = f"{mrkdwn.channel(ChannelId(link['channel']))}, " if link["channel"] else ""
        yield place + mrkdwn.link(link["url"], label)


def _say_gap(facts: Facts, _: Names) -> Iterator[str]:
    yield f"{_counted(facts['count'], 'thread', 'threads')} since {facts['since']}"


def _say_owner_gone(facts: Facts, names: Names) -> Iterator[str]:
    yield f"owner {mrkdwn.defused(names(UserId(facts['owner'])))} left or was deactivated"


def _say_due(facts: Facts, names: Names) -> Iterator[str]:
    """Yield how long it is overdue, and why it is due at once.

    That its owner is gone and that it failed are reasons of their own.
    """
    found = Certification.of(facts["state"])
    days = found.overdue.days
    others = [
        describe_reason(reason, names)
        for reason in found.reasons
        if reason.kind is not DueReasonKind.OWNER_GONE
        and not (reason.kind is DueReasonKind.FAILED and facts.get("failed"))
    ]
    if days:
        yield f"overdue {_counted(days, 'day', 'days')}"
    elif not found.reasons:
        yield "due for review"
    yield from others
    if found.never:
        yield "never certified"
    if Section.FAILING.value not in facts.get("reasons", ()):
        yield from _say_failing(facts, names)


def _say_failing(facts: Facts, _: Names) -> Iterator[str]:
    for name in ("failed", "deviated"):
        count = facts.get(name, 0)
        if count:
            yield f"{name} {_TIMES.get(count, f'{count} times')}"


def _say_waiting(facts: Facts, names: Names) -> Iterator[str]:
    proposals = facts["proposals"]
    if not proposals:
        return
    since = date(datetime.fromisoformat(proposals[0]["since"]))
    days = proposals[0].get("days", 0)
    since += f" ({_counted(days, 'day', 'days')})" if days else ""
    if len(proposals) > 1:
        yield f"{len(proposals)} changes have been waiting for approval since {since}"
    else:
        author = mrkdwn.defused(names(UserId(proposals[0]["author"])))
        what = "a draft" if proposals[0].get("draft") else "a change"
        yield f"{what} by {author} has been waiting since {since}"


def _say_incomplete(facts: Facts, _: Names) -> Iterator[str]:
    yield "missing: " + ", ".join(mrkdwn.escape(label) for label in facts["missing"])


def _say_change(facts: Facts, names: Names) -> Iterator[str]:
    yield f"{facts['change']} by {mrkdwn.defused(names(UserId(facts['author'])))}"


_SAYS: Final[dict[Section, Callable[[Facts, Names], Iterator[str]]]] = {
    Section.GAPS: _say_gap,
    Section.OWNER_GONE: _say_owner_gone,
    Section.DUE: _say_due,
    Section.FAILING: _say_failing,
    Section.WAITING: _say_waiting,
    Section.INCOMPLETE: _say_incomplete,
    Section.CHANGED: _say_change,
}


# Where the facts of a line hold what people wrote about a reason.
_NOTES: Final = {
    Section.FAILING: "note",
    Section.WAITING: "proposed_note",
    Section.CHANGED: "change_note",
}


def filters(names: Names) -> dict[str, Callable[..., Any]]:
    """Return the filters of the templates that draw digests."""
    return {
        "says": says(names),
        "handled": handled(names),
        "headline": headline,
        "heading": heading,
        "quiet": quiet,
        "footing": footing,
    }
