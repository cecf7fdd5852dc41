"""Show a gap on the page: its threads, the people who answer it, and an entry to start from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.cli.listen.heard import Matter, Thread, thread_of
from bot.cli.listen.wording import Wording, times
from bot.domain.entries import UserId
from bot.domain.kinds import Kind
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.drafts import EntryDraft
from bot.domain.listening.levels import Level

# The labels of the fields that a draft shows, in order.
_LABELS: Final = {
    "trigger": "When it comes up",
    "levels": "Who is told",
    "rule": "What we do",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftField:
    """A filled field of a draft, and the messages that its text is from."""

    label: str
    text: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """One time that a matter came up. `answered_by`, `answer`: empty if no one answered."""

    when: str
    where: str
    excerpt: str
    asked_by: str
    answered_by: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGap:
    """A gap with everything that the page shows of it. `solvers`: all who ever answered it."""

    title: str
    kind: str
    answerer: str
    solvers: tuple[UserId, ...]
    fields: tuple[DraftField, ...]
    owner: str
    came: tuple[Came, ...]
    people: int
    days: int

    @property
    def has_rule(self) -> bool:
        """Whether its threads hold an answer to start from."""
        return any(field.label == _LABELS["rule"] for field in self.fields)

    @property
    def threads(self) -> int:
        """How often it came up."""
        return len(self.came)


def show_gap(gap: Matter, wording: Wording) -> ShownGap:
    """Return a gap as the page shows it."""
    draft = gap.write()
    answers = _answers(draft.evidence)
    conversations = sorted(gap.load(), key=lambda one: one.messages[0].at)
    solvers = [said.user for said in answers.values()]
    first = [gap.answerer] if gap.answerer else []
    return ShownGap(
        title=wording.short(draft.title),
        kind=draft.kind.noun,
        answerer=wording.name(gap.answerer),
        solvers=tuple(dict.fromkeys([*first, *solvers])),
        fields=tuple(_fields(draft, wording)),
        owner=_owner(draft.owner or gap.answerer, solvers, wording),
        came=tuple(_came(conversation, answers, wording) for conversation in conversations),
        people=len({said.user for one in conversations for said in one.messages}),
        days=len({one.messages[0].at.date() for one in conversations}),
    )


def _answers(evidence: Sequence[Said]) -> Mapping[Thread, Said]:
    """Return the answer of each thread: its last message by someone other than the asker."""
    askers: dict[Thread, UserId] = {}
    answers: dict[Thread, Said] = {}
    for said in sorted(evidence, key=lambda said: said.at):
        thread = thread_of(said)
        if said.user != askers.setdefault(thread, said.user):
            answers[thread] = said
    return answers


def _came(conversation: Conversation, answers: Mapping[Thread, Said], wording: Wording) -> Came:
    first = conversation.messages[0]
    answer = answers.get(thread_of(first))
    return Came(
        when=wording.day(first.at),
        where=wording.place(first.channel),
        excerpt=wording.short("\n".join(said.text for said in conversation.opening)),
        asked_by=wording.name(first.user),
        answered_by=wording.name(answer.user) if answer else "",
        answer=wording.short(answer.text) if answer else "",
    )


def _fields(draft: EntryDraft, wording: Wording) -> list[DraftField]:
    is_escalation = draft.kind is Kind.ESCALATION
    levels = _levels(draft.levels, wording) if is_escalation else ""
    texts = {"trigger": draft.trigger, "levels": levels, "rule": draft.rule}
    return [
        DraftField(
            label=label,
            text=wording.full(texts[name]),
            origin=_origin(draft.sources.get(name, ()), wording),
        )
        for name, label in _LABELS.items()
        if texts[name].strip()
    ]


def _levels(levels: Sequence[Level], wording: Wording) -> str:
    """Return the people of each level on a line, with the minutes to wait for them."""
    return "\n".join(
        " and ".join(wording.name(user) for user in level.users)
        + (f", then wait {level.wait} minutes" if level.wait else "")
        for level in levels
    )


def _origin(sources: Sequence[Sequence[Said]], wording: Wording) -> str:
    """Return who wrote the text of a field, where and when: `bo in #ops, Nov 4`."""
    messages = [said for line in sources for said in line]
    return "; ".join(
        dict.fromkeys(
            f"{wording.name(said.user)} in {wording.place(said.channel)}, {wording.day(said.at)}"
            for said in sorted(messages, key=lambda said: said.at)
        )
    )


def _owner(owner: UserId | None, solvers: Sequence[UserId], wording: Wording) -> str:
    """Return who would own the entry, and why."""
    if owner is None:
        return ""
    answered = solvers.count(owner)
    reason = f", who answered it {times(answered)}" if answered else ""
    return f"{wording.name(owner)}{reason}"
