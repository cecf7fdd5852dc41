"""Forms drafted from threads: where each text is from, who owns it, and the threads of a gap."""

from sandbox.forms import View
from tests.support.gap_threads import DISK, DISK_TITLE, ask, gaps
from tests.support.ops import Ops
from tests.support.prompting import prompts
from tests.support.recording import ASKED, DECIDED, shortcut, thread, typed

ANSWER = "From now on we delete the oldest artefacts first, then `runner prune`."


def hint(view: View, label: str) -> str:
    [block] = [b for b in view.blocks if b["type"] == "input" and b["label"]["text"] == label]
    return str(block.get("hint", {}).get("text", ""))


def opened(ops: Ops) -> View:
    view = ops.cleo.press("Record it", on=gaps(ops, ops.cleo), near=DISK_TITLE)
    assert isinstance(view, View)
    return view


def answered_twice(ops: Ops) -> None:
    """Ask twice in other words; Ben answers both."""
    for asked in DISK[:2]:
        [root] = ask(ops, asked, by=ops.ana)
        ops.ben.say(ops.ops, ANSWER, thread=root)
        ops.drain()


def test_each_filled_field_says_where_it_is_from(ops: Ops) -> None:
    view = shortcut(ops.cleo, ops, thread(ops))

    assert hint(view, "Title") == "From ana's message on Mar 4."
    assert hint(view, "When does this come up?") == "From ana's message on Mar 4."
    assert hint(view, "What do we do?") == "From ben's answer on Mar 4."
    assert hint(view, "Owner") == (
        "The person responsible for this entry. From ben's answer on Mar 4."
    )
    assert hint(view, "Exceptions") == ""


def test_a_rewritten_text_is_from_no_message(ops: Ops) -> None:
    view = shortcut(ops.cleo, ops, thread(ops))
    view.fill({"What do we do?": "We roll back at once."})

    view.choose("Kind", "Handoff").choose("Kind", "Decision")

    assert hint(view, "What do we do?") == ""
    assert hint(view, "When does this come up?") == "From ana's message on Mar 4."


def test_a_gaps_form_holds_the_answer_from_its_threads(ops: Ops) -> None:
    answered_twice(ops)

    view = opened(ops)

    assert typed(view, "What do we do?") == ANSWER
    assert typed(view, "Owner") == ops.ben.id
    assert str(typed(view, "When does this come up?")).splitlines() == [DISK[1], DISK[0]]


def test_a_gaps_form_has_the_title_of_the_gap(ops: Ops) -> None:
    ask(ops, "The fan of rack 7 is loud again, what do we do?")
    ask(ops, *DISK[:2])

    assert typed(opened(ops), "Title") == DISK_TITLE


def test_a_prompts_form_has_the_title_of_the_prompt(ops: Ops) -> None:
    """Its own thread would be called something else."""
    ask(ops, *DISK[:2])
    ask(ops, "No space left on the disk of our build server. What do we do?")
    [prompt] = prompts(ops.cleo, ops.ops)
    assert DISK_TITLE in prompt.text

    view = ops.cleo.press("Record it", on=prompt)

    assert isinstance(view, View)
    assert typed(view, "Title") == DISK_TITLE
    assert hint(view, "Title") == "From ben's message on Mar 5 and 1 more message."


def test_a_gaps_form_has_the_title_that_a_person_chose(ops: Ops) -> None:
    ask(ops, *DISK[:2])
    form = ops.cleo.select("gap_menu", "Rename", gaps(ops, ops.cleo))
    assert isinstance(form, View)
    assert form.fill({"Name": "Runner storage exhausted"}).submit() == {}

    view = ops.cleo.press("Record it", on=gaps(ops, ops.cleo))

    assert isinstance(view, View)
    assert typed(view, "Title") == "Runner storage exhausted"
    assert hint(view, "Title") == ""


def test_without_slacks_answer_a_gaps_form_holds_the_stored_excerpts(ops: Ops) -> None:
    answered_twice(ops)
    ops.driver.fail("conversations.replies", status=500)

    view = opened(ops)

    assert "parts of this form come from short excerpts" in view.words()
    assert DISK[0] in str(typed(view, "When does this come up?"))


def test_a_person_who_cannot_own_it_is_not_suggested(ops: Ops) -> None:
    guest = ops.driver.person("gus", guest=True)
    ops.driver.invite(ops.ops, guest)
    root = ops.ana.say(ops.ops, ASKED)
    guest.say(ops.ops, DECIDED, thread=root)
    ops.drain()

    view = shortcut(ops.cleo, ops, root)

    assert typed(view, "What do we do?") == DECIDED
    assert typed(view, "Owner") == ops.cleo.id
