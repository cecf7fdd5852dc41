"""Prompts and offers: a question to one person in a thread, with a button that opens the form."""

from bot.deps import Deps
from bot.domain.errors import NotAllowedError, UnavailableError
from bot.domain.gaps import GapState
from bot.domain.outbox import OutboxItem
from bot.domain.prompt_rules import STALE
from bot.domain.prompts import PromptId
from bot.outbox.delivery import post_ephemeral
from bot.slack.api.posting import NotSentError, RefusedError
from bot.slack.api.threads import root_of
from bot.usecases.listening.prompts import ask_next_answerer, read_prompt
from bot.usecases.steps.permissions import require_member


def send_prompt(deps: Deps, item: OutboxItem) -> None:
    """Show a prompt, at most once: Slack can't be asked whether an ephemeral message arrived.

    App Home lists it too.
    """
    assert item.user is not None
    if item.attempted_at is not None:
        raise RefusedError("may_have_arrived")
    if deps.now() - item.created_at > STALE:
        raise RefusedError("stale")
    prompt_id = PromptId(item.payload["prompt"])
    try:
        reader = deps.people.reader(item.user)
        shown = read_prompt(deps.store, deps.team, prompt_id, reader=reader)
    except UnavailableError as error:
        # Nothing was sent yet, so another try can't show it twice.
        raise NotSentError("unavailable") from error
    prompt, entry = shown.prompt, shown.entry
    if prompt.answer is not None:
        raise RefusedError("answered")
    if shown.gap is not None and shown.gap.state is not GapState.OPEN:
        raise RefusedError("settled")
    if prompt.entry is not None and (entry is None or not entry.is_in_force):
        raise RefusedError("out_of_sight")
    # The person may have left, or become a guest, since they answered.
    if not reader.person.member or prompt.channel not in reader.channels:
        if ask_next_answerer(deps.store, item, now=deps.now()):
            deps.wake()
        raise RefusedError("not_a_member")
    message = deps.render("prompt", shown=shown, by=item.payload.get("by"))
    post_ephemeral(deps, item, message, item.thread_ts)


def send_offer(deps: Deps, item: OutboxItem) -> None:
    """Offer the form to someone who asked to record a thread without a trigger that opens it."""
    assert item.user is not None
    ts, thread_ts = str(item.payload["ts"]), item.thread_ts
    if item.payload.get("find_root"):
        ts = root_of(deps.client, item.channel, ts, deps.timeouts.thread)
        thread_ts = ts if ts != item.payload["ts"] else None
    try:
        require_member(deps.people.reader(item.user))
    except NotAllowedError as refusal:
        message = deps.render("note", text=refusal.user_text)
    else:
        message = deps.render("offer", ts=ts)
    post_ephemeral(deps, item, message, thread_ts)
