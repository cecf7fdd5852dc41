"""`Someone else knows`: a prompt is passed on to another person, once."""

from datetime import timedelta

import pytest

from bot.slack import ids
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.support.gap_threads import CLEANED, DISK, ask, gaps
from tests.support.ops import Ops
from tests.support.prompting import WAITS, prompts, say
from tests.support.raw_requests import submitted
from tests.support.recording import saved, typed


def prompted(ops: Ops) -> Message:
    """Return the prompt to cleo, who answered twice."""
    ask(ops, *DISK[:2])
    [prompt] = prompts(ops.cleo, ops.ops)
    return prompt


def passed_on(
    ops: Ops, on: Message, to: PersonDriver, by: PersonDriver | None = None
) -> dict[str, str]:
    """Let cleo choose who knows, and return the errors of the form."""
    view = (by or ops.cleo).press("Someone else knows", on=on)
    assert isinstance(view, View)
    assert view.title == "Who knows this?"
    errors = view.choose("Person", to).submit()
    ops.drain()
    return errors


def test_the_other_person_is_asked_in_the_same_thread_and_reads_who_named_them(ops: Ops) -> None:
    mine = prompted(ops)

    assert passed_on(ops, mine, ops.ana) == {}

    [theirs] = prompts(ops.ana, ops.ops)
    assert theirs.thread_ts == mine.thread_ts
    assert "cleo says that you know this. This is the second time (Mar 4, Mar 5)." in theirs.words()
    assert theirs.buttons() == mine.buttons()
    # The first person isn't asked again, and App Home no longer lists it for them.
    assert not prompts(ops.cleo, ops.ops)
    assert ops.cleo.ephemerals(ops.ops)[-1].text == (
        "You passed this on to ana. Opslore asks them in the same thread."
    )
    assert not ops.cleo.ephemerals(ops.ops)[-1].buttons()
    home = ops.cleo.home()
    assert home is not None
    assert WAITS not in home.words()


def test_the_person_who_was_asked_owns_what_they_record(ops: Ops) -> None:
    """Cleo answered it so far, but she says that ana knows it."""
    passed_on(ops, prompted(ops), ops.ana)

    view = ops.ana.press("Record it", on=prompts(ops.ana, ops.ops)[0])

    assert isinstance(view, View)
    assert typed(view, "Owner") == ops.ana.id


def test_the_other_person_records_it_from_the_thread(ops: Ops) -> None:
    passed_on(ops, prompted(ops), ops.ana)

    view = ops.ana.press("Record it", on=prompts(ops.ana, ops.ops)[0])
    assert isinstance(view, View)
    saved(ops, view.fill({"What do we do?": CLEANED}))

    assert not prompts(ops.ana, ops.ops)
    assert "No gaps" in ops.ana.slash(ops.ops, "/lore gaps").words()


@pytest.mark.parametrize("who", ["guest", "stranger to the channel", "bot"])
def test_someone_who_cannot_record_it_is_refused_in_the_form(ops: Ops, who: str) -> None:
    mine = prompted(ops)
    other = ops.driver.person("gus", guest=who == "guest")
    if who == "guest":
        ops.driver.invite(ops.ops, other)
    if who == "bot":
        other = ops.driver.bot("pager")
        ops.driver.invite(ops.ops, other)

    errors = passed_on(ops, mine, other)

    assert list(errors.values()) == [
        "Choose a member of this channel. Guests and apps can't record entries."
    ]
    assert not other.ephemerals(ops.ops)
    # The prompt is still cleo's to answer.
    home = ops.cleo.home()
    assert home is not None
    assert WAITS in home.words()


def test_no_one_is_asked_twice_about_a_thread(ops: Ops) -> None:
    passed_on(ops, prompted(ops), ops.ana)
    theirs = prompts(ops.ana, ops.ops)[0]

    for again in (ops.ana, ops.cleo):
        errors = passed_on(ops, theirs, again, by=ops.ana)
        assert list(errors.values()) == [
            "They were already asked about this thread. Choose someone else."
        ]

    assert len(prompts(ops.ana, ops.ops)) == 1


def test_a_prompt_that_was_passed_on_is_not_passed_on_again(ops: Ops) -> None:
    """Someone has two windows open, and the form in both of them."""
    assert passed_on(ops, prompted(ops), ops.ana) == {}

    chosen = {"type": "users_select", "selected_user": ops.ben.id}
    answer = submitted(ops, ops.cleo, ids.ELSEWHERE_FORM, {"prompt": 1}, {ids.PERSON: chosen})

    assert list(answer["errors"].values()) == [
        "You have already passed this on. @Opslore record in its thread still records it."
    ]
    assert not prompts(ops.ben, ops.ops)


def test_a_prompt_that_is_passed_on_late_is_answered_in_a_new_message(ops: Ops) -> None:
    """A response_url works for half an hour, and the form was open for longer."""
    form = ops.cleo.press("Someone else knows", on=prompted(ops))
    assert isinstance(form, View)
    ops.clock.time += timedelta(minutes=31)

    assert form.choose("Person", ops.ana).submit() == {}
    ops.drain()

    assert any("You passed this on to ana." in each.text for each in ops.cleo.ephemerals(ops.ops))


def test_a_standing_rule_is_passed_on_without_a_claim_about_the_other_person(ops: Ops) -> None:
    say(ops, ops.cleo, "From now on we always rotate the mail certificates on the first Tuesday.")
    passed_on(ops, prompts(ops.cleo, ops.ops)[0], ops.ana)

    [theirs] = prompts(ops.ana, ops.ops)
    assert "cleo says that you know this." in theirs.words()
    assert "You stated a rule" not in theirs.words()


def test_a_prompt_is_not_shown_once_its_gap_was_settled(ops: Ops) -> None:
    mine = prompted(ops)
    view = ops.cleo.press("Someone else knows", on=mine)
    assert isinstance(view, View)
    assert view.choose("Person", ops.ana).submit() == {}
    ops.ben.press("Not recurring", gaps(ops, ops.ben))

    ops.drain()

    assert not prompts(ops.ana, ops.ops)
