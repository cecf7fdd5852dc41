"""What a digest says: its figures, and below each line why it is there."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from bot.domain.digests import Line, Section, Shown
from bot.slack import mrkdwn
from bot.slack.certified import date, stood
from bot.slack.limits import LimitError, clip
from bot.slack.render import Render
from bot.slack.words import Names, linked, short, span, who

# So many messages stand behind a line: an entry has the rest of its own, and a path nothing else.
_LINKS: Final = {False: 1, True: 3}
_BRIEF: Final = 100


def drawn(render: Render, name: str, **shown: object) -> dict[str, Any]:
    """A digest, or a message of its thread; one that Slack would not take says less a line."""
    try:
        return render(name, **shown, brief=False)
    except LimitError:
        return render(name, **shown, brief=True)


def says(names: Names) -> Callable[..., str]:
    """What a line of a digest says below its title: why it is there, how it stood, its evidence.

    In brief it leaves out the note, and all links but a path's first.
    """

    def said(line: Line, brief: bool = False) -> str:  # noqa: FBT001, FBT002 - as a template calls it
        facts = line.facts
        first, *more = _SAYS[line.section](facts).split("\n")
        by = f"proposed by {who(names)([facts['author']])}" if "proposed" in facts else ""
        head = " · ".join(filter(None, [first, by, stood(facts, names)]))
        is_path = line.path is not None
        if brief:
            links = facts["links"][:is_path]
            return "\n".join(filter(None, [clip(head, _BRIEF), linked(links)]))
        return "\n".join(filter(None, [head, *more, linked(facts["links"][: _LINKS[is_path]])]))

    return said


def headline(shown: Shown) -> str:
    """The figures of a digest, with those of the weekly one before beside them."""
    parts = (
        ("entries", "entry in force", "entries in force"),
        ("uses", "use this week", "uses this week"),
        ("undocumented", "undocumented path", "undocumented paths"),
        ("due", "due for review", "due for review"),
    )
    return " · ".join(
        _figure(shown, name, one if shown.digest.figures[name] == 1 else many)
        for name, one, many in parts
    )


def footing(shown: Shown) -> str:
    """What Opslore did itself: how often it asked, and that the last digest went out."""
    asked, accepted = shown.digest.figures["prompts"], shown.digest.figures["accepted"]
    prompts = (
        f"Opslore asked {asked} times this week" if asked != 1 else "Opslore asked once this week"
    )
    came = f", {accepted} taken up" if asked else ""
    last = (
        "last digest " + date(shown.last_posted)
        if shown.last_posted
        else "this is the first digest here"
    )
    return f"{prompts}{came} · {last}"


def _figure(shown: Shown, name: str, words: str) -> str:
    before = shown.before.get(name)
    if before is None:
        was = ""
    elif shown.before_at is None:
        was = f" (last week {before})"
    else:
        was = f" ({before} as of {date(shown.before_at)})"
    return f"*{shown.digest.figures[name]}* {words}{was}"


def _said_path(facts: Any) -> str:  # noqa: ANN401 - JSON of a line
    first, last = (datetime.fromisoformat(facts[name]) for name in ("first", "last"))
    return f"{facts['count']} threads, {span(first, last)}"


def _said_due(facts: Any) -> str:  # noqa: ANN401 - JSON of a line
    passed = facts["state"]["overdue"] or not facts["state"]["reasons"]
    return f"Due since {_iso(facts['due'])}" if passed else ""


def _said_failing(facts: Any) -> str:  # noqa: ANN401 - JSON of a line
    note = mrkdwn.defused(short(facts["note"]))
    counted = f"{facts['deviated']} deviated, {facts['failed']} failed since this revision"
    return f"{counted}\n{note}" if note else counted


def _said_waiting(facts: Any) -> str:  # noqa: ANN401 - JSON of a line
    note = mrkdwn.defused(short(facts["note"]))
    said = f"{facts['proposed']} waits since {_iso(facts['since'])}"
    return f"{said}\n{note}" if note else said


def _said_thin(facts: Any) -> str:  # noqa: ANN401 - JSON of a line
    return "Still missing: " + ", ".join(mrkdwn.escape(label) for label in facts["missing"])


def _said_change(facts: Any) -> str:  # noqa: ANN401 - JSON of a line
    note = mrkdwn.defused(short(facts["note"]))
    return f"{facts['change'].capitalize()}: {note}" if note else facts["change"].capitalize()


_SAYS: Final[dict[Section, Callable[[Any], str]]] = {
    Section.UNDOCUMENTED: _said_path,
    Section.DUE: _said_due,
    Section.OWNER_GONE: lambda _: "Its owner left or is deactivated; nobody answers for it",
    Section.FAILING: _said_failing,
    Section.WAITING: _said_waiting,
    Section.THIN: _said_thin,
    Section.CHANGED: _said_change,
}


def _iso(text: str) -> str:
    return date(datetime.fromisoformat(text))


def filters(names: Names) -> dict[str, Callable[..., Any]]:
    """The filters of the templates that draw digests."""
    return {"says": says(names), "headline": headline, "footing": footing}
