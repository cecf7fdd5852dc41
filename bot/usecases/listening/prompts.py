"""Answers to prompts: record it, not this time, use the entry, or mute prompts here."""

from dataclasses import replace
from datetime import datetime

from bot.domain.entries import Entry, TeamId, UserId
from bot.domain.errors import NotAllowedError, NotFoundError
from bot.domain.prompts import Prompt, PromptId
from bot.domain.visibility import Reader
from bot.usecases.steps.permissions import require_in_sight, require_member
from storage.store import Store, Transaction


def read_prompt(
    store: Store, team: TeamId, prompt_id: PromptId, *, reader: Reader
) -> tuple[Prompt, Entry | None]:
    """Return a person's prompt, with the entry that it shows if they may still see it.

    Raises:
        NotFoundError: there is no such prompt, or it isn't theirs.
    """
    with store.read(team) as tx:
        prompt = _load_own(tx, prompt_id, reader.user)
        entry = tx.entries.by_id(prompt.entry) if prompt.entry is not None else None
        return prompt, tx.entries.visible_to(reader).get(entry.key) if entry else None


def answer_prompt(
    store: Store, team: TeamId, prompt_id: PromptId, *, user: UserId, answer: str, now: datetime
) -> None:
    """Store how a prompt was answered; a later answer doesn't replace the first.

    Raises:
        NotFoundError: there is no such prompt, or it isn't theirs.
    """
    with store.transaction(team) as tx:
        _load_own(tx, prompt_id, user)
        tx.prompts.answer(prompt_id, answer, user, now)


def mute_prompts(
    store: Store, team: TeamId, prompt_id: PromptId, *, reader: Reader, now: datetime
) -> None:
    """Mute all prompts in a channel; its digest still lists gaps.

    Raises:
        NotFoundError, NotAllowedError: the prompt isn't theirs, or they are a guest.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        prompt = _load_own(tx, prompt_id, reader.user)
        require_in_sight(tx, reader, prompt.channel)
        channel = tx.channels.get(prompt.channel, lock=True)
        tx.prompts.answer(prompt_id, "muted", reader.user, now)
        if channel is None:
            raise NotAllowedError(
                "Opslore is no longer in that channel, so it doesn't prompt there."
            )
        tx.channels.put(replace(channel, muted=True))
        tx.audit.add(reader.user, "muted", prompt.channel, {}, now)


def _load_own(tx: Transaction, prompt_id: PromptId, user: UserId) -> Prompt:
    prompt = tx.prompts.get(prompt_id)
    if prompt is None or prompt.user != user:
        raise NotFoundError("This prompt has expired. Use `/lore record` instead.")
    return prompt
