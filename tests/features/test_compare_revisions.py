"""`/lore diff`: the differences between two revisions, or why they can't be compared."""

import pytest

from sandbox.forms import SlashAnswer
from tests.support.editing import edit
from tests.support.ops import Ops
from tests.support.recording import saved

RULE = "1. Wait 15 minutes.\n2. Page the on-call.\n3. Roll back."


@pytest.fixture
def revised(ops: Ops) -> Ops:
    """Record DEC-1 with three revisions: the first, a changed rule, and a changed owner."""
    ops.record(ops.ana, "Roll back", RULE, fields={"Tags": "deploy, db"})
    view = edit(ops, ops.ben)
    view.fill(
        {
            "What do we do?": RULE.replace("15", "30"),
            "Tags": "deploy, on-call",
            "What changed and why?": "15 was <too> short.",
        }
    )
    saved(ops, view)
    ops.cleo.slash(ops.ops, f"/lore owner DEC-1 <@{ops.ben.id}>")
    ops.drain()
    return ops


def compared(ops: Ops, line: str) -> SlashAnswer:
    answer = ops.ana.slash(ops.ops, f"/lore diff {line}")
    assert answer.error is None
    return answer


def marked(answer: SlashAnswer) -> str:
    """Return the rich text of an answer, with removed words as `[-x]` and added ones as `[+x]`."""
    assert answer.message is not None
    signs = {None: "{}", "bold": "[+{}]", "strike": "[-{}]"}
    return "".join(
        signs[next(iter(run.get("style", {})), None)].format(run["text"])
        for block in answer.message.blocks
        if block["type"] == "rich_text"
        for run in block["elements"][1]["elements"]
    )


def test_two_revisions_are_compared_word_by_word(revised: Ops) -> None:
    answer = compared(revised, "DEC-1 1 2")

    assert marked(answer) == (
        "1. Wait [-15][+ 30] minutes.\n2. Page the on-call.\n3. Roll back.deploy, [-db][+ on-call]"
    )
    words = answer.words()
    for said in ("DEC-1@2 compared with DEC-1@1", "edited by ben", "15 was <too> short.", "Tags"):
        assert said in words
    assert answer.messages[0].ephemeral


def test_without_numbers_the_revision_in_force_is_compared_with_the_one_before(
    revised: Ops,
) -> None:
    """People are shown by their names, and no one is notified."""
    answer = compared(revised, "DEC-1")

    assert marked(answer) == "[-ana][+ ben]"
    assert "owner changed by cleo" in answer.words()


@pytest.mark.parametrize("line", ["DEC-1 1", "dec-1@1", "DEC 1 @1", "DEC-1 1 3", "DEC-1@1 DEC-1@3"])
def test_one_number_is_compared_with_the_one_in_force(revised: Ops, line: str) -> None:
    assert marked(compared(revised, line)).endswith("deploy, [-db][+ on-call]")
    assert "DEC-1@3 compared with DEC-1@1" in compared(revised, line).words()


def test_the_order_of_the_numbers_does_not_matter(revised: Ops) -> None:
    assert "Wait [-30][+ 15] minutes" in marked(compared(revised, "DEC-1 2..1"))


def test_a_retirement_changes_no_text(revised: Ops) -> None:
    revised.ben.slash(revised.ops, "/lore retire DEC-1 not needed")

    answer = compared(revised, "DEC-1")

    assert "retired by ben" in answer.words()
    assert "The two revisions are identical." in answer.words()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("DEC-1 9", "DEC-1 has 3 revisions; there is no DEC-1@9."),
        ("DEC-1 2 9", "DEC-1 has 3 revisions; there is no DEC-1@9."),
        ("DEC-1@9", "there is no DEC-1@9"),
        ("DEC-1 2 2", "That would compare DEC-1@2 with itself."),
        ("DEC-1 3", "That would compare DEC-1@3, which is in force, with itself."),
        ("DEC-1 1 2 3", "Compare two revisions at a time: /lore diff DEC-1 1 2."),
        ("DEC-1 first", "“first” isn't a revision."),
        ("DEC-1@1 DEC-2@1", "DEC-2@1 isn't a revision of DEC-1"),
        ("DEC-7", "There is no DEC-7 that you can see."),
        ("", "Which entry?"),
        ("checkout", "“checkout” isn't a key"),
    ],
)
def test_a_comparison_that_is_impossible_names_the_next_step(
    revised: Ops, line: str, said: str
) -> None:
    words = compared(revised, line).words()

    assert said in words
    assert "/lore" in words


def test_an_entry_with_one_revision_has_nothing_to_compare(ops: Ops) -> None:
    ops.record(ops.ana, "Roll back", RULE)

    assert "DEC-1@1 is the first revision" in compared(ops, "DEC-1").words()


def test_an_entry_of_a_private_channel_is_compared_for_its_members_only(ops: Ops) -> None:
    secret = ops.driver.channel("secret", members=[ops.ana], private=True)
    ops.driver.invite_bot(secret, by=ops.ana)
    key = ops.record(ops.ana, "Hidden", RULE, channel=secret)

    assert f"There is no {key}" in ops.ben.slash(ops.ops, f"/lore diff {key}").words()


def test_long_texts_are_cut_to_the_changed_parts(ops: Ops) -> None:
    """The full text of a long rule would bury a one-word change."""
    long = " ".join(f"step{number}" for number in range(350))
    ops.record(ops.ana, "Long", f"{long} stop")
    view = edit(ops, ops.ben)
    view.fill({"What do we do?": f"{long} go on", "What changed and why?": "We go on."})
    saved(ops, view)

    seen = marked(compared(ops, "DEC-1"))

    assert seen.startswith("… step")
    assert seen.endswith("step349 [-stop][+ go on]")
    assert len(seen) < 120
