"""The payloads of interactions, in Slack's shapes."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.errors import ActionRefusedError
from sandbox.installation import Installation
from sandbox.model import Channel, Json, Message, Person
from sandbox.permissions import ResponseUrl, Trigger
from sandbox.view import View


class Payloads:
    """Builds the payloads that Slack sends when a person uses the app."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._workspace = installation.workspace

    def address(self, url: ResponseUrl) -> str:
        """Return the response URL itself."""
        return f"{self._installation.url}/respond/{url.id}"

    def command(  # noqa: PLR0917 - the fields of a command
        self,
        person: Person,
        channel: Channel,
        command: str,
        text: str,
        trigger: Trigger,
        url: ResponseUrl,
    ) -> Json:
        """Return the fields of a slash command."""
        workspace = self._workspace
        name = {"channel": channel.name, "group": "privategroup", "im": "directmessage"}
        return {
            "token": "legacy-verification-token",
            "team_id": workspace.team_id,
            "team_domain": workspace.domain,
            "channel_id": channel.id,
            "channel_name": name[channel.kind],
            "user_id": person.id,
            "user_name": person.name,
            "command": command,
            "text": text,
            "api_app_id": workspace.app_id,
            "is_enterprise_install": "false",
            "response_url": self.address(url),
            "trigger_id": trigger.id,
        }

    def base(self, kind: str, person: Person, trigger: Trigger | None = None) -> Json:
        """Return the fields of every interactive payload.

        Raises:
            ActionRefusedError: the manifest does not enable interactivity.
        """
        workspace = self._workspace
        if not workspace.manifest.interactive:
            raise ActionRefusedError("the app has interactivity turned off")
        fields: Json = {
            "type": kind,
            "user": {
                "id": person.id,
                "username": person.name,
                "name": person.name,
                "team_id": person.team_id,
            },
            "api_app_id": workspace.app_id,
            "token": "legacy-verification-token",
            "team": {"id": workspace.team_id, "domain": workspace.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }
        return fields | ({"trigger_id": trigger.id} if trigger else {})

    def place(self, channel: Channel) -> Json:
        """Return a channel as payloads have it."""
        name = {"channel": channel.name, "group": "privategroup", "im": "directmessage"}
        return {"id": channel.id, "name": name[channel.kind]}

    def where_in_message(self, channel: Channel, message: Message, block: Json) -> Json:
        """Return the fields for an element's message, and for its attachment if it is in one.

        Slack leaves out an ephemeral message itself.
        """
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.to is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        fields = {"container": container, "channel": self.place(channel)}
        for each in message.attachments:
            if block["block_id"] in [inner["block_id"] for inner in each.get("blocks") or []]:
                fields |= _in_attachment(container, each)
        return fields | ({"message": channel.full(message)} if message.to is None else {})

    @staticmethod
    def where_in_view(view: View) -> Json:
        """Return the fields for an element's modal or Home tab."""
        return {"container": {"type": "view", "view_id": view.id}, "view": view.as_view()}

    def in_message(  # noqa: PLR0917 - the fields of a click
        self,
        person: Person,
        channel: Channel,
        message: Message,
        action: Json,
        trigger: Trigger,
        url: ResponseUrl,
    ) -> Json:
        """Return the block_actions of an element in a message."""
        where = self.where_in_message(channel, message, action)
        return (
            self.base("block_actions", person, trigger)
            | where
            | {
                "state": {"values": message.values.get(person.id, {})},
                "response_url": self.address(url),
                "actions": [action],
            }
        )

    def in_view(self, person: Person, view: View, action: Json, trigger: Trigger) -> Json:
        """Return the block_actions of an element in a modal or Home tab."""
        where = self.where_in_view(view)
        return self.base("block_actions", person, trigger) | where | {"actions": [action]}

    def submission(self, person: Person, view: View, trigger: Trigger) -> Json:
        """Return the view_submission of a modal, with the response URLs for its selects."""
        urls = [self._response_to(person, *each) for each in _answerable(view)]
        payload = self.base("view_submission", person, trigger)
        return payload | {"view": view.as_view(), "response_urls": urls}

    def _response_to(self, person: Person, block_id: str, action_id: str, channel: str) -> Json:
        url = self._installation.permissions.response_url(person.id, channel)
        return {
            "block_id": block_id,
            "action_id": action_id,
            "channel_id": channel,
            "response_url": self.address(url),
        }


def _in_attachment(container: Json, attachment: Json) -> Json:
    """Return the fields that differ for an element in an attachment or a link preview."""
    unfurled = bool(attachment.get("is_app_unfurl"))
    inner = container | {
        "type": "message_attachment",
        "attachment_id": attachment["id"],
        "is_app_unfurl": unfurled,
    }
    if not unfurled:
        return {"container": inner}
    inner["app_unfurl_url"] = attachment["app_unfurl_url"]
    return {"container": inner, "app_unfurl": attachment}


def _answerable(view: View) -> Iterator[tuple[str, str, str]]:
    """Yield block_id, action_id and channel of the selects with `response_url_enabled`."""
    for block in view.blocks:
        element = block.get("element", {})
        if block["type"] != "input" or not element.get("response_url_enabled"):
            continue
        state = view.values[block["block_id"]][element["action_id"]]
        chosen = state.get("selected_conversation") or state.get("selected_channel")
        if chosen:
            yield block["block_id"], element["action_id"], chosen
