"""Whether a change waits for approval, and who could approve it."""

from collections.abc import Callable

from bot.domain.entries import ChannelId, Entry, TeamId, UserId
from storage.store import Store

# Whether no one but this person could approve changes of an entry with this home channel and this
# owner. Slack is asked.
Alone = Callable[[UserId, ChannelId, UserId], bool]


def needs_approval(store: Store, team: TeamId, entry: Entry, *, by: UserId, alone: Alone) -> bool:
    """Return whether a person's change of an entry waits for approval.

    It doesn't where no one else could approve, so that a team of one isn't stuck.
    """
    return waits_for_approval(store, team, by=by, home=entry.home, owner=entry.owner, alone=alone)


def waits_for_approval(
    store: Store, team: TeamId, *, by: UserId, home: ChannelId, owner: UserId, alone: Alone
) -> bool:
    """Return whether what a person writes for a channel waits, where `owner` answers for it."""
    with store.read(team) as tx:
        policy = tx.workspace.get().approval
    return policy.on and not alone(by, home, owner)
