"""The filters of the templates: values as the text and links that people read."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from bot.domain.approval import Request
from bot.domain.calendar import format_holidays
from bot.domain.cutting import cut_text
from bot.domain.entries import Entry, Evidence, EvidenceState, Key, UserId
from bot.domain.field_values import Value
from bot.domain.gaps import Occurrence
from bot.domain.invisible import show_invisible, strip_invisible
from bot.domain.kinds import FIELDS, Field, Kind, Shape, field_of, main_field, trigger_field
from bot.domain.prefill import Mark
from bot.domain.revisions import Effect
from bot.domain.workspaces import ChannelStatus
from bot.slack.text import diffs, mrkdwn
from bot.slack.text.clipping import clip
from bot.slack.text.status import Names, StatusWords

# Code, a web address, or a character that has to be escaped.
_ADDRESS: Final = re.compile(
    r"```.*?(?:```|$)|`[^`\n]*`|(?P<url>https?://[^\s<>`|]+)|[&<>]", re.DOTALL
)
_FENCE_END: Final = "\n```"
# The kinds of change in the edit form.
EFFECTS: Final = {
    Effect.WORDING: "Wording: what we do stays the same",
    Effect.RULE: "Rule: what we do changes",
}
_GIST: Final = 160  # characters
_NAME: Final = 30  # characters of a name in a link, so that a context block holds all of them
_KEYS: Final = 10  # keys in a list
# Only the latest requests for changes are shown. A context block holds 2,000 characters; these are
# the most that all requests may take, and the most and least that one comment may take.
_REQUESTS: Final = 10
_ALL_REQUESTS: Final = 1800
_LONGEST_REQUEST: Final = 500
_SHORTEST_REQUEST: Final = 20
_LABELS: Final = {
    choice.value: choice.label for choice in field_of(Kind.HANDOFF, "acknowledge_within").choices
}


def fits(entry: Entry, room: int) -> bool:
    """Return whether a card that gives each field `room` characters shows the entry uncut."""
    label = max(len(field.label) for field in FIELDS[entry.key.kind]) + len("**\n")
    return all(_fits(value, room, label) for value in entry.content.values.values())


def _fits(value: Value, room: int, label: int) -> bool:
    if isinstance(value, int):
        return True
    if isinstance(value, str):
        return len(body(value)) + label <= room
    messages = [str(part.get("tell", "")) for part in value if isinstance(part, dict)]
    lines = [part for part in value if isinstance(part, str)]
    return len(bullets(lines)) + label <= room and all(
        len(body(message)) <= room // 4 for message in messages
    )


def wait(minutes: int) -> str:
    """Return a duration in words: `30 minutes`, `1 hour`."""
    return _LABELS.get(str(minutes), f"{minutes} minutes")


def choice_label(value: str, field: Field) -> str:
    """Return the label of a choice."""
    return next((choice.label for choice in field.choices if choice.value == value), value)


def name_people(names: Names) -> Callable[[Iterable[str]], str]:
    """Return the filter that lists people's names, as plain text that pings no one."""

    def listed(users: Iterable[str]) -> str:
        return ", ".join(mrkdwn.defused(names(UserId(user))) for user in users)

    return listed


def list_requests(names: Names) -> Callable[..., str]:
    """Return the filter that lists requests for changes, one per line, joined by `and {word}`.

    If there are many, it cuts each comment so that all fit. `less` divides the room once more.
    """
    name = name_people(names)

    def listed(requests: Sequence[Request], word: str, less: int = 1) -> str:
        latest, between = requests[-_REQUESTS:], f"\nand {word} "
        heads = [f"{name([request.by])}: " for request in latest]
        spare = _ALL_REQUESTS // less - sum(len(between) + len(head) for head in heads)
        longest = min(_LONGEST_REQUEST // less, spare // max(len(latest), 1))
        room = max(_SHORTEST_REQUEST, longest)
        return between.join(
            head + clip(mrkdwn.defused(request.comment), room)
            for head, request in zip(heads, latest, strict=True)
        )

    return listed


def input_text(value: Any, field: Field) -> str:  # noqa: ANN401 - the value of any field
    """Return a value as a text input shows it."""
    if not value:
        return ""
    if isinstance(value, str):
        return value
    return (", " if field.shape is Shape.TAGS else "\n").join(str(part) for part in value)


def code(text: str) -> str:
    """Return text as inline code, for people to type as it is."""
    line = " ".join(show_invisible(text).split())
    return "`" + mrkdwn.escape(line.replace("`", "\u02cb")) + "`"


def body(text: str) -> str:
    """Return a field of several lines as mrkdwn.

    People's own code and bold stay, so that commands copy as they are. The block is verbatim, so
    nothing in it pings. An open code fence is closed, and invisible characters become escapes.
    """
    text = show_invisible(text)
    return _ADDRESS.sub(_link_or_escape, text) + (_FENCE_END if text.count("```") % 2 else "")


def clip_with_escapes(text: str, limit: int) -> str:
    """Cut text to `limit` characters, with an escape for each invisible one.

    Our own joiners stay, because they keep typed text from pinging people.
    """
    return clip(show_invisible(text, but=mrkdwn.JOINER), limit)


def cut_body(text: str, room: int) -> str:
    """Cut the result of `body` to `room` characters, and close a code fence that the cut opens."""
    if len(text) <= room:
        return text
    head = clip(text, room - len(_FENCE_END))
    return head + _FENCE_END if head.count("```") % 2 else head


def _link_or_escape(match: re.Match[str]) -> str:
    """Link an address, because Slack links none in a verbatim block; escape everything else."""
    url = (match["url"] or "").rstrip(".,;:!?)'\"")
    rest = mrkdwn.escape(match.group()[len(url) :])
    return mrkdwn.link(url, "") + rest if url else rest


def bullets(lines: Sequence[str]) -> str:
    """Return lines as a bulleted list."""
    return "\n".join(f"• {body(line)}" for line in lines)


def gist(entry: Entry) -> str:
    """Return the first words of an entry's main field, on one line."""
    kind = entry.key.kind
    text = entry.content.text(main_field(kind).name) or entry.content.text(trigger_field(kind).name)
    # On one line, the items of a list need a separator, and code fences have no effect.
    text = text.replace("\n", " · ") if main_field(kind).shape is Shape.LINES else text
    return mrkdwn.defused(short(text.replace("```", " ")))


def short(text: str) -> str:
    """Return the first sentences of a text on one line, so that many texts fit in one message."""
    return cut_text(" ".join(text.split()), _GIST)


def keys(entries: Sequence[Key]) -> str:
    """Return keys as a list, `DEC-3, DEC-8 and ESC-1`; after ten, only how many more there are."""
    words = [str(key) for key in entries[:_KEYS]]
    if len(entries) > len(words):
        words.append(f"{len(entries) - len(words)} more")
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def places(counts: Mapping[str, int]) -> str:
    """Return how many places contain a text, by kind: `3 places: 2 revisions, 1 gap`."""
    total = sum(counts.values())
    kinds = ", ".join(f"{count:,} {_plural(called, count)}" for called, count in counts.items())
    return f"{total:,} {_plural('place', total)}: {kinds}"


def link_evidence(status: StatusWords) -> Callable[[Iterable[Evidence]], str]:
    """Return the filter that links to the messages of an entry: `Nov 4, clara (edited)`."""

    def linked(messages: Iterable[Evidence]) -> str:
        links = [_link_message(message, status) for message in messages]
        return " · ".join(links) or "messages that were deleted"

    return linked


def describe_origin(status: StatusWords) -> Callable[[Sequence[Mark]], str]:
    """Return the filter that says where a text is from: `From ana's answer on Nov 12.`"""

    def described(marks: Sequence[Mark]) -> str:
        latest, count = next(iter(marks), None), len(marks) - 1
        if latest is None or latest.author is None:
            return ""
        day = status.day(datetime.fromtimestamp(float(latest.ts), UTC))
        message = "answer" if latest.answers else "message"
        more = f" and {count} more {_plural('message', count)}" if count else ""
        return f"From {status.names(latest.author)}'s {message} on {day}{more}."

    return described


def link_occurrences(status: StatusWords) -> Callable[[Iterable[Occurrence]], str]:
    """Return the filter that links to a gap's messages: `#ops, Nov 4, clara`."""

    def linked(occurrences: Iterable[Occurrence]) -> str:
        return " · ".join(
            f"{mrkdwn.channel(occurrence.channel)}, "
            + mrkdwn.link(
                occurrence.permalink,
                f"{status.day(occurrence.at)}, {status.names(occurrence.author)}",
            )
            for occurrence in occurrences
        )

    return linked


def label_occurrence(status: StatusWords) -> Callable[[Occurrence], str]:
    """Return the filter for an occurrence in a select: `Nov 4, clara: The hub is down`."""

    def labeled(occurrence: Occurrence) -> str:
        name = status.names(occurrence.author)
        return f"{status.day(occurrence.at)}, {name}: {occurrence.excerpt or 'deleted'}"

    return labeled


def describe_period(status: StatusWords) -> Callable[[datetime, datetime], str]:
    """Return the filter for the days from one moment to another: `Nov 4 to Nov 12`."""

    def described(first: datetime, last: datetime) -> str:
        if first.date() == last.date():
            return f"on {status.date(first)}"
        return f"{status.date(first)} to {status.date(last)}"

    return described


def describe_watching(status: StatusWords) -> Callable[[ChannelStatus], str]:
    """Return the filter for the state of Opslore in a channel."""
    return lambda watching: _describe_watching(watching, status)


def _describe_watching(watching: ChannelStatus, status: StatusWords) -> str:
    channel = watching.channel
    if channel.archived:
        return "archived; Opslore is paused here"
    if not channel.joined:
        return "Opslore was removed; invite it with `/invite @Opslore`"
    if not channel.watched:
        return "not listening; `/lore watch on` turns it on"
    entries = f"{watching.entries} {'entry' if watching.entries == 1 else 'entries'}"
    muted = ", prompts muted" if channel.muted else ""
    return f"listening{muted} · {entries} · next digest {status.moment(watching.next_digest)}"


def _plural(called: str, count: int) -> str:
    """Return a noun with its number: in `excerpts of a message`, the first word is counted."""
    noun, space, rest = called.partition(" ")
    return called if count == 1 else f"{noun}s{space}{rest}"


def _link_message(message: Evidence, status: StatusWords) -> str:
    day = status.day(datetime.fromtimestamp(float(message.ts), UTC))
    if message.state is EvidenceState.DELETED:
        return f"{day} (deleted)"
    edited = " (edited)" if message.state is EvidenceState.EDITED else ""
    name = clip(status.names(message.author), _NAME)
    return mrkdwn.link(message.permalink, f"{day}, {name}") + edited


def filters(names: Names, now: Callable[[], datetime]) -> dict[str, Callable[..., Any]]:
    """Return the filters of the templates by name, except those of the digest."""
    status = StatusWords(names=names, now=now)
    return {
        **diffs.filters(names),
        "mrkdwn": mrkdwn.defused,
        "sentence": mrkdwn.said,
        "body": body,
        "cut_body": cut_body,
        "code": code,
        "clip": clip_with_escapes,
        "strip_invisible": strip_invisible,
        "channel": mrkdwn.channel,
        "strike": mrkdwn.strike,
        "bold": mrkdwn.bold,
        "link": mrkdwn.link,
        "date": status.date,
        "moment": status.moment,
        "names": name_people(names),
        "person": status.name,
        # For labels of buttons, where Slack draws no markup.
        "plain_name": lambda user: names(UserId(user)),
        "requests": list_requests(names),
        "mentions": lambda users: " ".join(mrkdwn.mention(UserId(user)) for user in users),
        "wait": wait,
        "choice_label": choice_label,
        "bullets": bullets,
        "input_text": input_text,
        "fits": fits,
        "gist": gist,
        "keys": keys,
        "evidence": link_evidence(status),
        "origin": describe_origin(status),
        "occurrences": link_occurrences(status),
        "occurrence_label": label_occurrence(status),
        "state": status.describe_entry,
        "is_due": lambda entry: entry.certification(now()).due,
        "waiting_for": status.describe_waiting,
        "verdict_lines": status.list_verdicts,
        "nudge_choice": status.describe_nudges,
        "period": describe_period(status),
        "watching_state": describe_watching(status),
        "holidays": format_holidays,
        "places": places,
    }
