"""The lives of changes that are cut off at each step, and their expected ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from bot.domain.approval import ProposalState
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.endurance.stepped.hands import Hands

RULE: Final = "What do we do?"
WHY: Final = "Why?"
WAITS: Final = "needs your revision"


@dataclass(frozen=True)
class Team:
    """Ana owns the entries, Ben and Cleo change them. Dan, their backup, isn't in the channel."""

    hands: Hands
    ana: PersonDriver
    ben: PersonDriver
    cleo: PersonDriver
    dan: PersonDriver


@dataclass(frozen=True)
class End:
    """The expected state once the outbox is empty.

    `announced`: the numbers of the revisions that took effect. `cards`: the states on the
    proposals' cards, in the order of the proposals. `says`: the fields of the entry. `typed`:
    the text of the last proposal if the entry has another one. `asked`: how often Ben is
    asked to revise. `answer`: a message to one of the people.
    """

    announced: tuple[int, ...]
    states: tuple[ProposalState, ...]
    cards: tuple[str, ...]
    says: Mapping[str, str] = field(default_factory=dict)
    retired: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)
    asked: int = 0
    answer: str = "Proposed: {0}@2 is waiting for approval"


@dataclass(frozen=True)
class Flow:
    """One life of a change to the entry with this key.

    `begin`: the part before, which isn't disturbed. `play`: the part that is cut off; it
    takes what `begin` returned.
    """

    play: Callable[[Team, str, View | None], None]
    end: End
    begin: Callable[[Team, str], View | None] = lambda *_: None


def proposals(team: Team, key: str) -> list[Message]:
    """Return the cards of the proposals to an entry."""
    said = team.hands.driver.messages(team.hands.channel)
    return [one for one in said if f" proposes {key}@" in one.text]


def told(person: PersonDriver, key: str, words: str) -> list[Message]:
    """Return the direct messages to a person about an entry."""
    return [one for one in person.dms() if f"{key}@" in one.text and words in one.text]


def card(team: Team, key: str, at: int = -1) -> Message:
    """Return one of the cards; the bot posts it once it runs."""
    team.hands.driver.until(lambda: proposals(team, key))
    return proposals(team, key)[at]


def propose(team: Team, key: str, person: PersonDriver, **typed: str) -> None:
    """Edit the entry, so that one more change to it waits."""
    before = len(proposals(team, key))
    view = team.hands.form(person, f"/lore edit {key}")
    view.fill({{"rule": RULE, "why": WHY}[name]: text for name, text in typed.items()})
    team.hands.send(view)
    team.hands.driver.until(lambda: len(proposals(team, key)) > before)


def approve(team: Team, key: str, person: PersonDriver, at: int = -1) -> None:
    """Press Approve until the card says that the change is in force."""

    def drawn() -> bool:
        return "In force" in card(team, key, at).words()

    team.hands.press(person, "Approve", partial(card, team, key, at))
    team.hands.driver.until(drawn)


def approved_at_once(team: Team, key: str, _: View | None) -> None:
    propose(team, key, team.ben, rule="We roll back twice.")
    approve(team, key, team.cleo)


def sent_back(team: Team, key: str, _: View | None) -> None:
    propose(team, key, team.ben, rule="We roll back twice.")
    view = team.hands.opened(team.cleo, "Request changes", partial(card, team, key))
    team.hands.send(view.fill({"What should change?": "Say how long we wait."}))
    revise(team, key, team.ben, "We roll back twice, within an hour.")
    approve(team, key, team.cleo)


def revise(team: Team, key: str, person: PersonDriver, rule: str) -> None:
    """Revise a proposal after its author was asked to."""
    team.hands.driver.until(lambda: told(person, key, WAITS))
    view = team.hands.opened(person, "Revise", lambda: told(person, key, WAITS)[-1])
    number = card(team, key).text
    team.hands.send(view.fill({RULE: rule}))
    team.hands.driver.until(lambda: card(team, key).text != number)


def withdrawn(team: Team, key: str, _: View | None) -> None:
    propose(team, key, team.ben, rule="We roll back twice.")
    view = team.hands.opened(team.ben, "View change", partial(card, team, key))
    team.hands.within(view, "Withdraw")
    team.hands.driver.until(lambda: "Withdrawn by ben" in card(team, key).words())
    view.close()


def retired(team: Team, key: str, _: View | None) -> None:
    assert f"Proposed: {key}@2" in team.hands.ask(team.ben, f"/lore retire {key} not needed")
    approve(team, key, team.cleo)


def rebased(team: Team, key: str, _: View | None) -> None:
    propose(team, key, team.ben, rule="We roll back twice.")
    propose(team, key, team.cleo, why="Fixing took hours.")
    approve(team, key, team.ana, 0)
    team.hands.driver.until(lambda: f"{key}@4" in card(team, key).text)
    approve(team, key, team.ana)


def contested(team: Team, key: str, _: View | None) -> None:
    propose(team, key, team.cleo, rule="We wait.")
    propose(team, key, team.ben, rule="We roll back twice.")
    approve(team, key, team.ana, 0)
    revise(team, key, team.ben, "We wait, then roll back twice.")
    approve(team, key, team.ana)


def opened_before(team: Team, key: str) -> View:
    """Open a form for Ben on a revision that Cleo's then replaces."""
    view = team.hands.form(team.ben, f"/lore edit {key}")
    view.fill({RULE: "We roll back twice."})
    propose(team, key, team.cleo, why="Fixing took hours.")
    approve(team, key, team.ana)
    return view


def overtaken(team: Team, key: str, view: View | None) -> None:
    assert view is not None
    team.hands.send(view)
    again = team.ben.view
    assert again is not None, "a form that was overtaken is not sent as it is"
    assert "was saved while you were editing" in again.words()
    team.hands.send(again)
    team.hands.driver.until(lambda: len(proposals(team, key)) == 2)
    approve(team, key, team.ana)


_BY_CLEO: Final = "In force, approved by cleo"
_BY_ANA: Final = "In force, approved by ana"
_LANDED: Final = ProposalState.IN_FORCE
FLOWS: Final = {
    "approved": Flow(
        approved_at_once, End((2,), (_LANDED,), (_BY_CLEO,), {"rule": "We roll back twice."})
    ),
    "sent back": Flow(
        sent_back,
        End(
            (3,),
            (_LANDED,),
            (_BY_CLEO,),
            {"rule": "We roll back twice, within an hour."},
            asked=1,
        ),
    ),
    "withdrawn": Flow(
        withdrawn,
        End(
            (),
            (ProposalState.WITHDRAWN,),
            ("Withdrawn by ben",),
            {"rule": "We roll back."},
            typed={"rule": "We roll back twice."},
        ),
    ),
    "retired": Flow(
        retired,
        End((2,), (_LANDED,), (_BY_CLEO,), {"rule": "We roll back."}, retired=True, answer=""),
    ),
    "rebased": Flow(
        rebased,
        End(
            (2, 4),
            (_LANDED, _LANDED),
            (_BY_ANA, _BY_ANA),
            {"rule": "We roll back twice.", "rationale": "Fixing took hours."},
        ),
    ),
    "contested": Flow(
        contested,
        End(
            (2, 4),
            (_LANDED, _LANDED),
            (_BY_ANA, _BY_ANA),
            {"rule": "We wait, then roll back twice."},
            asked=1,
        ),
    ),
    "overtaken": Flow(
        overtaken,
        End(
            (2, 3),
            (_LANDED, _LANDED),
            (_BY_ANA, _BY_ANA),
            {"rule": "We roll back twice.", "rationale": "Fixing took hours."},
            answer="Proposed: {0}@3 is waiting for approval",
        ),
        opened_before,
    ),
}
