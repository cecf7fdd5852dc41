"""Ownership: giving entries away, taking them with an approval, and transferring all of them."""

from __future__ import annotations

from hypothesis.stateful import rule

from bot.domain.revisions import Change, Effect
from bot.usecases.ownership.owner import change_owner
from bot.usecases.ownership.transfer import transfer_entries
from tests.endurance.histories.model import Story, Values
from tests.endurance.histories.people import MEMBERS, PEOPLE, any_, who_
from tests.endurance.histories.workplace import Workplace


class Owners(Workplace):
    """The steps that change an entry's owner or its backup."""

    @rule(who=who_, at=any_, owner=who_)
    def own_it(self, who: str, at: int, owner: str) -> None:
        story = self.story(at)
        done = self.tried(
            "change the owner",
            self.call(
                change_owner,
                reader=self.reader(who),
                key=str(story.key),
                owner=self.reader(owner),
                describe=self.known,
            ),
            may=self.writes(who, story)
            and not story.retired
            and owner in MEMBERS
            and (story.owner == PEOPLE[owner].id or self.sees(owner, story)),
        )
        if done is None or story.owner == PEOPLE[owner].id:
            return
        consent = self.asks_consent(who, story, story.owner)
        values = story.now.values | {"owner": PEOPLE[owner].id}
        if values["owner"] == values.get("backup"):
            del values["backup"]
        for wish in story.open:
            said = story.text(wish.number)
            again = said.change is Change.OWNER and said.values == values
            if again and wish.author == PEOPLE[who].id:
                assert done.proposal is not None
                assert done.proposal.id == wish.id
                return
        number = self.write(story, values, who, note="", change=Change.OWNER, effect=Effect.WORDING)
        self.changed(story, number, who, done.proposal, review=consent)

    def handed(self, story: Story, who: str, **to: str) -> None:
        story.land(self.named_to(story, who, **to), self.now, by=PEOPLE[who].id)

    def proposed(self, story: Story, who: str, **to: str) -> None:
        """Check that a part of a transfer waits once, even if it is asked for twice."""
        values = self.passed_on(story, **to)
        for wish in story.open:
            said = story.text(wish.number)
            again = said.change in (Change.OWNER, Change.BACKUP) and said.values == values
            if again and wish.author == PEOPLE[who].id:
                return
        number = self.named_to(story, who, **to)
        with self.store.read(self.team) as tx:
            proposal = tx.proposals.of(story.id)[-1]
        self.changed(story, number, who, proposal, review=True)

    def named_to(self, story: Story, who: str, **to: str) -> int:
        values = self.passed_on(story, **to)
        change = Change.OWNER if "owner" in to else Change.BACKUP
        return self.write(story, values, who, note="", change=change, effect=Effect.WORDING)

    def passed_on(self, story: Story, **to: str) -> Values:
        values = story.now.values | to
        if values["owner"] == values.get("backup"):
            del values["backup"]
        return values

    @rule(who=who_, giver=who_, receiver=who_)
    def transfer(self, who: str, giver: str, receiver: str) -> None:
        done = self.tried(
            "transfer",
            self.call(
                transfer_entries,
                reader=self.reader(who),
                giver=self.reader(giver),
                receiver=self.reader(receiver),
            ),
            may=who in MEMBERS and receiver in MEMBERS and giver != receiver,
        )
        if done is None:
            return
        theirs = [
            story
            for story in sorted(self.stories.values(), key=lambda s: (s.key.kind, s.key.number))
            if self.sees(who, story) and self.sees(receiver, story) and not story.retired
        ]
        gave, got = PEOPLE[giver].id, PEOPLE[receiver].id
        owned = [story for story in theirs if story.owner == gave]
        backed = [
            story
            for story in theirs
            if story.now.values.get("backup") == gave and story.owner not in (gave, got)
        ]
        for story in (*owned, *backed):
            to = {"owner" if story in owned else "backup": got}
            if self.asks_consent(who, story, gave):
                self.proposed(story, who, **to)
            else:
                self.handed(story, who, **to)
