"""Settings of the workspace: prompt budgets, reviewers, holidays and approval."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.approval import ApprovalPolicy
from bot.domain.calendar import parse_holidays
from bot.domain.entries import TeamId
from bot.domain.errors import InvalidInputError, NotAllowedError
from bot.domain.prompts import PromptTally
from bot.domain.visibility import Reader
from bot.domain.workspaces import Workspace
from bot.usecases.steps.budgets import tally_prompts
from bot.usecases.steps.permissions import require_member
from storage.store import Store

_HIGHEST_BUDGET: Final = 50
_HIGHEST_RATE: Final = 20
_LONGEST_WAIT: Final = 20
_BUDGET: Final = re.compile(r"[0-9]{1,3}")
_RATE: Final = re.compile(r"[0-9]{1,3}([.,][0-9])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceForm:
    """The form of the workspace's settings, as it was typed."""

    person_budget: str
    channel_budget: str
    prompt_rate: str
    backup_after: str
    holidays: str
    needs_approval: bool
    approvals: str
    self_approval: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSettings:
    """The settings of a workspace, and the prompts of the last seven days in all its channels."""

    workspace: Workspace
    prompts: PromptTally


def read_settings(store: Store, team: TeamId, *, now: datetime) -> ShownSettings:
    """Return the settings of the workspace, with how often people were prompted."""
    with store.read(team) as tx:
        tallies = tally_prompts(tx, [channel.id for channel in tx.channels.all()], now)
        return ShownSettings(
            workspace=tx.workspace.get(), prompts=PromptTally.total(tallies.values())
        )


def set_workspace(
    store: Store,
    team: TeamId,
    typed: WorkspaceForm,
    *,
    reader: Reader,
    now: datetime,
) -> Workspace:
    """Set the prompt budgets, when people are asked, and who approves changes; for admins.

    Raises:
        InvalidInputError: with the reason for the field.
        NotAllowedError: the person isn't an admin.
    """
    require_member(reader)
    if not reader.person.admin:
        raise NotAllowedError(
            "Only workspace admins can change these settings, so ask an admin. For this channel "
            "alone, use `/lore watch` or `/lore digest settings`."
        )
    person = _parse_budget(typed.person_budget, "person_budget")
    channel = _parse_budget(typed.channel_budget, "channel_budget")
    rate = _parse_rate(typed.prompt_rate)
    after, days = _parse_working_days(typed.backup_after), parse_holidays(typed.holidays)
    policy = ApprovalPolicy(
        on=typed.needs_approval,
        approvals=_parse_approvals(typed.approvals),
        self_approval=typed.self_approval,
    )
    with store.transaction(team) as tx:
        settings = replace(
            tx.workspace.get(),
            person_budget=person,
            channel_budget=channel,
            prompt_rate=rate,
            backup_after=after,
            holidays=days,
            approval=policy,
        )
        tx.workspace.put(settings)
        details = {
            "person_budget": person,
            "channel_budget": channel,
            "prompt_rate": rate,
            "backup_after": after,
            "holidays": sorted(day.isoformat() for day in days),
            "review": policy.on,
            "approvals": policy.approvals,
            "self_approval": policy.self_approval,
        }
        tx.audit.add(reader.user, "workspace_set", team, details, now)
        return settings


def _parse_rate(typed: str) -> float:
    text = typed.strip()
    if _RATE.fullmatch(text) and (rate := float(text.replace(",", "."))) <= _HIGHEST_RATE:
        return rate
    reason = f"Enter a number from 0 to {_HIGHEST_RATE}, such as 3 or 0.5."
    raise InvalidInputError(reason, {"prompt_rate": reason})


def _parse_working_days(typed: str) -> int:
    text = typed.strip()
    if _BUDGET.fullmatch(text) and 1 <= int(text) <= _LONGEST_WAIT:
        return int(text)
    reason = f"Enter a whole number of working days from 1 to {_LONGEST_WAIT}."
    raise InvalidInputError(reason, {"backup_after": reason})


def _parse_approvals(typed: str) -> int:
    if typed in ("1", "2"):
        return int(typed)
    raise InvalidInputError("Choose one or two.", {"approvals": "Choose one or two approvals."})


def _parse_budget(typed: str, field: str) -> int:
    text = typed.strip()
    if _BUDGET.fullmatch(text) and int(text) <= _HIGHEST_BUDGET:
        return int(text)
    reason = f"Enter a whole number from 0 to {_HIGHEST_BUDGET}."
    raise InvalidInputError(reason, {field: reason})
