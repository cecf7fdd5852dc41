"""One transaction of one workspace: a part for each aggregate."""

from functools import cached_property

from sqlmodel import Session

from bot.domain.entries import TeamId
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
from storage.links import Links
from storage.membership_changes import MembershipChanges
from storage.messages import Messages
from storage.nudges import Nudges
from storage.outbox import Outbox
from storage.prompts import Prompts
from storage.proposals import Proposals
from storage.redaction import Redactions
from storage.revisions import Revisions
from storage.uses import Uses
from storage.verdicts import Verdicts
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
    def revisions(self) -> Revisions:
        """What entries said at one time."""
        return Revisions(self.session, self.team)

    @cached_property
    def proposals(self) -> Proposals:
        """Changes that wait for approval."""
        return Proposals(self.session, self.team)

    @cached_property
    def verdicts(self) -> Verdicts:
        """What people said of revisions."""
        return Verdicts(self.session, self.team)

    @cached_property
    def due_reasons(self) -> DueReasons:
        """What makes entries due at once."""
        return DueReasons(self.session, self.team)

    @cached_property
    def evidence(self) -> EvidenceOfEntries:
        """The messages that entries rest on."""
        return EvidenceOfEntries(self.session, self.team)

    @cached_property
    def uses(self) -> Uses:
        """Uses of entries."""
        return Uses(self.session, self.team)

    @cached_property
    def gaps(self) -> Gaps:
        """What keeps coming back and no entry covers."""
        return Gaps(self.session, self.team)

    @cached_property
    def digest_gaps(self) -> DigestGaps:
        """What a digest lists of what no entry covers."""
        return DigestGaps(self.session, self.team)

    @cached_property
    def prompts(self) -> Prompts:
        """Who was shown what, and what they answered."""
        return Prompts(self.session, self.team)

    @cached_property
    def messages(self) -> Messages:
        """Chat messages and events that were claimed."""
        return Messages(self.session, self.team)

    @cached_property
    def outbox(self) -> Outbox:
        """What is to be told."""
        return Outbox(self.session, self.team)

    @cached_property
    def form_drafts(self) -> FormDrafts:
        """Forms while they are open."""
        return FormDrafts(self.session, self.team)

    @cached_property
    def digests(self) -> Digests:
        """The weekly digests of channels."""
        return Digests(self.session, self.team)

    @cached_property
    def duties(self) -> Duties:
        """What one process does for all."""
        return Duties(self.session, self.team)

    @cached_property
    def nudges(self) -> Nudges:
        """Who was told what waits for them."""
        return Nudges(self.session, self.team)

    @cached_property
    def channels(self) -> Channels:
        """The channels of the workspace."""
        return Channels(self.session, self.team)

    @cached_property
    def links(self) -> Links:
        """Which entries name which."""
        return Links(self.session, self.team)

    @cached_property
    def membership_changes(self) -> MembershipChanges:
        """How often it changed who is where."""
        return MembershipChanges(self.session, self.team)

    @cached_property
    def workspace(self) -> WorkspaceSettings:
        """The workspace's own settings."""
        return WorkspaceSettings(self.session, self.team)

    @cached_property
    def audit(self) -> Audit:
        """Who did what."""
        return Audit(self.session, self.team)

    @cached_property
    def redactions(self) -> Redactions:
        """Taking a text out of all of this."""
        return Redactions(self.session, self.team)
