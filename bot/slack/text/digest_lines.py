"""The text of a digest: its figures, and for each line the reasons, the details and the links."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.domain.certification import Certification, DueReasonKind
from bot.domain.digests import Line, Section, ShownDigest
from bot.domain.entries import ChannelId, UserId
from bot.domain.reviewers import Waiting
from bot.slack.text import mrkdwn
from bot.slack.text.clipping import clip
from bot.slack.text.phrases import short
from bot.slack.text.prompt_rates import describe_prompts
from bot.slack.text.status import StatusWords

# The characters of a note in one line, and of all the reasons in a brief line.
_NOTE: Final = 90
_BRIEF: Final = 100
_TIMES: Final = {1: "once", 2: "twice"}

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWords:
    """Puts the lines and figures of a digest into words."""

    status: StatusWords

    def explain(self, line: Line, brief: bool = False) -> str:  # noqa: FBT001, FBT002 - as a template calls it
        """Return the reasons for a line and its links, to go below the title.

        A brief line has no note, and no links except the first one of a gap.
        """
        facts = line.facts
        links = facts["links"][:1] if brief and line.gap is not None else facts["links"]
        reasons = ", ".join(self._reasons(line))
        parts = [
            "*new*" if facts.get("new") and not line.settled else "",
            *self._settled(line),
            clip(reasons, _BRIEF) if brief and reasons else reasons,
            "" if brief else self._waiting(line),
            "" if brief else _note(line),
            *([] if brief and line.gap is None else self._links(links)),
        ]
        return " · ".join(filter(None, parts))

    def describe_outcome(self, line: Line) -> str:
        """Return who handled a line, and how."""
        last = self._outcome(line.outcome, line.handled_by or UserId(""))
        return " · ".join([*self._settled(line), last])

    def headline(self, shown: ShownDigest) -> str:
        """Return the figures of a digest, with those of the last weekly digest if they differ."""
        parts = (
            ("entries", "entry in force", "entries in force"),
            ("uses", "use this week", "uses this week"),
            ("gaps", "gap", "gaps"),
            ("due", "due for review", "due for review"),
        )
        return " · ".join(
            self._figure(shown, name, one if shown.digest.figures[name] == 1 else many)
            for name, one, many in parts
        )

    def nothing_to_report(self, shown: ShownDigest) -> str:
        """Return the one line of a digest that has nothing to report."""
        headline, last = self.headline(shown), self._last_digest(shown)
        figures = shown.digest.figures
        prompts = f"{describe_prompts(figures, ' this week')} · " if figures["prompts"] else ""
        return f"*Weekly digest*: nothing to report · {headline} · {prompts}{last}"

    def footer(self, shown: ShownDigest) -> str:
        """Return the unlisted gaps, the rate of prompts, and the date of the last digest."""
        figures = shown.digest.figures
        listed = sum(not line.rest for line in shown.of(Section.GAPS)) + shown.rest(Section.GAPS)
        earlier = figures["gaps"] - listed
        parts = (
            f"{_counted(earlier, 'earlier gap', 'earlier gaps')}: `/lore gaps`"
            if earlier > 0
            else "",
            describe_prompts(figures, " this week"),
            self._last_digest(shown),
        )
        return " · ".join(filter(None, parts))

    def _last_digest(self, shown: ShownDigest) -> str:
        if shown.last_posted is None:
            return "this is the first digest here"
        return f"last digest {self.status.date(shown.last_posted)}"

    def _figure(self, shown: ShownDigest, name: str, words: str) -> str:
        before = shown.before.get(name)
        if before in (None, shown.digest.figures[name]):
            was = ""
        elif shown.before_at is None:
            was = f" (last week {before})"
        else:
            was = f" ({before} as of {self.status.date(shown.before_at)})"
        return f"*{shown.digest.figures[name]}* {words}{was}"

    def _reasons(self, line: Line) -> Iterator[str]:
        """Yield the words for each open reason, most urgent first.

        A change is only mentioned if it's the reason why the entry is listed.
        """
        for reason in line.open_reasons:
            if reason is not Section.CHANGED or line.section is Section.CHANGED:
                yield from self._explain_reason(reason, line.facts)

    def _settled(self, line: Line) -> Iterator[str]:
        """Yield what people did about the other reasons, without repeating an outcome."""
        for settled in dict.fromkeys(line.settled.values()):
            yield self._outcome(settled.outcome, settled.by)

    def _outcome(self, outcome: str, by: UserId) -> str:
        return f"{mrkdwn.defused(outcome[:1].upper() + outcome[1:])} by {self.status.name(by)}"

    def _waiting(self, line: Line) -> str:
        waiting = Waiting.of(line.facts["waits"]) if "waits" in line.facts else None
        reason = line.open_reasons[0]
        if reason is Section.DUE or (waiting and waiting.person and reason is Section.OWNER_GONE):
            return self.status.describe_waiting(waiting).removeprefix(" · ")
        return ""

    def _links(self, links: Iterable[Mapping[str, str]]) -> Iterator[str]:
        """Yield links that say where they lead: `#ops, Nov 4, clara`."""
        for link in links:
            author = self.status.names(UserId(link["author"])) if link["author"] else ""
            label = ", ".join(filter(None, [link["day"], author])) or "message"
            place = f"{mrkdwn.channel(ChannelId(link['channel']))}, " if link["channel"] else ""
            yield place + mrkdwn.link(link["url"], label)

    def _explain_reason(self, reason: Section, facts: Facts) -> Iterator[str]:
        explain = {
            Section.GAPS: self._explain_gap,
            Section.DUE: self._explain_due,
            Section.OWNER_GONE: self._explain_owner_gone,
            Section.FAILING: self._explain_failing,
            Section.WAITING: self._explain_waiting,
            Section.INCOMPLETE: self._explain_incomplete,
            Section.CHANGED: self._explain_change,
        }[reason]
        return explain(facts)

    def _explain_gap(self, facts: Facts) -> Iterator[str]:
        yield f"{_counted(facts['count'], 'thread', 'threads')} since {facts['since']}"
        # Digests from before the answerer was known don't have it.
        if answerer := facts.get("answerer"):
            yield f"usually answered by {self.status.names(UserId(answerer))}"

    def _explain_owner_gone(self, facts: Facts) -> Iterator[str]:
        yield f"owner {self.status.name(facts['owner'])} left or was deactivated"

    def _explain_due(self, facts: Facts) -> Iterator[str]:
        """Yield how long an entry is overdue, and why it is due at once.

        An owner who is gone and a failed use have sections of their own, so they aren't repeated.
        """
        certification = Certification.of(facts["state"])
        days = certification.overdue.days
        if days:
            yield f"overdue {_counted(days, 'day', 'days')}"
        elif not certification.reasons:
            yield "due for review"
        for reason in certification.reasons:
            is_failure = reason.kind is DueReasonKind.FAILED and facts.get("failed")
            if reason.kind is not DueReasonKind.OWNER_GONE and not is_failure:
                yield self.status.describe_reason(reason)
        if certification.never:
            yield "never certified"
        if Section.FAILING.value not in facts.get("reasons", ()):
            yield from self._explain_failing(facts)

    def _explain_failing(self, facts: Facts) -> Iterator[str]:
        for name in ("failed", "deviated"):
            count = facts.get(name, 0)
            if count:
                yield f"{name} {_TIMES.get(count, f'{count} times')}"

    def _explain_waiting(self, facts: Facts) -> Iterator[str]:
        proposals = facts["proposals"]
        if not proposals:
            return
        since = self.status.date(datetime.fromisoformat(proposals[0]["since"]))
        days = proposals[0].get("days", 0)
        since += f" ({_counted(days, 'day', 'days')})" if days else ""
        if len(proposals) > 1:
            yield f"{len(proposals)} changes have been waiting for approval since {since}"
        else:
            author = self.status.name(proposals[0]["author"])
            what = "a draft" if proposals[0].get("draft") else "a change"
            yield f"{what} by {author} has been waiting since {since}"

    def _explain_incomplete(self, facts: Facts) -> Iterator[str]:
        yield "missing: " + ", ".join(mrkdwn.escape(label) for label in facts["missing"])

    def _explain_change(self, facts: Facts) -> Iterator[str]:
        yield f"{facts['change']} by {self.status.name(facts['author'])}"


# Where the facts of a line hold the note that a person wrote about a reason.
_NOTES: Final = {
    Section.FAILING: "note",
    Section.WAITING: "proposed_note",
    Section.CHANGED: "change_note",
}


def heading(section: Section, lines: Iterable[Line]) -> str:
    """Return the heading of a section. Without a failure, `Failing` is called `Deviations`."""
    if section is Section.FAILING and not any(line.facts.get("failed") for line in lines):
        return "Deviations"
    return section.heading


def _note(line: Line) -> str:
    """Return the first note about the reasons of a line; nothing if the line is listed again."""
    if line.facts.get("repeated"):
        return ""
    notes = (line.facts.get(_NOTES.get(reason, ""), "") for reason in line.open_reasons)
    note = next(filter(None, notes), "")
    return f"“{mrkdwn.defused(clip(short(note), _NOTE))}”" if note else ""


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def filters(status: StatusWords) -> dict[str, Callable[..., Any]]:
    """Return the filters of the digest's templates, by name."""
    words = DigestWords(status=status)
    return {
        "explain": words.explain,
        "outcome": words.describe_outcome,
        "headline": words.headline,
        "heading": heading,
        "nothing_to_report": words.nothing_to_report,
        "footer": words.footer,
    }
