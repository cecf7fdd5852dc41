"""A transaction in one workspace, with the queries of each aggregate."""

from collections.abc import Collection
from functools import cached_property

from sqlmodel import Session

from bot.domain.entries import ChannelId, TeamId
from storage.asked_threads import AskedThreads
from storage.audit.chain import Audit
from storage.channels import Channels
from storage.digest_gaps import DigestGaps
from storage.digests import Digests
from storage.due_reasons import DueReasons
from storage.duties import Duties
from storage.entries import Entries
from storage.evidence import EvidenceOfEntries
from storage.form_drafts import FormDrafts
from storage.gaps import Gaps
from storage.heard_messages import HeardMessages
from storage.links import Links
from storage.membership_changes import MembershipChanges
from storage.messages import Messages
from storage.nudges import Nudges
from storage.outbox import Outbox
from storage.prompts import Prompts
from storage.proposals import Proposals
from storage.redaction import Redactions
from storage.revisions import Revisions
from storage.threads import ChannelThreads
from storage.uses import Uses
from storage.verdicts import Verdicts
from storage.workspaces import WorkspaceSettings


class Transaction:
    """A transaction in one workspace. It never reaches rows of another."""

    def __init__(self, session: Session, team: TeamId) -> None:
        self.session = session
        self.team = team
        self._channel_threads: dict[ChannelId, ChannelThreads] = {}

    @cached_property
    def entries(self) -> Entries:
        """The entries."""
        return Entries(self.session, self.team)

    @cached_property
    def revisions(self) -> Revisions:
        """The revisions of entries."""
        return Revisions(self.session, self.team)

    @cached_property
    def proposals(self) -> Proposals:
        """The changes that wait, or waited, for approval."""
        return Proposals(self.session, self.team)

    @cached_property
    def verdicts(self) -> Verdicts:
        """The verdicts that people gave on revisions."""
        return Verdicts(self.session, self.team)

    @cached_property
    def due_reasons(self) -> DueReasons:
        """The reasons why entries are due at once."""
        return DueReasons(self.session, self.team)

    @cached_property
    def evidence(self) -> EvidenceOfEntries:
        """The messages that entries are based on."""
        return EvidenceOfEntries(self.session, self.team)

    @cached_property
    def uses(self) -> Uses:
        """The uses of entries."""
        return Uses(self.session, self.team)

    @cached_property
    def heard(self) -> HeardMessages:
        """The messages whose threads may be occurrences of a recurring matter."""
        return HeardMessages(self.session, self.team)

    def channel_threads(self, channel: ChannelId) -> ChannelThreads:
        """Return the threads of a channel, as they are compared and grouped."""
        return self._channel_threads.setdefault(
            channel, ChannelThreads(self.session, self.team, channel)
        )

    def asked_threads(self, channels: Collection[ChannelId]) -> AskedThreads:
        """Return the threads of some channels that may be about a question."""
        return AskedThreads(self.session, self.team, channels)

    @cached_property
    def gaps(self) -> Gaps:
        """The recurring matters that no entry covers."""
        return Gaps(self.session, self.team)

    @cached_property
    def digest_gaps(self) -> DigestGaps:
        """The gaps that a digest lists."""
        return DigestGaps(self.session, self.team)

    @cached_property
    def prompts(self) -> Prompts:
        """The prompts that people were shown, and their answers."""
        return Prompts(self.session, self.team)

    @cached_property
    def messages(self) -> Messages:
        """The chat messages and Slack events that were claimed."""
        return Messages(self.session, self.team)

    @cached_property
    def outbox(self) -> Outbox:
        """The messages to send and redraw."""
        return Outbox(self.session, self.team)

    @cached_property
    def form_drafts(self) -> FormDrafts:
        """The open forms."""
        return FormDrafts(self.session, self.team)

    @cached_property
    def digests(self) -> Digests:
        """The weekly digests of channels."""
        return Digests(self.session, self.team)

    @cached_property
    def duties(self) -> Duties:
        """The periodic jobs that one process does for all."""
        return Duties(self.session, self.team)

    @cached_property
    def nudges(self) -> Nudges:
        """The direct messages about what waits for a person."""
        return Nudges(self.session, self.team)

    @cached_property
    def channels(self) -> Channels:
        """The channels of the workspace."""
        return Channels(self.session, self.team)

    @cached_property
    def links(self) -> Links:
        """The links between entries."""
        return Links(self.session, self.team)

    @cached_property
    def membership_changes(self) -> MembershipChanges:
        """The counts of membership changes."""
        return MembershipChanges(self.session, self.team)

    @cached_property
    def workspace(self) -> WorkspaceSettings:
        """The workspace's settings."""
        return WorkspaceSettings(self.session, self.team)

    @cached_property
    def audit(self) -> Audit:
        """The record of who did what."""
        return Audit(self.session, self.team)

    @cached_property
    def redactions(self) -> Redactions:
        """The removal of a text from all of the above."""
        return Redactions(self.session, self.team)
