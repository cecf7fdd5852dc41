"""Considering a chat message: does an entry cover it, does a gap count it, who is prompted?"""

from bot.deps import Deps
from bot.domain.outbox import OutboxItem
from bot.slack.api.posting import NotSentError, RefusedError
from bot.slack.payloads.fields import at
from bot.slack.text import mrkdwn
from bot.usecases.listening.consider import consider_message


def consider(deps: Deps, item: OutboxItem) -> None:
    """Consider one message, and wake the sender if it prompts.

    Raises:
        NotSentError: Slack doesn't know the channel yet; the invitation may still be in progress.
        RefusedError: Opslore isn't in the channel.
    """
    assert item.user is not None
    ts = item.payload["ts"]
    channel = deps.people.channel(item.channel)
    if channel is None:
        if not item.attempts:
            # Perhaps the answer was cached right before the invitation.
            raise NotSentError("channel_not_found")
        raise RefusedError("channel_not_found")
    # Messages mention people by ID. There was no time to look up names before the acknowledgement.
    excerpt = mrkdwn.named(item.payload["excerpt"], deps.people.name)
    reader = deps.people.known_reader(item.user)
    # Only after the calls to Slack, which may take long.
    with deps.considering:
        prompts = consider_message(
            deps.store,
            item,
            excerpt=excerpt,
            reader=reader,
            channel=channel,
            permalink=deps.links.permalink(item.channel, ts, item.thread_ts),
            said_at=at(ts),
            now=deps.now(),
        )
    if prompts:
        deps.wake()
