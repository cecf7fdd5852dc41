"""Considering chat: keep a message's features, and compare a thread that has settled."""

from dataclasses import replace

from bot.deps import Deps
from bot.domain.embedding import pack
from bot.domain.messages import MOST_NAMED
from bot.domain.outbox import OutboxItem
from bot.embedding.cache import EmbeddingCache
from bot.slack.api.posting import NotSentError, RefusedError
from bot.slack.payloads.fields import at
from bot.slack.text import mrkdwn
from bot.usecases.listening.consider import Surroundings, consider_message
from bot.usecases.listening.meanings import embed_opening
from bot.usecases.listening.settle import settle_thread


def consider(deps: Deps, item: OutboxItem) -> None:
    """Consider one message, and wake the sender if it prompts.

    Raises:
        NotSentError: Slack doesn't know the channel yet; the invitation may still be in progress.
        RefusedError: Opslore isn't in the channel.
    """
    assert item.user is not None
    channel = deps.people.channel(item.channel)
    if channel is None:
        if not item.attempts:
            # Perhaps the answer was cached right before the invitation.
            raise NotSentError("channel_not_found")
        raise RefusedError("channel_not_found")
    # Messages mention people by ID. There was no time to look up names before the acknowledgement.
    text = mrkdwn.named(item.payload["text"], deps.people.name)
    people = [item.user, *item.payload["mentions"][:MOST_NAMED]]
    around = Surroundings(
        reader=deps.people.known_reader(item.user),
        channel=channel,
        names=frozenset(deps.people.name(person) for person in people),
        text=text,
        said_at=at(item.payload["ts"]),
        # An item that an earlier version stored doesn't say it.
        is_question=bool(item.payload.get("is_question")),
    )
    if deps.embeddings:
        around = _embed(deps, deps.embeddings, item, around)
    # Only after the calls to Slack, which may take long.
    with deps.considering:
        prompts = consider_message(deps.store, item, around, now=deps.now())
    if prompts:
        deps.wake()


def settle(deps: Deps, item: OutboxItem) -> None:
    """Compare a thread that may have settled with others, and wake the sender if it prompts."""
    with deps.considering:
        prompts = settle_thread(deps.store, item, deps.links.permalink, now=deps.now())
    if prompts:
        deps.wake()


def _embed(
    deps: Deps, embeddings: EmbeddingCache, item: OutboxItem, around: Surroundings
) -> Surroundings:
    """Add what a message means; if it opens a thread, also what the entries near it mean."""
    [meaning] = embeddings.embed([around.text])
    opens = item.thread_ts in (None, item.payload["ts"])
    return replace(
        around,
        meaning=pack(meaning),
        meanings=embed_opening(
            deps.store,
            deps.team,
            around.text,
            names=around.names,
            reader=around.reader,
            embeddings=embeddings,
        )
        if opens
        else None,
    )
