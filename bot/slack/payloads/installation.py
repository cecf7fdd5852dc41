"""The installation of the bot, and whether a payload was sent to it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.domain.entries import TeamId
from bot.slack.payloads.fields import MalformedError, mapping, optional

# An id or the name of an event, which can't contain text by a person.
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The workspace or the Enterprise Grid organization in which the bot is installed.

    `enterprise` is the organization's id; empty if the workspace belongs to none.
    """

    team: TeamId
    enterprise: str = ""
    is_org_wide: bool = False

    @classmethod
    def of(cls, me: Mapping[str, Any]) -> "Installation":
        """Read the answer of `auth.test`."""
        return cls(
            team=TeamId(me["team_id"]),
            enterprise=me.get("enterprise_id") or "",
            is_org_wide=bool(me.get("is_enterprise_install")),
        )

    def owns(self, body: Mapping[str, Any]) -> bool:
        """Return whether a payload was sent to this installation.

        This isn't about the person who acts. In a Slack Connect channel, that can be someone from
        another organization; they are refused later.

        Raises:
            MalformedError: the payload doesn't have the documented shape.
        """
        if self.is_org_wide:
            return self.enterprise in _enterprises(body)
        return self.team in _teams(body)


def describe_sender(body: Mapping[str, Any]) -> dict[str, str]:
    """Return what may be logged about a payload that isn't ours: its kind and ids, no text."""
    event = body.get("event")
    parts = {
        "kind": body.get("type") or body.get("command"),
        "event": event.get("type") if isinstance(event, Mapping) else None,
        "event_id": body.get("event_id"),
    }
    plain = {name: text for name, value in parts.items() if (text := _plain(value))}
    return plain | {"teams": " ".join(filter(None, map(_plain, _readable_teams(body))))}


def _plain(value: object) -> str:
    text = value.removeprefix("/") if isinstance(value, str) else ""
    return text if _PLAIN.fullmatch(text) else ""


def _readable_teams(body: Mapping[str, Any]) -> Iterator[str]:
    try:
        yield from _teams(body)
    except MalformedError:
        return


def _teams(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the workspaces whose installation a payload was sent to; usually one.

    The order is that of Bolt's `extract_team_id`. A form that was opened across Slack Connect names
    the installation; an event names it next to the workspace where it happened.
    """
    if installed := optional(body, "view", "app_installed_team_id"):
        yield installed
    elif authorizations := _authorizations(body):
        yield from (optional(item, "team_id") for item in authorizations)
    elif isinstance(body.get("team"), str):
        yield optional(body, "team")
    else:
        # An interaction with an organization-wide installation has no `team`.
        paths = (("team", "id"), ("team_id",), ("user", "team_id"), ("view", "team_id"))
        yield next((team for path in paths if (team := _at(body, path))), "")


def _enterprises(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the organizations whose installation a payload was sent to."""
    if authorizations := _authorizations(body):
        yield from (optional(item, "enterprise_id") for item in authorizations)
    else:
        paths = (("enterprise", "id"), ("enterprise_id",), ("team", "enterprise_id"))
        yield next((org for path in paths if (org := _at(body, path))), "")


def _at(body: Mapping[str, Any], path: tuple[str, ...]) -> str:
    # In an event, `user` is an id instead of an object.
    return "" if isinstance(body.get(path[0]), str) and len(path) > 1 else optional(body, *path)


def _authorizations(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = body.get("authorizations") or []
    if not isinstance(listed, list):
        raise MalformedError("authorizations is not a list.")
    return [mapping(item) for item in listed]
