"""Signed requests of every type; most of them break Slack's documentation."""

from __future__ import annotations

import copy
import json
import random
from typing import Any, Final

from bot.domain.kinds import Kind
from bot.slack import ids
from sandbox.transports import Parcel
from tests.endurance.hostile.texts import MARK, lone, piece, text
from tests.support.ops import Ops

Json = dict[str, Any]

_ACTIONS: Final = tuple(
    value
    for name, value in vars(ids).items()
    if name.isupper() and isinstance(value, str) and not name.endswith(("FORM", "SETTINGS"))
)
_VIEWS: Final = (
    ids.ENTRY_FORM,
    ids.USE_FORM,
    ids.OWNER_FORM,
    ids.DIGEST_SETTINGS,
    ids.WORKSPACE_SETTINGS,
)
_ROUTES: Final = frozenset(
    ("type", "view", "command", "event", "actions", "action_id", "callback_id")
)
_SUBTYPES: Final = (
    None,
    None,
    "bot_message",
    "message_changed",
    "message_deleted",
    "message_replied",
    "channel_join",
    "channel_topic",
    "file_share",
    "thread_broadcast",
    "me_message",
    "tombstone",
    "ekm_access_denied",
    "a_subtype_of_next_year",
)
_EVENTS: Final = (
    "message",
    "message",
    "message",
    "app_mention",
    "reaction_added",
    "reaction_removed",
    "app_home_opened",
    "member_joined_channel",
    "member_left_channel",
    "channel_left",
    "channel_archive",
    "channel_id_changed",
    "group_deleted",
    "tokens_revoked",
    "link_shared",
    "an_event_of_next_year",
)


class Requests:
    """Builds requests about existing and about invented things."""

    def __init__(self, ops: Ops, rng: random.Random) -> None:
        self._ops = ops
        self._rng = rng
        self._count = 0

    def any(self) -> Parcel:
        """Return one request: as documented, or with one to three faults."""
        make = self._rng.choice(
            (
                *(self._command, self._press, self._press, self._submission, self._suggestion),
                *(self._shortcut, self._closed, self._event, self._event, self._event),
            )
        )
        kind, payload = make()
        for _ in range(self._rng.choice((0, 1, 1, 2, 3))):
            self._spoil(payload)
        if kind == "slash_commands":
            payload = {name: _formed(value) for name, value in payload.items()}
        return Parcel(kind, payload, retry=self._rng.choice((0, 0, 1, 3)))

    def _garbage(self) -> Any:  # noqa: ANN401 - any JSON
        return copy.deepcopy(
            self._rng.choice(
                (
                    *(None, 0, -1, 10**30, 1.5, True, "", " ", [], {}, [[]], {"id": None}, [None]),
                    *(piece(self._rng), text(self._rng), lone(self._rng, MARK)),
                    *("9" * 5000, "U0NOBODY"),
                )
            )
        )

    def _spoil(self, payload: Json) -> None:
        """Remove, replace or add something at any depth."""
        node: Any = payload
        while True:
            keys = list(range(len(node))) if isinstance(node, list) else list(node)
            if not keys:
                return
            key = self._rng.choice(keys)
            inner = node[key]
            if isinstance(inner, dict | list) and inner and self._rng.random() < 0.75:
                node = inner
                continue
            # The fields that Bolt routes by stay: Slack always sends them, and Bolt fails without.
            if key in _ROUTES or (isinstance(inner, dict) and "action_id" in inner):
                return
            if self._rng.random() < 0.3 and isinstance(node, dict):
                del node[key]
            else:
                node[key] = self._garbage()
            return

    def _user(self) -> str:
        people = (self._ops.ana, self._ops.ben, self._ops.cleo)
        return str(self._rng.choice((*people, "U0NOBODY", self._ops.sandbox.bot_user_id)))

    def _channel(self) -> str:
        return self._rng.choice((self._ops.ops.id, self._ops.ops.id, "C0NOWHERE", "D0NOBODY"))

    def _number(self) -> Any:  # noqa: ANN401 - often no number
        return self._rng.choice((1, 2, 3, self._rng.randint(1, 400), self._garbage()))

    def _key(self) -> str:
        return self._rng.choice(("DEC-1", "DEC-1@1", "HND-1", "ESC-1", "DEC-2@7", "DEC-999", "x"))

    def _value(self) -> Any:  # noqa: ANN401 - any value of a button
        packed = json.dumps(
            {
                "prompt": self._number(),
                "ts": self._rng.choice(("1772618400.000100", self._garbage())),
                "key": self._key(),
                "cited": self._key(),
                "draft": self._number(),
                "channel": self._channel(),
            }
        )
        number = str(self._rng.randint(1, 60))
        return self._rng.choice((packed, packed, number, number, self._key(), self._garbage()))

    def _base(self, kind: str) -> Json:
        self._count += 1
        team = self._rng.choice((self._ops.team, self._ops.team, self._ops.team, "T0OTHER"))
        return {
            "type": kind,
            "user": {"id": self._user(), "team_id": team, "name": MARK},
            "team": {"id": team, "domain": "acme"},
            "api_app_id": self._ops.sandbox.app_id,
            "trigger_id": f"1.{self._count}",
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _command(self) -> tuple[str, Json]:
        words = ("record", "find", "show", "edit", "use", "owner", "retire", "digest", "watch")
        line = f"{self._rng.choice(words)} {self._rng.choice((self._key(), ''))} {text(self._rng)}"
        return "slash_commands", {
            "command": "/lore",
            "text": line,
            "user_id": self._user(),
            "channel_id": self._channel(),
            "team_id": self._ops.team,
            "response_url": f"{self._ops.sandbox.url}/respond/none",
            "trigger_id": "1.0",
        }

    def _press(self) -> tuple[str, Json]:
        action: Json = {
            "type": "button",
            "action_id": self._rng.choice((*_ACTIONS, "an_old_action")),
            "block_id": "b",
            "value": self._value(),
            "action_ts": "1772618400.000200",
        }
        if self._rng.random() < 0.3:
            action |= {"type": "static_select", "selected_option": {"value": self._value()}}
        payload = self._base("block_actions") | {"actions": [action]}
        if self._rng.random() < 0.5:
            payload |= {"view": self._view(), "container": {"type": "view", "view_id": "V1"}}
        else:
            ts = "1772618400.000100"
            channel = self._channel()
            payload |= {
                "channel": {"id": channel, "name": "ops"},
                "container": {"message_ts": ts, "channel_id": channel, "is_ephemeral": True},
                "message": {"ts": ts, "thread_ts": ts, "text": text(self._rng)},
                "response_url": f"{self._ops.sandbox.url}/respond/none",
            }
        return "interactive", payload

    def _view(self) -> Json:
        kind = self._rng.choice(list(Kind))
        typed = {
            name: {name: {"type": "plain_text_input", "value": text(self._rng)}}
            for name in (
                *("title", "rule", "payload", "condition", "tags", "runbook", "note", "time"),
                *("timezone", "person_budget", "channel_budget", "level_1_tell"),
            )
        }
        chosen = {
            "owner": {"type": "users_select", "selected_user": self._user()},
            "outcome": {"type": "radio_buttons", "selected_option": {"value": "failed"}},
            "weekday": {"type": "static_select", "selected_option": {"value": "²"}},
            "severity": {"type": "static_select", "selected_option": {"value": piece(self._rng)}},
            "raises": {"type": "external_select", "selected_option": {"value": self._key()}},
            "level_1_whom": {"type": "multi_users_select", "selected_users": [self._user()]},
            "level_1_wait": {"type": "static_select", "selected_option": {"value": "7"}},
        }
        return {
            "id": "V1",
            "type": "modal",
            "team_id": self._ops.team,
            "callback_id": self._rng.choice(_VIEWS),
            "hash": "1.abc",
            "private_metadata": self._value(),
            "blocks": [{"type": "input", "block_id": "title", "element": {}}, {"type": kind.value}],
            "state": {"values": typed | {name: {name: how} for name, how in chosen.items()}},
        }

    def _submission(self) -> tuple[str, Json]:
        return "interactive", self._base("view_submission") | {"view": self._view()}

    def _closed(self) -> tuple[str, Json]:
        return "interactive", self._base("view_closed") | {
            "view": self._view(),
            "is_cleared": False,
        }

    def _suggestion(self) -> tuple[str, Json]:
        return "interactive", self._base("block_suggestion") | {
            "action_id": self._rng.choice((ids.RAISES, ids.HANDS_OVER)),
            "block_id": "raises",
            "value": text(self._rng),
            "container": {"type": "view", "view_id": "V1"},
            "view": self._view(),
        }

    def _shortcut(self) -> tuple[str, Json]:
        return "interactive", self._base("message_action") | {
            "callback_id": ids.RECORD_SHORTCUT,
            "channel": {"id": self._channel(), "name": "ops"},
            "message_ts": "1772618400.000100",
            "message": {"ts": "1772618400.000100", "user": self._user(), "text": text(self._rng)},
            "response_url": f"{self._ops.sandbox.url}/respond/none",
        }

    def _event(self) -> tuple[str, Json]:
        self._count += 1
        said = {"ts": "1772618400.000100", "user": self._user(), "text": text(self._rng)}
        event: Json = said | {
            "type": self._rng.choice(_EVENTS),
            "channel": self._channel(),
            "ts": f"1772618{self._rng.randint(100, 999)}.{self._count:06}",
            "thread_ts": self._rng.choice((None, "1772618400.000100")),
            "subtype": self._rng.choice(_SUBTYPES),
            "bot_id": self._rng.choice((None, None, None, "B0OTHER")),
            "message": dict(said),
            "previous_message": said | {"text": "before"},
            "deleted_ts": "1772618400.000100",
            "item": {"type": "message", "channel": self._channel(), "ts": "1772618400.000100"},
            "reaction": self._rng.choice(("scroll", "scroll::skin-tone-2", "eyes")),
            "tab": "home",
            "old_channel_id": "C0NOWHERE",
            "new_channel_id": "C0ELSEWHERE",
            "inviter": self._user(),
        }
        if event["type"] in ("channel_left", "channel_archive", "group_deleted"):
            event["channel"] = "C0NOWHERE"
        return "events_api", {
            "type": "event_callback",
            "team_id": self._ops.team,
            "api_app_id": self._ops.sandbox.app_id,
            "event_id": f"Ev{self._rng.randint(1, 10**9)}",
            "event_time": 1772618400,
            "event": {name: value for name, value in event.items() if value is not None},
        }


def _formed(value: object) -> str:
    """Return the text without halves of surrogate pairs, which a form can't contain."""
    return str(value).encode("utf-8", "replace").decode()
