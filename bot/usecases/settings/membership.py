"""Changes of channel membership, which tell every process that its cache is outdated."""

from bot.domain.entries import ChannelId, TeamId, UserId
from storage.store import Store


def count_changes(store: Store, team: TeamId, about: str) -> int:
    """Return how many membership changes are stored about a user or a channel.

    Raises:
        UnavailableError: the database does not answer.
    """
    with store.read(team) as tx:
        return tx.membership_changes.count(about)


def note_move(store: Store, team: TeamId, user: UserId, channel: ChannelId) -> None:
    """Store that someone joined or left a channel, so that every process asks Slack again."""
    with store.transaction(team) as tx:
        tx.membership_changes.note(user, channel)
