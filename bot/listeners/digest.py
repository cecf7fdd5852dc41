"""The buttons of the digest and of `/lore gaps`, and the digest's settings."""

from collections.abc import Callable, Iterable
from datetime import datetime

from slack_bolt import App

from bot.deps import Deps
from bot.domain.approval import ProposalId
from bot.domain.digests import NOT_RECURRING, Line, LineId, Section
from bot.domain.entries import ChannelId
from bot.domain.errors import NotAllowedError
from bot.domain.gaps import Gap, GapId
from bot.domain.revisions import Change
from bot.domain.schedule import zone_of
from bot.domain.workspaces import ChannelStatus
from bot.listeners.answers import open_view, show, tell, tell_later
from bot.listeners.approval import view_proposal
from bot.listeners.channel_choice import channel_at
from bot.listeners.guard import pressed, submitted
from bot.listeners.reasons import ask_why_retire
from bot.listeners.record import edit, record_gap
from bot.listeners.review import open_review
from bot.slack import ids
from bot.slack.payloads.fields import OLDER, MalformedError, ident, number
from bot.slack.payloads.interactions import ButtonPress, Submission, unpacked
from bot.usecases.entries.find import show_entry
from bot.usecases.listening.gaps import dismiss_gap, list_gaps, reopen_gap
from bot.usecases.ownership.owner import change_owner, say_new_owner
from bot.usecases.review.digest_handling import handle_line, read_dismissed_line, read_line
from bot.usecases.review.verdicts import mark_needs_change, snooze_entry
from bot.usecases.settings.channels import set_digest
from bot.usecases.settings.workspace import WorkspaceForm, set_workspace


def register(app: App, deps: Deps) -> None:
    """Register the buttons and forms. A line's button does the same as that button elsewhere."""
    for action, act, about in (
        (ids.LINE_CERTIFY, _certify, Section.DUE),
        (ids.LINE_CHANGE, _change, Section.DUE),
        (ids.LINE_EDIT, _edit, None),
        (ids.LINE_RETIRE, _retire, None),
        (ids.LINE_SNOOZE, _snooze, Section.DUE),
        (ids.LINE_TAKE_OVER, _take_over, Section.OWNER_GONE),
        (ids.LINE_ASSIGN, _assign, Section.OWNER_GONE),
        (ids.LINE_REVIEW, _review, Section.WAITING),
    ):
        app.action(action)(pressed(deps, _on_entry(deps, act, about)))
    for action, gap_act in ((ids.LINE_RECORD, _record), (ids.LINE_DISMISS, _dismiss)):
        app.action(action)(pressed(deps, _on_gap(deps, gap_act)))

    def _dismiss_listed_gap(press: ButtonPress) -> None:
        gap = _dismiss_gap(deps, press, GapId(number(press.value)))
        show(deps, press, deps.render("gap_dismissed", gap=gap))

    def _reopen_listed_gap(press: ButtonPress) -> None:
        _reopen(deps, press, GapId(number(press.value)))
        tell(deps, press, "This gap is open again. `/lore gaps` lists it.")

    def _reopen_line(press: ButtonPress) -> None:
        reader = deps.people.reader(press.user)
        line = LineId(number(press.value))
        _reopen(deps, press, read_dismissed_line(deps.store, deps.team, line, reader=reader))

    def _show_gaps(press: ButtonPress) -> None:
        reader = deps.people.reader(press.user)
        found = list_gaps(deps.store, deps.team, reader=reader, now=deps.now())
        show(deps, press, deps.render("gaps", gaps=found))

    app.action(ids.GAP_DISMISS)(pressed(deps, _dismiss_listed_gap))
    app.action(ids.GAP_REOPEN)(pressed(deps, _reopen_listed_gap))
    app.action(ids.LINE_REOPEN)(pressed(deps, _reopen_line))
    app.action(ids.SHOW_GAPS)(pressed(deps, _show_gaps))

    def _save_digest(submission: Submission) -> None:
        _set_digest(deps, submission)

    def _save_workspace(submission: Submission) -> None:
        _set_workspace(deps, submission)

    app.view(ids.DIGEST_SETTINGS)(submitted(deps, _save_digest, first=ids.TIMEZONE))
    app.view(ids.WORKSPACE_SETTINGS)(submitted(deps, _save_workspace, first=ids.PERSON_BUDGET))


def _on_entry(
    deps: Deps, act: Callable[[Deps, ButtonPress, Line], None], about: Section | None
) -> Callable[[ButtonPress], None]:
    def line_pressed(press: ButtonPress) -> None:
        line = _line(deps, press, about)
        if line.entry is None:
            raise MalformedError(OLDER)
        act(deps, press, line)

    return line_pressed


def _on_gap(
    deps: Deps, act: Callable[[Deps, ButtonPress, GapId], None]
) -> Callable[[ButtonPress], None]:
    def line_pressed(press: ButtonPress) -> None:
        gap = _line(deps, press).gap
        if gap is None:
            raise MalformedError(OLDER)
        act(deps, press, gap)

    return line_pressed


def _line(deps: Deps, press: ButtonPress, about: Section | None = None) -> Line:
    reader = deps.people.reader(press.user)
    line = LineId(number(press.value))
    return read_line(deps.store, deps.team, line, reader=reader, about=about)


def _settle(deps: Deps, press: ButtonPress, outcome: str, sections: Iterable[Section]) -> None:
    """Settle these reasons of a line. The line is redrawn, which answers the press."""
    line, by, now = LineId(number(press.value)), press.user, deps.now()
    handle_line(deps.store, deps.team, line, sections, by=by, outcome=outcome, now=now)


def _record(deps: Deps, press: ButtonPress, gap: GapId) -> None:
    record_gap(deps, press, gap)


def _dismiss(deps: Deps, press: ButtonPress, gap: GapId) -> None:
    _dismiss_gap(deps, press, gap)
    _settle(deps, press, NOT_RECURRING, [Section.GAPS])


def _dismiss_gap(deps: Deps, press: ButtonPress, gap_id: GapId) -> Gap:
    reader = deps.people.reader(press.user)
    return dismiss_gap(deps.store, deps.team, gap_id, reader=reader, now=deps.now())


def _reopen(deps: Deps, press: ButtonPress, gap_id: GapId) -> None:
    reader = deps.people.reader(press.user)
    reopen_gap(deps.store, deps.team, gap_id, reader=reader, now=deps.now())


def _certify(deps: Deps, press: ButtonPress, line: Line) -> None:
    """Open the text; the modal has the button that certifies it."""
    open_review(deps, press, line.facts["cited"], line.id)


def _change(deps: Deps, press: ButtonPress, line: Line) -> None:
    """Record the verdict on the revision that the digest showed, and open the edit form.

    The verdict stays even if the form can't be opened or isn't saved.
    """
    reader = deps.people.reader(press.user)
    cited = line.facts["cited"]
    mark_needs_change(deps.store, deps.team, reader=reader, key=cited, now=deps.now())
    _settle(deps, press, "needs a change", [Section.DUE])
    edit(deps, press, line.facts["key"])


def _edit(deps: Deps, press: ButtonPress, line: Line) -> None:
    edit(deps, press, line.facts["key"])


def _retire(deps: Deps, press: ButtonPress, line: Line) -> None:
    """Ask for the reason. The line is settled once the form is submitted."""
    ask_why_retire(deps, press, line.facts["key"], line=LineId(number(press.value)))


def _snooze(deps: Deps, press: ButtonPress, line: Line) -> None:
    reader = deps.people.reader(press.user)
    snooze_entry(deps.store, deps.team, reader=reader, key=line.facts["key"], now=deps.now())
    _settle(deps, press, "snoozed", [Section.DUE])


def _take_over(deps: Deps, press: ButtonPress, line: Line) -> None:
    reader = deps.people.reader(press.user)
    changed = change_owner(
        deps.store,
        deps.team,
        reader=reader,
        key=line.facts["key"],
        owner=reader,
        describe=deps.find_reader,
        now=deps.now(),
    )
    if changed.proposal:
        tell(deps, press, say_new_owner(changed, reader))
    else:
        _settle(deps, press, Change.OWNER.words, [Section.OWNER_GONE])


def _review(deps: Deps, press: ButtonPress, line: Line) -> None:
    proposals = line.facts["proposals"]
    if not proposals:
        raise MalformedError(OLDER)
    view_proposal(deps, press, ProposalId(number(proposals[0]["id"])))


def _assign(deps: Deps, press: ButtonPress, line: Line) -> None:
    reader = deps.people.reader(press.user)
    entry = show_entry(deps.store, deps.team, reader=reader, key=line.facts["key"])
    view = deps.render("owner_form", entry=entry, channel=press.channel, thread_ts=press.thread_ts)
    open_view(deps, press.trigger_id, view)


def _set_digest(deps: Deps, submission: Submission) -> None:
    channel_id = ChannelId(ident(unpacked(submission.view.private_metadata), "channel"))
    channel = channel_at(deps, channel_id)
    reader = deps.people.reader(submission.user)
    if channel is None or channel_id not in reader.channels:
        raise NotAllowedError(
            "Only members of the channel can change its digest, and Opslore has to be in it: "
            "`/invite @Opslore`."
        )
    typed, now = submission.view.typed, deps.now()
    watching = set_digest(
        deps.store,
        deps.team,
        reader=reader,
        channel=channel,
        weekday=typed.get(ids.WEEKDAY) or "",
        at=typed.get(ids.TIME) or "",
        timezone=typed.get(ids.TIMEZONE) or "",
        now=now,
    )
    tell_later(deps, channel_id, submission.user, None, _next_digest(watching, now))


def _next_digest(watching: ChannelStatus, now: datetime) -> str:
    """Return when the next digest goes out, in the channel's time zone, in which it was set."""
    channel = watching.channel
    if not channel.live:
        return "Saved. No digest goes out here until you turn Opslore on: `/lore watch on`."
    zone = channel.digest.timezone
    due = watching.next_digest.astimezone(zone_of(zone))
    when = f"{due:%A}, {due:%b} {due.day} at {due:%H:%M} ({zone})"
    served = channel.digest.next_after(now) < watching.next_digest
    today = " Today's has already gone out." if served else ""
    return f"Saved. The next digest goes out on {when}.{today}"


def _set_workspace(deps: Deps, submission: Submission) -> None:
    typed = submission.view.typed
    set_workspace(
        deps.store,
        deps.team,
        WorkspaceForm(
            person_budget=typed.get(ids.PERSON_BUDGET) or "",
            channel_budget=typed.get(ids.CHANNEL_BUDGET) or "",
            prompt_rate=typed.get(ids.PROMPT_RATE) or "",
            backup_after=typed.get(ids.BACKUP_AFTER) or "",
            holidays=typed.get(ids.HOLIDAYS) or "",
            needs_approval=_is_yes(typed.get(ids.REVIEW)),
            approvals=typed.get(ids.APPROVALS) or "",
            self_approval=_is_yes(typed.get(ids.SELF_APPROVAL)),
        ),
        reader=deps.people.reader(submission.user),
        now=deps.now(),
    )


def _is_yes(typed: object) -> bool:
    return typed == "yes"
