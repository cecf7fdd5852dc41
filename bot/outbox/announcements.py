"""Announcements of revisions that came into force, to a home channel or to one person."""

import functools
from collections.abc import Mapping
from dataclasses import replace

from bot.deps import Deps
from bot.domain.outbox import OutboxItem
from bot.outbox.delivery import (
    Drawing,
    addressed_directly,
    channel_of_post,
    find_posted,
    post_and_finish,
    post_item,
)
from bot.slack.api.posting import RefusedError, update_message
from bot.usecases.approval.announcements import (
    announce_to_people,
    can_see_entry,
    read_announcement,
    record_announcement,
)
from bot.usecases.steps.announcements import announcement_name


def send_announcement(deps: Deps, item: OutboxItem) -> None:
    """Announce a revision in the home channel, mentioning the people it names, or to one person."""
    entry, number = item.payload["entry"], item.payload["revision"]
    if item.user is not None:
        reader = deps.people.reader(item.user)
        announcement = read_announcement(deps.store, deps.team, entry, number, reader=reader)
        if not can_see_entry(deps.store, deps.team, announcement.entry, reader=reader):
            raise RefusedError("out_of_sight")
        message = deps.render("announcement", found=announcement, mentioned=())
        post_and_finish(deps, addressed_directly(deps, item), message)
        return
    announcement = read_announcement(deps.store, deps.team, entry, number)
    named = [deps.people.known_reader(user) for user in announcement.named]
    mentioned = tuple(reader.user for reader in named if item.channel in reader.channels)
    message = deps.render("announcement", found=announcement, mentioned=mentioned)
    others = {
        reader.user for reader in named if reader.user not in mentioned and reader.person.member
    }
    try:
        ts = _post_in_thread(deps, item, message)
    except RefusedError:
        # The channel can't be posted to, so everyone named gets the announcement directly.
        announce_to_people(deps.store, item, others.union(mentioned), now=deps.now())
        raise
    record_announcement(deps.store, item, ts=ts, others=others, now=deps.now())
    deps.wake()


def redraw_announcement(deps: Deps, item: OutboxItem) -> None:
    """Redraw an announcement in place."""
    update_message(deps.client, functools.partial(_announcement_drawing, deps, item))


def _post_in_thread(deps: Deps, item: OutboxItem, message: Mapping[str, object]) -> str:
    """Post in the thread of the entry's first announcement, or in the channel if that is gone."""
    root = find_posted(deps, announcement_name(item.payload["entry"]), but=item.id)
    try:
        return post_item(deps, replace(item, thread_ts=root.ts if root else None), message)
    except RefusedError as error:
        if error.reason != "thread_not_found":
            raise
        return post_item(deps, item, message)


def _announcement_drawing(deps: Deps, item: OutboxItem) -> Drawing | None:
    if item.ts is None:
        return None
    entry, number = item.payload["entry"], item.payload["revision"]
    reader = deps.people.reader(item.user) if item.user is not None else None
    announcement = read_announcement(deps.store, deps.team, entry, number, reader=reader)
    message = deps.render("announcement", found=announcement, mentioned=())
    return {"channel": channel_of_post(deps, item), "ts": item.ts, **message}
