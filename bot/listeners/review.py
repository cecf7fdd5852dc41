"""The verdicts of a review, wherever an entry is shown, and `Take over`."""

import functools
from typing import Any, Final

from slack_bolt import App

from bot.deps import Deps
from bot.domain.digests import LineId, Section
from bot.domain.entries import ChannelId, Entry, Key, UserId
from bot.domain.errors import ConflictError, RevisedError
from bot.domain.schedule import day_in, zone_of
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
from bot.usecases.review.verdicts import (
    ask_someone,
    certify_entry,
    mark_needs_change,
    read_to_certify,
)

_MOVED_ON: Final = "*{} is no longer in force.* Read {}, which replaced it, first."
_ACCURATE: Final = "Noted that {} is still accurate. It is due again on {}."


def register(app: App, deps: Deps) -> None:
    """Register the buttons. Each verdict is about the revision that its button was shown with."""
    for action, listener in (
        (ids.CERTIFY_ENTRY, _open),
        (ids.CERTIFY_CARD, _certify_shown),
        (ids.CHANGE_ENTRY, _want_change),
        (ids.ASK_ENTRY, _ask_someone),
        (ids.TAKE_OVER, _take_over),
    ):
        app.action(action)(pressed(deps, functools.partial(listener, deps)))
    app.view(ids.REVIEW_FORM)(
        submitted(deps, functools.partial(_certify, deps), first=ids.REVIEW_FORM)
    )


def open_review(deps: Deps, press: ButtonPress, cited: str, line: LineId | None = None) -> None:
    """Show the revision in force in a modal whose submit button certifies it.

    `line`: the line of a digest that has the button.
    """
    view = _review_view(
        deps,
        deps.people.reader(press.user),
        cited,
        {"channel": press.channel, "thread_ts": press.thread_ts, "line": line},
    )
    open_over(deps, press, view)


def _open(deps: Deps, press: ButtonPress) -> None:
    try:
        open_review(deps, press, press.value)
    except ConflictError:
        # App Home is out of date.
        redraw_home(deps, press)
        raise


def _certify(deps: Deps, submission: Submission) -> dict[str, Any] | None:
    """Certify the revision that the modal shows. If another is in force now, show that one."""
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
    text = _ACCURATE.format(entry.cited, _due_day(deps, entry, reader))
    if channel:
        once = f"certified:{submission.view.id}"
        tell_later(deps, ChannelId(channel), submission.user, thread_ts, text, once=once)
        return None
    publish_home(deps, submission.user)
    return {"response_action": "update", "view": deps.render("note_view", text=text)}


def _review_view(
    deps: Deps, reader: Reader, cited: str, opened_in: dict[str, object]
) -> dict[str, Any]:
    found = read_to_certify(deps.store, deps.team, reader=reader, key=cited)
    current = found.card.entry.cited
    moved_on = Key.parse(cited) not in (current, current.entry)
    notice = _MOVED_ON.format(cited, current) if moved_on else ""
    return deps.render("review_view", found=found, notice=notice, **opened_in)


def _certify_shown(deps: Deps, press: ButtonPress) -> None:
    """Certify the revision that the card shows in full."""
    reader = deps.people.reader(press.user)
    try:
        entry = certify_entry(deps.store, deps.team, reader=reader, key=press.value, now=deps.now())
    except ConflictError:
        # App Home is out of date.
        redraw_home(deps, press)
        raise
    tell(deps, press, _ACCURATE.format(entry.cited, _due_day(deps, entry, reader)))
    redraw_home(deps, press)


def _want_change(deps: Deps, press: ButtonPress) -> None:
    """Record the verdict, then open the form. The verdict stays even if the form isn't saved."""
    reader = deps.people.reader(press.user)
    entry = mark_needs_change(deps.store, deps.team, reader=reader, key=press.value, now=deps.now())
    edit(deps, press, str(entry.key))


def _ask_someone(deps: Deps, press: ButtonPress) -> None:
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
    tell(deps, press, f"{asked.person.name} has been asked to review {entry.cited} instead.")
    redraw_home(deps, press)


def _take_over(deps: Deps, press: ButtonPress) -> None:
    reader = deps.people.reader(press.user)
    changed = change_owner(
        deps.store,
        deps.team,
        reader=reader,
        key=press.value,
        owner=reader,
        describe=deps.find_reader,
        now=deps.now(),
    )
    proposed = say_new_owner(changed, reader) if changed.proposal else ""
    tell(deps, press, proposed or f"You now own {changed.entry.key}.")
    redraw_home(deps, press)


def _due_day(deps: Deps, entry: Entry, reader: Reader) -> str:
    """Return the due date in the reader's time zone, as cards show it."""
    return day_in(entry.due_at, zone_of(reader.person.timezone), deps.now())
