"""The errors of refused Web API calls and of refused acts."""

from __future__ import annotations


class SlackError(Exception):
    """A call that Slack would refuse.

    `code` is Slack's error ("channel_not_found"), `messages` Slack's explanations
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
    """An act that Slack's own client doesn't offer: no such command, button or field."""
