"""Recording an entry: every way opens the same prefilled form, which is saved once."""

import pytest

from bot.domain.entries import UserId
from bot.usecases.entries.find import show_entry
from sandbox.forms import View
from sandbox.seen import Answer
from tests.support.gap_threads import CLEANED, DISK, ask, gaps
from tests.support.ops import Ops
from tests.support.prompting import ROLLBACK, prompts, say
from tests.support.recording import (
    ASKED,
    ASKED_TITLE,
    BECAUSE,
    DECIDED,
    DECISION,
    NAMED,
    TOKEN,
    as_reader,
    cards,
    labels,
    offer,
    pressed,
    saved,
    shortcut,
    thread,
    typed,
)

# Ways to open the form.


def test_the_shortcut_opens_the_form_prefilled_from_the_thread(ops: Ops) -> None:
    """Title, trigger, rule and reason come from the thread. The person who answered owns it."""
    view = shortcut(ops.cleo, ops, thread(ops))

    assert view.title == "Record a decision"
    assert typed(view, "Kind") == "Decision"
    assert typed(view, "Title") == ASKED_TITLE
    assert typed(view, "When does this come up?") == ASKED
    assert typed(view, "What do we do?") == DECIDED
    assert typed(view, "Why?") == BECAUSE
    assert typed(view, "Owner") == ops.ben.id
    assert typed(view, "Review every") == "90 days"


def test_saving_posts_the_card_in_that_thread(ops: Ops) -> None:
    root = thread(ops)

    saved(ops, shortcut(ops.cleo, ops, root))

    [card] = cards(ops, root)
    assert "DEC-1" in card.words()
    assert DECIDED in card.words()
    assert ops.cleo.view is None


def test_the_shortcut_on_a_reply_records_the_whole_thread(ops: Ops) -> None:
    root = thread(ops)
    reply = ops.driver.thread(ops.ops, root)[1]

    view = shortcut(ops.cleo, ops, reply.ts)
    assert typed(view, "Title") == ASKED_TITLE
    saved(ops, view)

    assert len(cards(ops, root)) == 1


def test_a_mention_in_a_thread_opens_the_same_form(ops: Ops) -> None:
    """The request itself is not part of the evidence."""
    root = thread(ops)
    ops.cleo.say(ops.ops, "@Opslore record", thread=root)

    offered = offer(ops, ops.cleo)
    assert offered.thread_ts == root
    view = pressed(ops.cleo, "Record this thread", offered)
    assert typed(view, "What do we do?") == DECIDED
    assert "record" not in str(typed(view, "Why?")).lower()
    saved(ops, view)

    assert len(cards(ops, root)) == 1
    assert offered.ts not in [each.ts for each in ops.cleo.ephemerals(ops.ops)]


def test_a_mention_outside_a_thread_records_its_own_text(ops: Ops) -> None:
    ops.cleo.say(ops.ops, f"@Opslore record: {DECIDED}")

    view = pressed(ops.cleo, "Record this thread", offer(ops, ops.cleo))

    assert typed(view, "Title") == NAMED
    assert typed(view, "What do we do?") == DECIDED
    assert not typed(view, "When does this come up?")


def test_the_scroll_reaction_on_a_root_opens_the_same_form(ops: Ops) -> None:
    root = thread(ops)
    ops.ben.react(ops.ops, root, "scroll")

    view = pressed(ops.ben, "Record this thread", offer(ops, ops.ben))
    assert typed(view, "What do we do?") == DECIDED
    saved(ops, view)

    assert len(cards(ops, root)) == 1


def test_the_scroll_reaction_on_a_reply_records_the_whole_thread(ops: Ops) -> None:
    root = thread(ops)
    ops.ben.react(ops.ops, ops.driver.thread(ops.ops, root)[2], "scroll")

    offered = offer(ops, ops.ben)
    assert offered.thread_ts == root
    view = pressed(ops.ben, "Record this thread", offered)
    assert typed(view, "When does this come up?") == ASKED
    saved(ops, view)

    assert len(cards(ops, root)) == 1


def test_another_reaction_does_nothing(ops: Ops) -> None:
    root = thread(ops)
    before = ops.ben.ephemerals(ops.ops)

    ops.ben.react(ops.ops, root, "thumbsup")
    ops.drain()

    assert ops.ben.ephemerals(ops.ops) == before


def test_the_prompt_opens_the_same_form_and_disappears(ops: Ops) -> None:
    ts = say(ops, ops.ben, ROLLBACK)
    [prompt] = ops.ben.ephemerals(ops.ops)

    view = pressed(ops.ben, "Record it", prompt)
    assert typed(view, "What do we do?") == ROLLBACK
    assert not typed(view, "When does this come up?")
    assert ops.ben.ephemerals(ops.ops) == []
    saved(ops, view)

    assert len(cards(ops, ts)) == 1


def test_a_command_posts_the_card_in_the_channel(ops: Ops) -> None:
    """Without a thread, the channel is where the person sees the result."""
    key = ops.draft(ops.ana, "Freeze deploys on Fridays", "Nobody deploys after noon.")

    card = ops.driver.messages(ops.ops)[-1]
    assert key == "DEC-1"
    assert card.thread_ts is None
    assert card.buttons() == ["Use it", "Edit", "History", "Still accurate", "Retire"]
    for words in ("DEC-1", "Freeze deploys on Fridays", "Nobody deploys after noon.", "in force"):
        assert words in card.words()
    assert "ana" in card.words()


@pytest.mark.parametrize(
    ("line", "title", "kind", "name"),
    [
        ("/lore record", "Record a decision", "Decision", None),
        ("/lore record handoff Night shift", "Record a handoff", "Handoff", "Night shift"),
        ("/lore record Escalation", "Record an escalation", "Escalation path", None),
        ("/lore record Fix R&D's <queue>", "Record a decision", "Decision", "Fix R&D's <queue>"),
    ],
)
def test_a_command_can_name_the_kind_and_the_title(
    ops: Ops, line: str, title: str, kind: str, name: str | None
) -> None:
    view = ops.ana.slash(ops.ops, line).view

    assert view is not None
    assert (view.title, typed(view, "Kind"), typed(view, "Title")) == (title, kind, name)


# The form.


HANDOFF = [
    "Kind",
    "Title",
    "From",
    "To",
    "When does this happen?",
    "What must be passed on?",
    "Acknowledge within",
    "If nobody acknowledges",
    "Owner",
    "Backup",
    "Review every",
    "Tags",
]
ESCALATION = [
    "Kind",
    "Title",
    "What goes wrong?",
    "Severity",
    "Level 1: notify",
    "Level 1: wait",
    "Level 1: tell them",
    "Last resort",
    "Runbook link",
    "Owner",
    "Backup",
    "Review every",
    "Tags",
]


@pytest.mark.parametrize(
    ("kind", "expected", "required"),
    [
        ("decision", DECISION, "What do we do?"),
        ("handoff", HANDOFF, "What must be passed on?"),
        ("escalation", ESCALATION, "What goes wrong?"),
    ],
)
def test_each_form_has_its_fields_and_requires_two_of_them(
    ops: Ops, kind: str, expected: list[str], required: str
) -> None:
    view = ops.ana.slash(ops.ops, f"/lore record {kind}").view
    assert view is not None

    assert labels(view) == expected
    must = [b["label"]["text"] for b in view.blocks if b["type"] == "input" and not b["optional"]]
    assert must == ["Kind", "Title", required]
    assert view.raw["submit"]["text"] == "Save"
    view.fill({"Title": "Two fields are enough", required: "This one."})
    saved(ops, view)

    assert "Two fields are enough" in ops.driver.messages(ops.ops)[-1].words()


def test_a_field_of_spaces_counts_as_empty(ops: Ops) -> None:
    """The form stays open with the reason next to the field, and the other fields are unchanged."""
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": " \u200b ", "What do we do?": "We wait."})

    assert view.submit() == {"Title": "“Title” can't be empty."}
    assert typed(view, "What do we do?") == "We wait."


def test_an_invalid_link_is_refused_next_to_its_field(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": "T", "What do we do?": "W", "Runbook link": "the wiki"})

    assert view.submit() == {
        "Runbook link": "This isn't a web address. It should start with https://."
    }


def test_changing_the_kind_keeps_the_typed_text(ops: Ops) -> None:
    """Text in fields that the other kind lacks is kept too, and a cleared field stays empty."""
    view = shortcut(ops.cleo, ops, thread(ops))
    view.fill({"Title": "Roll back", "Exceptions": "Not at night.", "Why?": None})

    view.choose("Kind", "Escalation path")
    assert view.title == "Record an escalation"
    assert labels(view) == ESCALATION
    assert typed(view, "Title") == "Roll back"
    view.fill({"What goes wrong?": "The rollback fails."})
    view.choose("Kind", "Handoff")
    assert labels(view) == HANDOFF
    view.choose("Kind", "Decision")

    assert labels(view) == DECISION
    assert typed(view, "Title") == "Roll back"
    assert typed(view, "Exceptions") == "Not at night."
    assert typed(view, "What do we do?") == DECIDED
    assert typed(view, "Why?") is None
    view.choose("Kind", "Escalation path")
    assert typed(view, "What goes wrong?") == "The rollback fails."


def test_the_kind_chosen_in_the_form_is_saved(ops: Ops) -> None:
    view = shortcut(ops.cleo, ops, thread(ops))
    view.choose("Kind", "Handoff")
    view.fill({"What must be passed on?": "The graph\nThe customer's name"})
    saved(ops, view)

    card = ops.driver.messages(ops.ops)[-1]
    assert "HND-1" in card.words()
    assert "The customer's name" in card.words()


def test_up_to_ten_levels_can_be_added_and_the_typed_text_stays(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Database down", "What goes wrong?": "No writes."})
    for level in range(1, 11):
        view.fill({f"Level {level}: tell them": f"Words for level {level}"})
        view.choose(f"Level {level}: notify", [ops.ben, ops.cleo])
        view.choose(f"Level {level}: wait", "15 minutes")
        if level < 10:
            assert view.buttons() == ["Add a level"]
            view.press("Add a level")

    assert view.buttons() == []
    saved(ops, view)

    card = ops.driver.messages(ops.ops)[-1].words()
    for level in range(1, 11):
        assert f"Level {level}" in card
        assert f"Words for level {level}" in card
    assert "wait 15 minutes" in card
    assert "ben, cleo" in card


def test_links_offer_entries_and_stay_when_the_form_is_redrawn(ops: Ops) -> None:
    ops.ana.slash(ops.ops, "/lore record escalation")
    escalation = ops.ana.view
    assert escalation is not None
    escalation.fill({"Title": "Database down", "What goes wrong?": "No writes."})
    saved(ops, escalation)
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None

    assert view.options("If it fails", "data") == ["ESC-1 Database down"]
    view.choose("If it fails", "ESC-1 Database down")
    view.fill({"Title": "Fail over", "What do we do?": "We fail over."})
    saved(ops, view)

    assert "ESC-1" in ops.driver.messages(ops.ops)[-1].words()


# The captured thread.


def test_the_card_links_to_its_evidence(ops: Ops) -> None:
    root = thread(ops)
    decided = ops.driver.thread(ops.ops, root)[1]

    saved(ops, shortcut(ops.cleo, ops, root))

    entry = show_entry(ops.store, ops.team, reader=as_reader(ops, ops.cleo), key="DEC-1")
    assert [(e.ts, e.author) for e in entry.evidence] == [
        (root, ops.ana.id),
        (decided.ts, ops.ben.id),
    ]
    assert f"/archives/{ops.ops.id}/p{root.replace('.', '')}" in entry.evidence[0].permalink
    assert f"thread_ts={root}" in entry.evidence[1].permalink
    [card] = cards(ops, root)
    for evidence in entry.evidence:
        assert evidence.permalink.replace("&", "&amp;") in str(card.blocks)


def test_people_in_a_thread_are_named_and_never_notified(ops: Ops) -> None:
    root = ops.ana.say(ops.ops, "@ben escalating to you and @cleo: the database takes no writes.")
    ops.drain()

    view = shortcut(ops.ana, ops, root)
    assert view.title == "Record an escalation"
    assert typed(view, "Level 1: notify") == [ops.ben.id]
    assert typed(view, "Level 2: notify") == [ops.cleo.id]
    assert ops.cleo.id not in str(typed(view, "What goes wrong?"))
    assert "@cleo" in str(typed(view, "What goes wrong?"))
    saved(ops, view)

    [card] = cards(ops, root)
    assert f"<@{ops.cleo.id}" not in str(card.raw)


def test_secrets_in_a_thread_are_masked_before_anything_is_stored(ops: Ops) -> None:
    root = ops.ana.say(ops.ops, f"We decided to always use {TOKEN} for the deploy robot.")
    ops.ben.say(ops.ops, "Decision: password: hunter2xyz for everyone.", thread=root)
    ops.drain()

    view = shortcut(ops.cleo, ops, root)
    assert TOKEN not in str(view.raw)
    assert "hunter2xyz" not in str(view.raw)
    assert "[secret masked]" in str(view.raw)
    saved(ops, view)

    entry = show_entry(ops.store, ops.team, reader=as_reader(ops, ops.cleo), key="DEC-1")
    assert TOKEN not in str(entry)
    assert "hunter2xyz" not in str(entry)
    assert "[secret masked]" in entry.evidence[0].excerpt


@pytest.mark.parametrize(
    ("kind", "main", "field"),
    [
        ("decision", "What do we do?", "What do we do?"),
        ("decision", "What do we do?", "Title"),
        ("decision", "What do we do?", "Exceptions"),
        ("handoff", "What must be passed on?", "From"),
        ("escalation", "What goes wrong?", "Level 1: tell them"),
    ],
)
def test_a_secret_typed_into_the_form_is_refused_next_to_its_field(
    ops: Ops, kind: str, main: str, field: str
) -> None:
    view = ops.ana.slash(ops.ops, f"/lore record {kind}").view
    assert view is not None
    view.fill({"Title": "Deploy robot", main: "We deploy."} | {field: f"Use {TOKEN}"})

    errors = view.submit()

    assert list(errors) == [field]
    assert errors[field].startswith("This looks like a password, key or token.")
    view.fill({field: "Ask the vault."})
    assert view.submit() == {}


# Duplicates.


def test_a_likely_duplicate_is_shown_at_the_top(ops: Ops) -> None:
    ops.draft(ops.ana, "Roll back on checkout errors", DECIDED)

    view = shortcut(ops.cleo, ops, thread(ops))

    assert "DEC-1  Roll back on checkout errors" in view.words().replace("*", "")
    assert "in force, never certified\nThis entry may already cover it." in view.words()
    assert view.buttons() == ["Update DEC-1 instead"]


def test_a_duplicate_of_a_typed_title_is_reported_after_saving(ops: Ops) -> None:
    """The form showed no duplicate then. One that it did show isn't reported again."""
    title = "Roll back on checkout errors"
    ops.draft(ops.ana, title, DECIDED)
    assert ops.ana.ephemerals(ops.ops) == []

    ops.draft(ops.ben, "Rolling back checkout errors", "We do it.")

    [told] = ops.ben.ephemerals(ops.ops)
    assert "DEC-2 is saved. DEC-1 may already cover it" in told.text
    ops.cleo.slash(ops.ops, f"/lore record decision {title}")
    assert ops.cleo.view is not None
    saved(ops, ops.cleo.view.fill({"What do we do?": "We roll back."}))
    assert ops.cleo.ephemerals(ops.ops) == []


@pytest.mark.parametrize("meanwhile", ["edited", "retired"])
def test_the_captured_text_stays_if_the_entry_is_edited_or_retired(
    ops: Ops, meanwhile: str
) -> None:
    """The form that replaces the old one contains everything typed in it."""
    title = "Roll back when checkout errors rise"
    ops.draft(ops.ana, title, "We roll back.")
    ops.ben.slash(ops.ops, f"/lore record decision {title}")
    assert ops.ben.view is not None
    ops.ben.view.fill({"What do we do?": "Wait ten minutes first."})
    ops.ben.view.press("Update DEC-1 instead")
    view = ops.ben.view
    assert "Wait ten minutes first." in view.words()
    if meanwhile == "edited":
        other = ops.ana.slash(ops.ops, "/lore edit DEC-1").view
        assert other is not None
        other.fill({"Why?": "Customers notice."})
        assert other.submit() == {}
    else:
        ops.ana.slash(ops.ops, "/lore retire DEC-1 No longer done.")
    view.fill({"Exceptions": "None."})
    view.submit()

    with ops.store.read(ops.team) as tx:
        [draft] = tx.form_drafts.waiting_for(UserId(ops.ben.id), 9)
    assert draft.values["captured"]["values"]["rule"] == "Wait ten minutes first."


def test_update_instead_shows_the_entry_and_keeps_the_captured_text(ops: Ops) -> None:
    """The fields show the entry's text. The text from the thread is above them, ready to copy."""
    ops.draft(ops.ana, "Roll back on checkout errors", "We roll back when checkout errors rise.")
    root = thread(ops)
    view = shortcut(ops.cleo, ops, root)

    view.press("Update DEC-1 instead")

    assert view.title == "Edit DEC-1"
    assert "Kind" not in labels(view)
    assert typed(view, "Title") == "Roll back on checkout errors"
    assert typed(view, "What do we do?") == "We roll back when checkout errors rise."
    assert typed(view, "Owner") == ops.ana.id
    assert DECIDED in view.words()
    view.fill({"What do we do?": DECIDED, "What changed and why?": "The limit was missing."})
    saved(ops, view)

    entry = show_entry(ops.store, ops.team, reader=as_reader(ops, ops.cleo), key="DEC-1")
    assert entry.revision.number == 2
    assert root in [evidence.ts for evidence in entry.evidence]
    [card] = cards(ops, root)
    assert "DEC-1" in card.words()


def test_update_instead_without_changes_adds_the_thread_as_evidence(ops: Ops) -> None:
    """The entry already covers it, so there is no revision, but the occurrence is worth storing."""
    ops.draft(ops.ana, "Roll back on checkout errors", "We roll back when checkout errors rise.")
    root = thread(ops)
    view = shortcut(ops.cleo, ops, root)
    view.press("Update DEC-1 instead")
    view.fill({"What changed and why?": "Nothing."})
    assert list(view.submit()) == ["What changed and why?"]

    view.fill({"What changed and why?": None})
    ops.deliveries = 3
    saved(ops, view)

    entry = show_entry(ops.store, ops.team, reader=as_reader(ops, ops.cleo), key="DEC-1")
    assert entry.revision.number == 1
    assert root in [evidence.ts for evidence in entry.evidence]
    assert len(cards(ops, root)) == 1
    assert [each.text for each in ops.cleo.ephemerals(ops.ops)] == [
        "DEC-1 is unchanged. This thread was added to its evidence."
    ]


def test_the_captured_text_stays_next_to_the_entry_when_levels_are_added(ops: Ops) -> None:
    """It also stays if the form was lost and is reopened from App Home."""
    view = ops.ana.slash(ops.ops, "/lore record escalation").view
    assert view is not None
    view.fill({"Title": "Payments database down", "What goes wrong?": "No payments are written."})
    saved(ops, view)
    view = ops.ben.slash(ops.ops, "/lore record escalation Payments database down").view
    assert view is not None
    view.fill({"What goes wrong?": "The payments database takes no writes at night."})
    view.press("Add a level")

    view.press("Update ESC-1 instead")
    view.press("Add a level")

    assert "takes no writes at night" in view.words()
    assert typed(view, "What goes wrong?") == "No payments are written."
    home = ops.ben.home()
    assert home is not None
    again = home.press("Continue", near="Payments database down")
    assert again is not None
    assert "takes no writes at night" in again.words()


def test_a_different_matter_has_no_duplicates(ops: Ops) -> None:
    ops.draft(ops.ana, "Renew the office lease", "We renew every March.")

    assert shortcut(ops.cleo, ops, thread(ops)).buttons() == []


# Once, and never in part.


def test_a_form_submitted_several_times_is_saved_once(ops: Ops) -> None:
    """This happens if the acknowledgement is lost and the form is submitted again."""
    root = thread(ops)
    view = shortcut(ops.cleo, ops, root)
    ops.deliveries = 3
    saved(ops, view)

    assert len(cards(ops, root)) == 1
    assert "DEC-2" not in str([message.raw for message in ops.driver.messages(ops.ops)])


def test_cancelling_stores_nothing(ops: Ops) -> None:
    root = thread(ops)

    shortcut(ops.cleo, ops, root).close()
    ops.drain()

    assert cards(ops, root) == []
    home = ops.cleo.home()
    assert home is not None
    assert "Unsaved" not in home.words()


def test_a_guest_is_told_why_they_cannot_record(ops: Ops) -> None:
    guest = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, guest)
    root = thread(ops)

    assert guest.shortcut("Record this thread", ops.ops, root, seconds=0) is None
    guest.react(ops.ops, root, "scroll")
    ops.drain()

    reasons = [each.words() for each in guest.ephemerals(ops.ops)]
    assert len(reasons) == 2
    assert all("only full members can record" in reason for reason in reasons)


def test_the_shortcut_in_a_channel_without_the_bot_names_the_next_step(ops: Ops) -> None:
    """The bot can't post there, so it sends a direct message."""
    random = ops.driver.channel("random", members=[ops.ana])
    ts = ops.ana.say(random, DECIDED)

    assert ops.ana.shortcut("Record this thread", random, ts, seconds=0) is None
    ops.drain()

    assert "/invite @Opslore" in ops.ana.dms()[-1].words()


def test_a_thread_of_a_thousand_messages_is_recorded(ops: Ops) -> None:
    """The thread is from before the bot joined. The bot reads its beginning, and quickly enough."""
    old = ops.driver.channel("old", members=[ops.ana, ops.ben])
    root = ops.ana.say(old, ASKED)
    for number in range(999):
        ops.ben.say(old, f"Still looking, attempt {number}.", thread=root)
    ops.driver.invite_bot(old, by=ops.ana)

    view = ops.ben.shortcut("Record this thread", old, root)
    assert isinstance(view, View)
    assert typed(view, "When does this come up?") == ASKED
    view.fill({"What do we do?": "We look no longer than an hour."})
    saved(ops, view)

    assert "DEC-1" in ops.driver.thread(old, root)[-1].words()


def test_a_thread_that_slack_does_not_return_in_time_is_recorded_from_one_message(ops: Ops) -> None:
    root = thread(ops)
    ops.driver.fail("conversations.replies", status=500)

    view = shortcut(ops.cleo, ops, root)

    assert "filled in from one message" in view.words()
    assert typed(view, "Title") == ASKED_TITLE


def test_if_slack_opens_no_form_the_person_is_told(ops: Ops) -> None:
    root = thread(ops)
    ops.driver.fail("views.open", "internal_error")

    opened = ops.cleo.shortcut("Record this thread", ops.ops, root)
    ops.drain()

    assert opened is None or isinstance(opened, Answer)
    assert "Try again" in ops.cleo.ephemerals(ops.ops)[-1].words()


def test_a_prompt_whose_gap_was_recorded_elsewhere_names_that_entry(ops: Ops) -> None:
    ask(ops, *DISK[:3])
    saved(ops, pressed(ops.ben, "Record it", gaps(ops, ops.ben)).fill({"What do we do?": CLEANED}))

    assert ops.cleo.press("Record it", on=prompts(ops.cleo, ops.ops)[0]) is None

    told = ops.cleo.ephemerals(ops.ops)[-1]
    assert told.words() == "DEC-1 already records this. /lore show DEC-1 shows it."
    assert not told.buttons()
