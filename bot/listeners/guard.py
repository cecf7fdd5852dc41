"""guarded: the one place where an error becomes words for the person who caused it."""

import logging
from collections.abc import Callable
from typing import Any, Final

from slack_bolt import Args

from bot.deps import Deps
from bot.domain.errors import InvalidInputError, NotStoredError, OpsloreError
from bot.listeners.answers import tell
from bot.slack.api.posting import NotSentError, RefusedError
from bot.slack.payloads.fields import mapping, optional
from bot.slack.payloads.interactions import ButtonPress, Submission, Suggestion, name_of

log = logging.getLogger(__name__)

UNEXPECTED: Final = (
    "Something went wrong inside Opslore, and it is logged. Nothing was saved; try again, and tell "
    "whoever runs Opslore if it stays."
)
_SLACK: Final = "Slack didn't show Opslore's answer in time. Try again."


def words_for(error: Exception) -> str:
    """What to tell a person of an error; what was not expected is logged with its trace."""
    if isinstance(error, OpsloreError):
        log.info("refused", extra={"why": type(error).__name__})
        return error.user_text
    if isinstance(error, NotSentError | RefusedError):
        log.warning("not_answered", extra={"why": error.reason})
        return _SLACK
    log.error("unexpected", exc_info=error)
    return UNEXPECTED


def pressed(deps: Deps, listener: Callable[[ButtonPress], None]) -> Callable[[Args], None]:
    """A listener of clicks: acknowledged when done, with the reason told if it could not be."""

    def guarded(args: Args) -> None:
        press = ButtonPress.parse(args.body)
        try:
            listener(press)
        except Exception as error:  # noqa: BLE001 - the one place where errors become words
            tell(deps, press, words_for(error), stored=not isinstance(error, NotStoredError))
        args.ack()
        deps.wake()

    return guarded


def submitted(
    deps: Deps,
    listener: Callable[[Submission], dict[str, Any] | None],
    *,
    first: str,
) -> Callable[[Args], None]:
    """A listener of forms: it closes once it is saved, and stays open with the reason if not.

    The listener returns what to acknowledge with, None to close. `first` is the block where a
    reason stands that is of no one field.
    """

    def guarded(args: Args) -> None:
        submission = Submission.parse(args.body)
        try:
            answer = listener(submission) or {}
        except InvalidInputError as error:
            log.info("refused", extra={"why": type(error).__name__})
            answer = _stays_open(_beside(args, error, first))
        except Exception as error:  # noqa: BLE001 - the one place where errors become words
            answer = _refused(deps, args, words_for(error), first)
        args.ack(**answer)
        deps.wake()

    return guarded


def suggested(
    listener: Callable[[Suggestion], list[dict[str, Any]]],
) -> Callable[[Args], None]:
    """A listener that gives options while somebody types; none where something is wrong."""

    def guarded(args: Args) -> None:
        try:
            options = listener(Suggestion.parse(args.body))
        except Exception as error:  # noqa: BLE001 - a select has no place for a reason
            words_for(error)
            options = []
        args.ack(options=options)

    return guarded


def _refused(deps: Deps, args: Args, words: str, first: str) -> dict[str, Any]:
    """Say the reason beside the first field; in the place of a modal that has no fields."""
    inputs = _inputs(args)
    if not inputs:
        return {"response_action": "update", "view": deps.render("note_view", text=words)}
    return _stays_open({inputs.get(first, first): words})


def _stays_open(errors: dict[str, str]) -> dict[str, Any]:
    """Slack shows what stands beside a field as it is, where a message would show code."""
    plain = {block: why.replace("`", "") for block, why in errors.items()}
    return {"response_action": "errors", "errors": plain}


def _beside(args: Args, error: InvalidInputError, first: str) -> dict[str, str]:
    """Each reason beside its field, and beside the first one what is of a field not shown."""
    inputs = _inputs(args)
    shown = {inputs[name]: why for name, why in error.fields.items() if name in inputs}
    other = [why for name, why in error.fields.items() if name not in inputs]
    if other or not shown:
        shown.setdefault(inputs.get(first, first), other[0] if other else error.user_text)
    return shown


def _inputs(args: Args) -> dict[str, str]:
    """The blocks beside which an error may stand, by field: Slack takes none but input blocks."""
    blocks = mapping(args.body, "view").get("blocks")
    found = [block for block in blocks if isinstance(block, dict)] if type(blocks) is list else []
    ids = [optional(block, "block_id") for block in found if block.get("type") == "input"]
    return {name_of(block): block for block in ids}
