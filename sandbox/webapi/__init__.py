"""The Web API: tokens, scopes, rate limits and methods."""

from __future__ import annotations

from sandbox.errors import SlackError
from sandbox.installation import Installation
from sandbox.model import Json
from sandbox.webapi import (
    chat,
    conversations,
    files,
    reactions,
    unfurl,
    usergroups,
    users,
    views,
)
from sandbox.webapi.method import Call, Method
from sandbox.webapi.rates import Rates

METHODS: dict[str, Method] = {
    **users.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **unfurl.METHODS,
    **reactions.METHODS,
    **usergroups.METHODS,
    **views.METHODS,
}


class WebApi:
    """Answers calls as Slack does."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._rates = Rates(installation.workspace.clock)

    def retry_after(self, method: str, args: Json) -> int | None:
        """Return the seconds to wait if this call exceeds the rate limit; None if it doesn't."""
        if not self._installation.rate_limits:
            return None
        return self._rates.retry_after(method, str(args.get("channel", "")))

    def answer(self, name: str, token: str, args: Json) -> Json:
        """Do a call and return its answer."""
        installation = self._installation
        with installation.workspace.lock:
            try:
                answer: Json = {"ok": True} | self._do(name, token, args)
            except SlackError as error:
                answer = {"ok": False, "error": error.code} | error.extra
                if error.messages:
                    answer["response_metadata"] = {"messages": error.messages}
        return answer

    def _do(self, name: str, token: str, args: Json) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._authenticate(method, token)
        call = Call(self._installation, args)
        manifest = self._installation.workspace.manifest
        needed = method.scopes(call) if callable(method.scopes) else method.scopes
        if not manifest.allows(needed):
            needs, has = ",".join(needed), ",".join(manifest.scopes)
            raise SlackError("missing_scope", needed=needs, provided=has)
        return method.do(call)

    def _authenticate(self, method: Method, token: str) -> None:
        installation = self._installation
        if method.caller == "anyone":
            return
        if not token:
            raise SlackError("not_authed")
        if token not in (installation.bot_token, installation.app_token):
            raise SlackError("invalid_auth")
        if not installation.workspace.installed:
            raise SlackError("account_inactive")
        expected = installation.app_token if method.caller == "app" else installation.bot_token
        if token != expected:
            raise SlackError("not_allowed_token_type")
