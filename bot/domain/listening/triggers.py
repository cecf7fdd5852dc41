"""When a matter comes up: the words of its openings, without their questions."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from bot.domain.cutting import cut_text
from bot.domain.listening.clauses import clean_text, says_nothing, sentences
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.terms import terms
from bot.domain.listening.title_features import tells_what_was_done

_MOST: Final = 3  # more examples than this are read by no one
_LONGEST: Final = 240  # characters of one example
# A statement of fewer terms says too little without the question after it.
_TELLING: Final = 4
_LEAST: Final = 2  # terms of an example
_LINK: Final = re.compile(r"^\W*(?:https?://\S+|\S+\.(?:png|jpe?g|gif|pdf))\W*$", re.IGNORECASE)


def find_triggers(
    conversations: Sequence[Conversation],
    rule: Collection[Said],
    title: Said,
    named: frozenset[str],
) -> list[tuple[str, Said]]:
    """Return some of what was said when a matter came up, and the message that each is from.

    The thread of the rule is first, then the one of the title, then the newest. Each text is a part
    of its message; no message is both a trigger and the rule.
    """
    newest_first = conversations[::-1]
    ordered = sorted(
        newest_first,
        key=lambda thread: (not set(rule) & set(thread.messages), title not in thread.messages),
    )
    lines: dict[str, Said] = {}
    for thread in ordered:
        said = max(thread.opening, key=lambda said: len(terms(said.text)))
        text = find_condition(said.text, named)
        if text and said not in rule:
            lines.setdefault(text, said)
    good = {text: said for text, said in lines.items() if _is_condition(text)}
    return list((good or lines).items())[:_MOST]


def find_condition(text: str, named: frozenset[str] = frozenset()) -> str:
    """Return what a message says that is so: without greetings, thanks, and questions at its end.

    A message that only asks stays as it is.
    """
    spans = list(_sentences(clean_text(text, named)))
    while len(spans) > 1 and _is_empty(spans[0]):
        spans.pop(0)
    while len(spans) > 1 and (_is_empty(spans[-1]) or _only_asks(spans)):
        spans.pop()
    return cut_text(" ".join(spans), _LONGEST)


def _sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from (" ".join(sentence.split()) for sentence in sentences(line))


def _only_asks(spans: Sequence[str]) -> bool:
    """Return whether the last sentence asks, and the ones before say enough without it."""
    before = sum(len(terms(span)) for span in spans[:-1])
    return spans[-1].endswith("?") and before >= _TELLING


def _is_empty(sentence: str) -> bool:
    return not terms(sentence) or says_nothing(sentence) or bool(_LINK.match(sentence))


def _is_condition(text: str) -> bool:
    """Return whether a text tells what is so, rather than what someone did about it."""
    is_about_it = len(terms(text)) >= _LEAST and not says_nothing(text)
    return is_about_it and not tells_what_was_done(text)
