"""A workspace in which a few people change a few entries, and the frame of each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import count
from typing import Any, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from bot.domain.approval import ApprovalPolicy
from bot.domain.entries import ChannelId, TeamId, UserId
from bot.domain.errors import OpsloreError
from bot.domain.form_drafts import FormDraftId
from bot.domain.kinds import FIELDS, Kind
from bot.domain.revisions import Change, Effect
from bot.domain.visibility import Reader
from bot.domain.workspaces import Channel
from bot.usecases.approval.policy import IsAlone
from bot.usecases.entries.record import SubmittedForm, save_form
from storage.store import Store
from tests.endurance.histories.model import Story, Text, Values, Wish
from tests.endurance.histories.people import MEMBERS, OPS, PEOPLE, SECRET, TYPED
from tests.endurance.histories.rows import Name, Rows, read

T = TypeVar("T")


@dataclass
class Tally:
    """How often each act succeeded and was refused."""

    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    workspaces: int = 0
    landings: int = 0
    moments: int = 0
    searches: int = 0

    @property
    def steps(self) -> int:
        return self.done.total() + self.refused.total()


@dataclass
class Sheet:
    """A form on someone's screen: its content, and the revision it was opened on.

    `made`: the number of the revision that it created, or 0 if it was not saved. `asked`: how
    many requests for changes it showed, or None if it revises no proposal.
    """

    draft: FormDraftId
    who: str
    entry: str
    base: int
    values: Values
    wish: Wish | None = None
    made: int = 0
    asked: int | None = None

    def shows_all_that_is_asked(self) -> None:
        self.asked = len(self.wish.asked) if self.wish else None


class Workplace(RuleBasedStateMachine):
    """One workspace: its permissions, its choices, and the frame of each step."""

    store: Store
    tally: Tally
    teams = count(1)

    def __init__(self) -> None:
        super().__init__()
        self.team = TeamId(f"T{next(self.teams)}")
        self.now = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
        self.policy = ApprovalPolicy()
        self.members = {OPS: {"ana", "ben", "cleo", "gil"}, SECRET: {"ana", "cleo"}}
        self.stories: dict[str, Story] = {}
        self.sheets: list[Sheet] = []
        self.erased = ""
        self.own: set[Name] = set()
        self.asked: dict[Name, int] = {}
        self.read_: dict[Name, Values] = {}
        with self.store.transaction(self.team) as tx:
            for channel in self.members:
                tx.channels.put(Channel(team=self.team, id=channel, private=channel == SECRET))
        self.before = self.read_rows()
        self.tally.workspaces += 1

    # People.

    def reader(self, who: str) -> Reader:
        channels = {channel for channel, people in self.members.items() if who in people}
        return Reader(person=PEOPLE[who], channels=frozenset(channels))

    def sees(self, who: str, story: Story) -> bool:
        if who == "eve":
            return False
        return who in self.members[story.home] or (story.home == OPS and who != "gil")

    def writes(self, who: str, story: Story) -> bool:
        return who in MEMBERS and self.sees(who, story)

    def submit(
        self,
        draft: FormDraftId,
        who: str,
        typed: Values,
        *,
        note: str,
        effect: str = "",
        requests: int | None = None,
        alone: IsAlone | None = None,
    ) -> Callable[[], Any]:
        people = {person.id: self.reader(name) for name, person in PEOPLE.items()}
        return self.call(
            save_form,
            draft,
            SubmittedForm(
                typed=typed,
                note=note,
                effect=effect,
                owner=people[typed["owner"]],
                backup=people.get(typed.get("backup", UserId(""))),
                requests=requests,
            ),
            reader=self.reader(who),
            is_alone=alone or self.alone,
        )

    def can_answer(self, home: ChannelId, typed: Values, before: Values) -> bool:
        """Return whether owner and backup are two members who can see the channel's entries."""
        chosen = {
            typed[each]
            for each in ("owner", "backup")
            if each in typed and typed[each] != before.get(each)
        }
        fit = {
            person.id
            for name, person in PEOPLE.items()
            if name in MEMBERS and (home == OPS or name in self.members[home])
        }
        return chosen <= fit and typed.get("backup") != typed["owner"]

    def alone(self, user: UserId, home: ChannelId, owner: UserId) -> bool:
        others = {PEOPLE[who].id for who in self.members[home] if who in MEMBERS} - {user}
        return not others and (owner == user or home == SECRET)

    def needs_approval(self, who: str, story: Story) -> bool:
        return self.policy.on and not self.alone(PEOPLE[who].id, story.home, story.owner)

    def asks_consent(self, who: str, story: Story, holder: str) -> bool:
        """Return whether taking someone's role in an entry needs an approval."""
        name = next(name for name, person in PEOPLE.items() if person.id == holder)
        return self.policy.on and PEOPLE[who].id != holder and self.sees(name, story)

    def known(self, user: UserId) -> Reader:
        return self.reader(next(name for name, person in PEOPLE.items() if person.id == user))

    # Choices.

    def story(self, at: int) -> Story:
        return list(self.stories.values())[at % len(self.stories)]

    def index(self, story: Story) -> int:
        return list(self.stories.values()).index(story)

    def wish(self, at: int) -> tuple[Story, Wish]:
        """Draw a proposal, usually an open one and sometimes one that has ended."""
        every = [(story, wish) for story in self.stories.values() for wish in story.wishes]
        still = [one for one in every if one[1].state.open]
        among = still if still and at % 6 else every
        return among[at // 6 % len(among)]

    def said(self, kind: Kind, before: Values, changes: dict[str, int]) -> Values:
        """Return a form's values after typing; an empty field has no value."""
        names = {each.name for each in FIELDS[kind]}
        typed = {
            name: TYPED[name][at % len(TYPED[name])]
            for name, at in changes.items()
            if name in names
        }
        return {name: value for name, value in (before | typed).items() if value}

    # The frame of a step.

    def tried(self, act: str, do: Callable[[], T], *, may: bool) -> T | None:
        try:
            done = do()
        except OpsloreError as error:
            if may:
                raise AssertionError(f"{act} is refused") from error
            self.tally.refused[act] += 1
            return None
        assert may, f"{act} should be refused"
        self.tally.done[act] += 1
        return done

    def call(self, use_case: Callable[..., T], *given: object, **named: object) -> Callable[[], T]:
        return partial(use_case, self.store, self.team, *given, now=self.now, **named)

    def write(
        self,
        story: Story,
        values: Values,
        who: str,
        *,
        note: str,
        change: Change,
        effect: Effect,
        successor: str = "",
    ) -> int:
        author = PEOPLE[who].id
        return story.write(Text(values, author, note, change, effect, successor, self.now))

    def changed(self, story: Story, number: int, who: str, proposal: Any, *, review: bool) -> None:  # noqa: ANN401 - of three use cases
        """Check that the change waits or is in force, as expected."""
        assert (proposal is not None) == review
        if review:
            base = story.number
            story.wishes.append(Wish(proposal.id, PEOPLE[who].id, number, base, story.owner))
        else:
            story.land(number, self.now, by=PEOPLE[who].id)

    def read_rows(self) -> Rows:
        with self.store.read(self.team) as tx:
            return read(tx, self.stories)
