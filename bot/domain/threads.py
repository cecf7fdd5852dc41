"""A thread of messages, and the values that it suggests for a form."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.domain.entries import ChannelId, UserId
from bot.domain.kinds import MOST_LEVELS, TITLE_LIMIT, Kind
from bot.domain.recognition import SpeechAct, recognise

_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_BECAUSE: Final = re.compile(r"\b(?:because|since|so that|otherwise|the reason)\b", re.IGNORECASE)
_ADDRESSED: Final = re.compile(
    r"^(?:(?:(?:hi|hey|hello)(?: (?:all|everyone|everybody|folks|team|there))?|so|ok|okay|fyi|and"
    r"|@\S+)[\s,:!-]+)+",
    re.IGNORECASE,
)
_TITLE_LENGTH: Final = 80
# A name has at most 80 characters, and the field holds 300.
_RECEIVERS: Final = 3
_LONGEST_TEXT: Final = 1500
# A field of lines shows 3,000 characters, and a cut line would be read back as a different one.
_LONGEST_LINES: Final = 2900
# At most this many messages are kept as the source of a mentioned person.
_MOST_SOURCES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadMessage:
    """One message of a thread, as plain text. `edited`: when it was last edited, or empty."""

    ts: str
    user: UserId
    text: str
    mentions: tuple[UserId, ...]
    at: datetime
    edited: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A suggested value, and for each of its parts the timestamps of the messages it is from."""

    value: Any
    sources: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The messages that people wrote in a thread, oldest first.

    `is_complete`: Slack returned the thread, not just one message. `gone`: Slack says it was
    deleted; a thread that exists can be empty too, if only apps wrote in it. `first`: how many
    messages of a longer thread were read; None if all were.
    """

    channel: ChannelId
    ts: str
    messages: tuple[ThreadMessage, ...]
    is_complete: bool = True
    gone: bool = False
    first: int | None = None

    def reads_like(self) -> Kind:
        """Return the kind of entry that the thread reads most like; a decision if unclear."""
        best: dict[SpeechAct, float] = {}
        for message in self.messages:
            recognition = recognise(message.text)
            best[recognition.act] = max(best.get(recognition.act, 0.0), recognition.score)
        scores = {
            Kind.DECISION: best.get(SpeechAct.DECISION, 0.0),
            Kind.HANDOFF: best.get(SpeechAct.HANDOFF, 0.0),
            Kind.ESCALATION: best.get(SpeechAct.ESCALATION, 0.0),
        }
        return max(scores, key=lambda kind: (scores[kind], kind is Kind.DECISION))

    def suggest(self, kind: Kind) -> dict[str, Suggestion]:
        """Suggest values for the fields of a form, in the shape that `Content.of` reads.

        The first message becomes the trigger, and the message that reads most like the speech act
        becomes the rule. A sentence with a reason becomes the rationale. Mentioned people become
        the escalation contacts, or the receivers of a handoff from the message's author.
        """
        if not self.messages:
            return {}
        first, best = self.messages[0], self._best(SpeechAct(kind.value))
        act = best or first
        suggested = {"title": _suggestion(first, title_of(first.text))}
        if kind is Kind.DECISION:
            # One message can't be both the trigger and the rule.
            if best is not first:
                suggested["trigger"] = _suggestion(first, _cut(first.text))
            suggested["rule"] = _suggestion(act, _cut(best.text) if best else "")
            suggested["rationale"] = self._reason(act)
        elif kind is Kind.HANDOFF:
            suggested["trigger"] = _suggestion(first, _cut(first.text))
            lines = _cut(act.text, _LONGEST_LINES).splitlines()
            suggested["payload"] = _suggestion(act, [line for line in lines if line.strip()][:20])
            if best is not None:
                # The author isn't part of the text, so an edit of it doesn't remove this value.
                suggested["from"] = Suggestion(value=f"@{best.user}", sources=((),))
                others = [f"@{user}" for user in best.mentions if user != best.user]
                suggested["to"] = _suggestion(best, ", ".join(others[:_RECEIVERS]))
        else:
            suggested["condition"] = _suggestion(first, _cut(first.text))
            suggested["levels"] = self._levels()
        return {name: value for name, value in suggested.items() if value.value}

    def _best(self, act: SpeechAct) -> ThreadMessage | None:
        """Return the message that reads most like the act, the last if several do; None if none."""
        scored = [
            (recognition.score, at, message)
            for at, message in enumerate(self.messages)
            if (recognition := recognise(message.text)).act is act
        ]
        return max(scored, key=lambda candidate: candidate[:2])[2] if scored else None

    def _levels(self) -> Suggestion:
        """Suggest a level for each mentioned person, in the order of their first mention."""
        timestamps: dict[UserId, list[str]] = {}
        for message in self.messages:
            for user in message.mentions:
                timestamps.setdefault(user, []).append(message.ts)
        first = list(timestamps.items())[:MOST_LEVELS]
        sources = tuple(tuple(mentions[:_MOST_SOURCES]) for _, mentions in first)
        return Suggestion(value=[{"whom": [user]} for user, _ in first], sources=sources)

    def _reason(self, act: ThreadMessage) -> Suggestion:
        for message in self.messages:
            if message is act:
                continue
            for sentence in _SENTENCE_END.split(message.text):
                if _BECAUSE.search(sentence):
                    return _suggestion(message, _cut(sentence))
        return Suggestion(value="", sources=())


def title_of(text: str) -> str:
    """Return a title from a message: its first sentence without a greeting, cut at a word."""
    for sentence in _SENTENCE_END.split(text.strip()):
        title = " ".join(_ADDRESSED.sub("", sentence).split()).rstrip(".:,; ")
        if len(title) > 2:  # noqa: PLR2004 - "ok" isn't a title
            break
    else:
        title = " ".join(text.split())
    title = title[:1].upper() + title[1:]
    if len(title) <= _TITLE_LENGTH:
        return title
    return title[:_TITLE_LENGTH].rsplit(" ", 1)[0][: TITLE_LIMIT - 1] + "…"


def _suggestion(message: ThreadMessage, value: str | list[str]) -> Suggestion:
    return Suggestion(
        value=value, sources=((message.ts,),) * (len(value) if isinstance(value, list) else 1)
    )


def _cut(text: str, most: int = _LONGEST_TEXT) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"
