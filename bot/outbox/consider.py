"""Considering a message: whether an entry covers it, a gap counts it, someone is prompted."""

from bot.deps import Deps
from bot.domain.outbox import OutboxItem
from bot.slack.api.posting import NotSentError, RefusedError
from bot.slack.payloads.fields import at
from bot.slack.text import mrkdwn
from bot.usecases.listening.consider import consider_message


def consider(deps: Deps, item: OutboxItem) -> None:
    """Consider one message, and wake the sender if it prompts.

    Raises:
        NotSentError: Slack knows no such channel; the invitation may be on its way.
        RefusedError: Opslore isn't in the channel.
    """
    assert item.user is not None
    ts = item.payload["ts"]
    channel = deps.people.channel(item.channel)
    if channel is None:
        if not item.attempts:
            # Another may have asked this right before the invitation; the message tells of it.
            raise NotSentError("channel_not_found")
        raise RefusedError("channel_not_found")
    # Slack names people by ids, and whose they are could not be asked before the acknowledgement.
    excerpt = mrkdwn.named(item.payload["excerpt"], deps.people.name)
    reader = deps.people.known_reader(item.user)
    # After all that Slack is asked, which may take long.
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
