"""What is told after commit: each topic's message, built from the store as it is now."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.deps import Deps
from bot.domain.approval import ProposalId
from bot.domain.entries import ChannelId
from bot.domain.errors import NotAllowedError, NotFoundError, UnavailableError
from bot.domain.outbox import OutboxItem, Topic
from bot.domain.prompt_rules import STALE
from bot.domain.prompts import PromptId
from bot.outbox.consider import consider
from bot.outbox.nudges import send_nudge
from bot.outbox.redraw import posted, refresh
from bot.slack.api.posting import NotSentError, RefusedError, call, direct, post, require_time
from bot.slack.api.threads import root_of
from bot.slack.render import render_digest
from bot.usecases.approval.announcements import (
    announced,
    proposal_posted,
    read_announcement,
    tell_directly,
    visible_to,
)
from bot.usecases.approval.proposals import posted_proposal, read_proposal
from bot.usecases.entries.find import posted_card
from bot.usecases.listening.prompts import read_prompt
from bot.usecases.outbox import done
from bot.usecases.ownership.transfer_messages import read_transfer
from bot.usecases.review.digest import digest_posted, read_digest
from bot.usecases.settings.channels import channel_of
from bot.usecases.steps.announcements import announcement_name
from bot.usecases.steps.permissions import require_member
from bot.usecases.steps.proposals import Proposed

log = logging.getLogger(__name__)


def tell(deps: Deps, item: OutboxItem) -> None:
    """Tell one thing, and record that it was told.

    Raises:
        NotSentError, UnavailableError: it may work later.
        RefusedError: it never will.
    """
    SENDERS[item.topic](deps, item)


def _prompt(deps: Deps, item: OutboxItem) -> None:
    """Ephemeral, at most once: it can not be looked for, and App Home lists it too."""
    assert item.user is not None
    if item.attempted_at is not None:
        raise RefusedError("may_have_arrived")
    if deps.now() - item.created_at > STALE:
        raise RefusedError("stale")
    prompt_id = PromptId(item.payload["prompt"])
    try:
        reader = deps.people.reader(item.user)
        prompt, entry = read_prompt(deps.store, deps.team, prompt_id, reader=reader)
    except UnavailableError as error:
        # Nothing was sent, so it may be shown yet.
        raise NotSentError("unavailable") from error
    if prompt.answer is not None:
        raise RefusedError("answered")
    if prompt.entry is not None and (entry is None or not entry.is_in_force):
        raise RefusedError("out_of_sight")
    _ephemeral(deps, item, deps.render("prompt", prompt=prompt, entry=entry), item.thread_ts)


def _offer(deps: Deps, item: OutboxItem) -> None:
    assert item.user is not None
    ts, thread_ts = str(item.payload["ts"]), item.thread_ts
    if item.payload.get("find_root"):
        ts = root_of(deps.client, item.channel, ts, deps.timeouts.thread)
        thread_ts = ts if ts != item.payload["ts"] else None
    try:
        require_member(deps.people.reader(item.user))
    except NotAllowedError as refusal:
        message = deps.render("note", text=refusal.user_text)
    else:
        message = deps.render("offer", ts=ts)
    _ephemeral(deps, item, message, thread_ts)


def _note(deps: Deps, item: OutboxItem) -> None:
    message = deps.render("note", text=item.payload["text"])
    if item.user is not None and str(item.channel) == str(item.user):
        _directly(deps, item, message)
        return
    assert item.user is not None
    try:
        _ephemeral(deps, item, message, item.thread_ts)
    except RefusedError as error:
        # One of the two is not in that channel; whoever asked is answered all the same.
        log.info("sent_directly", extra={"item": item.id, "why": error.reason})
        _directly(deps, replace(item, channel=ChannelId(item.user)), message)


def _directly(deps: Deps, item: OutboxItem, message: Mapping[str, object]) -> None:
    """In the direct messages; what may have arrived there is looked for first."""
    if item.attempted_at is not None:
        item = replace(item, channel=ChannelId(direct(deps.client, item.channel)))
    _post(deps, replace(item, thread_ts=None), message)


def _card(deps: Deps, item: OutboxItem) -> None:
    deps.people.confirm_channels()
    try:
        card = posted_card(deps.store, deps.team, item.payload["entry"], item.channel)
    except NotFoundError as error:
        raise RefusedError("it_lives_in_a_private_channel") from error
    if card.draft is not None and "proposal" in item.payload:
        _post_proposed(deps, item, card.draft, deps.render("entry_card", card=card))
    else:
        _post(deps, item, deps.render("entry_card", card=card))


def _welcome(deps: Deps, item: OutboxItem) -> None:
    channel = channel_of(deps.store, deps.team, item.channel)
    if channel is None or not channel.live:
        raise RefusedError("left_again")
    first = channel.digest.next_after(item.created_at)
    _post(deps, item, deps.render("welcome", first=first))


def _digest(deps: Deps, item: OutboxItem) -> None:
    shown = read_digest(deps.store, deps.team, item.payload["digest"], now=deps.now())
    ts = _send(deps, item, render_digest(deps.render, "digest_post", shown=shown))
    digest_posted(deps.store, deps.team, shown.digest.id, item=item.id, ts=ts, now=deps.now())
    deps.wake()


def _digest_more(deps: Deps, item: OutboxItem) -> None:
    shown = read_digest(deps.store, deps.team, item.payload["digest"], now=deps.now())
    lines = shown.chunk(item.payload["chunk"])
    _post(deps, item, render_digest(deps.render, "digest_more", lines=lines))


def _proposal(deps: Deps, item: OutboxItem) -> None:
    shown = posted_proposal(deps.store, deps.team, item.payload["proposal"])
    _post_proposed(deps, item, shown, deps.render("proposal_card", proposed=shown))


def _post_proposed(
    deps: Deps, item: OutboxItem, shown: Proposed, message: Mapping[str, object]
) -> None:
    """Post the card of a proposal, and tell the owner directly where they don't read it there."""
    proposal, entry = shown.proposal, shown.entry
    owner = deps.people.known_reader(entry.owner)
    # The card mentions them, which reaches nobody who does not read that channel.
    missed = owner.person.member and item.channel not in owner.channels
    ts = _send(deps, item, message)
    proposal_posted(deps.store, item, proposal, entry, ts=ts, to_owner=missed, now=deps.now())
    deps.wake()


def _transfer(deps: Deps, item: OutboxItem) -> None:
    """In a home channel, or to the person from whom the entries are to pass."""
    reader = None if item.user is None else deps.people.reader(item.user)
    transfer = read_transfer(deps.store, item, reader=reader)
    if not transfer.parts or (item.user is not None and not transfer.is_waiting):
        raise RefusedError("settled")
    place = item if item.user is None else _direct(deps, item)
    _post(deps, place, deps.render("transfer_card", transfer=transfer))


def _transferred(deps: Deps, item: OutboxItem) -> None:
    _post(deps, item, deps.render("note", text=item.payload["text"]))


def _proposal_news(deps: Deps, item: OutboxItem) -> None:
    assert item.user is not None
    proposal, reader = ProposalId(item.payload["proposal"]), deps.people.reader(item.user)
    try:
        proposed = read_proposal(deps.store, deps.team, proposal, reader=reader)
    except (NotFoundError, NotAllowedError) as error:
        # They left the private channel of the entry, or are no longer served.
        raise RefusedError("out_of_sight") from error
    if not (proposed.mine or proposed.proposal.state.open):
        raise RefusedError("settled")
    _post(deps, _direct(deps, item), deps.render("proposal_news", proposed=proposed))


def _announcement(deps: Deps, item: OutboxItem) -> None:
    """In the home channel of the entry, where those whom it concerns are mentioned; or to one."""
    entry, number = item.payload["entry"], item.payload["revision"]
    if item.user is not None:
        reader = deps.people.reader(item.user)
        found = read_announcement(deps.store, deps.team, entry, number, reader=reader)
        if not visible_to(deps.store, deps.team, found.entry, reader=reader):
            raise RefusedError("out_of_sight")
        message = deps.render("announcement", found=found, mentioned=())
        _post(deps, _direct(deps, item), message)
        return
    found = read_announcement(deps.store, deps.team, entry, number)
    named = [deps.people.known_reader(user) for user in found.named]
    mentioned = tuple(one.user for one in named if item.channel in one.channels)
    message = deps.render("announcement", found=found, mentioned=mentioned)
    others = {one.user for one in named if one.user not in mentioned and one.person.member}
    try:
        ts = _announced(deps, item, message)
    except RefusedError:
        # Nobody reads it there any more; whom it concerns reads it all the same.
        tell_directly(deps.store, item, others.union(mentioned), now=deps.now())
        raise
    announced(deps.store, item, ts=ts, others=others, now=deps.now())
    deps.wake()


def _announced(deps: Deps, item: OutboxItem, message: Mapping[str, object]) -> str:
    """Below the first announcement of its entry, or beside it where that is gone."""
    root = posted(deps, announcement_name(item.payload["entry"]), but=item.id)
    try:
        return _send(deps, replace(item, thread_ts=root.ts if root else None), message)
    except RefusedError as error:
        if error.reason != "thread_not_found":
            raise
        return _send(deps, item, message)


def _direct(deps: Deps, item: OutboxItem) -> OutboxItem:
    """To its receiver, by the id of the conversation: by that alone Slack reads its past."""
    assert item.user is not None
    return replace(item, channel=ChannelId(direct(deps.client, item.user)))


def _ephemeral(
    deps: Deps, item: OutboxItem, message: Mapping[str, object], thread_ts: str | None
) -> None:
    require_time(item, deps.now())
    call(
        deps.client,
        "chat.postEphemeral",
        channel=item.channel,
        user=item.user,
        **({"thread_ts": thread_ts} if thread_ts else {}),
        **message,
    )
    done(deps.store, item, now=deps.now())


def _post(deps: Deps, item: OutboxItem, message: Mapping[str, object]) -> None:
    ts = _send(deps, item, message)
    done(deps.store, item, ts=ts, now=deps.now())


def _send(deps: Deps, item: OutboxItem, message: Mapping[str, object]) -> str:
    return post(
        deps.client,
        item,
        deps.now,
        deps.holds,
        channel=item.channel,
        thread_ts=item.thread_ts,
        message=message,
        earlier=item.created_at if item.attempted_at is not None else None,
    )


SENDERS: Final[dict[Topic, Callable[[Deps, OutboxItem], None]]] = {
    Topic.MESSAGE: consider,
    Topic.PROMPT: _prompt,
    Topic.OFFER: _offer,
    Topic.NOTE: _note,
    Topic.CARD: _card,
    Topic.WELCOME: _welcome,
    Topic.DIGEST: _digest,
    Topic.DIGEST_MORE: _digest_more,
    Topic.PROPOSAL: _proposal,
    Topic.TRANSFER: _transfer,
    Topic.TRANSFERRED: _transferred,
    Topic.PROPOSAL_NEWS: _proposal_news,
    Topic.ANNOUNCEMENT: _announcement,
    Topic.REFRESH: refresh,
    Topic.NUDGE: send_nudge,
}
