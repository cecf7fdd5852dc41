"""Drafting an entry from the threads in which a matter came up: their words, cut and cleaned."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.domain.cutting import cut_text
from bot.domain.entries import UserId
from bot.domain.kinds import Kind
from bot.domain.listening.answers import Heard, answer_of, best_answer, hear, parts_of
from bot.domain.listening.clauses import clean_text, is_courtesy, sentences
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.levels import Level, find_levels, states_order
from bot.domain.listening.titles import make_title
from bot.domain.listening.triggers import find_triggers
from bot.domain.recognition import Reading, SpeechAct

# "Since" mostly says from when, "otherwise" what to do instead, and "so that" what someone wishes.
_BECAUSE: Final = re.compile(r"\b(?:because|the reason)\b", re.IGNORECASE)
_ITEM: Final = re.compile(r"\s+//\s+|(?<=[.!?;])\s+|\s+(?=\d+[.)]\s)")
_MOST_ITEMS: Final = 20
_LONGEST_TEXT: Final = 1500
_RECEIVERS: Final = 3  # their names have at most 80 characters each, and the field holds 300
# Counted for a person's answers and for the author of the rule, beside the share of threads.
_ANSWERS: Final = 2.0
_RULES: Final = 0.3
_HANDS_OVER: Final = 0.5  # score of a message whose mentions are receivers, not levels
_CALLS: Final = 0.3  # score of a message that pulls in the people it mentions
_UNCLEAR: Final = 0.25  # a lower mean score of an act says nothing about the kind
_ANSWERED: Final = 0.6  # the same, for a matter that someone answered

# The messages that each line of a text is from.
Sources = tuple[tuple[Said, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """The entry that a matter's threads suggest; a text is empty if they hold none.

    `owner`: the person who settles it; None if no one answered. `sender`, `receivers`, `payload`:
    the parties of a handoff and the items that are passed on. `sources`: by field, for each line of
    its text (for each of `levels`) the messages that it is from. `evidence`: the opening and the
    answer of each thread.
    """

    kind: Kind
    title: str
    trigger: str = ""
    rule: str = ""
    rationale: str = ""
    owner: UserId | None = None
    levels: tuple[Level, ...] = ()
    sender: UserId | None = None
    receivers: tuple[UserId, ...] = ()
    payload: tuple[str, ...] = ()
    sources: Mapping[str, Sources] = field(default_factory=dict)
    evidence: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weights that choose titles and answers instead of the shipped ones."""

    titles: Mapping[str, float]
    answers: Mapping[str, float]


def draft_entry(
    conversations: Sequence[Conversation],
    readings: Sequence[Sequence[Reading]],
    kind: Kind | None = None,
    *,
    weights: Weights | None = None,
) -> EntryDraft:
    """Draft an entry from the threads of one matter, oldest first; at least one.

    `readings`: for each thread, what is known of each of its messages. `kind`: of the entry; if
    None, the kind that the threads read like.
    """
    pairs = zip(conversations, readings, strict=True)
    threads = [hear(*pair, weights.answers if weights else None) for pair in pairs]
    rule, handoff = best_answer(threads), _find_handoff(threads, kind)
    title, title_sources = make_title(conversations, weights.titles if weights else None)
    levels = max((_find_levels(heard) for heard in reversed(threads)), key=len)
    lines = _find_lines(conversations, threads, rule, handoff, title_sources[0])
    texts = {name: "\n".join(line for line, _ in pairs) for name, pairs in lines.items()}
    return EntryDraft(
        kind=kind or _kind(threads, is_answered=rule is not None and not levels),
        title=title,
        trigger=texts["trigger"],
        rule=texts["rule"],
        rationale=texts["rationale"],
        owner=_find_owner(threads, rule),
        levels=levels,
        sender=handoff.said.user if handoff else None,
        receivers=_receivers(handoff),
        payload=tuple(line for line, _ in lines["payload"]),
        sources={
            **{name: tuple((said,) for _, said in pairs) for name, pairs in lines.items()},
            "title": (title_sources,),
            "levels": tuple(level.sources for level in levels),
            "to": ((handoff.said,),) if handoff else (),
        },
        evidence=_evidence(threads),
    )


def _find_lines(
    conversations: Sequence[Conversation],
    threads: Sequence[Sequence[Heard]],
    rule: Heard | None,
    handoff: Heard | None,
    title: Said,
) -> dict[str, list[tuple[str, Said]]]:
    """Return the lines of each text, and the message that each is from. `title`: its message."""
    named = frozenset[str]().union(*(thread.named for thread in conversations))
    parts = _parts(threads, rule)
    return {
        "trigger": find_triggers(conversations, [part.said for part in parts], title, named),
        "rule": [line for part in parts for line in _lines(part, named)],
        "rationale": _reason(conversations, threads, parts, named),
        "payload": _items(handoff or rule, named),
    }


def _find_owner(threads: Sequence[Sequence[Heard]], rule: Heard | None) -> UserId | None:
    """Return the person who answers most often and best; None if no one answered."""
    answers = [answer for heard in threads if (answer := answer_of(heard))]
    votes: dict[UserId, float] = defaultdict(float)
    for answer in answers:
        votes[answer.said.user] += _ANSWERS * answer.worth / len(threads)
    for heard in threads:
        for user in votes.keys() & {message.said.user for message in heard}:
            votes[user] += 1 / len(threads)
    if rule is not None:
        votes[rule.said.user] += _RULES
    return max(votes, key=lambda user: votes[user], default=None)


def _kind(threads: Sequence[Sequence[Heard]], *, is_answered: bool) -> Kind:
    """Return the kind that the threads read like; a decision if that is unclear.

    `is_answered`: someone settled it, and no one was pulled in, so it's hardly an escalation.
    """
    scores = dict.fromkeys(Kind, 0.0)
    for heard in threads:
        for kind in Kind:
            best = max(message.reading.scores[SpeechAct(kind.value)] for message in heard)
            scores[kind] += best / len(threads)
    scores[Kind.DECISION] = max(scores[Kind.DECISION], _ANSWERED if is_answered else _UNCLEAR)
    return max(scores, key=lambda kind: (scores[kind], kind is Kind.DECISION))


def _lines(message: Heard | None, named: frozenset[str]) -> list[tuple[str, Said]]:
    if message is None:
        return []
    text = clean_text(message.said.text, named) or message.said.text
    return [(line, message.said) for line in cut_text(text, _LONGEST_TEXT).splitlines()]


def _parts(threads: Iterable[Sequence[Heard]], rule: Heard | None) -> tuple[Heard, ...]:
    """Return the answer with what its author said right before and after it, but no reasons."""
    if rule is None:
        return ()
    said_in_a_row = parts_of(rule, next(heard for heard in threads if rule in heard))
    parts = tuple(
        part for part in said_in_a_row if part is rule or not _BECAUSE.search(part.said.text)
    )
    is_short = sum(len(part.said.text) for part in parts) <= _LONGEST_TEXT
    return parts if is_short else (rule,)


def _reason(
    conversations: Sequence[Conversation],
    threads: Iterable[Sequence[Heard]],
    parts: Sequence[Heard],
    named: frozenset[str],
) -> list[tuple[str, Said]]:
    """Return the sentence of a reply that gives a reason and isn't in the rule already.

    It is from the thread of the rule, or else from what its author said in another thread.
    """
    # An opening gives reasons for what went wrong, not for what to do.
    left_out = {said for thread in conversations for said in thread.opening}
    left_out.update(part.said for part in parts)
    replies = [one.said for heard in threads for one in heard if one.said not in left_out]
    roots = {part.said.root for part in parts} or {said.root for said in replies}
    authors = {part.said.user for part in parts}
    here = [said for said in replies if said.root in roots]
    theirs = [said for said in replies if said.user in authors]
    for said in (*here, *theirs):
        for line in clean_text(said.text, named).splitlines():
            for sentence in sentences(line):
                if _BECAUSE.search(sentence) and not sentence.endswith("?"):
                    return [(cut_text(sentence, _LONGEST_TEXT), said)]
    return []


def _find_handoff(threads: Iterable[Sequence[Heard]], kind: Kind | None) -> Heard | None:
    """Return the message that hands something over, the latest of equals; None if none does.

    For a handoff, it's the likeliest one.
    """
    messages = [message for heard in threads for message in heard]
    best = max(reversed(messages), key=lambda message: message.reading.scores[SpeechAct.HANDOFF])
    is_clear = best.reading.scores[SpeechAct.HANDOFF] >= _UNCLEAR
    return best if is_clear or kind is Kind.HANDOFF else None


def _receivers(handoff: Heard | None) -> tuple[UserId, ...]:
    if handoff is None:
        return ()
    others = [user for user in dict.fromkeys(handoff.said.mentions) if user != handoff.said.user]
    return tuple(others[:_RECEIVERS])


def _items(message: Heard | None, named: frozenset[str]) -> list[tuple[str, Said]]:
    """Return the items of a list: its lines, or the sentences of a single line."""
    lines = [line for line, _ in _lines(message, named) if line.strip()]
    items = lines if len(lines) > 1 else [part for line in lines for part in _ITEM.split(line)]
    kept = [item.strip() for item in items if item.strip() and not is_courtesy(item)]
    return [(item, message.said) for item in kept[:_MOST_ITEMS]] if message else []


def _find_levels(heard: Sequence[Heard]) -> tuple[Level, ...]:
    calls = [
        message.reading.scores[SpeechAct.HANDOFF] < _HANDS_OVER
        and (message.reading.scores[SpeechAct.ESCALATION] >= _CALLS or states_order(message.said))
        for message in heard
    ]
    return find_levels([message.said for message in heard], calls)


def _evidence(threads: Iterable[Sequence[Heard]]) -> tuple[Said, ...]:
    found: dict[Said, None] = {}
    for heard in threads:
        found[heard[0].said] = None
        if answer := answer_of(heard):
            found[answer.said] = None
    return tuple(found)
