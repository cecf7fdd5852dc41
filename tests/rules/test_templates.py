"""Every template renders any text within Slack's limits, and mentions no one."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import templates
from bot import listeners
from bot.domain.certification import Certification, DueReason, DueReasonKind
from bot.domain.digests import (
    CHUNK,
    SHOWN_OF_SECTION,
    Digest,
    DigestId,
    Line,
    LineId,
    Section,
    ShownDigest,
)
from bot.domain.entries import EntryId
from bot.domain.gaps import GapId
from bot.domain.invisible import show_invisible
from bot.domain.prompts import PromptTally
from bot.domain.workspaces import Channel
from bot.slack import ids
from bot.slack.limits import LimitError
from bot.slack.render import render_digest, renderer
from bot.slack.text.mrkdwn import JOINER
from bot.usecases.entries.find import Card
from bot.usecases.steps.proposals import ShownProposal
from sandbox.blockkit import check_message, check_view
from tests.support.list_makers import LISTS
from tests.support.template_makers import ANA, AT, LINK, OPS, RUNBOOK, TEAM
from tests.support.template_makers import SHOWN as OTHERS

SHOWN = {**OTHERS, **LISTS}
NAMES = sorted(
    path.name.removesuffix(".json.j2")
    for path in Path(templates.__file__).parent.glob("[!_]*.json.j2")
)
# A page of entries is large, so hypothesis reports a failure without shrinking it.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
LIVE = re.compile(r"<[^>]*>")
# Live on purpose: dates, the channel's own name, links to messages and a runbook, and a URL that
# shows where it leads.
MEANT = re.compile(
    rf"<!date\^\d+\^[^<>|]*\|[^<>|]*>|<#{OPS}>"
    rf"|<(?:{re.escape(LINK.replace('&', '&amp;'))}|{re.escape(RUNBOOK.replace('&', '&amp;'))})"
    r"(?:\|[^<>|]*)?>|<https?://[^<>|]*>"
)


def nobody(**_: object) -> list[str]:
    return []


def the_owner(proposed: ShownProposal) -> list[str]:
    owner = proposed.entry.owner
    return [owner] if proposed.proposal.state.open and owner != proposed.proposal.author else []


# The people whom a message is meant to notify. All other templates notify no one.
def owner_of_draft(card: Card, **_: object) -> list[str]:
    """Return the owner if another person wrote the draft, because its card asks for approval."""
    if card.draft is None or card.draft.proposal.author == card.entry.owner:
        return []
    return [card.entry.owner]


RUNG: dict[str, Callable[..., Iterable[str]]] = {
    "ask": lambda person, is_direct, **_: [] if is_direct else [person],
    "announcement": lambda mentioned, **_: mentioned,
    "entry_card": owner_of_draft,
    "proposal_card": the_owner,
}

# All ids that the listeners' modules use.
HEARD = {
    getattr(ids, name)
    for path in Path(listeners.__file__).parent.rglob("*.py")
    for name in re.findall(r"\bids\.([A-Z_]+)", path.read_text())
}
# People choose their names, so names can contain anything.
THREAD_LINK = f"{LINK.split('?')[0]}?thread_ts=1772618400.000100&cid={OPS}"
render = renderer(lambda _: "<!channel> @here *ana*", lambda: AT)


def parts(node: object) -> Iterator[dict[str, Any]]:
    """Yield every object within a payload."""
    if isinstance(node, dict):
        yield node
        for part in node.values():
            yield from parts(part)
    elif isinstance(node, list):
        for part in node:
            yield from parts(part)


def told(name: str, shown: dict[str, Any]) -> dict[str, Any]:
    """Render a digest as it is posted: if it is too long, its lines are shortened."""
    if shown.get("brief") is False:
        return render_digest(render, name, **{key: shown[key] for key in shown.keys() - {"brief"}})
    return render(name, **shown)


def test_these_tests_render_every_template() -> None:
    assert sorted(SHOWN) == NAMES


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=25, phases=PHASES, suppress_health_check=CHECKS)
def test_any_typed_text_fits_and_mentions_no_one(name: str, data: st.DataObject) -> None:
    """Rendering checks our own limits, and this test checks the sandbox's."""
    shown = data.draw(SHOWN[name])
    payload = told(name, shown)

    match payload.get("type"):
        case "modal":
            check_view(payload, "modal")
        case "home":
            check_view(payload, "home")
        case _:
            check_message({"channel": OPS, **payload})
    texts = [part for part in parts(payload) if part.get("type") == "mrkdwn"]
    assert all(part["verbatim"] for part in texts)
    rung: list[str] = []
    for text in [part["text"] for part in texts] + [payload.get("text", "")]:
        if isinstance(text, str):
            rung += [live for live in LIVE.findall(text) if not MEANT.fullmatch(live)]
            assert not re.search(r"&(?!amp;|lt;|gt;)", text)
    assert rung == [f"<@{user}>" for user in RUNG.get(name, nobody)(**shown)]
    assert not re.search(r"@(?:here|channel|everyone)\b", str(payload.get("text", "")))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=5, phases=PHASES, suppress_health_check=CHECKS)
def test_every_button_has_a_listener(name: str, data: st.DataObject) -> None:
    payload = told(name, data.draw(SHOWN[name]))

    pressed = {
        part["action_id"] for part in parts(payload) if part.get("type") in ("button", "overflow")
    }
    assert pressed <= HEARD


def test_the_longest_digest_fits() -> None:
    """Every section is full of the longest lines, and no due entry is left out."""
    long = "Roll back & <fail over> " * 9
    said = {
        "key": "DEC-999999999",
        "title": long[:150],
        "owner": ANA,
        "links": [{"url": THREAD_LINK, "channel": OPS, "day": "Nov 4", "author": ANA}] * 3,
        "state": Certification(
            due_at=AT,
            certified=False,
            due=True,
            overdue=timedelta(days=400),
            reasons=tuple(DueReason(kind=each, about=ANA, at=AT) for each in DueReasonKind),
        ).facts(),
        "count": 99,
        "since": "Nov 4",
        "new": True,
        "deviated": 99,
        "failed": 99,
        "note": long * 3,
        "missing": ["Why?", "Exceptions", "Runbook link"],
        "change": "edited",
        "author": ANA,
        "change_note": long * 3,
        "proposed_note": long * 3,
        "proposals": [{"id": 1, "author": ANA, "since": AT.isoformat()}],
    }

    def line(section: Section, position: int) -> Line:
        path = section is Section.GAPS
        entry, of = (None, GapId(7)) if path else (EntryId(7), None)
        urgent = list(Section)
        facts = said | {
            "cited": f"DEC-{999_999_000 + position}@3",
            "reasons": [] if path else [one.value for one in urgent[urgent.index(section) :]],
        }
        return Line(
            id=LineId(10**9), section=section, position=position, entry=entry, gap=of, facts=facts
        )

    found = tuple(line(section, at) for section in Section for at in range(SHOWN_OF_SECTION))
    figures = dict.fromkeys(("entries", "uses", "gaps", "due", *PromptTally().figures), 999)
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
    shown = ShownDigest(
        digest=digest,
        channel=Channel(team=TEAM, id=OPS, private=False),
        before=figures,
        before_at=AT,
        last_posted=AT,
        late=True,
    )
    with pytest.raises(LimitError, match="weighs"):
        render("digest_post", shown=shown, brief=False)

    whole = render_digest(render, "digest_post", shown=shown)
    assert str(whole).count("Still accurate") == SHOWN_OF_SECTION
    for section in Section:
        lines = tuple(line(section, at) for at in range(CHUNK))
        more = render_digest(render, "digest_more", lines=lines)
        assert str(more).count("*DEC-999999999*  Roll back") == CHUNK * bool(lines[0].entry)


@given(text=st.text(max_size=300))
@settings(max_examples=50)
def test_a_note_shows_all_its_text(text: str) -> None:
    said = render("note", text=f"({text})")["text"]

    plain = said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    # The only difference is what defuses `@everyone`.
    assert plain.replace(JOINER, "") == f"({show_invisible(text)})"
