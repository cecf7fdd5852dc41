"""Slack in, Slack out: a module a feature, each with `register(app, deps)`."""

import re

from slack_bolt import App

from bot.deps import Deps
from bot.listeners import (
    approval,
    channels,
    commands,
    digest,
    drafts,
    entries,
    history,
    home,
    messages,
    nudges,
    prompts,
    reasons,
    record,
    redact,
    review,
    transfer,
)
from bot.listeners.guard import pressed
from bot.listeners.messages import Intake
from bot.slack.payloads.fields import OLDER, MalformedError
from bot.slack.payloads.interactions import ButtonPress

__all__ = ["Intake", "register"]


def register(app: App, deps: Deps) -> None:
    """Register every listener: messages first, for Bolt looks through them in order."""
    features = (
        messages,
        commands,
        record,
        drafts,
        prompts,
        entries,
        history,
        reasons,
        approval,
        review,
        transfer,
        digest,
        nudges,
        home,
        channels,
        redact,
    )
    for feature in features:
        feature.register(app, deps)

    def _forgotten(_: ButtonPress) -> None:
        raise MalformedError(OLDER)

    # Buttons live as long as the messages that an earlier version posted.
    app.action(re.compile(".*"))(pressed(deps, _forgotten))

    # Slack switches an app's events off when too many go unanswered, so what a manifest of another
    # version subscribes is acknowledged and left.
    @app.event(re.compile(".*"))
    def unknown() -> None:
        pass
