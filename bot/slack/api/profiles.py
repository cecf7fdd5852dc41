"""Reading people and channels from answers of the Web API."""

from collections.abc import Mapping
from typing import Any

from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.field_values import clean
from bot.domain.visibility import Person
from bot.domain.workspaces import Channel


def person_of(team: TeamId, user: UserId, answer: Mapping[str, Any]) -> Person:
    """Return a person as `users.info` and `users.list` describe one."""
    profile = answer.get("profile") or {}
    names = (profile.get("display_name"), answer.get("real_name"), answer.get("name"))
    name = next(filter(None, (clean(name or "") for name in names)), user)
    return Person(
        id=user,
        name=name,
        timezone=answer.get("tz") or "UTC",
        guest=bool(answer.get("is_restricted") or answer.get("is_ultra_restricted")),
        stranger=bool(answer.get("is_stranger")) or answer.get("team_id", team) != team,
        bot=bool(answer.get("is_bot")) or user == "USLACKBOT",
        gone=bool(answer.get("deleted")),
        admin=bool(answer.get("is_admin") or answer.get("is_owner")),
    )


def channel_of(team: TeamId, answer: Mapping[str, Any]) -> Channel:
    """Return a channel as `conversations.info` and `users.conversations` describe one."""
    return Channel(
        team=team,
        id=ChannelId(answer["id"]),
        private=bool(answer.get("is_private")),
        archived=bool(answer.get("is_archived")),
        shared=bool(answer.get("is_ext_shared")),
    )
