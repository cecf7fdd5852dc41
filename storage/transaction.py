"""One transaction of one workspace: a part for each aggregate."""

from functools import cached_property

from sqlmodel import Session

from bot.domain.entries import TeamId
from storage.entries import Entries
from storage.messages import Messages
from storage.observations import Observations
from storage.outbox import Outbox
from storage.workspaces import WorkspaceSettings


class Transaction:
    """What can be read and written; nothing outside `team` is ever reached."""

    def __init__(self, session: Session, team: TeamId) -> None:
        self.session = session
        self.team = team

    @cached_property
    def entries(self) -> Entries:
        """Entries as they stand now."""
        return Entries(self.session, self.team)

    @cached_property
    def observations(self) -> Observations:
        """Uses of entries."""
        return Observations(self.session, self.team)

    @cached_property
    def messages(self) -> Messages:
        """Chat messages and events that were claimed."""
        return Messages(self.session, self.team)

    @cached_property
    def outbox(self) -> Outbox:
        """What is to be told."""
        return Outbox(self.session, self.team)

    @cached_property
    def workspace(self) -> WorkspaceSettings:
        """The workspace's own settings."""
        return WorkspaceSettings(self.session, self.team)
