"""Share an entry with a channel; entries of private channels stay in them."""

from datetime import datetime

from bot.domain.entries import Entry, TeamId
from bot.domain.errors import NotAllowedError
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.usecases.steps.outbox import queue_card
from bot.usecases.steps.permissions import load_entry, require_served
from bot.usecases.steps.visible_links import is_shareable
from storage.store import Store


def share_entry(
    store: Store,
    team: TeamId,
    *,
    reader: Reader,
    key: str,
    channel: Channel | None,
    now: datetime,
) -> Entry:
    """Post an entry's card to a channel; `channel` is the channel as Slack describes it now.

    Raises:
        NotAllowedError: Opslore can't post here; the entry is in a private channel; or people
            of another organization would read it outside its home channel.
        NotFoundError: with what to do instead.
    """
    require_served(reader)
    if channel is None or not channel.joined:
        raise NotAllowedError("Opslore isn't in this channel. Invite it first: `/invite @Opslore`.")
    with store.transaction(team) as tx:
        entry = load_entry(tx.entries.visible_to(reader), key)
        if entry.home != channel.id and not is_shareable(tx, entry):
            raise NotAllowedError(
                f"{entry.key} lives in a private channel and can't be shared outside it. Invite "
                "the people who need it to that channel."
            )
        if entry.home != channel.id and channel.shared:
            raise NotAllowedError(
                f"This channel is shared with another organization and {entry.key} lives "
                "elsewhere, so it can't be posted here. Tell people what they need to know; "
                f"`/lore show {entry.key}` shows it to you."
            )
        queue_card(tx, entry, channel=channel.id, thread_ts=None, user=reader.user, now=now)
        tx.audit.add(reader.user, "shared", str(entry.cited), {"channel": channel.id}, now)
        return entry
