"""Values for every template, with texts from hostile and careless people."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from bot.domain.approval import Proposal, ProposalId, ProposalState, Request
from bot.domain.certification import Certification, DueReason, DueReasonKind, Verdict
from bot.domain.digests import CHUNK, Digest, DigestId, Line, LineId, Section, ShownDigest
from bot.domain.entries import (
    ChannelId,
    Entry,
    EntryId,
    Evidence,
    EvidenceState,
    Key,
    Outcome,
    State,
    TeamId,
    UseCounts,
    UserId,
)
from bot.domain.field_values import clean
from bot.domain.form_drafts import FormDraft, FormDraftId
from bot.domain.gaps import Gap, GapId, Occurrence
from bot.domain.kinds import FIELDS, Field, Kind, Shape
from bot.domain.listening.prompting import PromptReason
from bot.domain.nudges import LISTED, About, Choice, Item, Nudge, NudgeId
from bot.domain.prompts import Prompt, PromptId, PromptTally
from bot.domain.reviewers import Role, Waiting
from bot.domain.revisions import Change, Content, Effect, Revision
from bot.domain.visibility import Person
from bot.domain.workspaces import Channel, ChannelStatus
from bot.listeners.reasons import Place
from bot.slack.text.help import TOPICS
from bot.usecases.entries.find import AsOf, Card
from bot.usecases.entries.form_drafts import UnsavedForm
from bot.usecases.entries.history import PAGE, Changes, Comparison, History, Step
from bot.usecases.entries.plans import Plan
from bot.usecases.home import Home
from bot.usecases.ownership.away import Away, Level
from bot.usecases.ownership.transfer import StayingEntry, Transfer
from bot.usecases.ownership.transfer_messages import TransferName, WaitingTransfer
from bot.usecases.review.nudges import Line as NudgeLine
from bot.usecases.review.nudges import ShownNudge
from bot.usecases.review.verdicts import ToCertify, ToReview
from bot.usecases.steps.announcements import Announcement
from bot.usecases.steps.form_context import Form, Reference
from bot.usecases.steps.proposals import ShownProposal
from storage.redaction import SEARCHED_TABLES
from storage.verdicts import GivenVerdict
from storage.visible_entries import Landing

TEAM, OPS = TeamId("T0TEAM"), ChannelId("C0OPS")
ANA, BEN = UserId("U0ANA"), UserId("U0BEN")
AT = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
LINK = f"https://opslore.slack.com/archives/{OPS}/p1772618400000100?thread_ts=1.2&cid={OPS}"
RUNBOOK = "https://wiki.example/a?b=1&c=2"

HOSTILE = (
    "<!channel>",
    "<!here|here>",
    "<!subteam^S0TEAM>",
    f"<@{ANA}>",
    "@here",
    "@channel",
    "@everyone",
    "#ops",
    "<https://evil.example|https://good.example>",
    "&lt;!channel&gt;",
    "&amp;",
    "```",
    "`",
    "*",
    "_",
    "~",
    "> ",
    '"',
    "\\",
    "\n",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "\u202e\u05d0\u05d1",
    "\u200b",
    "👩‍🚒",
    "ﷺ" * 40,
    "a" * 500,
    "|",
)


def hostile(seed: int) -> str:
    """Return a text of hostile pieces and any characters, always the same for a seed."""
    # Each text takes one draw. Drawn piece by piece, a page of twenty entries takes seconds.
    chance = random.Random(seed)  # noqa: S311 - no secret
    pieces = chance.choices(HOSTILE, k=chance.randint(1, 12))
    pieces += [chr(chance.randrange(0xD800)) for _ in range(chance.randint(0, 12))]
    chance.shuffle(pieces)
    return "".join(pieces)


texts = st.integers(0, 2**32).map(hostile)
long_texts = st.builds(lambda text, times: text * times, texts, st.sampled_from([1, 1, 300]))


# Strategies are built once, because hypothesis validates each new one before it draws.
@cache
def told(most: int) -> st.SearchStrategy[str]:
    """Return a strategy for text as it is stored: cleaned, and cut to the field's length."""
    # Cut first, because cleaning a text of a million characters takes half a second.
    return long_texts.map(lambda text: ("T" + clean(text[: 2 * most]))[:most].strip())


@cache
def value_of(field: Field) -> st.SearchStrategy[Any]:
    level = {"whom": st.just([ANA, ANA]), "wait": st.just(15), "tell": told(1000)}
    chosen = st.sampled_from([choice.value for choice in field.choices] or ["0"])
    return {
        Shape.LINE: told(field.limit).map(lambda text: " ".join(text.split())),
        Shape.TEXT: told(field.limit),
        Shape.URL: st.just(RUNBOOK),
        Shape.LINES: st.lists(told(field.limit // 10), min_size=1, max_size=9),
        Shape.TAGS: st.lists(told(20), min_size=1, max_size=10),
        Shape.USER: st.just(ANA),
        Shape.CHOICE: chosen,
        Shape.MINUTES: chosen.map(int),
        Shape.DAYS: chosen.map(int),
        Shape.ENTRY: st.sampled_from(["ESC-7", "HND-3"]),
        Shape.LEVELS: st.lists(st.fixed_dictionaries({}, optional=level), min_size=1, max_size=10),
    }[field.shape]


reasons = st.lists(
    st.builds(
        DueReason,
        kind=st.sampled_from(DueReasonKind),
        about=st.sampled_from(["", ANA]),
        at=st.just(AT),
    ),
    max_size=5,
).map(tuple)
certifications = st.builds(
    Certification,
    due_at=st.just(AT),
    certified=st.booleans(),
    due=st.booleans(),
    overdue=st.sampled_from([timedelta(0), timedelta(days=1), timedelta(days=400)]),
    reasons=reasons,
    retired=st.booleans(),
)


waitings = st.builds(Waiting, role=st.sampled_from(Role), person=st.just(ANA))
waiting = st.dictionaries(st.just(EntryId(7)), waitings)


def distinct(entries: list[Entry]) -> tuple[Entry, ...]:
    """Give each entry its own key, because a list has an entry once."""
    return tuple(
        replace(entry, key=Key(kind=entry.key.kind, number=number))
        for number, entry in enumerate(entries, 1)
    )


@cache
def contents(kind: Kind) -> st.SearchStrategy[Content]:
    asked = {f.name for f in FIELDS[kind] if f.required} | {"owner"}
    values = {field.name: value_of(field) for field in FIELDS[kind]}
    return st.fixed_dictionaries(
        {name: value for name, value in values.items() if name in asked},
        optional={name: value for name, value in values.items() if name not in asked},
    ).map(
        lambda found: Content(
            kind=kind, values={name: found[name] for name in values if name in found}
        )
    )


uses = st.builds(
    UseCounts, followed=st.integers(0, 9), deviated=st.integers(0, 9), failed=st.integers(0, 9)
)
evidences = st.lists(
    st.builds(
        lambda state, text: Evidence(
            channel=OPS,
            ts="1772618400.000100",
            permalink=LINK,
            author=ANA,
            excerpt=text,
            state=state,
        ),
        st.sampled_from(EvidenceState),
        texts,
    ),
    max_size=10,
).map(tuple)
sometime = st.sampled_from([None, AT])


@cache
@st.composite
def entries(draw: st.DrawFn) -> Entry:
    kind = draw(st.sampled_from(Kind))
    state = draw(st.sampled_from(State))
    return Entry(
        id=EntryId(7),
        team=TEAM,
        key=Key(kind=kind, number=999_999_999),
        state=state,
        home=OPS,
        revision=draw(revisions(kind)),
        created_at=AT,
        due_at=AT,
        certified_at=draw(sometime),
        reasons=draw(reasons),
        uses=draw(uses),
        evidence=draw(evidences),
    )


@cache
@st.composite
def revisions(draw: st.DrawFn, kind: Kind) -> Revision:
    content = draw(contents(kind))
    note, change = draw(told(500)), draw(st.sampled_from(Change))
    return Revision(
        number=draw(st.integers(1, 10**6)),
        content=content,
        author=ANA,
        at=AT,
        note=note,
        change=change,
    )


@cache
@st.composite
def histories(draw: st.DrawFn) -> History:
    entry = draw(entries())
    last = draw(st.integers(1, 10**6))
    start = draw(st.integers(1, last))
    one = draw(revisions(entry.key.kind))
    used = draw(uses)
    numbers = range(start, max(0, start - PAGE), -1)
    landed, approved = draw(st.booleans()), draw(st.sampled_from([(), (ANA, BEN)]))
    steps = tuple(
        Step(
            revision=replace(one, number=at),
            uses=used,
            in_force=draw(st.booleans()),
            landed=landed,
            proposal=None,
            approved_by=approved,
        )
        for at in numbers
    )
    return History(entry=entry, steps=steps, last=last)


@cache
@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    entry = draw(entries())
    return Comparison(
        entry=entry,
        old=draw(revisions(entry.key.kind)),
        new=draw(revisions(entry.key.kind)),
    )


requests = st.lists(
    st.builds(
        Request,
        by=st.sampled_from([ANA, BEN]),
        comment=told(500),
        answer=st.sampled_from([None, 2]),
    ),
    max_size=25,
).map(tuple)


faults = st.lists(st.just("Level 10 has no wait before level 11."), max_size=20).map(tuple)


@cache
@st.composite
def proposals(draw: st.DrawFn) -> ShownProposal:
    compared = draw(comparisons())
    entry = replace(compared.entry, revision=compared.old)
    change = draw(st.sampled_from(Change))
    base = None if change is Change.RECORDED else compared.old
    revision = replace(compared.new, change=change, effect=draw(st.sampled_from(Effect)))
    proposal = Proposal(
        id=ProposalId(10**9),
        entry=entry.id,
        revision=revision,
        base=base.number if base else 0,
        author=draw(st.sampled_from([ANA, BEN])),
        owner=ANA,
        state=draw(st.sampled_from(ProposalState)),
        opened_at=AT,
        changed_at=AT,
        decided_by=draw(st.none() | st.just(ANA)),
        approved_by=draw(st.sampled_from([(), (ANA,), (ANA, ANA)])),
        requests=draw(requests),
    )
    contested = draw(st.just(()) | st.just(FIELDS[entry.key.kind][:2]))
    mine, decidable, withdrawable = (draw(st.booleans()) for _ in range(3))
    return ShownProposal(
        proposal=proposal,
        entry=entry,
        base=base,
        wanted=2,
        contested=contested,
        mine=mine,
        decidable=decidable,
        withdrawable=withdrawable,
        faults=draw(faults),
    )


open_proposals = proposals().map(
    lambda found: replace(found.proposal, state=ProposalState.CHANGES_REQUESTED)
)
keys = st.builds(Key, kind=st.sampled_from(Kind), number=st.integers(1, 999_999_999))
cards = st.builds(
    Card,
    entry=entries(),
    named_by=st.lists(keys, max_size=12).map(tuple),
    old=st.sampled_from(["", "older revision", "not in force"]),
    as_of=st.none() | st.just(AsOf(name="the end of 2026-03-01", since=AT)),
    proposals=st.lists(open_proposals, max_size=4).map(tuple),
    supersedes=st.lists(keys, max_size=12).map(tuple),
    draft=st.none() | proposals().map(lambda found: replace(found, base=None)),
)


@cache
def besides(kind: Kind) -> st.SearchStrategy[tuple[Reference, ...]]:
    values = contents(kind).map(lambda each: each.values)
    one = st.builds(
        Reference, heading=st.just("What it says now:"), kind=st.just(kind), values=values
    )
    return st.lists(one, max_size=2).map(tuple)


@cache
@st.composite
def forms(draw: st.DrawFn) -> Form:
    kind = draw(st.sampled_from(Kind))
    content = draw(contents(kind))
    draft = FormDraft(
        id=FormDraftId(10**9),
        team=TEAM,
        user=ANA,
        kind=kind,
        channel=OPS,
        created_at=AT,
        values=content.values,
    )
    editing = draw(st.none() | entries().filter(lambda entry: entry.key.kind is kind))
    beside = draw(besides(kind))
    duplicates = () if editing else tuple(draw(st.lists(entries(), max_size=3)))
    values = {**content.values, **({"note": draw(told(500))} if editing else {})}
    notice, asked = draw(st.just("") | texts), draw(requests) if editing else ()
    # A form for a proposal isn't captured from a thread.
    asked = () if len(beside) > 1 else asked
    return Form(
        draft=draft,
        values=values,
        duplicates=duplicates,
        editing=editing,
        references=beside,
        notice=notice,
        asked=asked,
    )


@cache
@st.composite
def gaps(draw: st.DrawFn) -> Gap:
    occurrence = Occurrence(
        channel=OPS,
        ts="1772618400.000100",
        thread_ts="1.2",
        author=ANA,
        at=AT,
        permalink=LINK,
        excerpt=draw(texts),
        answer=draw(texts),
        answerer=draw(st.none() | st.just(ANA)),
    )
    occurrences = (occurrence,) * draw(st.integers(0, 5))
    title = draw(told(150))
    return Gap(
        id=GapId(10**9),
        channel=OPS,
        act="decision",
        title=title,
        threads=99,
        people=12,
        days=30,
        answerer=draw(st.none() | st.just(BEN)),
        first_at=AT,
        last_at=AT,
        occurrences=occurrences,
    )


prompts = st.builds(
    Prompt,
    id=st.just(PromptId(10**9)),
    team=st.just(TEAM),
    channel=st.just(OPS),
    thread_ts=st.just("1.2"),
    ts=st.just("1.2"),
    user=st.just(ANA),
    kind=st.sampled_from(Kind).map(lambda kind: kind.value),
    at=st.just(AT),
    reason=st.sampled_from(["", *PromptReason]).map(str),
)
channels = st.builds(
    Channel,
    team=st.just(TEAM),
    id=st.just(OPS),
    private=st.booleans(),
    joined=st.booleans(),
    watched=st.booleans(),
    muted=st.booleans(),
    archived=st.booleans(),
)
watchings = st.builds(
    ChannelStatus, channel=channels, entries=st.integers(0, 999), next_digest=st.just(AT)
)
drafts = st.builds(
    lambda title: FormDraft(
        id=FormDraftId(10**9),
        team=TEAM,
        user=ANA,
        kind=Kind.DECISION,
        channel=OPS,
        created_at=AT,
        values={"title": title},
    ),
    st.none() | told(150),
)


@cache
@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """Return the facts of a digest line, for all sections."""
    return {
        "key": "DEC-999999999",
        "title": draw(told(150)),
        "owner": ANA,
        "links": [link_facts()] * draw(st.integers(0, 3)),
        "state": draw(certifications).facts(),
        "act": "decision",
        "count": 99,
        "since": "Nov 4",
        "new": draw(st.booleans()),
        "repeated": draw(st.booleans()),
        "waits": draw(waitings).facts(),
        "deviated": 1,
        "failed": 2,
        "note": draw(st.just("") | told(1000)),
        "missing": ["Why?"],
        "change": "edited",
        "author": ANA,
        "change_note": draw(st.just("") | told(1000)),
        "proposed_note": draw(st.just("") | told(1000)),
        "proposals": [{"id": 10**9, "author": ANA, "since": AT.isoformat(), "days": 9}]
        * draw(st.integers(1, 2)),
    }


def link_facts() -> dict[str, str]:
    """Return a strategy for a link in a digest line."""
    return {"url": LINK, "channel": OPS, "day": "Nov 4", "author": ANA}


@cache
@st.composite
def lines(draw: st.DrawFn, section: Section, position: int) -> Line:
    # A digest lists an entry once.
    number = 999_999_000 + 100 * list(Section).index(section) + position
    known = draw(facts()) | {"cited": f"DEC-{number}@3"}
    if draw(st.integers(0, 9)) == 0:
        return Line(id=LineId(10**9), section=section, position=position, facts={"rest": 99})
    gap = section is Section.GAPS
    if not gap:
        urgent = list(Section)
        others = draw(st.sets(st.sampled_from(urgent[urgent.index(section) :])))
        reasons = [reason for reason in urgent if reason in {section, *others}]
        known["reasons"] = [reason.value for reason in reasons]
        if len(reasons) > 1 and draw(st.booleans()):
            known["settled"] = {section.value: [ANA, draw(told(100))]}
    handled = draw(st.sampled_from([None, ANA]))
    return Line(
        id=LineId(10**9),
        section=section,
        position=position,
        entry=None if gap else EntryId(7),
        gap=GapId(7) if gap else None,
        facts=known,
        handled_by=handled,
        handled_at=AT if handled else None,
        outcome=draw(told(100)) if handled else "",
    )


@cache
@st.composite
def many_lines(draw: st.DrawFn, each: int) -> tuple[Line, ...]:
    return tuple(draw(lines(section, at)) for section in Section for at in range(each))


@cache
@st.composite
def digests(draw: st.DrawFn) -> ShownDigest:
    names = ("entries", "uses", "gaps", "due", *PromptTally().figures)
    figures = dict.fromkeys(names, draw(st.integers(0, 999)))
    found = draw(many_lines(draw(st.integers(0, 4))))
    digest = Digest(
        id=DigestId(1),
        team=TEAM,
        channel=OPS,
        period="p",
        due_at=AT,
        built_at=AT,
        figures=figures,
        lines=found,
    )
    before = draw(st.sampled_from([{}, figures]))
    last = draw(st.sampled_from([None, AT - timedelta(days=7)]))
    before_at = draw(st.sampled_from([None, AT - timedelta(days=180)]))
    return ShownDigest(
        digest=digest,
        channel=draw(channels),
        before=before,
        before_at=before_at,
        last_posted=last,
        late=draw(st.booleans()),
    )


choices = st.builds(Choice, off=st.booleans(), until=st.none() | st.just(AT))


@cache
@st.composite
def nudges(draw: st.DrawFn) -> ShownNudge:
    def line(entry: Entry) -> NudgeLine:
        handled = draw(st.sampled_from([None, ANA]))
        outcome = draw(told(100)) if handled else ""
        item = Item(
            about=draw(st.sampled_from(About)),
            entry=entry.id,
            revision=1,
            handled_by=handled,
            handled_at=AT,
            outcome=outcome,
        )
        proposal = None if item.about is About.REVIEW else draw(open_proposals)
        return NudgeLine(
            item=item, entry=entry, open=draw(st.booleans()), proposal=proposal, since=AT
        )

    some = distinct(draw(st.lists(entries(), min_size=1, max_size=5)) * 3)
    nudge = Nudge(
        id=NudgeId(10**9),
        team=TEAM,
        user=ANA,
        day=date(2026, 3, 4),
        due_at=AT,
        rest=draw(st.integers(0, 9)),
    )
    lines = tuple(line(entry) for entry in some[:LISTED])
    return ShownNudge(nudge=nudge, lines=lines, choice=draw(choices), quiet=draw(st.booleans()))


@cache
@st.composite
def plans(draw: st.DrawFn) -> Plan:
    change = draw(st.sampled_from([Change.RETIRED, Change.SUPERSEDED, Change.RESTORED]))
    number = 999_999_999 if change is Change.RESTORED else None
    successor = draw(entries()) if change is Change.SUPERSEDED else None
    return Plan(entry=draw(entries()), change=change, number=number, successor=successor)


@cache
@st.composite
def transfers(draw: st.DrawFn) -> Transfer:
    some = draw(st.lists(entries(), min_size=1, max_size=4))
    few, many = tuple(some), distinct(some * 8)
    left = tuple(
        StayingEntry(entry=entry, why=draw(texts))
        for entry in draw(st.sampled_from([(), few, many]))
    )
    owned, backed_up = draw(st.sampled_from([((), ()), (few, ()), (many, few), ((), many)]))
    waiting = draw(st.sampled_from([(), few, many]))
    return Transfer(
        giver=Person(id=ANA, name=draw(texts)),
        receiver=Person(id=UserId("U0BEN"), name=draw(texts)),
        owned=owned,
        backed_up=backed_up,
        waiting=waiting,
        left=left,
        asked_at=AT,
        done=draw(st.booleans()),
    )


@cache
@st.composite
def waiting_transfers(draw: st.DrawFn) -> WaitingTransfer:
    some = draw(st.lists(proposals(), min_size=1, max_size=3)) * draw(st.sampled_from([1, 9]))
    parts = tuple((proposed.proposal, proposed.entry) for proposed in some)
    return WaitingTransfer(
        name=TransferName(author=ANA, opened_at=AT),
        giver=UserId("U0BEN"),
        receiver=ANA,
        parts=parts,
    )


def shown(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(parts)


@cache
@st.composite
def announcements(draw: st.DrawFn) -> Announcement:
    compared = draw(comparisons())
    change = draw(st.sampled_from([each for each in Change if each is not Change.RECORDED]))
    superseded_by = "DEC-999999999" if change is Change.SUPERSEDED else ""
    effect = draw(st.sampled_from(Effect))
    revision = replace(compared.new, change=change, effect=effect, superseded_by=superseded_by)
    approved = draw(st.sampled_from([(), (ANA,), (ANA, ANA)]))
    return Announcement(
        entry=compared.entry, revision=revision, before=compared.old, approved_by=approved
    )


homes = st.builds(
    Home,
    member=st.booleans(),
    words=st.just("") | told(200),
    results=st.lists(entries(), max_size=8).map(tuple),
    drafts=st.lists(drafts, max_size=5).map(tuple),
    prompts=st.lists(st.tuples(prompts, st.none() | entries()), max_size=5).map(tuple),
    proposals=st.lists(proposals(), max_size=5).map(tuple),
    changes=st.lists(proposals(), max_size=5).map(tuple),
    due=st.lists(entries(), max_size=5).map(distinct),
    waiting=waiting,
    owned=st.lists(entries(), max_size=3).map(lambda some: tuple(some * 5)),
    channels=st.lists(watchings, max_size=10).map(tuple),
)


# The values of each template, by its name.
SHOWN: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "away": shown(
        away=st.builds(
            Away,
            person=st.just(Person(id=ANA, name="ana")),
            own=st.booleans(),
            owned=st.integers(0, 999),
            alone=st.lists(entries(), max_size=5).map(lambda some: distinct(some * 3)),
            more=st.sampled_from([0, 5]),
            backed_up=st.lists(keys, max_size=12).map(tuple),
            levels=st.lists(
                st.builds(Level, key=keys, number=st.integers(1, 9), alone=st.booleans()),
                max_size=12,
            ).map(tuple),
        )
    ),
    "announcement": shown(
        found=announcements(), mentioned=st.lists(st.just(ANA), max_size=12).map(tuple)
    ),
    "changes": shown(
        found=st.builds(
            Changes,
            since=st.just("2026-03-01"),
            landings=st.lists(
                st.builds(Landing, key=keys, revision=revisions(Kind.DECISION), at=st.just(AT)),
                max_size=15,
            ).map(tuple),
            more=st.booleans(),
        )
    ),
    "changes_form": shown(
        proposed=proposals(),
        channel=st.none() | st.just(OPS),
        thread_ts=st.none() | st.just("1772618400.000100"),
        comment=st.just("") | told(500),
        notice=st.just("") | long_texts,
    ),
    "diff": shown(comparison=comparisons()),
    "diff_view": shown(comparison=comparisons()),
    "digest_more": shown(
        lines=st.sampled_from(Section).flatmap(
            lambda section: st.tuples(*[lines(section, at) for at in range(CHUNK)])
        ),
        brief=st.booleans(),
    ),
    "digest_post": shown(shown=digests(), brief=st.booleans()),
    "digest_settings": shown(channel=channels),
    "entry_card": shown(card=cards),
    "entry_form": shown(form=forms(), notice=st.just("") | texts),
    "entry_view": shown(card=cards),
    "gap_dismissed": shown(gap=gaps()),
    "help": shown(),
    "help_topic": shown(topic=st.sampled_from(TOPICS)),
    "history": shown(history=histories()),
    "history_view": shown(history=histories()),
    "home": shown(home=homes),
    "note": shown(text=long_texts),
    "note_view": shown(text=long_texts),
    "nudge": shown(shown=nudges()),
    "nudges": shown(choice=choices),
    "offer": shown(ts=st.just("1772618400.000100")),
    "owner_form": shown(entry=entries(), channel=st.just("C1"), thread_ts=st.none()),
    "proposal_card": shown(proposed=proposals()),
    "proposal_news": shown(proposed=proposals()),
    "proposal_view": shown(proposed=proposals()),
    "reason_form": shown(
        plan=plans(),
        place=st.builds(
            Place,
            channel=st.none() | st.just("C1"),
            thread_ts=st.none(),
            home=st.booleans(),
        ),
        line=st.none() | st.just(10**9),
        proposes=st.booleans(),
    ),
    "review_list": shown(
        found=st.builds(
            ToReview,
            entries=st.lists(entries(), max_size=7).map(distinct),
            more=st.sampled_from([0, 5]),
            waiting=waiting,
        ),
        proposals=st.lists(proposals(), max_size=3).map(tuple),
        changes=st.lists(proposals(), max_size=3).map(tuple),
        key=st.sampled_from(["", "DEC-1"]),
    ),
    "review_view": shown(
        found=st.builds(
            ToCertify,
            card=cards,
            certified=st.none()
            | st.just(GivenVerdict(revision=2, verdict=Verdict.ACCURATE, by=ANA, at=AT)),
        ),
        channel=st.none() | st.just("C1"),
        thread_ts=st.none() | st.just("1772618400.000100"),
        line=st.none() | st.just(7),
        notice=st.just("") | long_texts,
    ),
    "revision_view": shown(card=cards),
    "drafts": shown(
        unsaved=st.lists(
            st.builds(
                UnsavedForm,
                draft=drafts,
                edited=st.none() | st.just(Key(kind=Kind.DECISION, number=12)),
            ),
            max_size=10,
        )
    ),
    "redact_form": shown(
        held=st.none()
        | st.dictionaries(
            st.sampled_from([searched.label for searched in SEARCHED_TABLES]), st.integers(1)
        ),
        of=texts,
        where=texts,
    ),
    "transfer": shown(transfer=transfers(), renamed=st.booleans()),
    "transfer_card": shown(transfer=waiting_transfers()),
    "use_form": shown(
        entry=entries(),
        outcomes=st.sampled_from([tuple(Outcome), (Outcome.FOLLOWED,)]),
        prompt=st.none() | st.just(10**9),
        channel=st.none() | st.just(OPS),
        thread_ts=st.none() | st.just("1772618400.000100"),
        ts=st.sampled_from(["", "1772618400.000200"]),
    ),
    "watching": shown(watching=watchings),
    "welcome": shown(first=st.just(AT)),
}
