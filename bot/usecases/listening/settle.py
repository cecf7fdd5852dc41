"""A thread has settled: compare it with others, and ask the person with the answer."""

from datetime import datetime

from bot.domain.audit_acts import OPSLORE
from bot.domain.entries import State
from bot.domain.gaps import GapId, GapState
from bot.domain.listening.asking import asking_probability
from bot.domain.listening.matters import Occurrence
from bot.domain.listening.models import shipped_models
from bot.domain.listening.prompting import (
    CAME_BACK,
    COVERED,
    DOUBTFUL,
    HOT,
    Candidate,
    hurts,
    is_small_talk,
    recurrence,
    standing_rule,
)
from bot.domain.outbox import OutboxItem, Topic
from bot.domain.prompt_rules import STALE
from bot.domain.prompts import NewPrompt
from bot.domain.workspaces import Channel
from bot.usecases.steps.budgets import may_prompt
from bot.usecases.steps.listening import (
    Permalink,
    PlacedThread,
    drop_thread,
    heard_of,
    place_thread,
)
from storage.store import Store, Transaction


def settle_thread(store: Store, item: OutboxItem, permalink: Permalink, *, now: datetime) -> bool:
    """Place a thread among the gaps of its channel; return whether someone is prompted.

    Nothing happens if the thread went on since the item was added.
    """
    with store.transaction(item.team) as tx:
        payload = tx.outbox.finish_message(item.id)
        if payload is None:
            return False
        channel = tx.channels.get(item.channel, lock=True)
        root = payload["root"]
        messages = tx.heard.of_threads(item.channel, [root]).get(root, [])
        if channel is None or not channel.live:
            return False
        if messages and payload["ts"] and messages[-1].heard.ts != payload["ts"]:
            return False
        is_gone = not messages or tx.messages.is_deleted(item.channel, root)
        if is_gone or is_small_talk(heard_of(messages)):
            # If it was an occurrence, its messages were deleted or edited since then.
            drop_thread(tx, item.channel, root, permalink)
            return False
        placed = place_thread(tx, item.channel, root, messages, permalink)
        _reopen_if_retired(tx, placed.gap, now)
        candidate = _find_candidate(tx, channel, placed, now)
        return candidate is not None and _prompt(tx, channel, placed, candidate, now)


def _reopen_if_retired(tx: Transaction, gap_id: GapId | None, now: datetime) -> None:
    """Reopen a gap that came up again after its entry was retired."""
    if gap_id is None:
        return
    state, entry_id = tx.gaps.state_of(gap_id)
    if state is not GapState.RECORDED or entry_id is None:
        return
    entry = tx.entries.by_id(entry_id)
    if entry is not None and entry.state is State.RETIRED:
        tx.gaps.set_state(gap_id, GapState.OPEN)
        tx.audit.add(OPSLORE, "gap_reopened", f"gap-{gap_id}", {"entry": str(entry.key)}, now)


def _find_candidate(
    tx: Transaction, channel: Channel, placed: PlacedThread, now: datetime
) -> Candidate | None:
    """Return the prompt that a settled thread is worth; None if it isn't worth one."""
    messages = placed.threads[placed.root]
    heard = heard_of(messages)
    if now - heard[-1].at > STALE or hurts(heard) or tx.heard.is_hot(channel.id, now - HOT):
        return None
    if any(message.coverage >= DOUBTFUL for message in messages):
        return None
    if tx.prompts.is_in_thread(channel.id, placed.root) or _is_closed(tx, placed.gap):
        return None
    candidate = _find_recurrence(placed) or standing_rule(heard)
    if candidate is None or placed.gap is None:
        return candidate
    # Once per gap and person, and never again while it is open.
    asked = tx.prompts.count_about(placed.gap, candidate.to) or tx.prompts.has_asked_in(
        channel.id, placed.threads, candidate.to
    )
    return None if asked else candidate


def _is_closed(tx: Transaction, gap_id: GapId | None) -> bool:
    return gap_id is not None and tx.gaps.state_of(gap_id)[0] is not GapState.OPEN


def _find_recurrence(placed: PlacedThread) -> Candidate | None:
    """Return the prompt about the matter of a thread; None if it hasn't come back."""
    stored = placed.threads.values()
    is_covered = any(each.coverage >= COVERED for messages in stored for each in messages)
    if len(stored) < CAME_BACK or is_covered:
        return None
    occurrences = [Occurrence(messages=heard_of(messages)) for messages in stored]
    return recurrence(
        occurrences,
        matter=placed.probability,
        right=asking_probability(shipped_models(), occurrences, placed.likelihoods),
    )


def _prompt(
    tx: Transaction,
    channel: Channel,
    placed: PlacedThread,
    candidate: Candidate,
    now: datetime,
) -> bool:
    if not may_prompt(tx, channel, candidate.to, now):
        return False
    prompt = tx.prompts.add(
        NewPrompt(
            channel=channel.id,
            thread_ts=placed.root,
            ts=candidate.ts,
            user=candidate.to,
            kind=candidate.kind.value,
            at=now,
            gap=placed.gap,
            reason=candidate.reason.value,
        )
    )
    if prompt is None:
        return False
    tx.outbox.add(
        Topic.PROMPT,
        channel=channel.id,
        user=candidate.to,
        thread_ts=placed.root if len(placed.threads[placed.root]) > 1 else None,
        payload={"prompt": prompt},
        due_at=now,
        at=now,
    )
    return True
