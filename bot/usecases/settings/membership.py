"""Who is where, as far as it was heard of: what a process cached must not outlive that."""

from bot.domain.entries import ChannelId, TeamId, UserId
from storage.store import Store


def count_changes(store: Store, team: TeamId, about: str) -> int:
    """Return how many changes of who is where are stored about a user or a channel.

    Raises:
        UnavailableError: the database does not answer.
    """
    with store.read(team) as tx:
        return tx.membership_changes.count(about)


def note_move(store: Store, team: TeamId, user: UserId, channel: ChannelId) -> None:
    """Keep that somebody joined or left a channel, for every process to ask Slack again."""
    with store.transaction(team) as tx:
        tx.membership_changes.note(user, channel)
