"""Races: two transactions, each paused at the step where it could miss the other's change."""

import threading
from contextlib import suppress
from datetime import time, timedelta
from functools import partial
from typing import Any

import pytest

from bot.domain.approval import ApprovalPolicy
from bot.domain.entries import ChannelId, EntryId, EvidenceState, Key, TeamId, UserId
from bot.domain.errors import InvalidInputError, NotAllowedError, NotFoundError, RetiredError
from bot.domain.form_drafts import FormDraft, NewFormDraft
from bot.domain.gaps import GapId, GapState
from bot.domain.kinds import Kind
from bot.domain.listening.prompting import QUIET
from bot.domain.messages import EditedMessage, EditTime
from bot.domain.outbox import Fate, Topic
from bot.domain.prompts import PromptId
from bot.domain.redaction import MARK, Redaction
from bot.domain.threads import Thread, ThreadMessage
from bot.domain.workspaces import Channel
from bot.usecases.approval.approve import approve_proposal
from bot.usecases.entries import record
from bot.usecases.entries.forms import FormSource, open_edit, open_form
from bot.usecases.entries.record import SubmittedForm, save_form
from bot.usecases.entries.redact import redact_text
from bot.usecases.entries.retire import retire_entry
from bot.usecases.listening.gaps import dismiss_gap
from bot.usecases.listening.messages import hear_deletion, hear_edit
from bot.usecases.listening.prompts import mute_prompts
from bot.usecases.ownership.transfer import transfer_entries
from bot.usecases.review.digest import build_due_digests
from bot.usecases.settings.channels import set_digest
from bot.usecases.steps.form_context import Form
from storage.channels import Channels
from storage.digests import Digests
from storage.entries import Entries
from storage.evidence import EvidenceOfEntries
from storage.form_drafts import FormDrafts
from storage.gaps import Gaps
from storage.messages import Messages
from storage.prompts import Prompts
from storage.proposals import Proposals
from storage.search import index
from storage.threads import ChannelThreads
from storage.verdicts import Verdicts
from tests.support.editing import edit
from tests.support.ops import Ops
from tests.support.prompting import RULES, prompts, settle
from tests.support.races import MEETING, at_once, considering, meanwhile, place
from tests.support.storage_makers import add_gap, content

DISK = (
    "What do we do when the disk of the build server is full?",
    "The build server disk is full again, what do we do?",
)
# The times of two edits of a message, in order.
EDITED = ("1772618400.000000", "1772618401.000000", "1772618402.000000")


def meet(monkeypatch: pytest.MonkeyPatch, part: type, step: str, parties: int = 2) -> None:
    """Hold the threads that reach this step of the store, and release them together."""
    visible = threading.Barrier(parties)
    original = getattr(part, step)

    def met(self: object, *args: Any, **more: Any) -> object:  # noqa: ANN401 - of any step
        found = original(self, *args, **more)
        with suppress(threading.BrokenBarrierError):
            visible.wait(MEETING)
        return found

    monkeypatch.setattr(part, step, met)


def opened(ops: Ops, ts: str, edited: str = "") -> Form:
    """Open a form prefilled from one message of Ben's; `edited` is Slack's time of its edit."""
    said = ThreadMessage(
        ts=ts,
        user=UserId(str(ops.ben)),
        text=RULES[0],
        mentions=(),
        at=ops.clock(),
        edited=edited,
    )
    ben = UserId(str(ops.ben))
    with ops.store.read(ops.team) as tx:
        channel = tx.channels.get(place(ops))
    return open_form(
        ops.store,
        ops.team,
        reader=ops.bot.deps.people.reader(ben),
        channel=channel,
        now=ops.clock(),
        source=FormSource(
            thread=Thread(channel=place(ops), ts=ts, messages=(said,)),
            permalink=lambda *_: "https://acme.example/1",
        ),
    )


def draft(ops: Ops) -> FormDraft:
    with ops.store.read(ops.team) as tx:
        [found] = tx.form_drafts.waiting_for(UserId(str(ops.ben)), 9)
    return found


def test_items_of_another_workspace_in_the_same_database_are_left_to_its_bot(
    ops: Ops,
) -> None:
    other, elsewhere = TeamId("T-other"), ChannelId("C-other")
    with ops.store.transaction(other) as tx:
        tx.channels.put(Channel(team=other, id=elsewhere, private=False))
        item = tx.outbox.add(
            Topic.NOTE,
            channel=elsewhere,
            user=UserId("U-other"),
            payload={"text": "Noted."},
            due_at=ops.clock(),
            at=ops.clock(),
        )
    ops.later(days=8)

    with ops.store.read(other) as tx:
        assert item is not None
        kept = tx.outbox.get(item)
        assert kept is not None
        assert (kept.fate, kept.attempts) == (Fate.WAITING, 0)
        assert tx.digests.of(elsewhere, 9) == []


def test_two_threads_of_one_matter_that_settle_at_once_become_one_gap(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The locks of their channel let one of them find the other."""
    asked = [
        person.say(ops.ops, text) for person, text in zip((ops.ben, ops.cleo), DISK, strict=True)
    ]
    ops.drain()
    ops.clock.time += QUIET
    meet(monkeypatch, ChannelThreads, "sharing")
    at_once(*considering(ops, 2))

    with ops.store.read(ops.team) as tx:
        groups = tx.channel_threads(place(ops)).groups(asked)
        assert set(groups) == set(asked)
        [number] = set(groups.values())
        gap = tx.gaps.get(GapId(number))
    assert gap is not None
    assert gap.threads == 2


def test_a_burst_that_settles_at_once_stays_within_the_budget(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This holds for two channels too, because a person has one budget."""
    other = ops.driver.channel("side", members=[ops.ana])
    ops.driver.invite_bot(other, by=ops.ana)
    ops.drain()
    for text, where in zip(RULES, (ops.ops, other, ops.ops), strict=False):
        ops.ana.say(where, text)
    ops.drain()
    ops.clock.time += QUIET
    meet(monkeypatch, Prompts, "count_since", 3)
    at_once(*considering(ops, 3))
    monkeypatch.undo()
    ops.drain()

    with ops.store.read(ops.team) as tx:
        assert tx.prompts.count_since(ops.clock() - timedelta(days=1)) == 2


def test_no_text_is_stored_of_a_message_deleted_while_it_is_considered(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    ts = ops.ben.say(ops.ops, DISK[0])
    meet(monkeypatch, Messages, "is_deleted")
    meet(monkeypatch, Gaps, "forget_message")
    at_once(
        *considering(ops, 1),
        lambda: hear_deletion(ops.store, ops.team, channel=place(ops), ts=ts, now=ops.clock()),
    )

    with ops.store.read(ops.team) as tx:
        assert tx.heard.get(place(ops), ts) is None


def test_no_text_is_stored_of_a_message_deleted_while_its_form_opens(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    ts = ops.ben.say(ops.ops, RULES[0])
    meet(monkeypatch, FormDrafts, "add")
    meet(monkeypatch, FormDrafts, "based_on")
    at_once(
        lambda: opened(ops, ts),
        lambda: hear_deletion(ops.store, ops.team, channel=place(ops), ts=ts, now=ops.clock()),
    )
    monkeypatch.undo()

    assert RULES[0] not in str(draft(ops))


def test_no_text_is_stored_of_a_message_deleted_just_before_its_form_opens(ops: Ops) -> None:
    """Slack returned the thread, but the event of the deletion came before the form."""
    ts = ops.ben.say(ops.ops, RULES[0])
    hear_deletion(ops.store, ops.team, channel=place(ops), ts=ts, now=ops.clock())
    form = opened(ops, ts)

    assert RULES[0] not in str(draft(ops))
    assert "just edited or deleted" in form.notice


def reword(ops: Ops, ts: str, text: str, edited: str) -> None:
    at = EditTime(ts=edited, event_ts=edited)
    edit = EditedMessage(channel=place(ops), ts=ts, text=text, edited=at)
    hear_edit(ops.store, ops.team, edit, named=str, now=ops.clock())


@pytest.mark.parametrize(("read", "stays"), [("", False), (EDITED[0], False), (EDITED[1], True)])
def test_text_edited_away_just_before_its_form_opens_is_not_stored(
    ops: Ops, read: str, *, stays: bool
) -> None:
    """Slack returned the thread before or after the edit, but the event came before the form."""
    ts = ops.ben.say(ops.ops, RULES[0])
    ops.drain()
    reword(ops, ts, RULES[0] if stays else "We decided something.", EDITED[1])
    form = opened(ops, ts, read)

    found = draft(ops)
    assert form.draft == found
    assert ("just edited or deleted" in form.notice) is not stays
    assert (RULES[0] in str(found)) is stays
    assert found.evidence[0].state is (EvidenceState.THERE if stays else EvidenceState.EDITED)
    reword(ops, ts, RULES[1], EDITED[2])
    assert draft(ops).evidence[0].excerpt == RULES[1]


def test_an_edit_updates_a_form_that_is_being_opened(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    ts = ops.ben.say(ops.ops, RULES[0])
    ops.drain()
    meet(monkeypatch, FormDrafts, "add")
    meet(monkeypatch, Messages, "claim_edit")
    meet(monkeypatch, FormDrafts, "based_on")
    at_once(
        lambda: opened(ops, ts),
        lambda: reword(ops, ts, "We decided something.", EDITED[1]),
    )
    monkeypatch.undo()

    assert RULES[0] not in str(draft(ops))


def test_no_text_is_stored_of_a_message_deleted_while_its_form_is_replaced(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry lives in another channel, and the captured text is shown next to it."""
    side = ops.driver.channel("side", members=[ops.ana, ops.ben])
    ops.driver.invite_bot(side, by=ops.ana)
    key = ops.record(ops.ana, "Roll back", channel=side)
    ts = ops.ben.say(ops.ops, RULES[0])
    form, reader = opened(ops, ts), ops.bot.deps.people.reader(UserId(str(ops.ben)))
    meet(monkeypatch, FormDrafts, "add")
    meet(monkeypatch, FormDrafts, "based_on")
    at_once(
        lambda: open_edit(
            ops.store, ops.team, reader=reader, key=key, draft=form.draft.id, now=ops.clock()
        ),
        lambda: hear_deletion(ops.store, ops.team, channel=place(ops), ts=ts, now=ops.clock()),
    )
    monkeypatch.undo()

    with ops.store.read(ops.team) as tx:
        assert RULES[0] not in str(tx.form_drafts.waiting_for(reader.user, 9))


def test_no_text_is_stored_of_a_message_deleted_while_its_form_is_saved(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    ts = ops.ben.say(ops.ops, RULES[0])
    opened(ops, ts)
    form, reader = draft(ops), ops.bot.deps.people.reader(UserId(str(ops.ben)))
    meet(monkeypatch, Messages, "find_deleted")
    meet(monkeypatch, EvidenceOfEntries, "mark_deleted")
    at_once(
        lambda: save_form(
            ops.store,
            ops.team,
            form.id,
            SubmittedForm(typed=form.values),
            reader=reader,
            is_alone=ops.bot.deps.alone,
            now=ops.clock(),
        ),
        lambda: hear_deletion(ops.store, ops.team, channel=place(ops), ts=ts, now=ops.clock()),
    )
    monkeypatch.undo()

    with ops.store.read(ops.team) as tx:
        [entry] = tx.entries.visible_to(reader).search("roll back")
    assert [source.excerpt for source in entry.evidence] == [""]


def test_an_edit_updates_a_message_that_is_being_considered(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    ts = ops.ben.say(ops.ops, DISK[0])
    meet(monkeypatch, Messages, "is_deleted")
    meet(monkeypatch, Gaps, "edit_message")
    at_once(
        *considering(ops, 1),
        lambda: hear_edit(
            ops.store,
            ops.team,
            EditedMessage(channel=place(ops), ts=ts, text="Disk?", edited=None),
            named=str,
            now=ops.clock(),
        ),
    )

    with ops.store.read(ops.team) as tx:
        heard = tx.heard.get(place(ops), ts)
    assert heard is not None
    assert heard[1].excerpt == "Disk?"


def test_muting_and_changing_the_digest_time_at_once_both_take_effect(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    ops.ana.say(ops.ops, RULES[0])
    settle(ops)
    assert len(prompts(ops.ana, ops.ops)) == 1
    reader = ops.bot.deps.people.reader(UserId(str(ops.ana)))
    with ops.store.read(ops.team) as tx:
        channel = tx.channels.get(place(ops))
        [prompt] = tx.prompts.waiting_for(reader.user, 9, ops.clock() - timedelta(days=1))
    assert channel is not None
    meet(monkeypatch, Channels, "get")
    at_once(
        lambda: mute_prompts(
            ops.store, ops.team, PromptId(prompt.id), reader=reader, now=ops.clock()
        ),
        lambda: set_digest(
            ops.store,
            ops.team,
            reader=reader,
            channel=channel,
            weekday="4",
            at="16:30",
            timezone="UTC",
            now=ops.clock(),
        ),
    )
    monkeypatch.undo()

    with ops.store.read(ops.team) as tx:
        kept = tx.channels.get(place(ops))
    assert kept is not None
    assert (kept.muted, kept.digest.weekday, kept.digest.at) == (True, 4, time(16, 30))


@pytest.mark.parametrize(
    ("part", "step"),
    [(Channels, "by_ids"), (Digests, "lock"), (Digests, "build"), (Digests, "claim")],
)
def test_a_digest_time_changed_while_a_digest_is_built_leaves_one_planned(
    ops: Ops, monkeypatch: pytest.MonkeyPatch, part: type, step: str
) -> None:
    ops.tick()
    reader = ops.bot.deps.people.reader(UserId(str(ops.ana)))
    with ops.store.read(ops.team) as tx:
        channel, planned = tx.channels.get(place(ops)), tx.digests.next_planned(place(ops))
    assert channel is not None
    assert planned is not None
    ops.clock.time = planned.due_at
    setting = meanwhile(
        monkeypatch,
        part,
        step,
        lambda: set_digest(
            ops.store,
            ops.team,
            reader=reader,
            channel=channel,
            weekday="4",
            at="16:30",
            timezone="UTC",
            now=ops.clock(),
        ),
    )
    at_once(
        lambda: build_due_digests(
            ops.store, ops.team, describe=ops.bot.deps.find_reader, now=ops.clock()
        ),
        setting,
    )
    monkeypatch.undo()

    with ops.store.read(ops.team) as tx:
        waiting = [one for one in tx.digests.of(place(ops), 9) if one.built_at is None]
    assert [one.due_at.strftime("%H:%M") for one in waiting] == ["16:30"]


def superseding(ops: Ops, key: str, by: str) -> None:
    """Let Ben supersede an entry with another one, or propose it; he may also be too late."""
    with suppress(RetiredError):
        retire_entry(
            ops.store,
            ops.team,
            reader=ops.bot.deps.people.reader(UserId(str(ops.ben))),
            key=key,
            note="It says more.",
            is_alone=ops.bot.deps.alone,
            now=ops.clock(),
            successor=by,
        )


def retired(ops: Ops) -> list[str]:
    with ops.store.read(ops.team) as tx:
        entries = [tx.entries.get(key) for key in map(Key.parse, ("DEC-1", "DEC-2")) if key]
    return [str(entry.key) for entry in entries if entry and entry.retired]


def test_of_two_entries_that_supersede_each_other_at_once_one_stays_in_use(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("Roll back", "Roll forward"):
        ops.record(ops.ana, title)
    meet(monkeypatch, Verdicts, "add")
    at_once(lambda: superseding(ops, "DEC-1", "DEC-2"), lambda: superseding(ops, "DEC-2", "DEC-1"))

    assert len(retired(ops)) == 1


def test_a_replacement_is_not_approved_if_its_new_entry_is_retired_at_that_moment(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("Roll back", "Roll forward"):
        ops.record(ops.ana, title)
    ops.review(ApprovalPolicy())
    superseding(ops, "DEC-1", "DEC-2")
    superseding(ops, "DEC-2", "DEC-1")
    with ops.store.read(ops.team) as tx:
        found = tx.proposals.waiting_by_entry([EntryId(1), EntryId(2)])
    waiting = [proposal for proposals in found.values() for proposal in proposals]
    assert len(waiting) == 2
    refused = []

    def approve(number: int) -> None:
        proposal = waiting[number]
        try:
            approve_proposal(
                ops.store,
                ops.team,
                proposal.id,
                revision=proposal.revision.number,
                reader=ops.bot.deps.people.reader(UserId(str(ops.cleo))),
                is_alone=ops.bot.deps.alone,
                now=ops.clock(),
            )
        except NotAllowedError as error:
            refused.append(error.user_text)

    meet(monkeypatch, Proposals, "approve")
    at_once(lambda: approve(0), lambda: approve(1))

    assert len(retired(ops)) == 1
    [words] = refused
    assert "has been retired itself" in words


def two_that_share_words(ops: Ops) -> None:
    """Record two entries of ana's; `recording` uses the last word of each, in the other order."""
    ops.record(ops.ana, "Deploy yonder", rule="Zofia knows.")
    ops.record(ops.ana, "Apply xylophones", rule="Zofia knows.")


def recording(ops: Ops) -> None:
    with ops.store.transaction(ops.team) as tx:
        tx.entries.add(
            content("Xylophones yonder"),
            home=place(ops),
            author=UserId(str(ops.ben)),
            at=ops.clock(),
            due_at=ops.clock() + timedelta(days=90),
        )


def found(ops: Ops, words: str) -> list[str]:
    with ops.store.read(ops.team) as tx:
        reader = ops.bot.deps.people.reader(UserId(str(ops.cleo)))
        return sorted(str(entry.key) for entry in tx.entries.visible_to(reader).search(words))


def test_a_transfer_and_a_recording_at_once_both_succeed(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recording has locked the count of a word of the second entry; the transfer waits."""
    two_that_share_words(ops)
    known = ops.bot.deps.people.reader
    at_once(
        lambda: transfer_entries(
            ops.store,
            ops.team,
            reader=known(UserId(str(ops.ana))),
            giver=known(UserId(str(ops.ana))),
            receiver=known(UserId(str(ops.ben))),
            now=ops.clock(),
        ),
        meanwhile(monkeypatch, Entries, "land", lambda: recording(ops)),
    )
    monkeypatch.undo()

    with ops.store.read(ops.team) as tx:
        entries = [tx.entries.get(Key(kind=Kind.DECISION, number=number)) for number in (1, 2, 3)]
    assert [entry.owner for entry in entries if entry] == [ops.ben.id, ops.ben.id, ""]
    assert found(ops, "yonder") == ["DEC-1", "DEC-3"]


def test_a_redaction_and_a_recording_at_once_both_succeed(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_that_share_words(ops)
    at_once(
        lambda: redacting(ops, "Zofia"),
        meanwhile(monkeypatch, index, "write", lambda: recording(ops)),
    )
    monkeypatch.undo()

    assert found(ops, "yonder") == ["DEC-1", "DEC-3"]
    assert found(ops, "xylophones") == ["DEC-2", "DEC-3"]
    assert found(ops, "Zofia") == []


def saved(ops: Ops, form: FormDraft, **typed: str) -> None:
    """Let Ben save a form with what he typed, if anything; a form that is gone is not saved."""
    with suppress(NotFoundError):
        save_form(
            ops.store,
            ops.team,
            form.id,
            SubmittedForm(typed={**form.values, **typed}),
            reader=ops.bot.deps.people.reader(UserId(str(ops.ben))),
            is_alone=ops.bot.deps.alone,
            now=ops.clock(),
        )


def redacting(ops: Ops, text: str) -> None:
    """Redact a text; if nothing contains it any more, another act was faster."""
    with suppress(InvalidInputError):
        redact_text(
            ops.store, ops.team, reader=None, text=text, where="", why="Asked for.", now=ops.clock()
        )


def test_a_message_deleted_while_its_excerpt_is_redacted_stays_deleted(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(ops, "1.1")
    saved(ops, draft(ops), title="Roll back", rule="At once.")
    gone = partial(
        hear_deletion, ops.store, ops.team, channel=place(ops), ts="1.1", now=ops.clock()
    )
    at_once(
        lambda: redacting(ops, "above two percent"),
        meanwhile(monkeypatch, Redaction, "out_of_json", gone),
    )
    monkeypatch.undo()

    with ops.store.read(ops.team) as tx:
        entry = tx.entries.get(Key(kind=Kind.DECISION, number=1))
    assert entry is not None
    assert [(one.excerpt, one.state) for one in entry.evidence] == [("", EvidenceState.DELETED)]


def test_a_form_saved_while_its_text_is_redacted_is_not_offered_again(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry that the save creates doesn't contain the text either."""
    opened(ops, "1.1")
    form = draft(ops)
    at_once(
        lambda: redacting(ops, "above two percent"),
        meanwhile(monkeypatch, Redaction, "out_of_json", lambda: saved(ops, form)),
    )
    monkeypatch.undo()

    with ops.store.read(ops.team) as tx:
        waiting = tx.form_drafts.waiting_for(UserId(str(ops.ben)), 9)
        entry = tx.entries.get(Key(kind=Kind.DECISION, number=1))
    # If the save waits until the redaction is over, as on SQLite, the form is gone.
    assert (entry is None) == bool(waiting)
    assert "above two percent" not in str((entry, waiting))
    assert MARK in str((entry, waiting))


def test_a_redaction_and_the_save_of_a_form_with_the_text_both_succeed(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The save has locked the form and waits for its entry."""
    ops.record(ops.ana, "Page", "Page Zofia.")
    edit(ops, ops.ben)
    form = draft(ops)
    at_once(
        lambda: saved(ops, form, rationale="Zofia knows."),
        meanwhile(monkeypatch, record, "load_own_draft", lambda: redacting(ops, "Zofia")),
    )
    monkeypatch.undo()

    with ops.store.read(ops.team) as tx:
        entry = tx.entries.get(Key(kind=Kind.DECISION, number=1))
        assert entry is not None
        history = tx.revisions.history(entry.id)
    assert len(history) == 2
    assert "Zofia" not in str(history)
    assert found(ops, "Zofia") == []


def test_an_entry_recorded_while_someone_dismisses_its_gap_stays_recorded(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ops.store.transaction(ops.team) as tx:
        known = add_gap(tx, "Disk", "1.1", channel=place(ops))
        form = tx.form_drafts.add(
            NewFormDraft(
                user=UserId(str(ops.ben)),
                kind=Kind.DECISION,
                channel=place(ops),
                created_at=ops.clock(),
                gap=known,
                values={"title": "Disk", "rule": "Empty it."},
            )
        )
    reader = ops.bot.deps.people.reader(UserId(str(ops.ana)))

    def dismiss() -> None:
        with pytest.raises(NotFoundError, match="already recorded or dismissed"):
            dismiss_gap(ops.store, ops.team, known, reader=reader, now=ops.clock())

    at_once(lambda: saved(ops, form), meanwhile(monkeypatch, Gaps, "set_state", dismiss))

    with ops.store.read(ops.team) as tx:
        gap, entry = tx.gaps.get(known), tx.entries.get(Key(kind=Kind.DECISION, number=1))
    assert gap is not None
    assert entry is not None
    assert (gap.state, gap.entry) == (GapState.RECORDED, entry.id)
