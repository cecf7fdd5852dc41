"""The answers to a prompt: each is given once, and a late one gets a plain reason."""

import pytest

from sandbox.forms import View
from sandbox.seen import Message
from tests.support.gap_threads import CLEANED, DISK, DISK_TITLE, ask
from tests.support.ops import Ops
from tests.support.prompting import DAY, ROLLBACK, WAITS, prompts, say
from tests.support.raw_requests import pressed
from tests.support.recording import saved

BUTTONS = ("Record it", "Not recurring", "Someone else knows")


def come_back(ops: Ops) -> Message:
    """Let a matter come up for the second time, and return the prompt to cleo, who answers it."""
    ask(ops, *DISK[:2])
    [prompt] = prompts(ops.cleo, ops.ops)
    return prompt


def answers(ops: Ops) -> list[str | None]:
    with ops.store.read(ops.team) as tx:
        rows = tx.session.connection().exec_driver_sql("SELECT answer FROM prompts ORDER BY id")
        return [row.answer for row in rows]


def record(ops: Ops) -> str:
    """Let ana record the matter from the list of gaps, and return the key."""
    listed = ops.ana.slash(ops.ops, "/lore gaps").message
    assert listed is not None
    view = ops.ana.press("Record it", on=listed)
    assert isinstance(view, View)
    saved(ops, view.fill({"What do we do?": CLEANED}))
    return "DEC-1"


@pytest.mark.parametrize("button", BUTTONS)
def test_a_prompt_about_what_someone_else_recorded_says_so_in_its_place(
    ops: Ops, button: str
) -> None:
    prompt = come_back(ops)
    key = record(ops)

    assert ops.cleo.press(button, on=prompt) is None

    assert not prompts(ops.cleo, ops.ops)
    assert ops.cleo.ephemerals(ops.ops)[-1].text == (
        f"{key} already records this. `/lore show {key}` shows it."
    )
    home = ops.cleo.home()
    assert home is not None
    assert WAITS not in home.words()


@pytest.mark.parametrize("button", BUTTONS)
def test_a_prompt_about_what_someone_else_dismissed_says_so_in_its_place(
    ops: Ops, button: str
) -> None:
    prompt = come_back(ops)
    listed = ops.ana.slash(ops.ops, "/lore gaps").message
    assert listed is not None
    ops.ana.press("Not recurring", on=listed)

    assert ops.cleo.press(button, on=prompt) is None

    assert ops.cleo.ephemerals(ops.ops)[-1].text == (
        "Someone has already noted this as not recurring. `@Opslore record` in its thread still "
        "records it."
    )


def test_a_second_press_says_what_the_first_did(ops: Ops) -> None:
    """Two windows show the same prompt. In the second, its buttons are still there."""
    ops.cleo.press("Not recurring", on=come_back(ops))

    answer = pressed(ops, ops.cleo, "prompt_dismiss", {"prompt": 1})

    assert answers(ops) == ["refused"]
    assert answer == (
        "You have already noted this as not recurring. `@Opslore record` in its thread still "
        "records it."
    )


@pytest.mark.parametrize(
    "button", ["prompt_dismiss", "prompt_record", "prompt_elsewhere", "prompt_mute"]
)
def test_a_prompt_is_answered_by_no_one_else(ops: Ops, button: str) -> None:
    come_back(ops)

    answer = pressed(ops, ops.ana, button, {"prompt": 1})

    assert answer == "This prompt has expired. Use `/lore record` instead."
    assert answers(ops) == [None]


def test_prompts_are_muted_whatever_became_of_the_matter(ops: Ops) -> None:
    prompt = come_back(ops)
    record(ops)

    ops.cleo.press("Mute prompts here", on=prompt)

    assert ops.cleo.ephemerals(ops.ops)[-1].text.startswith("Prompts are off in this channel.")
    say(ops, ops.ben, ROLLBACK)
    assert not prompts(ops.ben, ops.ops)


def test_a_form_that_is_not_saved_leaves_the_prompt_in_app_home(ops: Ops) -> None:
    view = ops.cleo.press("Record it", on=come_back(ops))
    assert isinstance(view, View)
    view.close()

    assert answers(ops) == ["started"]
    home = ops.cleo.home()
    assert home is not None
    assert WAITS in home.words()

    again = home.press("Record it")
    assert again is not None
    saved(ops, again.fill({"What do we do?": CLEANED}))

    assert answers(ops) == ["recorded"]
    home = ops.cleo.home()
    assert home is not None
    assert WAITS not in home.words()


def test_recording_the_thread_in_another_way_answers_the_prompt(ops: Ops) -> None:
    prompt = come_back(ops)
    view = ops.cleo.shortcut("Record this thread", ops.ops, prompt.thread_ts or "")
    assert isinstance(view, View)
    saved(ops, view.fill({"What do we do?": CLEANED}))

    assert answers(ops) == ["recorded"]


def test_a_prompt_works_after_months(ops: Ops) -> None:
    prompt = come_back(ops)
    ops.clock.time += 90 * DAY
    ops.tick()

    view = ops.cleo.press("Record it", on=prompt)

    assert isinstance(view, View)
    assert CLEANED in view.words()


def test_a_dismissed_prompt_whose_gap_is_forgotten_is_noted(ops: Ops) -> None:
    prompt = come_back(ops)
    ops.clock.time += 90 * DAY
    ops.later(days=1)

    ops.cleo.press("Not recurring", on=prompt)

    assert "Noted as not recurring." in ops.cleo.ephemerals(ops.ops)[-1].text


def test_the_days_of_a_prompt_are_those_where_the_reader_lives(ops: Ops) -> None:
    """At noon in Greenwich it's already the next day in Auckland."""
    noa = ops.driver.person("noa", tz="Pacific/Auckland")
    noa.join(ops.ops)
    ops.clock.time = ops.clock.time.replace(hour=12)
    ask(ops, *DISK[:2], answerer=noa)

    [prompt] = prompts(noa, ops.ops)

    assert prompt.text.startswith(
        f"*{DISK_TITLE}*\nThis is the second time (Mar 5, today), and you answered it"
    )
