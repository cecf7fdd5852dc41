"""Which function sends each topic of outbox item."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.deps import Deps
from bot.domain.outbox import OutboxItem, Topic
from bot.outbox.announcements import send_announcement
from bot.outbox.cards import send_card
from bot.outbox.consider import consider, settle
from bot.outbox.digests import send_digest, send_digest_more
from bot.outbox.notes import send_note
from bot.outbox.nudges import send_nudge
from bot.outbox.prompts import send_offer, send_prompt
from bot.outbox.proposals import send_proposal, send_proposal_news
from bot.outbox.questions import send_answer, send_ask, send_question
from bot.outbox.redraw import redraw
from bot.outbox.transfers import send_transfer, send_transferred
from bot.outbox.welcome import send_welcome

_SENDERS: Final[Mapping[Topic, Callable[[Deps, OutboxItem], None]]] = {
    Topic.MESSAGE: consider,
    Topic.THREAD: settle,
    Topic.PROMPT: send_prompt,
    Topic.QUESTION: send_question,
    Topic.ANSWER: send_answer,
    Topic.ASK: send_ask,
    Topic.OFFER: send_offer,
    Topic.NOTE: send_note,
    Topic.CARD: send_card,
    Topic.WELCOME: send_welcome,
    Topic.DIGEST: send_digest,
    Topic.DIGEST_MORE: send_digest_more,
    Topic.PROPOSAL: send_proposal,
    Topic.TRANSFER: send_transfer,
    Topic.TRANSFERRED: send_transferred,
    Topic.PROPOSAL_NEWS: send_proposal_news,
    Topic.ANNOUNCEMENT: send_announcement,
    Topic.REFRESH: redraw,
    Topic.NUDGE: send_nudge,
}


def send_item(deps: Deps, item: OutboxItem) -> None:
    """Send one outbox item and record that it was sent.

    Raises:
        NotSentError, UnavailableError: another try may work.
        RefusedError: no other try will work.
    """
    _SENDERS[item.topic](deps, item)
