"""Facts as the words and links that people read; each a filter of the templates."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from bot.domain.approval import Request
from bot.domain.calendar import written
from bot.domain.entries import Entry, Evidence, EvidenceState, Key, UserId
from bot.domain.field_values import Value
from bot.domain.gaps import Occurrence
from bot.domain.invisible import show_invisible, strip_invisible
from bot.domain.kinds import FIELDS, Field, Kind, Shape, field_of, main_field, trigger_field
from bot.domain.revisions import Effect
from bot.domain.workspaces import Watching
from bot.slack.text import diffs, mrkdwn
from bot.slack.text.clipping import clip
from bot.slack.text.status import date, judged, nudged, states, waits

Names = Callable[[UserId], str]

# Code, an address, or what has to be escaped.
_ADDRESS: Final = re.compile(
    r"```.*?(?:```|$)|`[^`\n]*`|(?P<url>https?://[^\s<>`|]+)|[&<>]", re.DOTALL
)
_FENCE_END: Final = "\n```"
# The kinds of change, as the form of an edit offers them.
EFFECTS: Final = {
    Effect.WORDING: "Wording: what we do stays the same",
    Effect.RULE: "Rule: what we do changes",
}
_GIST: Final = 160
_KEYS: Final = 10
# Of requests for changes, the latest that are shown, and what all of them and the words of each may
# take of a line that holds 2,000 characters.
_REQUESTS: Final = 10
_ASKED: Final = 1800
_ONE_ASKED: Final = 500
_LEAST_ASKED: Final = 20
_LABELS: Final = {
    choice.value: choice.label for choice in field_of(Kind.HANDOFF, "acknowledge_within").choices
}


def fits(entry: Entry, room: int) -> bool:
    """Whether a card that gives each field so much room shows all that the entry says."""
    label = max(len(field.label) for field in FIELDS[entry.key.kind]) + len("**\n")
    return all(_fits(value, room, label) for value in entry.content.values.values())


def _fits(value: Value, room: int, label: int) -> bool:
    if isinstance(value, int):
        return True
    if isinstance(value, str):
        return len(body(value)) + label <= room
    told = [str(part.get("tell", "")) for part in value if isinstance(part, dict)]
    lines = [part for part in value if isinstance(part, str)]
    return len(listed(lines)) + label <= room and all(len(body(one)) <= room // 4 for one in told)


def wait(minutes: int) -> str:
    """`30 minutes`, `1 hour`."""
    return _LABELS.get(str(minutes), f"{minutes} minutes")


def chosen(value: str, field: Field) -> str:
    """The label of a choice."""
    return next((one.label for one in field.choices if one.value == value), value)


def who(names: Names) -> Callable[[Iterable[str]], str]:
    """Names of people as plain words: naming someone on a card must not ping them."""

    def named(users: Iterable[str]) -> str:
        return ", ".join(mrkdwn.defused(names(UserId(user))) for user in users)

    return named


def asked(names: Names) -> Callable[..., str]:
    """Who asked for which change, each on a line of its own after the word that `joins` them.

    Where many did, each is cut shorter, so that all are there, and by `less` times as much again.
    """
    named = who(names)

    def listed_(requests: Sequence[Request], joins: str, less: int = 1) -> str:
        shown, between = requests[-_REQUESTS:], f"\nand {joins} "
        heads = [f"{named([one.by])}: " for one in shown]
        spare = _ASKED // less - sum(len(between) + len(head) for head in heads)
        room = max(_LEAST_ASKED, min(_ONE_ASKED // less, spare // max(len(shown), 1)))
        return between.join(
            head + clip(mrkdwn.defused(one.comment), room)
            for head, one in zip(heads, shown, strict=True)
        )

    return listed_


def typed(value: Any, field: Field) -> str:  # noqa: ANN401 - the value of any field
    """A value as it stands in a text input."""
    if not value:
        return ""
    if isinstance(value, str):
        return value
    return (", " if field.shape is Shape.TAGS else "\n").join(str(part) for part in value)


def code(text: str) -> str:
    """Words to be typed as they are, within a line."""
    line = " ".join(show_invisible(text).split())
    return "`" + mrkdwn.escape(line.replace("`", "\u02cb")) + "`"


def body(text: str) -> str:
    """A field of several lines: people's own code and bold stay, for a command must copy as it is.

    The block is verbatim, so nothing in it pings; a fence left open ends with the field. What no
    reader can see becomes an escape.
    """
    text = show_invisible(text)
    return _ADDRESS.sub(_live, text) + (_FENCE_END if text.count("```") % 2 else "")


def clip_with_escapes(text: str, limit: int) -> str:
    """Cut what no filter has drawn, with an escape for each character that no reader can see.

    The joiners that keep what was typed from acting are ours, and stay.
    """
    return clip(show_invisible(text, but=mrkdwn.JOINER), limit)


def cut(drawn: str, room: int) -> str:
    """What `body` drew, in at most so many characters; a fence that is left open there ends too."""
    if len(drawn) <= room:
        return drawn
    kept = clip(drawn, room - len(_FENCE_END))
    return kept + _FENCE_END if kept.count("```") % 2 else kept


def _live(found: re.Match[str]) -> str:
    """An address as a link, for in a verbatim block Slack makes none of itself; code stays code."""
    url = (found["url"] or "").rstrip(".,;:!?)'\"")
    rest = mrkdwn.escape(found.group()[len(url) :])
    return mrkdwn.link(url, "") + rest if url else rest


def listed(value: Sequence[str]) -> str:
    """Several lines as a list."""
    return "\n".join(f"• {body(line)}" for line in value)


def gist(entry: Entry) -> str:
    """The first words of what an entry says."""
    kind = entry.key.kind
    said = entry.content.text(main_field(kind).name) or entry.content.text(trigger_field(kind).name)
    # On one line, a list's lines have to be told apart, and a fence of code fences nothing.
    said = said.replace("\n", " · ") if main_field(kind).shape is Shape.LINES else said
    return mrkdwn.defused(short(said.replace("```", " ")))


def short(text: str) -> str:
    """The first words of a text, on one line, so that many of them fit one message."""
    words = " ".join(text.split())
    return words if len(words) <= _GIST else words[:_GIST].rsplit(" ", 1)[0] + "…"


def keys(found: Sequence[Key]) -> str:
    """`DEC-3, DEC-8 and ESC-1`; of many, the first and how many more."""
    shown = [str(key) for key in found[:_KEYS]]
    if len(found) > len(shown):
        shown.append(f"{len(found) - len(shown)} more")
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def places(held: Mapping[str, int]) -> str:
    """How many places hold a text, and of which kinds: `3 places: 2 revisions, 1 gap`."""
    total = sum(held.values())
    kinds = ", ".join(f"{count:,} {_plural(called, count)}" for called, count in held.items())
    return f"{total:,} {_plural('place', total)}: {kinds}"


def evidence(found: Iterable[Evidence]) -> str:
    """Return links to messages, with when each was written and what became of it."""
    return " · ".join(_linked(one) for one in found) or "messages that were deleted"


def occurrences(names: Names) -> Callable[[Iterable[Occurrence]], str]:
    """Return the filter that links to a gap's messages: `#ops, Nov 4, clara`."""

    def linked(occurrences: Iterable[Occurrence]) -> str:
        return " · ".join(
            f"{mrkdwn.channel(one.channel)}, "
            + mrkdwn.link(one.permalink, f"{one.at:%b} {one.at.day}, {names(one.author)}")
            for one in occurrences
        )

    return linked


def span(first: datetime, last: datetime) -> str:
    """From one day to another, or the one day that both are."""
    if _day(first) == _day(last):
        return f"on {date(first)}"
    return f"{date(first)} to {date(last)}"


def standing(watching: Watching) -> str:
    """What Opslore does in a channel."""
    channel = watching.channel
    if channel.archived:
        return "archived; Opslore is paused here"
    if not channel.joined:
        return "Opslore was removed; invite it with `/invite @Opslore`"
    if not channel.watched:
        return "not listening; `/lore watch on` turns it on"
    entries = f"{watching.entries} {'entry' if watching.entries == 1 else 'entries'}"
    muted = ", prompts muted" if channel.muted else ""
    due = mrkdwn.date(
        watching.next_digest, "{date_short_pretty} at {time}", _moment(watching.next_digest)
    )
    return f"listening{muted} · {entries} · next digest {due}"


def _plural(called: str, count: int) -> str:
    """`excerpts of a message`: the first word is the one that is counted."""
    noun, space, rest = called.partition(" ")
    return called if count == 1 else f"{noun}s{space}{rest}"


def _linked(one: Evidence) -> str:
    at = datetime.fromtimestamp(float(one.ts), UTC)
    label = f"{at:%b} {at.day}"
    if one.state is EvidenceState.DELETED:
        return f"{label} (deleted)"
    edited = " (edited)" if one.state is EvidenceState.EDITED else ""
    return mrkdwn.link(one.permalink, label) + edited


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def filters(names: Names, now: Callable[[], datetime]) -> dict[str, Callable[..., Any]]:
    """Every filter of the templates, by its name there."""
    return {
        **diffs.filters(names),
        "mrkdwn": mrkdwn.defused,
        "said": mrkdwn.said,
        "body": body,
        "cut": cut,
        "code": code,
        "clip": clip_with_escapes,
        "strip_invisible": strip_invisible,
        "channel": mrkdwn.channel,
        "strike": mrkdwn.strike,
        "bold": mrkdwn.bold,
        "link": mrkdwn.link,
        "date": date,
        "moment": lambda at: mrkdwn.date(at, "{date_short_pretty} at {time}", _moment(at)),
        "who": who(names),
        "asked": asked(names),
        "mentions": lambda users: " ".join(mrkdwn.mention(UserId(user)) for user in users),
        "wait": wait,
        "choice": chosen,
        "lines": listed,
        "typed": typed,
        "fits": fits,
        "gist": gist,
        "keys": keys,
        "evidence": evidence,
        "occurrences": occurrences(names),
        "state": states(names, now),
        "is_due": lambda entry: entry.certification(now()).due,
        "waits": waits(names),
        "judged": judged(names),
        "nudged": nudged,
        "span": span,
        "standing": standing,
        "holidays": written,
        "places": places,
    }
