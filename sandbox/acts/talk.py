"""Posting and reading messages."""

from __future__ import annotations

from collections.abc import Sequence

from sandbox import markup, messages, presentation
from sandbox.attachments import share
from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation
from sandbox.model import Channel, Json, Message
from sandbox.rich_text import rich_text


class Talk:
    """Acts of people on messages."""

    def __init__(self, installation: Installation) -> None:
        self._workspace = installation.workspace
        self._delivery = installation.delivery

    def say(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread: str | None = None,
        at: float | None = None,
        files: Sequence[str] = (),
        wait: bool = True,
    ) -> str:
        """Post a message as typed by a person and return its ts; `at` is in seconds since 1970.

        `files` are ids of their uploads.

        Raises:
            ActionRefusedError: they aren't in the channel, it is archived, the app takes no direct
                messages, or a file isn't theirs.
        """
        with self._delivery.waited(wait=wait):
            return self.post(user, channel, text, thread=thread, at=at, files=files)

    def post(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread: str | None = None,
        at: float | None = None,
        broadcast: bool = False,
        files: Sequence[str] = (),
    ) -> str:
        """Post a message as `say` does, without waiting for the app.

        A reply with `broadcast` is also shown in the channel.
        """
        workspace = self._workspace
        with workspace.lock:
            place, person = workspace.channel(channel), workspace.person(user)
            if person.id not in place.members or person.deleted:
                raise ActionRefusedError(f"{person.name} is not in #{place.name}")
            if place.archived:
                raise ActionRefusedError(f"#{place.name} is archived")
            if place.kind == "im" and not person.bot and workspace.manifest.read_only:
                raise ActionRefusedError("sending messages to this app has been turned off")
            # A bot posts markup, a person types text.
            live = text if person.bot else markup.typed(text, workspace.names)
            root = self._message(place, thread).root if thread else None
            subtype = "thread_broadcast" if root and broadcast else None
            message = messages.typed_message(
                workspace, place, person.id, live, at=at, thread_ts=root, subtype=subtype
            )
            share(workspace, message, files)
            messages.post(workspace, place, message)
            return message.ts

    def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """Edit a person's own message."""
        workspace = self._workspace
        with self._delivery.waited(), workspace.lock:
            place, person = workspace.channel(channel), workspace.person(user)
            message = self._message(place, ts)
            if message.user != person.id:
                raise ActionRefusedError(f"{person.name} did not write this message")
            live = markup.typed(text, workspace.names)

            def to(old: Message) -> None:
                old.text = live
                old.blocks = rich_text(live, workspace.number()[:5])
                old.edited = {"user": person.id, "ts": workspace.clock.ts()}

            messages.change(workspace, place, message, to)

    def delete(self, channel: str, ts: str, user: str | None = None) -> None:
        """Delete a message: the user's own, or anyone's if `user` is None."""
        workspace = self._workspace
        with self._delivery.waited(), workspace.lock:
            place = workspace.channel(channel)
            message = self._message(place, ts)
            if user is not None and message.user != workspace.person(user).id:
                raise ActionRefusedError("only admins delete what others wrote")
            messages.remove(workspace, place, message)

    def remove_preview(self, user: str, channel: str, ts: str, attachment: int) -> None:
        """Remove a link preview from a person's own message, by the attachment's id."""
        workspace = self._workspace
        with self._delivery.waited(), workspace.lock:
            place, person = workspace.channel(channel), workspace.person(user)
            message = self._message(place, ts)
            remaining = [each for each in message.attachments if each.get("id") != attachment]
            if message.user != person.id or remaining == message.attachments:
                raise ActionRefusedError("one removes previews from what one wrote oneself")

            def to(old: Message) -> None:
                old.attachments = remaining

            messages.change(workspace, place, message, to)

    def react(
        self, user: str, channel: str, ts: str, name: str, *, take: bool = False, wait: bool = True
    ) -> None:
        """Add or remove a reaction."""
        workspace = self._workspace
        with self._delivery.waited(wait=wait), workspace.lock:
            place, person = workspace.channel(channel), workspace.person(user)
            if not workspace.sees(person.id, place):
                raise ActionRefusedError(f"{person.name} can't see #{place.name}")
            message = self._message(place, ts)
            messages.react(workspace, place, message, person.id, name.strip(":"), take=take)

    def messages(self, channel: str) -> list[Json]:
        """Return all messages of a channel by time, replies included."""
        with self._workspace.lock:
            place = self._workspace.channel(channel)
            messages = [place.messages[ts] for ts in place.order]
            return [presentation.message(self._workspace, place, each) for each in messages]

    def thread(self, channel: str, ts: str) -> list[Json]:
        """Return a thread, its root first."""
        with self._workspace.lock:
            place = self._workspace.channel(channel)
            root = self._message(place, ts).root
            every = [root, *place.threads.get(root, [])]
            return [
                presentation.message(self._workspace, place, place.messages[each]) for each in every
            ]

    def sees(self, user: str, channel: str) -> list[Json]:
        """Return what a person sees in a channel, with ephemeral messages; [] without access."""
        workspace = self._workspace
        with workspace.lock:
            place, person = workspace.channel(channel), workspace.person(user)
            if not workspace.sees(person.id, place):
                return []
            messages = [*place.messages.values(), *self._only_to(person.id, place)]
            messages.sort(key=lambda message: message.ts)
            return [presentation.message(workspace, place, each) for each in messages]

    def ephemerals(self, user: str, channel: str | None = None) -> list[Json]:
        """Return a person's ephemeral messages in one channel or in all, by time."""
        workspace = self._workspace
        with workspace.lock:
            person = workspace.person(user)
            where = [workspace.channel(channel)] if channel else list(workspace.channels.values())
            pairs = [(each, place) for place in where for each in self._only_to(person.id, place)]
            pairs.sort(key=lambda pair: pair[0].ts)
            return [presentation.message(workspace, place, each) for each, place in pairs]

    def dms(self, user: str) -> list[Json]:
        """Return the direct messages between a person and the app's bot."""
        workspace = self._workspace
        with workspace.lock:
            person = workspace.person(user)
            for channel in workspace.channels.values():
                if channel.kind == "im" and channel.user == person.id:
                    messages = [channel.messages[ts] for ts in channel.order]
                    return [presentation.message(workspace, channel, each) for each in messages]
            return []

    @staticmethod
    def _only_to(user: str, channel: Channel) -> list[Message]:
        return [message for message in channel.ephemerals if message.to == user]

    @staticmethod
    def _message(channel: Channel, ts: str) -> Message:
        if ts not in channel.messages:
            raise ActionRefusedError(f"there is no message {ts} in #{channel.name}")
        return channel.messages[ts]
