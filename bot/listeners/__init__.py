"""The handlers of what Slack sends: one module per feature, each with `register(app, deps)`."""

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
    gaps,
    history,
    home,
    listing,
    messages,
    nudges,
    prompts,
    questions,
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
    """Register every listener. Bolt tries them in order, so the most frequent ones come first."""
    features = (
        messages,
        commands,
        record,
        drafts,
        prompts,
        questions,
        entries,
        gaps,
        history,
        listing,
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

    def _refuse_unknown(_: ButtonPress) -> None:
        raise MalformedError(OLDER)

    # Messages of earlier versions still have their buttons.
    app.action(re.compile(".*"))(pressed(deps, _refuse_unknown))

    # Slack turns an app's events off if too many go unanswered, so acknowledge the events that only
    # the manifest of another version subscribes to.
    @app.event(re.compile(".*"))
    def ignore_unknown() -> None:
        pass
