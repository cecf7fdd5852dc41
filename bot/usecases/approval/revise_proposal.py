"""The form of a proposal that its author revises, after a comment or beside another change."""

from datetime import datetime
from typing import Final

from bot.domain.approval import Proposal, ProposalId
from bot.domain.entries import TeamId
from bot.domain.errors import NotAllowedError
from bot.domain.form_drafts import OVERTAKEN, NewFormDraft
from bot.domain.kinds import FIELDS
from bot.domain.revisions import Revision, changed_fields, suggested_effect
from bot.domain.visibility import Reader
from bot.usecases.steps.changes import cited, require_author
from bot.usecases.steps.form_context import Form, beside_of, hidden_in_form
from bot.usecases.steps.permissions import require_member
from bot.usecases.steps.proposals import REVISABLE, contested_fields, require_open, seen_proposal
from storage.store import Store

_BOTH: Final = (
    "{} also changed {}. This form shows your version. Combine the two versions, then save."
)


def open_revision(
    store: Store, team: TeamId, proposal_id: ProposalId, *, reader: Reader, now: datetime
) -> Form:
    """Begin to revise what one proposed.

    Beside it stands what was put in force meanwhile in the fields that both changed.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        proposal, entry = seen_proposal(tx, reader, proposal_id)
        require_author(entry, proposal, reader.user)
        require_open(entry, proposal)
        if proposal.revision.change not in REVISABLE:
            raise NotAllowedError(
                f"{cited(entry, proposal.revision)} has no text to revise. Withdraw it and propose "
                "another change instead."
            )
        contested = contested_fields(tx, proposal, entry)
        # Of a draft nothing else is in force.
        base = tx.revisions.get(entry.id, proposal.base) or proposal.revision
        # What somebody else changed meanwhile, and the author did not, is taken over.
        values = {
            field.name: (
                entry.content
                if proposal.revision.content.values.get(field.name)
                == base.content.values.get(field.name)
                else proposal.revision.content
            ).values.get(field.name)
            for field in FIELDS[entry.key.kind]
        }
        draft = tx.form_drafts.add(
            NewFormDraft(
                user=reader.user,
                kind=entry.key.kind,
                channel=entry.home,
                created_at=now,
                entry=entry.id,
                base=entry.revision.number,
                proposal=proposal_id,
                values={
                    **values,
                    "note": proposal.revision.note,
                    "effect": _declared(proposal, base),
                    OVERTAKEN: [field.name for field in contested],
                },
            )
        )
        hidden = hidden_in_form(tx, reader, draft, entry)
    beside = beside_of(draft, entry)
    fields = ", ".join(f"“{field.label}”" for field in contested)
    notice = _BOTH.format(entry.cited, fields) if contested else ""
    return Form(
        draft=draft,
        values=draft.values,
        editing=entry,
        beside=beside,
        notice=notice,
        asked=proposal.asked,
        requests=len(proposal.requests),
        hidden=hidden,
    )


def _declared(proposal: Proposal, base: Revision) -> str:
    """The kind of change that its author chose; empty where the fields alone would say the same."""
    effect = proposal.revision.effect
    suggested = suggested_effect(changed_fields(base.content, proposal.revision.content))
    return "" if effect in (None, suggested) else effect
