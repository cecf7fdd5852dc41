"""The wrappers of listeners: they turn an error into words for the person who acted."""

import logging
from collections.abc import Callable
from typing import Any, Final

from slack_bolt import Args

from bot.deps import Deps
from bot.domain.errors import AnsweredError, InvalidInputError, NotStoredError, OpsloreError
from bot.listeners.answers import note, show_in_place, tell
from bot.slack.api.posting import NotSentError, RefusedError
from bot.slack.payloads.fields import mapping, optional
from bot.slack.payloads.interactions import ButtonPress, Submission, Suggestion, name_of

log = logging.getLogger(__name__)

UNEXPECTED: Final = (
    "Something went wrong. Nothing was saved. Try again. If it keeps happening, tell the person "
    "who runs Opslore."
)
_SLACK: Final = "Slack didn't accept Opslore's answer in time. Try again."


def words_for(error: Exception) -> str:
    """Return what to tell a person about an error; log an unexpected one with its traceback."""
    if isinstance(error, OpsloreError):
        log.info("refused", extra={"why": type(error).__name__})
        return error.user_text
    if isinstance(error, NotSentError | RefusedError):
        log.warning("not_answered", extra={"why": error.reason})
        return _SLACK
    log.error("unexpected", exc_info=error)
    return UNEXPECTED


def pressed(deps: Deps, listener: Callable[[ButtonPress], None]) -> Callable[[Args], None]:
    """Wrap a listener of clicks: acknowledge when it is done, and show the reason if it fails."""

    def guarded(args: Args) -> None:
        press = ButtonPress.parse(args.body)
        try:
            listener(press)
        except Exception as error:  # noqa: BLE001 - the one place where errors become words
            tell(deps, press, words_for(error), stored=not isinstance(error, NotStoredError))
        args.ack()
        deps.wake()

    return guarded


def settled_in_place(
    listener: Callable[[Deps, ButtonPress], None],
) -> Callable[[Deps, ButtonPress], None]:
    """Wrap a listener of a prompt: if it was answered before, say so in place of its buttons."""

    def guarded(deps: Deps, press: ButtonPress) -> None:
        try:
            listener(deps, press)
        except AnsweredError as error:
            if not press.ephemeral:
                raise
            show_in_place(deps, press, note(deps, error.user_text))

    return guarded


def submitted(
    deps: Deps,
    listener: Callable[[Submission], dict[str, Any] | None],
    *,
    first: str,
) -> Callable[[Args], None]:
    """Wrap a listener of forms: close the form if it's saved, keep it open with the reason if not.

    The listener returns the arguments of the acknowledgement; None closes the form. `first`: the
    block that shows a reason that belongs to no single field.
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
    """Wrap a listener that suggests options while a person types. If it fails, there are none."""

    def guarded(args: Args) -> None:
        try:
            options = listener(Suggestion.parse(args.body))
        except Exception as error:  # noqa: BLE001 - a select has no place for a reason
            words_for(error)
            options = []
        args.ack(options=options)

    return guarded


def _refused(deps: Deps, args: Args, words: str, first: str) -> dict[str, Any]:
    """Show the reason beside the first field; if the modal has no fields, instead of the modal."""
    inputs = _inputs(args)
    if not inputs:
        return {"response_action": "update", "view": deps.render("note_view", text=words)}
    return _stays_open({_block_for(first, inputs): words})


def _stays_open(errors: dict[str, str]) -> dict[str, Any]:
    """Return the answer that shows errors beside fields, where Slack draws no markup."""
    plain = {block: why.replace("`", "") for block, why in errors.items()}
    return {"response_action": "errors", "errors": plain}


def _beside(args: Args, error: InvalidInputError, first: str) -> dict[str, str]:
    """Return each reason by its block. Reasons for hidden fields go to the first block."""
    inputs = _inputs(args)
    shown = {inputs[name]: why for name, why in error.fields.items() if name in inputs}
    other = [why for name, why in error.fields.items() if name not in inputs]
    if other or not shown:
        shown.setdefault(_block_for(first, inputs), other[0] if other else error.user_text)
    return shown


def _block_for(first: str, inputs: dict[str, str]) -> str:
    """Return the block of the first field; if the form doesn't have it, any that it has."""
    return inputs.get(first) or next(iter(inputs.values()), first)


def _inputs(args: Args) -> dict[str, str]:
    """Return the blocks that can show an error, by field. Slack allows only input blocks."""
    blocks = mapping(args.body, "view").get("blocks")
    shown = [block for block in blocks if isinstance(block, dict)] if type(blocks) is list else []
    ids = [optional(block, "block_id") for block in shown if block.get("type") == "input"]
    return {name_of(block): block for block in ids}
