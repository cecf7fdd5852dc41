"""The workspace as one person sees it: people, channels and messages."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Literal

from sandbox import presentation
from sandbox.drawing import words_of_message
from sandbox.installation import Installation
from sandbox.model import Channel, Json, Message, Person

# Messages per page of the list: a screen or two. The page asks for older ones on scrolling.
PAGE = 60
# The largest count that Slack shows.
_MOST_UNREAD = 99

Direction = Literal["before", "after", "around"]


class Look:
    """Reads the workspace as one person may see it, under the workspace's lock."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._workspace = installation.workspace

    def surroundings(self, user: str) -> Json:
        """Return everything except messages: app, people, channels, views.

        For an unknown user, only the parts that don't depend on a person.
        """
        workspace, views = self._workspace, self._installation.views
        with workspace.lock:
            workspace.looked_at()
            now = workspace.clock.seconds()
            parts: Json = {
                "app": self._app(),
                "people": [each.as_user(now) for each in workspace.people.values()],
                "clock": workspace.clock.as_json(),
                "refused": self._installation.log.refused,
                "welcome": self._installation.welcome,
            }
            person = workspace.people.get(user)
            if person is None:
                return parts
            visible = [each for each in workspace.channels.values() if workspace.sees(user, each)]
            modal, home = views.current(user), views.homes.get(user)
            return parts | {
                "channels": [self._channel(person, each) for each in visible],
                "modal": presentation.view(workspace, modal) if modal else None,
                "depth": len(views.stacks.get(user, [])),
                "home": presentation.view(workspace, home) if home else None,
            }

    def _app(self) -> Json:
        workspace, manifest = self._workspace, self._workspace.manifest
        return {
            "name": manifest.name,
            "bot": workspace.bot.id,
            "team": workspace.team_id,
            "domain": workspace.domain,
            "installed": workspace.installed,
            "home_tab": manifest.home_tab,
            "messages_tab": manifest.messages_tab,
            "read_only": manifest.read_only,
            "usergroups": [
                {"id": each.id, "handle": each.handle} for each in workspace.usergroups.values()
            ],
            "commands": [
                {"name": each.name, "hint": each.usage_hint, "description": each.description}
                for each in manifest.commands.values()
            ],
            "shortcuts": [
                {"name": each.name, "kind": each.kind, "description": each.description}
                for each in manifest.shortcuts
            ],
        }

    def _channel(self, person: Person, channel: Channel) -> Json:
        member = self._workspace.bot.id in channel.members
        about = channel.as_conversation(member=member)
        return about | self._unread(person, channel) | {"members": list(channel.members)}

    def _unread(self, person: Person, channel: Channel) -> Json:
        read = person.read.get(channel.id, self._workspace.first_look)
        mine = person.id in channel.members
        fresh = channel.order[bisect_right(channel.order, read) :] if mine else []
        messages = [channel.messages[ts] for ts in fresh]
        unread = [each for each in messages if each.user != person.id and _counts(each)]
        direct, mention = channel.kind == "im", f"<@{person.id}>"
        return {
            "read": read,
            "unread": min(len(unread), _MOST_UNREAD),
            "mentions": sum(direct or mention in each.text for each in unread),
        }

    def unread(self, user: str) -> Json:
        """Return how many unread messages and mentions a person has in all their channels."""
        workspace = self._workspace
        person = workspace.people[user]
        counts = [self._unread(person, each) for each in workspace.channels.values()]
        return {
            "unread": min(sum(each["unread"] for each in counts), _MOST_UNREAD),
            "mentions": sum(each["mentions"] for each in counts),
        }

    def changes(self, user: str, channel: str, since: int) -> Json:
        """Return a channel's messages that changed after `since`, and the ts of deleted ones.

        `change` is the number for the next call. The lists are empty if the
        person can't see the channel.
        """
        workspace = self._workspace
        with workspace.lock:
            place = self._seen(user, channel)
            if place is None:
                return {"messages": [], "gone": [], "change": since}
            messages = [*place.messages.values(), *place.ephemerals]
            fresh = [each for each in messages if each.change > since and each.to in (None, user)]
            gone = [(number, ts) for number, ts in place.gone if number > since]
            numbers = [since, *(each.change for each in fresh), *(number for number, _ in gone)]
            return {
                "messages": self._shown(user, place, fresh),
                "gone": [ts for _, ts in gone],
                "change": max(numbers),
            }

    def history(
        self, user: str, channel: str, *, towards: Direction = "before", ts: str = ""
    ) -> Json:
        """Return a page of a channel's list: before or after a message, around it, or the latest.

        `change` is the number of the channel's last change; `older` and `newer` say whether the
        list goes on at either end. The list has no replies.
        """
        workspace = self._workspace
        with workspace.lock:
            place = self._seen(user, channel)
            if place is None:
                return {"messages": [], "older": False, "newer": False, "change": 0}
            messages = self._listed(user, place)
            begin, end = _window([each.ts for each in messages], towards, ts)
            return {
                "messages": self._shown(user, place, messages[begin:end]),
                "older": begin > 0,
                "newer": end < len(messages),
                "change": self._last_change(place),
            }

    def thread(self, user: str, channel: str, ts: str) -> list[Json]:
        """Return a thread, its root first, with the ephemeral messages for this person."""
        workspace = self._workspace
        with workspace.lock:
            place = self._seen(user, channel)
            if place is None:
                return []
            inside = [ts, *place.threads.get(ts, [])]
            messages = [place.messages[each] for each in inside if each in place.messages]
            alone = [e for e in place.ephemerals if e.to == user and e.thread_ts == ts]
            return self._shown(user, place, sorted([*messages, *alone], key=lambda each: each.ts))

    def _seen(self, user: str, channel: str) -> Channel | None:
        place = self._workspace.channels.get(channel)
        if place is None or user not in self._workspace.people:
            return None
        return place if self._workspace.sees(user, place) else None

    @staticmethod
    def _listed(user: str, channel: Channel) -> list[Message]:
        alone = [each for each in channel.ephemerals if each.to == user]
        posted = (channel.messages[ts] for ts in channel.order)
        messages = [each for each in [*posted, *alone] if _is_listed(each)]
        return sorted(messages, key=lambda each: each.ts) if alone else messages

    def _shown(self, user: str, channel: Channel, messages: Iterable[Message]) -> list[Json]:
        return [self._one(user, channel, each) for each in messages]

    def _one(self, user: str, channel: Channel, message: Message) -> Json:
        shown = presentation.message(self._workspace, channel, message)
        shown["values"] = message.values.get(user, {})
        root = channel.messages.get(message.root)
        if message.subtype == "thread_broadcast" and root is not None:
            shown["root"] = words_of_message(root, self._workspace)
        return shown

    @staticmethod
    def _last_change(channel: Channel) -> int:
        changes = [each.change for each in [*channel.messages.values(), *channel.ephemerals]]
        return max([0, *changes, *(number for number, _ in channel.gone[-1:])])


def _is_listed(message: Message) -> bool:
    """Return whether it is in the channel's list: no reply, unless it was also sent there."""
    return message.root == message.ts or message.subtype == "thread_broadcast"


def _counts(message: Message) -> bool:
    """Return whether it makes a channel unread; joins and leaves don't."""
    return _is_listed(message) and not (message.subtype or "").endswith(("_join", "_leave"))


def _window(order: list[str], towards: Direction, ts: str) -> tuple[int, int]:
    """Return the start and end of a page in a list of timestamps."""
    if not ts:
        return max(0, len(order) - PAGE), len(order)
    if towards == "before":
        end = bisect_left(order, ts)
        return max(0, end - PAGE), end
    if towards == "after":
        begin = bisect_right(order, ts)
        return begin, min(len(order), begin + PAGE)
    middle = bisect_left(order, ts)
    return max(0, middle - PAGE // 2), min(len(order), middle + PAGE // 2)
