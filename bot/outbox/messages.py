"""What is told after commit: each topic's message, built from the store as it is now."""

import logging
from collections.abc import Callable, Mapping
from typing import Final

from bot.deps import Deps
from bot.domain.approval import ProposalId
from bot.domain.entries import ChannelId
from bot.domain.errors import NotAllowedError, NotFoundError, UnavailableError
from bot.domain.outbox import Telling, Topic
from bot.domain.prompt_rules import STALE
from bot.domain.prompts import PromptId
from bot.outbox.consider import consider
from bot.outbox.nudges import tell_nudge
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


def tell(deps: Deps, telling: Telling) -> None:
    """Tell one thing, and record that it was told.

    Raises:
        NotSentError, UnavailableError: it may work later.
        RefusedError: it never will.
    """
    TELLERS[telling.topic](deps, telling)


def _prompt(deps: Deps, telling: Telling) -> None:
    """Ephemeral, at most once: it can not be looked for, and App Home lists it too."""
    assert telling.user is not None
    if telling.attempted_at is not None:
        raise RefusedError("may_have_arrived")
    if deps.now() - telling.created_at > STALE:
        raise RefusedError("stale")
    prompt_id = PromptId(telling.payload["prompt"])
    try:
        reader = deps.people.reader(telling.user)
        prompt, entry = read_prompt(deps.store, deps.team, prompt_id, reader=reader)
    except UnavailableError as error:
        # Nothing was sent, so it may be shown yet.
        raise NotSentError("unavailable") from error
    if prompt.answer is not None:
        raise RefusedError("answered")
    if prompt.entry is not None and (entry is None or not entry.is_in_force):
        raise RefusedError("out_of_sight")
    _ephemeral(deps, telling, deps.render("prompt", prompt=prompt, entry=entry), telling.thread_ts)


def _offer(deps: Deps, telling: Telling) -> None:
    assert telling.user is not None
    ts, thread_ts = str(telling.payload["ts"]), telling.thread_ts
    if telling.payload.get("find_root"):
        ts = root_of(deps.client, telling.channel, ts)
        thread_ts = ts if ts != telling.payload["ts"] else None
    try:
        require_member(deps.people.reader(telling.user))
    except NotAllowedError as refusal:
        message = deps.render("note", text=refusal.user_text)
    else:
        message = deps.render("offer", ts=ts)
    _ephemeral(deps, telling, message, thread_ts)


def _note(deps: Deps, telling: Telling) -> None:
    message = deps.render("note", text=telling.payload["text"])
    if telling.user is not None and str(telling.channel) == str(telling.user):
        _directly(deps, telling, message)
        return
    assert telling.user is not None
    try:
        _ephemeral(deps, telling, message, telling.thread_ts)
    except RefusedError as error:
        # One of the two is not in that channel; whoever asked is answered all the same.
        log.info("told_directly", extra={"telling": telling.id, "why": error.reason})
        _directly(deps, telling._replace(channel=ChannelId(telling.user)), message)


def _directly(deps: Deps, telling: Telling, message: Mapping[str, object]) -> None:
    """In the direct messages; what may have arrived there is looked for first."""
    if telling.attempted_at is not None:
        telling = telling._replace(channel=ChannelId(direct(deps.client, telling.channel)))
    _post(deps, telling._replace(thread_ts=None), message)


def _card(deps: Deps, telling: Telling) -> None:
    deps.people.confirm_channels()
    try:
        card = posted_card(deps.store, deps.team, telling.payload["entry"], telling.channel)
    except NotFoundError as error:
        raise RefusedError("it_lives_in_a_private_channel") from error
    if card.draft is not None and "proposal" in telling.payload:
        _post_proposed(deps, telling, card.draft, deps.render("entry_card", card=card))
    else:
        _post(deps, telling, deps.render("entry_card", card=card))


def _welcome(deps: Deps, telling: Telling) -> None:
    channel = channel_of(deps.store, deps.team, telling.channel)
    if channel is None or not channel.live:
        raise RefusedError("left_again")
    first = channel.digest.next_after(telling.created_at)
    _post(deps, telling, deps.render("welcome", first=first))


def _digest(deps: Deps, telling: Telling) -> None:
    shown = read_digest(deps.store, deps.team, telling.payload["digest"], now=deps.now())
    ts = _send(deps, telling, render_digest(deps.render, "digest_post", shown=shown))
    digest_posted(deps.store, deps.team, shown.digest.id, telling=telling.id, ts=ts, now=deps.now())
    deps.wake()


def _digest_more(deps: Deps, telling: Telling) -> None:
    shown = read_digest(deps.store, deps.team, telling.payload["digest"], now=deps.now())
    lines = shown.chunk(telling.payload["chunk"])
    _post(deps, telling, render_digest(deps.render, "digest_more", lines=lines))


def _proposal(deps: Deps, telling: Telling) -> None:
    shown = posted_proposal(deps.store, deps.team, telling.payload["proposal"])
    _post_proposed(deps, telling, shown, deps.render("proposal_card", proposed=shown))


def _post_proposed(
    deps: Deps, telling: Telling, shown: Proposed, message: Mapping[str, object]
) -> None:
    """Post the card of a proposal, and tell the owner directly where they don't read it there."""
    proposal, entry = shown.proposal, shown.entry
    owner = deps.people.known_reader(entry.owner)
    # The card mentions them, which reaches nobody who does not read that channel.
    missed = owner.person.member and telling.channel not in owner.channels
    ts = _send(deps, telling, message)
    proposal_posted(deps.store, telling, proposal, entry, ts=ts, to_owner=missed, now=deps.now())
    deps.wake()


def _transfer(deps: Deps, telling: Telling) -> None:
    """In a home channel, or to the person from whom the entries are to pass."""
    reader = None if telling.user is None else deps.people.reader(telling.user)
    transfer = read_transfer(deps.store, telling, reader=reader)
    if not transfer.parts or (telling.user is not None and not transfer.is_waiting):
        raise RefusedError("settled")
    place = telling if telling.user is None else _direct(deps, telling)
    _post(deps, place, deps.render("transfer_card", transfer=transfer))


def _transferred(deps: Deps, telling: Telling) -> None:
    _post(deps, telling, deps.render("note", text=telling.payload["text"]))


def _proposal_news(deps: Deps, telling: Telling) -> None:
    assert telling.user is not None
    proposal, reader = ProposalId(telling.payload["proposal"]), deps.people.reader(telling.user)
    try:
        proposed = read_proposal(deps.store, deps.team, proposal, reader=reader)
    except (NotFoundError, NotAllowedError) as error:
        # They left the private channel of the entry, or are no longer served.
        raise RefusedError("out_of_sight") from error
    if not (proposed.mine or proposed.proposal.state.open):
        raise RefusedError("settled")
    _post(deps, _direct(deps, telling), deps.render("proposal_news", proposed=proposed))


def _announcement(deps: Deps, telling: Telling) -> None:
    """In the home channel of the entry, where those whom it concerns are mentioned; or to one."""
    entry, number = telling.payload["entry"], telling.payload["revision"]
    if telling.user is not None:
        reader = deps.people.reader(telling.user)
        found = read_announcement(deps.store, deps.team, entry, number, reader=reader)
        if not visible_to(deps.store, deps.team, found.entry, reader=reader):
            raise RefusedError("out_of_sight")
        message = deps.render("announcement", found=found, mentioned=())
        _post(deps, _direct(deps, telling), message)
        return
    found = read_announcement(deps.store, deps.team, entry, number)
    named = [deps.people.known_reader(user) for user in found.named]
    mentioned = tuple(one.user for one in named if telling.channel in one.channels)
    message = deps.render("announcement", found=found, mentioned=mentioned)
    others = {one.user for one in named if one.user not in mentioned and one.person.member}
    try:
        ts = _announced(deps, telling, message)
    except RefusedError:
        # Nobody reads it there any more; whom it concerns reads it all the same.
        tell_directly(deps.store, telling, others.union(mentioned), now=deps.now())
        raise
    announced(deps.store, telling, ts=ts, others=others, now=deps.now())
    deps.wake()


def _announced(deps: Deps, telling: Telling, message: Mapping[str, object]) -> str:
    """Below the first announcement of its entry, or beside it where that is gone."""
    root = posted(deps, announcement_name(telling.payload["entry"]), but=telling.id)
    try:
        return _send(deps, telling._replace(thread_ts=root.ts if root else None), message)
    except RefusedError as error:
        if error.reason != "thread_not_found":
            raise
        return _send(deps, telling, message)


def _direct(deps: Deps, telling: Telling) -> Telling:
    """To its receiver, by the id of the conversation: by that alone Slack reads its past."""
    assert telling.user is not None
    return telling._replace(channel=ChannelId(direct(deps.client, telling.user)))


def _ephemeral(
    deps: Deps, telling: Telling, message: Mapping[str, object], thread_ts: str | None
) -> None:
    require_time(telling, deps.now())
    call(
        deps.client,
        "chat.postEphemeral",
        channel=telling.channel,
        user=telling.user,
        **({"thread_ts": thread_ts} if thread_ts else {}),
        **message,
    )
    done(deps.store, telling, now=deps.now())


def _post(deps: Deps, telling: Telling, message: Mapping[str, object]) -> None:
    ts = _send(deps, telling, message)
    done(deps.store, telling, ts=ts, now=deps.now())


def _send(deps: Deps, telling: Telling, message: Mapping[str, object]) -> str:
    return post(
        deps.client,
        telling,
        deps.now,
        deps.holds,
        channel=telling.channel,
        thread_ts=telling.thread_ts,
        message=message,
        earlier=telling.created_at if telling.attempted_at is not None else None,
    )


TELLERS: Final[dict[Topic, Callable[[Deps, Telling], None]]] = {
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
    Topic.NUDGE: tell_nudge,
}
