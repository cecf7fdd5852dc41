"""Reading people and channels from answers of the Web API."""

from collections.abc import Mapping
from typing import Any

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.field_values import clean
from bot.domain.visibility import Person
from bot.domain.workspaces import Channel


def person_of(team: TeamId, user: UserId, found: Mapping[str, Any]) -> Person:
    """Return a person as `users.info` and `users.list` describe one."""
    profile = found.get("profile") or {}
    names = (profile.get("display_name"), found.get("real_name"), found.get("name"))
    name = next(filter(None, (clean(each or "") for each in names)), user)
    return Person(
        id=user,
        name=name,
        timezone=found.get("tz") or "UTC",
        guest=bool(found.get("is_restricted") or found.get("is_ultra_restricted")),
        stranger=bool(found.get("is_stranger")) or found.get("team_id", team) != team,
        bot=bool(found.get("is_bot")) or user == "USLACKBOT",
        gone=bool(found.get("deleted")),
        admin=bool(found.get("is_admin") or found.get("is_owner")),
    )


def channel_of(team: TeamId, found: Mapping[str, Any]) -> Channel:
    """Return a channel as `conversations.info` and `users.conversations` describe one."""
    return Channel(
        team=team,
        id=ChannelId(found["id"]),
        private=bool(found.get("is_private")),
        archived=bool(found.get("is_archived")),
        shared=bool(found.get("is_ext_shared")),
    )
