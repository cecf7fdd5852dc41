"""The verdicts of a review, wherever an entry that is due is shown, and taking one over."""

import functools
from typing import Any, Final

from slack_bolt import App

from bot.deps import Deps
from bot.domain.digests import LineId, Section
from bot.domain.entries import ChannelId, Entry, Key, UserId
from bot.domain.errors import ConflictError, RevisedError
from bot.domain.schedule import zone_of
from bot.domain.visibility import Reader
from bot.listeners.answers import open_over, tell, tell_later
from bot.listeners.guard import pressed, submitted
from bot.listeners.home import publish_home, redraw_home
from bot.listeners.record import edit
from bot.slack import ids
from bot.slack.payloads.fields import (
    OLDER,
    MalformedError,
    needed,
    number,
    optional_ident,
    optional_timestamp,
)
from bot.slack.payloads.interactions import ButtonPress, Submission, unpacked
from bot.usecases.ownership.owner import change_owner, say_new_owner
from bot.usecases.review.digest_handling import handle_line
from bot.usecases.review.verdicts import ask_someone, certify_entry, find_wanting, read_to_certify

_MOVED_ON: Final = "*{} is no longer in force.* Below is {}, which replaced it. Read it first."
_ACCURATE: Final = "Noted: {} is still accurate; due again on {}."


def register(app: App, deps: Deps) -> None:
    """Each verdict is about the exact revision that its button stands beside."""
    for action, listener in (
        (ids.CERTIFY_ENTRY, _opened),
        (ids.CERTIFY_CARD, _accurate),
        (ids.CHANGE_ENTRY, _wanting),
        (ids.ASK_ENTRY, _asked),
        (ids.TAKE_OVER, _taken_over),
    ):
        app.action(action)(pressed(deps, functools.partial(listener, deps)))
    app.view(ids.REVIEW_FORM)(
        submitted(deps, functools.partial(_certified, deps), first=ids.REVIEW_FORM)
    )


def open_review(deps: Deps, press: ButtonPress, cited: str, line: LineId | None = None) -> None:
    """Show the revision in force in a modal whose submit button certifies it.

    `line`: the line of a digest that asked for it.
    """
    view = _review_view(
        deps,
        deps.people.reader(press.user),
        cited,
        {"channel": press.channel, "thread_ts": press.thread_ts, "line": line},
    )
    open_over(deps, press, view)


def _opened(deps: Deps, press: ButtonPress) -> None:
    try:
        open_review(deps, press, press.value)
    except ConflictError:
        # The page is out of date, or it would not have offered this.
        redraw_home(deps, press)
        raise


def _certified(deps: Deps, submission: Submission) -> dict[str, Any] | None:
    """Certify the revision that the modal shows; if another is in force now, show that one."""
    meta = unpacked(submission.view.private_metadata)
    cited, line = needed(meta, "cited"), meta.get("line")
    channel, thread_ts = optional_ident(meta, "channel"), optional_timestamp(meta, "thread_ts")
    reader = deps.people.reader(submission.user)
    try:
        entry = certify_entry(deps.store, deps.team, reader=reader, key=cited, now=deps.now())
    except RevisedError:
        opened_in = {"channel": channel, "thread_ts": thread_ts, "line": line}
        view = _review_view(deps, reader, cited, opened_in)
        return {"response_action": "update", "view": view}
    if line is not None:
        line_id, by = LineId(number(line)), submission.user
        outcome, due = "still accurate", [Section.DUE]
        handle_line(deps.store, deps.team, line_id, due, by=by, outcome=outcome, now=deps.now())
    said = _ACCURATE.format(entry.cited, _day(entry, reader))
    if channel:
        once = f"certified:{submission.view.id}"
        tell_later(deps, ChannelId(channel), submission.user, thread_ts, said, once=once)
        return None
    publish_home(deps, submission.user)
    return {"response_action": "update", "view": deps.render("note_view", text=said)}


def _review_view(
    deps: Deps, reader: Reader, cited: str, opened_in: dict[str, object]
) -> dict[str, Any]:
    found = read_to_certify(deps.store, deps.team, reader=reader, key=cited)
    current = found.card.entry.cited
    moved_on = Key.parse(cited) not in (current, current.entry)
    notice = _MOVED_ON.format(cited, current) if moved_on else ""
    return deps.render("review_view", found=found, notice=notice, **opened_in)


def _accurate(deps: Deps, press: ButtonPress) -> None:
    """Certify the revision whose whole text the card shows."""
    reader = deps.people.reader(press.user)
    try:
        entry = certify_entry(deps.store, deps.team, reader=reader, key=press.value, now=deps.now())
    except ConflictError:
        # The page is out of date, or it would not have offered this.
        redraw_home(deps, press)
        raise
    tell(deps, press, _ACCURATE.format(entry.cited, _day(entry, reader)))
    redraw_home(deps, press)


def _wanting(deps: Deps, press: ButtonPress) -> None:
    """The verdict is kept even where the form can not be opened, or is closed again."""
    reader = deps.people.reader(press.user)
    entry = find_wanting(deps.store, deps.team, reader=reader, key=press.value, now=deps.now())
    edit(deps, press, str(entry.key))


def _asked(deps: Deps, press: ButtonPress) -> None:
    name, _, cited = press.block.partition(".")
    if name != ids.ASK_ENTRY or not press.value:
        raise MalformedError(OLDER)
    asked = deps.people.reader(UserId(press.value))
    entry = ask_someone(
        deps.store,
        deps.team,
        reader=deps.people.reader(press.user),
        key=cited,
        asked=asked,
        now=deps.now(),
    )
    tell(deps, press, f"Noted: {asked.person.name} is asked about {entry.cited} instead.")
    redraw_home(deps, press)


def _taken_over(deps: Deps, press: ButtonPress) -> None:
    reader = deps.people.reader(press.user)
    changed = change_owner(
        deps.store,
        deps.team,
        reader=reader,
        key=press.value,
        owner=reader,
        known=deps.known,
        now=deps.now(),
    )
    proposed = say_new_owner(changed, reader) if changed.proposal else ""
    tell(deps, press, proposed or f"You answer for {changed.entry.key} now.")
    redraw_home(deps, press)


def _day(entry: Entry, reader: Reader) -> str:
    """The day by their own clock, as cards show it."""
    due = entry.due_at.astimezone(zone_of(reader.person.timezone))
    return f"{due:%B} {due.day}, {due.year}"
