"""Checks in Slack: the tokens, the granted scopes, and the bot's channels."""

from collections.abc import Mapping
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.cli.doctor.findings import Finding, fault, fine, skipped
from bot.cli.doctor.known import Known
from bot.domain.entries import ChannelId, TeamId
from bot.slack import access

_APPS: Final = "https://api.slack.com/apps"
_BOT_TOKEN: Final = (
    f"Copy SLACK_BOT_TOKEN from {_APPS} → your app → Install App → Bot User OAuth Token. It starts "
    "with xoxb-."
)
_APP_TOKEN: Final = (
    f"Create one at {_APPS} → your app → Basic Information → App-Level Tokens with the scope "
    "connections:write, and set SLACK_APP_TOKEN to it. It starts with xapp-."
)
_SOCKET_OFF: Final = (
    f"Turn it on at {_APPS} → your app → Socket Mode, or unset SLACK_APP_TOKEN and use HTTP mode."
)
_SILENT: Final = (
    "Check that this machine reaches slack.com (proxy, firewall, DNS), and that SLACK_API_URL "
    "isn't set by mistake."
)
# Errors for a token of the wrong kind, or one that is no longer valid.
_BAD_TOKEN: Final = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)
# The SDK's words for an answer that isn't JSON, such as a proxy's page.
_NO_JSON: Final = "non-JSON format"


class NoAnswerError(Exception):
    """No answer came, or it wasn't Slack's."""


def check_bot_token(client: WebClient, known: Known) -> list[Finding]:
    """Check the bot token, and the scopes that it was granted."""
    if not client.token:
        skip = "SLACK_BOT_TOKEN isn't set."
        return [skipped("bot token", skip), skipped("scopes", skip)]
    try:
        answer, headers = _call(client, "auth.test")
    except SlackApiError as error:
        return [
            _refused("bot token", error, _BOT_TOKEN),
            skipped("scopes", "Not checked, because there is no valid bot token."),
        ]
    except NoAnswerError as error:
        return [
            fault("bot token", str(error), _SILENT),
            skipped("scopes", "Not checked, because there is no valid bot token."),
        ]
    if not answer.get("bot_id"):
        return [
            fault("bot token", "This is the token of a person, not of a bot.", _BOT_TOKEN),
            skipped("scopes", "Not checked, because there is no valid bot token."),
        ]
    known.team, known.bot = TeamId(answer["team_id"]), str(answer["bot_id"])
    return [
        fine("bot token", f"{answer.get('user')} in {answer.get('team')} ({answer['team_id']})"),
        _scopes(headers),
    ]


def check_app_token(
    client: WebClient, token: str, known: Known, env: Mapping[str, str]
) -> list[Finding]:
    """Check the app-level token, which Socket Mode needs, and that it is from the same app."""
    check = "app token"
    if not token:
        http = env.get("OPSLORE_MODE", "").lower() == "http" or env.get("SLACK_SIGNING_SECRET")
        why = "HTTP mode doesn't need one." if http else "SLACK_APP_TOKEN isn't set."
        return [skipped(check, why)]
    app_client = WebClient(token=token, base_url=client.base_url, timeout=10, retry_handlers=[])
    try:
        _call(app_client, "apps.connections.open", verb="POST")
    except SlackApiError as error:
        code = error.response["error"]
        if code in ("socket_mode_not_enabled", "not_enabled", "forbidden_team"):
            return [fault(check, f"Slack refused Socket Mode ({code}).", _SOCKET_OFF)]
        return [_refused(check, error, _APP_TOKEN)]
    except NoAnswerError as error:
        return [fault(check, str(error), _SILENT)]
    app = _app_of(client, known)
    if app and f"-{app}-" not in token:
        return [
            fault(
                check,
                f"This token belongs to another app than the bot token, which belongs to {app}.",
                f"Copy both tokens from the same app: {_APPS}/{app}.",
            )
        ]
    return [fine(check, "Socket Mode works")]


def check_channels(client: WebClient, known: Known) -> list[Finding]:
    """Check that the bot was invited to a channel."""
    check = "channels"
    if known.team is None:
        return [skipped(check, "Not checked, because there is no valid bot token.")]
    arguments = {
        "types": "public_channel,private_channel",
        "exclude_archived": True,
        "limit": 200,
        "cursor": "",
    }
    try:
        while True:
            page, _ = _call(client, "users.conversations", arguments=arguments)
            for channel in page["channels"]:
                known.channels[ChannelId(channel["id"])] = f"#{channel.get('name', channel['id'])}"
            arguments["cursor"] = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not arguments["cursor"]:
                break
    except SlackApiError as error:
        return [_refused(check, error, _BOT_TOKEN)]
    except NoAnswerError as error:
        return [fault(check, str(error), _SILENT)]
    if not known.channels:
        return [
            fault(
                check,
                "Opslore isn't in any channel, so it sees no messages.",
                "Type /invite @Opslore in the channel where your team works.",
            )
        ]
    names = sorted(known.channels.values())
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""  # noqa: PLR2004 - fits a line
    return [fine(check, ", ".join(names[:10]) + more)]


def _scopes(headers: Mapping[str, str]) -> Finding:
    scopes = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes")
    if scopes is None:
        return skipped("scopes", "Slack didn't say which scopes it granted.")
    granted = {scope.strip() for scope in scopes.split(",") if scope.strip()}
    missing, spare = sorted(access.SCOPES - granted), sorted(granted - access.SCOPES)
    if missing:
        return fault(
            "scopes",
            f"Missing: {', '.join(missing)}.",
            f"Paste manifest.yml at {_APPS} → your app → App Manifest, and save. Then choose "
            "Install App → Reinstall to Workspace.",
        )
    more = f"; not needed: {', '.join(spare)}" if spare else ""
    return fine("scopes", f"all {len(access.SCOPES)} granted{more}")


def _app_of(client: WebClient, known: Known) -> str:
    """Return the ID of the bot's app, or "" if it isn't known."""
    if not known.bot:
        return ""
    try:
        answer, _ = _call(client, "bots.info", arguments={"bot": known.bot})
    except (SlackApiError, NoAnswerError):
        return ""
    return str(answer["bot"].get("app_id") or "")


def _refused(check: str, error: SlackApiError, fix: str) -> Finding:
    code = str(error.response.get("error") or f"HTTP {error.response.status_code}")
    if code == "missing_scope":
        needed = error.response.get("needed")
        return fault(check, f"The scope {needed} is missing.", fix)
    if code in _BAD_TOKEN:
        return fault(check, f"Slack rejected the token ({code}).", fix)
    if code == "ratelimited":
        return fault(check, "Slack is limiting requests (ratelimited).", "Try again in a minute.")
    return fault(
        check,
        f"Slack answered with the error {code}.",
        "Try again. If it keeps failing, look at https://slack-status.com.",
    )


def _call(
    client: WebClient, method: str, verb: str = "GET", arguments: Mapping[str, object] | None = None
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Call a method and return Slack's answer with its headers.

    Raises:
        SlackApiError: Slack answered with an error.
        NoAnswerError: no answer came, or it wasn't Slack's.
    """
    try:
        answer = client.api_call(method, http_verb=verb, params=dict(arguments or {}))
    except SlackApiError as error:
        if _NO_JSON in str(error.response.get("error")):
            status = error.response.status_code
            raise NoAnswerError(
                f"{client.base_url} didn't answer like Slack (HTTP {status})."
            ) from error
        raise
    except (SlackClientError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise NoAnswerError(f"No answer from {client.base_url} ({reason}).") from error
    if not isinstance(answer.data, dict):
        raise NoAnswerError(f"{client.base_url} didn't answer like Slack.")
    return answer.data, answer.headers
