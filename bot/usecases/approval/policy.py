"""Whether a change needs approval."""

from collections.abc import Callable

from bot.domain.entries import ChannelId, Entry, TeamId, UserId
from storage.store import Store

# Tells whether this person is the only one able to approve changes of an entry with this home
# channel and owner. It asks Slack.
IsAlone = Callable[[UserId, ChannelId, UserId], bool]


def needs_approval(
    store: Store, team: TeamId, entry: Entry, *, by: UserId, is_alone: IsAlone
) -> bool:
    """Return whether a person's change of an entry needs approval.

    It doesn't if no one else could approve it, so that a team of one isn't stuck.
    """
    return waits_for_approval(
        store, team, by=by, home=entry.home, owner=entry.owner, is_alone=is_alone
    )


def waits_for_approval(
    store: Store, team: TeamId, *, by: UserId, home: ChannelId, owner: UserId, is_alone: IsAlone
) -> bool:
    """Return whether a person's new entry for a channel needs approval; `owner` will own it."""
    with store.read(team) as tx:
        policy = tx.workspace.get().approval
    return policy.on and not is_alone(by, home, owner)
