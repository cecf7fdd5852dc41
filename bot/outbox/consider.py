"""Considering chat: keep a message's features, and compare a thread that has settled."""

from bot.deps import Deps
from bot.domain.embedding import pack
from bot.domain.outbox import OutboxItem
from bot.slack.api.posting import NotSentError, RefusedError
from bot.slack.payloads.fields import at
from bot.slack.text import mrkdwn
from bot.usecases.listening.consider import Surroundings, consider_message
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
    embedder = deps.embeddings
    people = [item.user, *item.payload["mentions"]]
    around = Surroundings(
        reader=deps.people.known_reader(item.user),
        channel=channel,
        names=frozenset(deps.people.name(person) for person in people),
        text=text,
        said_at=at(item.payload["ts"]),
        # An item that an earlier version stored doesn't say it.
        is_question=bool(item.payload.get("is_question")),
        meaning=pack(embedder.embed([text])[0]) if embedder else b"",
    )
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
