"""Several people change a few entries in random order; a replay predicts each step's result."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from bot.domain.approval import ApprovalPolicy, ProposalState
from bot.domain.entries import ChannelId, UserId
from bot.domain.errors import ConflictError, InvalidInputError
from bot.domain.kinds import Kind
from bot.domain.revisions import Change, Content, Effect
from bot.domain.workspaces import Channel
from bot.usecases.approval.approve import approve_proposal, request_changes, withdraw_proposal
from bot.usecases.approval.revise_proposal import open_revision
from bot.usecases.entries.forms import open_edit, open_form
from bot.usecases.entries.redact import redact_text
from bot.usecases.entries.retire import restore_revision, retire_entry
from bot.usecases.review.verdicts import certify_entry, mark_needs_change
from bot.usecases.steps.form_context import Form
from storage.search.spelling import tokens
from tests.endurance.histories.model import (
    Asked,
    Story,
    Values,
    Wish,
    contested,
    differing,
    erased_from,
    followable,
    merge,
    suggested,
)
from tests.endurance.histories.owners import Owners
from tests.endurance.histories.people import (
    ERASABLE,
    MEMBERS,
    MOST_ENTRIES,
    OPS,
    PEOPLE,
    POLICIES,
    SECRET,
    TYPED,
    WORDS,
    any_,
    changes_,
    comments_,
    notes_,
    who_,
)
from tests.endurance.histories.rows import INVARIANTS, Step, chain_holds, moments, read, read_as_of
from tests.endurance.histories.workplace import Sheet


class Histories(Owners):
    """The acts of people. Each step computes the expected result, acts, and compares."""

    # The acts.

    @initialize()
    def begin(self) -> None:
        self.recorded("ana", OPS, Kind.ESCALATION, {"title": 2, "condition": 2})
        self.recorded("ben", OPS, Kind.DECISION, {"raises": 1, "runbook": 1, "backup": 3})

    @precondition(lambda self: len(self.stories) < MOST_ENTRIES)
    @rule(
        who=who_,
        home=st.sampled_from((OPS, SECRET)),
        kind=st.sampled_from((Kind.DECISION, Kind.ESCALATION)),
        changes=changes_,
    )
    def record(self, who: str, home: ChannelId, kind: Kind, changes: dict[str, int]) -> None:
        self.recorded(who, home, kind, changes)

    def recorded(self, who: str, home: ChannelId, kind: Kind, changes: dict[str, int]) -> None:
        channel = Channel(team=self.team, id=home, private=home == SECRET)
        opened = self.tried(
            "open a form",
            self.call(open_form, reader=self.reader(who), channel=channel, kind=kind),
            may=who in MEMBERS and (home == OPS or who in self.members[home]),
        )
        if opened is None:
            return
        main = "rule" if kind is Kind.DECISION else "condition"
        blank = self.said(kind, dict(opened.values), {"title": 0, main: 0, "levels": 1})
        typed = self.said(kind, blank, changes)
        saved = self.tried(
            "record",
            self.submit(opened.draft.id, who, typed, note="", alone=lambda *_: True),
            may=self.valid(who, kind, typed, blank) and self.can_answer(home, typed, {}),
        )
        if saved is not None:
            story = Story(saved.entry.id, saved.entry.key, home)
            self.stories[str(story.key)] = story
            number = self.write(
                story, typed, who, note="", change=Change.RECORDED, effect=Effect.WORDING
            )
            story.land(number, self.now, by=PEOPLE[who].id)

    def valid(self, who: str, kind: Kind, typed: Values, before: Values) -> bool:
        """Return whether a form can be saved: after a redaction a required text may be missing."""
        try:
            Content.of(kind, typed)
        except InvalidInputError:
            return False
        named = self.stories.get(typed.get("raises", ""))
        if "raises" in typed and (named is None or not self.sees(who, named)):
            return bool(named) and typed["raises"] == before.get("raises")
        return not (named and named.retired)

    @rule(who=who_, at=any_, changes=st.none() | changes_)
    def edit(self, who: str, at: int, changes: dict[str, int] | None) -> None:
        """Open a form and send it at once, or leave it open while others continue."""
        story = self.story(at)
        form = self.tried(
            "open an edit",
            self.call(open_edit, reader=self.reader(who), key=str(story.key)),
            may=self.writes(who, story) and not story.retired,
        )
        if form is not None:
            self.opened(form, who, story, story.now.values)
            if changes is not None:
                self.sent(self.sheets[-1], changes, "", "")

    @precondition(lambda self: any(not story.retired for story in self.stories.values()))
    @rule(who=st.sampled_from(MEMBERS), at=any_, changes=changes_)
    def propose(self, who: str, at: int, changes: dict[str, int]) -> None:
        """Edit an entry that can be edited, so that there are enough proposals."""
        among = [story for story in self.stories.values() if not story.retired]
        self.edit(who, self.index(among[at % len(among)]), {"rule": at, "condition": at} | changes)

    @precondition(lambda self: any(story.wishes for story in self.stories.values()))
    @rule(who=who_, at=any_, changes=st.none() | changes_)
    def revise(self, who: str, at: int, changes: dict[str, int] | None) -> None:
        story, wish = self.wish(at)
        said = story.text(wish.number)
        # Half of the time the author does it.
        who = next(name for name in PEOPLE if PEOPLE[name].id == wish.author) if at % 2 else who
        form = self.tried(
            "open a revision",
            self.call(open_revision, wish.id, reader=self.reader(who)),
            may=self.writes(who, story)
            and wish.author == PEOPLE[who].id
            and wish.state.open
            and said.change in (Change.EDITED, Change.RESTORED),
        )
        if form is not None:
            ought = merge(story.text(wish.base).values, said.values, story.now.values)
            self.opened(form, who, story, ought, wish)
            if changes is not None:
                self.sent(self.sheets[-1], changes, "", "")

    def opened(
        self,
        form: Form,
        who: str,
        story: Story,
        ought: Values,
        wish: Wish | None = None,
    ) -> None:
        shown = self.said(story.key.kind, self.fields(form.values), {})
        assert shown == ought
        key = str(story.key)
        asked = len(wish.asked) if wish else None
        self.sheets.append(Sheet(form.draft.id, who, key, story.number, shown, wish, asked=asked))

    def fields(self, values: Any) -> Values:  # noqa: ANN401 - of a form
        return {name: value for name, value in values.items() if name in {*TYPED, "review_every"}}

    @precondition(lambda self: self.sheets)
    @rule(
        at=any_, changes=changes_, note=notes_, effect=st.sampled_from(("", "", "wording", "rule"))
    )
    def save(self, at: int, changes: dict[str, int], note: str, effect: str) -> None:
        """Send a form that was opened a while ago, and sometimes a second time."""
        waiting = [sheet for sheet in self.sheets if not sheet.made]
        among = waiting if waiting and at % 4 else self.sheets
        self.sent(among[at // 4 % len(among)], changes, note, effect)

    def sent(self, sheet: Sheet, changes: dict[str, int], note: str, effect: str) -> None:
        story = self.stories[sheet.entry]
        typed = self.said(story.key.kind, sheet.values, changes)
        send = self.submit(
            sheet.draft, sheet.who, typed, note=note, effect=effect, requests=sheet.asked
        )
        if not self.sees(sheet.who, story):
            self.tried("save", send, may=False)
            return
        if sheet.made:
            self.sent_again(sheet, typed, note, send)
            return
        valid = self.valid(sheet.who, story.key.kind, typed, story.now.values)
        if valid and self.moved_on(sheet, story):
            self.conflicting(sheet, story, typed, send)
            return
        changed = differing(story.now.values, typed)
        brings_back = sheet.wish and story.text(sheet.wish.number).change is Change.RESTORED
        fits = self.can_answer(story.home, typed, story.now.values)
        saved = self.tried("save", send, may=valid and fits and bool(changed or brings_back))
        if saved is None:
            return
        told = Effect(effect) if effect else suggested(changed)
        review = self.needs_approval(sheet.who, story)
        if sheet.wish is None:
            number = self.write(
                story, typed, sheet.who, note=note, change=Change.EDITED, effect=told
            )
            sheet.made, sheet.values = number, typed
            self.changed(story, number, sheet.who, saved.proposal, review=review)
            sheet.wish = story.wishes[-1] if review else None
            return
        wish, change = sheet.wish, story.text(sheet.wish.number).change
        wish.number = self.write(story, typed, sheet.who, note=note, change=change, effect=told)
        wish.base, wish.state = story.number, ProposalState.PROPOSED
        for asked in wish.asked:
            asked.answer = asked.answer or wish.number
        sheet.made, sheet.values = wish.number, typed

    def sent_again(
        self, sheet: Sheet, typed: Values, note: str, send: Callable[[], object]
    ) -> None:
        """Check that the same text changes nothing, and that another is merged."""
        story = self.stories[sheet.entry]
        made = story.text(sheet.made)
        if not self.valid(sheet.who, story.key.kind, typed, story.now.values):
            self.tried("save again", send, may=False)
            return
        if made.values == typed and note in ("", made.note):
            self.tried("save again", send, may=True)
            return
        try:
            send()
        except ConflictError:
            self.tally.refused["save again"] += 1
        else:
            raise AssertionError("what was typed since is lost")
        with self.store.read(self.team) as tx:
            draft = tx.form_drafts.get(sheet.draft)
        assert draft is not None
        assert draft.base == story.number
        assert self.said(story.key.kind, self.fields(draft.values), {}) == typed
        sheet.base, sheet.values, sheet.made = story.number, typed, 0
        sheet.shows_all_that_is_asked()

    def moved_on(self, sheet: Sheet, story: Story) -> bool:
        wish = sheet.wish
        if wish is None:
            return story.retired or sheet.base != story.number
        brings_back = story.text(wish.number).change is Change.RESTORED
        ended = story.retired and not brings_back
        ended |= len(wish.asked) > (sheet.asked or 0)
        return ended or not wish.state.open or sheet.base != story.number

    def conflicting(
        self, sheet: Sheet, story: Story, typed: Values, send: Callable[[], object]
    ) -> None:
        """Check that nothing was saved and the form has the typed text and others' changes."""
        try:
            send()
        except ConflictError:
            self.tally.refused["save"] += 1
        else:
            raise AssertionError("what moved on was overwritten")
        with self.store.read(self.team) as tx:
            draft = tx.form_drafts.get(sheet.draft)
        assert draft is not None
        held = self.said(story.key.kind, self.fields(draft.values), {})
        if draft.base != sheet.base:
            assert draft.base == story.number
            base = story.text(sheet.base).values
            assert held == merge(base, typed, story.now.values)
            sheet.base = story.number
        else:
            assert held == typed
        sheet.values = held
        sheet.shows_all_that_is_asked()

    @rule(who=who_, at=any_, successor=st.none() | any_, note=notes_)
    def retire(self, who: str, at: int, successor: int | None, note: str) -> None:
        story = self.story(at)
        new = None if successor is None else self.story(successor)
        named = str(new.key) if new else ""
        review, by = self.needs_approval(who, story), PEOPLE[who].id
        last = story.now
        sent_before = story.retired and (last.author, last.note, last.superseded_by) == (
            by,
            note,
            named,
        )
        done = self.tried(
            "supersede" if new else "retire",
            self.call(
                retire_entry,
                reader=self.reader(who),
                key=str(story.key),
                note=note,
                is_alone=self.alone,
                successor=named,
            ),
            may=self.writes(who, story)
            and bool(note)
            and (
                sent_before
                or (
                    not story.retired
                    and (
                        new is None
                        or (new is not story and self.sees(who, new) and not new.retired)
                    )
                )
            ),
        )
        if done is None or sent_before:
            return
        ends = (Change.RETIRED, Change.SUPERSEDED)
        for wish in story.open:
            said = story.text(wish.number)
            if wish.author == by and said.change in ends and said.superseded_by == named:
                assert done.proposal is not None
                assert done.proposal.id == wish.id
                return
        number = self.write(
            story,
            story.now.values,
            who,
            note=note,
            change=Change.SUPERSEDED if new else Change.RETIRED,
            effect=Effect.WORDING,
            successor=named,
        )
        self.changed(story, number, who, done.proposal, review=review)

    @rule(who=who_, at=any_, back=st.none() | any_, note=notes_)
    def restore(self, who: str, at: int, back: int | None, note: str) -> None:
        story = self.story(at)
        among = [
            number
            for number, text in enumerate(story.texts, 1)
            if differing(text.values, story.now.values) or (back or 0) % 5 == 0
        ]
        number = None if back is None or not among else among[back // 5 % len(among)]
        values = story.now.values if number is None else story.text(number).values
        changed = differing(story.now.values, values)
        review = self.needs_approval(who, story)
        last = story.now
        sent_before = (last.change, last.author, last.note) == (
            Change.RESTORED,
            PEOPLE[who].id,
            note,
        ) and not changed
        done = self.tried(
            "restore",
            self.call(
                restore_revision,
                reader=self.reader(who),
                key=str(story.key),
                number=number,
                note=note,
                is_alone=self.alone,
            ),
            may=self.writes(who, story)
            and bool(note)
            and (sent_before or story.retired or bool(changed)),
        )
        if done is None or sent_before:
            return
        for wish in story.open:
            said = story.text(wish.number)
            again = said.change is Change.RESTORED and said.values == values
            if again and wish.author == PEOPLE[who].id:
                assert done.proposal is not None
                assert done.proposal.id == wish.id
                return
        written = self.write(
            story,
            values,
            who,
            note=note,
            change=Change.RESTORED,
            effect=Effect.RULE if story.retired else suggested(changed),
        )
        self.changed(story, written, who, done.proposal, review=review)

    @rule(who=who_, at=any_)
    def certify(self, who: str, at: int) -> None:
        """Give a verdict, usually on the revision in force; on an older one it doesn't count."""
        story = self.story(at)
        number = story.number if at % 6 else 1 + at // 6 % len(story.texts)
        cited = f"{story.key}@{number}"
        may = self.writes(who, story) and not story.retired and number == story.number
        accurate = at % 4 != 0
        done = self.tried(
            "certify" if accurate else "find wanting",
            self.call(
                certify_entry if accurate else mark_needs_change, reader=self.reader(who), key=cited
            ),
            may=may,
        )
        if done is not None and accurate:
            story.certified = (PEOPLE[who].id, self.now)

    def reviews(self, who: str, story: Story, wish: Wish, number: int) -> bool:
        """Return whether this person can approve that revision, as docs/approval.md says."""
        by, in_home = PEOPLE[who].id, who in self.members[story.home]
        author = wish.author == by
        alone = author and self.alone(by, story.home, UserId(wish.owner))
        said = story.text(wish.number)
        takes = story.owner not in (said.values["owner"], wish.author)
        return (
            self.writes(who, story)
            and (not author or alone or (self.policy.self_approval and not takes))
            and (alone or in_home or wish.owner == by)
            and wish.state.open
            and number == wish.number
            and not contested(story, wish)
        )

    def approves(self, who: str, story: Story, wish: Wish, number: int) -> bool:
        """Return whether their approval would count; it doesn't while the author has to revise."""
        proposed = wish.state is ProposalState.PROPOSED
        return proposed and self.fits(story, wish) and self.reviews(who, story, wish, number)

    def fits(self, story: Story, wish: Wish) -> bool:
        """Return whether it can be followed and any replacement entry is itself in force."""
        said = story.text(wish.number)
        successor = self.stories.get(said.superseded_by)
        return followable(said, story.key.kind) and (successor is None or not successor.retired)

    def named(self, story: Story, wish: Wish, at: int) -> int:
        """Draw the revision on the card that the person looks at, sometimes an older one."""
        return wish.number if at % 7 else 1 + at // 7 % len(story.texts)

    @precondition(lambda self: any(story.wishes for story in self.stories.values()))
    @rule(who=who_, at=any_, seen=any_)
    def approve(self, who: str, at: int, seen: int) -> None:
        story, wish = self.wish(at)
        number = self.named(story, wish, seen)
        # Usually it is someone who is allowed to, if there is anyone.
        may = [name for name in PEOPLE if self.approves(name, story, wish, number)]
        who = may[seen // 2 % len(may)] if may and seen % 5 else who
        by = PEOPLE[who].id
        alone = wish.author == by and self.alone(by, story.home, UserId(wish.owner))
        given = story.approvals.get(wish.number, [])
        again = self.writes(who, story) and by in given and number == wish.number
        text = deepcopy(story.text(wish.number).values)
        wanted = 1 if alone else self.policy.approvals
        enough = again and wish.state is ProposalState.PROPOSED and len(given) >= wanted
        done = self.tried(
            "approve",
            self.call(
                approve_proposal,
                wish.id,
                revision=number,
                reader=self.reader(who),
                is_alone=self.alone,
            ),
            may=self.approves(who, story, wish, number)
            or (again and (self.fits(story, wish) or not enough)),
        )
        if done is None or (again and not enough):
            return
        name = (str(story.key), number)
        self.read_.setdefault(name, text)
        if wish.author == by:
            self.own.add(name)
        if not again:
            story.approvals.setdefault(number, []).append(by)
        if len(story.approvals[number]) >= wanted:
            self.asked[name] = wanted
            wish.state = ProposalState.IN_FORCE
            story.land(number, self.now, by=by)

    @precondition(lambda self: any(story.open for story in self.stories.values()))
    @rule(at=any_, seen=any_)
    def agree(self, at: int, seen: int) -> None:
        """Do the same as `approve`, because approvals are the main subject here."""
        self.approve("ana", at, seen)

    @precondition(lambda self: any(story.wishes for story in self.stories.values()))
    @rule(who=who_, at=any_, seen=any_, comment=comments_)
    def request_changes(self, who: str, at: int, seen: int, comment: str) -> None:
        story, wish = self.wish(at)
        number, by = self.named(story, wish, seen), PEOPLE[who].id
        again = (
            self.writes(who, story)
            and wish.state is ProposalState.CHANGES_REQUESTED
            and Asked(by, comment) in wish.asked
            and wish.number == number
        )
        done = self.tried(
            "request changes",
            self.call(
                request_changes,
                wish.id,
                revision=number,
                comment=comment,
                reader=self.reader(who),
                is_alone=self.alone,
            ),
            may=again or self.reviews(who, story, wish, number),
        )
        if done is not None and not again:
            wish.state, wish.decided_by = ProposalState.CHANGES_REQUESTED, by
            wish.asked.append(Asked(by, comment))

    @precondition(lambda self: any(story.wishes for story in self.stories.values()))
    @rule(who=who_, at=any_)
    def withdraw(self, who: str, at: int) -> None:
        story, wish = self.wish(at)
        by = PEOPLE[who].id
        done = self.tried(
            "withdraw",
            self.call(withdraw_proposal, wish.id, reader=self.reader(who)),
            may=self.writes(who, story)
            and by in (wish.author, story.owner)
            and wish.state is not ProposalState.IN_FORCE,
        )
        if done is not None and wish.state.open:
            wish.state, wish.decided_by = ProposalState.WITHDRAWN, by

    @rule(
        who=st.sampled_from(("ana", "ana", "ana", "ben", "gil")), at=any_, everywhere=st.booleans()
    )
    def erase(self, who: str, at: int, everywhere: bool) -> None:  # noqa: FBT001 - drawn
        text, story = ERASABLE[at % len(ERASABLE)], self.story(at // len(ERASABLE))
        among = list(self.stories.values()) if everywhere else [story]
        redact = self.call(
            redact_text,
            reader=self.reader(who),
            text=text,
            where="" if everywhere else str(story.key),
            why="It leaked.",
        )
        if not PEOPLE[who].admin:
            self.tried("erase", redact, may=False)
            return
        try:
            redact()
        except InvalidInputError:
            # The text may also be in a form or a message by Opslore, which the replay doesn't know.
            self.tally.refused["erase"] += 1
            assert not any(one.erase(text) for one in among)
            return
        self.tally.done["erase"] += 1
        self.erased = text
        for one in among:
            one.erase(text)
            for key, number in self.read_:
                if key == str(one.key):
                    values = self.read_[key, number]
                    self.read_[key, number] = erased_from(values, text, one.key.kind)
        self.look_again()

    def look_again(self) -> None:
        """Reload an open form that contained the redacted text, since it no longer does."""
        known = {sheet.draft for sheet in self.sheets}
        with self.store.read(self.team) as tx:
            for sheet in self.sheets:
                if sheet.made or tx.form_drafts.get(sheet.draft) is not None:
                    continue
                about = self.stories[sheet.entry].id, sheet.base, sheet.wish and sheet.wish.id
                [*_, found] = [
                    draft
                    for draft in tx.form_drafts.waiting_for(PEOPLE[sheet.who].id, 99)
                    if draft.id not in known and (draft.entry, draft.base, draft.proposal) == about
                ]
                known.add(found.id)
                sheet.draft, sheet.values = found.id, self.fields(found.values)
                assert self.erased not in str(sheet.values)

    # Time and lookups.

    @rule(policy=st.sampled_from((*POLICIES[:1], *POLICIES)))
    def settle(self, policy: ApprovalPolicy) -> None:
        with self.store.transaction(self.team) as tx:
            tx.workspace.put(replace(tx.workspace.get(), approval=policy))
        self.policy = policy

    @rule(who=st.sampled_from(MEMBERS[1:]), channel=st.sampled_from((OPS, SECRET)))
    def come_or_go(self, who: str, channel: ChannelId) -> None:
        self.members[channel] ^= {who}

    @rule(minutes=st.sampled_from((1, 7, 1440)))
    def wait(self, minutes: int) -> None:
        """Let time pass; otherwise all acts happen at the same instant."""
        self.now += timedelta(minutes=minutes)

    @rule(at=any_, moment=any_)
    def look_back(self, at: int, moment: int) -> None:
        story = self.story(at)
        among = moments(story)
        with self.store.read(self.team) as tx:
            read_as_of(tx, story, among[moment % len(among)])
        self.tally.moments += 1

    @rule(who=st.sampled_from(MEMBERS), word=st.sampled_from(WORDS))
    def search(self, who: str, word: str) -> None:
        """Check that readers find an entry by the words in force, and by no other words."""
        ought = {
            key
            for key, story in self.stories.items()
            if self.sees(who, story)
            and not story.retired
            and word in tokens(_read_of(story.now.values))
        }
        with self.store.read(self.team) as tx:
            found = tx.entries.visible_to(self.reader(who)).search(word)
        # Search replaces a word without results by a similar one.
        assert {str(entry.key) for entry in found} == ought or not ought
        assert not [entry for entry in found if entry.retired]
        self.tally.searches += 1

    # Checks after each step.

    @invariant()
    def everything_holds(self) -> None:
        with self.store.read(self.team) as tx:
            now = read(tx, self.stories)
            chain_holds(tx)
        step = Step(self.before, now, self.stories, self.erased, self.own, self.asked, self.read_)
        for holds in INVARIANTS:
            holds(step)
        self.before, self.erased = now, ""

    def teardown(self) -> None:
        """Check that each moment of the history matches the replay."""
        with self.store.read(self.team) as tx:
            for story in self.stories.values():
                for moment in moments(story):
                    read_as_of(tx, story, moment)
                    self.tally.moments += 1
                self.tally.landings += len(story.landings)


def _read_of(values: Values) -> str:
    """Return the text of an entry that search reads."""
    chosen = ("owner", "backup", "raises", "review_every")
    return " ".join(str(value) for name, value in values.items() if name not in chosen)
