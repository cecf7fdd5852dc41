"""The menu of a gap in `/lore gaps`, and the form in which people correct it."""

import functools

from slack_bolt import App

from bot.deps import Deps
from bot.domain.entries import ChannelId
from bot.domain.gaps import GapId
from bot.listeners.answers import open_over, tell_later
from bot.listeners.guard import pressed, submitted
from bot.slack import ids
from bot.slack.payloads.fields import OLDER, MalformedError, ident, number, timestamp
from bot.slack.payloads.interactions import ButtonPress, Submission, unpacked
from bot.usecases.listening.shape_gaps import merge_gaps, read_shaping, rename_gap, split_gap

_ACTS = ("rename", "merge", "split")


def register(app: App, deps: Deps) -> None:
    """Register the menu and the form."""
    app.action(ids.GAP_MENU)(pressed(deps, functools.partial(_open, deps)))
    app.view(ids.GAP_FORM)(submitted(deps, functools.partial(_save, deps), first=ids.TITLE))


def _open(deps: Deps, press: ButtonPress) -> None:
    act, _, gap = press.value.partition(" ")
    if act not in _ACTS:
        raise MalformedError(OLDER)
    reader = deps.people.reader(press.user)
    shaping = read_shaping(deps.store, deps.team, GapId(number(gap)), reader=reader, now=deps.now())
    view = deps.render("gap_form", shaping=shaping, act=act, channel=press.place)
    open_over(deps, press, view)


def _save(deps: Deps, submission: Submission) -> None:
    facts, typed = unpacked(submission.view.private_metadata), submission.view.typed
    gap, reader = GapId(number(facts.get("gap"))), deps.people.reader(submission.user)
    place = (deps.store, deps.team, gap)
    match facts.get("act"):
        case "rename":
            rename_gap(*place, str(typed.get(ids.TITLE) or ""), reader=reader, now=deps.now())
            done = "The gap is renamed."
        case "merge":
            other = GapId(number(typed.get(ids.OTHER_GAP)))
            link = deps.links.permalink
            merge_gaps(*place, other, reader=reader, permalink=link, now=deps.now())
            done = "The two gaps are merged."
        case "split":
            thread = timestamp(typed, ids.SPLIT_THREAD)
            link = deps.links.permalink
            split_gap(*place, thread, reader=reader, permalink=link, now=deps.now())
            done = "The thread is no longer in the gap."
        case _:
            raise MalformedError(OLDER)
    channel = ChannelId(ident(facts, "channel"))
    tell_later(deps, channel, submission.user, None, f"{done} `/lore gaps` lists them all.")
