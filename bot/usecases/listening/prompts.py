"""Answers to prompts: record it, not recurring, someone else knows, or mute prompts here."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.entries import TeamId, UserId
from bot.domain.errors import (
    AnsweredError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from bot.domain.gaps import Gap, GapState
from bot.domain.outbox import OutboxItem, Topic
from bot.domain.prompts import Answer, NewPrompt, Prompt, PromptId, ShownPrompt
from bot.domain.visibility import Reader
from bot.usecases.steps.budgets import may_ask
from bot.usecases.steps.gaps import close_gap, find_gap_of
from bot.usecases.steps.permissions import require_in_sight, require_member
from storage.store import Store, Transaction

_ANSWERED: Final[Mapping[str, str]] = {
    Answer.RECORDED: "You have already recorded this.",
    Answer.PASSED_ON: "You have already passed this on. `@Opslore record` in its thread still "
    "records it.",
    Answer.REFUSED: "You have already noted this as not recurring. `@Opslore record` in its thread "
    "still records it.",
    Answer.WITHDRAWN: "The message was deleted, so there is nothing to fill the form from. Open an "
    "empty form with `/lore record`.",
}
_ANSWERED_ABOUT_ENTRY: Final[Mapping[str, str]] = {
    Answer.HELPED: "You have already noted that this entry helped.",
    Answer.USED: "You have already used this entry here.",
    Answer.REFUSED: "You have already noted that this entry isn't about your question.",
    Answer.WITHDRAWN: "The message that this was about was deleted.",
}


def read_prompt(
    store: Store, team: TeamId, prompt_id: PromptId, *, reader: Reader, to_answer: bool = False
) -> ShownPrompt:
    """Return a person's prompt with what it shows. `to_answer`: only if it can be answered.

    Raises:
        NotFoundError: there is no such prompt, or it isn't theirs.
        AnsweredError: it can't be answered any more.
    """
    with store.read(team) as tx:
        load = _load_open if to_answer else _load_own
        prompt = load(tx, prompt_id, reader)
        entry = tx.entries.by_id(prompt.entry) if prompt.entry is not None else None
        gap = find_gap_of(tx, prompt)
        return ShownPrompt(
            prompt=prompt,
            timezone=reader.person.timezone,
            entry=tx.entries.visible_to(reader).get(entry.key) if entry else None,
            gap=gap if gap is not None and gap.channel in reader.channels else None,
        )


def dismiss_prompt(
    store: Store, team: TeamId, prompt_id: PromptId, *, reader: Reader, now: datetime
) -> Gap | None:
    """Store that a matter doesn't recur, and dismiss its gap, which is returned.

    Raises:
        NotFoundError, AnsweredError: as in `read_prompt`.
    """
    with store.transaction(team) as tx:
        prompt = _load_open(tx, prompt_id, reader)
        tx.prompts.answer(prompt_id, Answer.REFUSED, reader.user, now)
        gap = find_gap_of(tx, prompt, lock=True)
        if gap is None or gap.state is not GapState.OPEN or not reader.person.member:
            return None
        if gap.channel not in reader.channels:
            return None
        close_gap(tx, gap, by=reader.user, now=now)
        return gap


def pass_prompt_on(
    store: Store,
    team: TeamId,
    prompt_id: PromptId,
    to: Reader,
    *,
    reader: Reader,
    now: datetime,
) -> None:
    """Ask someone else about the matter of a prompt, once.

    Raises:
        NotFoundError, AnsweredError: as in `read_prompt`.
        InvalidInputError: that person can't record it: they aren't a full member in the channel, or
            were asked before.
    """
    with store.transaction(team) as tx:
        prompt = _load_open(tx, prompt_id, reader)
        if not to.person.member or prompt.channel not in to.channels:
            reason = "Choose a member of this channel. Guests and apps can't record entries."
            raise InvalidInputError(reason, {"person": reason})
        passed = tx.prompts.add(
            NewPrompt(
                channel=prompt.channel,
                thread_ts=prompt.thread_ts,
                ts=prompt.ts,
                user=to.user,
                kind=prompt.kind,
                at=now,
                gap=prompt.gap,
                reason=prompt.reason,
            )
        )
        if passed is None:
            reason = "They were already asked about this thread. Choose someone else."
            raise InvalidInputError(reason, {"person": reason})
        tx.prompts.answer(prompt_id, Answer.PASSED_ON, reader.user, now)
        tx.outbox.add(
            Topic.PROMPT,
            channel=prompt.channel,
            user=to.user,
            thread_ts=prompt.thread_ts,
            payload={"prompt": passed, "by": reader.user},
            due_at=now,
            at=now,
        )


def ask_next_answerer(store: Store, item: OutboxItem, *, now: datetime) -> bool:
    """Readdress the prompt of an outbox item to someone else who answered; return whether one did.

    Its person has left the channel, and Opslore only finds that out when it asks them.
    """
    with store.transaction(item.team) as tx:
        prompt = tx.prompts.get(PromptId(item.payload["prompt"]))
        gap = None if prompt is None else find_gap_of(tx, prompt)
        if prompt is None or prompt.answer is not None:
            return False
        if gap is None or gap.state is not GapState.OPEN:
            return False
        left = [*item.payload.get("left", ()), prompt.user]
        to = _find_next_answerer(tx, gap, left, now)
        if to is None:
            return False
        tx.prompts.readdress(prompt.id, to)
        tx.outbox.add(
            Topic.PROMPT,
            channel=item.channel,
            user=to,
            thread_ts=item.thread_ts,
            payload={"prompt": prompt.id, "left": left},
            due_at=now,
            at=now,
        )
        return True


def _find_next_answerer(
    tx: Transaction, gap: Gap, left: Collection[str], now: datetime
) -> UserId | None:
    """Return who answered a matter most often, and last, of those who may be asked about it."""
    threads = {occurrence.thread_ts for occurrence in gap.occurrences}
    answerers = Counter(
        occurrence.answerer
        for occurrence in gap.occurrences
        if occurrence.answerer is not None and occurrence.answerer not in left
    )
    for user, _ in answerers.most_common():
        if tx.prompts.count_about(gap.id, user):
            continue
        if may_ask(tx, user, now) and not tx.prompts.has_asked_in(gap.channel, threads, user):
            return user
    return None


def answer_prompt(
    store: Store,
    team: TeamId,
    prompt_id: PromptId,
    *,
    reader: Reader,
    answer: Answer,
    now: datetime,
) -> None:
    """Store how a prompt was answered.

    Raises:
        NotFoundError, AnsweredError: as in `read_prompt`.
    """
    with store.transaction(team) as tx:
        _load_open(tx, prompt_id, reader)
        tx.prompts.answer(prompt_id, answer, reader.user, now)


def mute_prompts(
    store: Store, team: TeamId, prompt_id: PromptId, *, reader: Reader, now: datetime
) -> None:
    """Mute all prompts in a channel; its digest still lists gaps.

    Raises:
        NotFoundError, NotAllowedError: the prompt isn't theirs, or they are a guest.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        prompt = _load_own(tx, prompt_id, reader)
        require_in_sight(tx, reader, prompt.channel)
        channel = tx.channels.get(prompt.channel, lock=True)
        tx.prompts.answer(prompt_id, Answer.MUTED, reader.user, now)
        if channel is None:
            raise NotAllowedError(
                "Opslore is no longer in that channel, so it doesn't prompt there."
            )
        tx.channels.put(replace(channel, muted=True))
        tx.audit.add(reader.user, "muted", prompt.channel, {}, now)


def _load_own(tx: Transaction, prompt_id: PromptId, reader: Reader) -> Prompt:
    prompt = tx.prompts.get(prompt_id)
    if prompt is None or prompt.user != reader.user:
        raise NotFoundError("This prompt has expired. Use `/lore record` instead.")
    return prompt


def _load_open(tx: Transaction, prompt_id: PromptId, reader: Reader) -> Prompt:
    """Return a person's prompt that they can still answer."""
    prompt = _load_own(tx, prompt_id, reader)
    gap = find_gap_of(tx, prompt)
    if gap is not None and gap.state is GapState.RECORDED:
        raise AnsweredError(_describe_recorded(tx, gap, reader))
    if prompt.is_answered:
        words = _ANSWERED if prompt.entry is None else _ANSWERED_ABOUT_ENTRY
        raise AnsweredError(words.get(prompt.answer or "", "You have already answered this."))
    if gap is not None and gap.state is GapState.DISMISSED:
        raise AnsweredError(
            "Someone has already noted this as not recurring. `@Opslore record` in its thread "
            "still records it."
        )
    return prompt


def _describe_recorded(tx: Transaction, gap: Gap, reader: Reader) -> str:
    entry = None if gap.entry is None else tx.entries.by_id(gap.entry)
    if entry is None or tx.entries.visible_to(reader).get(entry.key) is None:
        return "Someone has already recorded this."
    return f"{entry.key} already records this. `/lore show {entry.key}` shows it."
