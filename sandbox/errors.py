"""The error of a refused Web API call, in Slack's own words."""

from __future__ import annotations


class SlackError(Exception):
    """A call that Slack would refuse.

    `code` is Slack's error word ("channel_not_found"), `messages` what Slack explains beside it
    (`response_metadata.messages`), `extra` further keys of the answer (`needed`, `provided`).
    """

    def __init__(
        self,
        code: str,
        messages: list[str] | None = None,
        **extra: object,
    ) -> None:
        super().__init__(code if not messages else f"{code}: {'; '.join(messages)}")
        self.code = code
        self.messages = list(messages or [])
        self.extra = extra


class ActionRefusedError(Exception):
    """A person tried what Slack's own client does not offer: no such command, button or field."""
