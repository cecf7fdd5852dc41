"""The form in which an author revises their proposal, after a comment or a conflict."""

from datetime import datetime
from typing import Final

from bot.domain.approval import Proposal, ProposalId
from bot.domain.entries import TeamId
from bot.domain.errors import NotAllowedError
from bot.domain.form_drafts import OVERTAKEN, NewFormDraft
from bot.domain.kinds import FIELDS
from bot.domain.revisions import Revision, changed_fields, suggested_effect
from bot.domain.visibility import Reader
from bot.usecases.steps.changes import cite, require_author
from bot.usecases.steps.form_context import Form, find_hidden_in_form, list_references
from bot.usecases.steps.permissions import require_member
from bot.usecases.steps.proposals import (
    REVISABLE,
    find_contested_fields,
    load_proposal,
    require_open,
)
from storage.store import Store

_CONFLICT: Final = (
    "{} also changed {}. This form shows your version. Combine the two versions, then save."
)


def open_revision(
    store: Store, team: TeamId, proposal_id: ProposalId, *, reader: Reader, now: datetime
) -> Form:
    """Open the form of a proposal for its author.

    It also shows the text in force of each field that both the author and someone else changed.

    Raises:
        NotFoundError, NotAllowedError: with what to do instead.
    """
    require_member(reader)
    with store.transaction(team) as tx:
        proposal, entry = load_proposal(tx, reader, proposal_id)
        require_author(entry, proposal, reader.user)
        require_open(entry, proposal)
        if proposal.revision.change not in REVISABLE:
            raise NotAllowedError(
                f"{cite(entry, proposal.revision)} has no text to revise. Withdraw it and propose "
                "another change instead."
            )
        contested = find_contested_fields(tx, proposal, entry)
        # A draft has no base, because nothing was in force before it.
        base = tx.revisions.get(entry.id, proposal.base) or proposal.revision
        # Fields that only someone else has changed since then take over that text.
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
                    "effect": _chosen_effect(proposal, base),
                    OVERTAKEN: [field.name for field in contested],
                },
            )
        )
        hidden = find_hidden_in_form(tx, reader, draft, entry)
    references = list_references(draft, entry)
    fields = ", ".join(f"“{field.label}”" for field in contested)
    notice = _CONFLICT.format(entry.cited, fields) if contested else ""
    return Form(
        draft=draft,
        values=draft.values,
        editing=entry,
        references=references,
        notice=notice,
        asked=proposal.asked,
        requests=len(proposal.requests),
        hidden=hidden,
    )


def _chosen_effect(proposal: Proposal, base: Revision) -> str:
    """Return the kind of change that the author chose; empty if the fields suggest the same."""
    effect = proposal.revision.effect
    suggested = suggested_effect(changed_fields(base.content, proposal.revision.content))
    return "" if effect in (None, suggested) else effect
