"""`Rename`, `Merge` and `Split off` in the menu of a gap in `/lore gaps`."""

import pytest

from bot.domain.listening.prompting import QUIET
from sandbox.errors import ActionRefusedError
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from storage.gaps import Gaps
from storage.threads import ChannelThreads
from tests.support.gap_threads import DISK, ask, gaps
from tests.support.ops import Ops
from tests.support.prompting import WAITS, prompts
from tests.support.races import at_once, considering, meanwhile

PORTAL = (
    "The customs portal account is locked, how do we unlock it?",
    "Customs portal account locked again, who can unlock it?",
    "How do I unlock the customs portal account for the morning shift?",
)


CLEANUP = "I cleared it: run the cleanup job on the build server."
UNLOCK = "Unlock it in the broker console: Accounts, Reset lock."


def recur(
    ops: Ops, *texts: str, answer: str = CLEANUP, channel: Channel | None = None
) -> list[str]:
    """Let ben bring a matter up on different days, and ana settle it."""
    roots = []
    for text in texts:
        root = ops.ben.say(channel or ops.ops, text)
        ops.ana.say(channel or ops.ops, answer, thread=root)
        ops.drain()
        ops.later(days=1)
        roots.append(root)
    return roots


def open_menu(
    ops: Ops, choice: str, near: str | None = None, by: PersonDriver | None = None
) -> View:
    person = by or ops.ana
    view = person.select("gap_menu", choice, gaps(ops, person), near=near)
    assert isinstance(view, View), view
    return view


def option(view: View, words: str) -> str:
    """Return the label of the only option with these words."""
    labels = [
        option["text"]["text"]
        for block in view.blocks
        if block["type"] == "input"
        for option in block["element"]["options"]
    ]
    [label] = [str(label) for label in labels if words in label]
    return label


def last_digest(ops: Ops) -> str:
    [*_, digest] = [
        message for message in ops.driver.messages(ops.ops) if "Weekly digest" in message.words()
    ]
    return digest.words()


def test_a_gap_keeps_the_name_that_a_person_gave_it(ops: Ops) -> None:
    recur(ops, *DISK[:3])

    view = open_menu(ops, "Rename")
    view.fill({"Name": "Build server is out of disk"})
    assert view.submit() == {}
    recur(ops, DISK[3])

    shown = gaps(ops).words()
    assert "Build server is out of disk" in shown
    assert "4 threads" in shown


@pytest.mark.parametrize("name", ["   ", "x" * 61])
def test_a_name_has_to_fit(ops: Ops, name: str) -> None:
    recur(ops, *DISK[:3])
    view = open_menu(ops, "Rename")

    try:
        answer = view.fill({"Name": name}).submit()
    except ActionRefusedError:
        return  # Slack refuses it before Opslore does.
    assert "at most 60 characters" in str(answer)


def test_two_gaps_become_one(ops: Ops) -> None:
    recur(ops, *DISK[:3])
    recur(ops, *PORTAL, answer=UNLOCK)
    assert gaps(ops).buttons().count("Record it") == 2
    for person, words in ((ops.ana, DISK[0]), (ops.ana, PORTAL[0]), (ops.ben, PORTAL[0])):
        person.slash(ops.ops, f"/lore find {words}")

    view = open_menu(ops, "Merge", "uild server")
    view.choose("Merge with", option(view, "ustoms"))
    assert view.submit() == {}
    ops.drain()

    shown = gaps(ops)
    assert shown.buttons().count("Record it") == 1
    assert "6 threads, 2 searches" in shown.words()
    assert "The two gaps are merged." in ops.ana.ephemerals(ops.ops)[-2].words()


def test_a_thread_that_was_split_off_does_not_come_back(ops: Ops) -> None:
    *_, last = recur(ops, *DISK)

    view = open_menu(ops, "Split off")
    view.choose("Thread", option(view, DISK[3][:30]))
    assert view.submit() == {}
    ops.drain()
    assert "3 threads" in gaps(ops).words()

    ops.ana.say(ops.ops, "Anyone about the build server disk?", thread=last)
    ops.drain()
    ops.later(hours=2)

    assert "3 threads" in gaps(ops).words()


def test_the_words_of_a_deleted_message_are_gone_from_the_name_of_a_merged_gap(ops: Ops) -> None:
    openings = recur(ops, *DISK[:3])
    recur(ops, *PORTAL, answer=UNLOCK)
    view = open_menu(ops, "Merge", "uild server")
    view.choose("Merge with", option(view, "ustoms"))
    assert view.submit() == {}
    assert "uild server" in gaps(ops).words()
    ops.later(days=7)
    assert "uild server" in last_digest(ops)

    for opening in openings:
        ops.ben.delete(ops.ops, opening)
        ops.drain()

    assert "uild server" not in gaps(ops).words()
    assert "ustoms" in gaps(ops).words()
    assert "uild server" not in last_digest(ops)


def test_the_words_of_an_edited_message_are_gone_from_the_name_of_a_split_gap(ops: Ops) -> None:
    *_, last = recur(ops, *DISK)
    view = open_menu(ops, "Split off")
    view.choose("Thread", option(view, DISK[3][:30]))
    assert view.submit() == {}

    ops.ben.edit(ops.ops, last, "Never mind.")
    ops.drain()

    with ops.store.read(ops.team) as tx:
        titles = tx.session.connection().exec_driver_sql("SELECT title FROM gaps").all()
    assert sum("uild server" in title for [title] in titles) == 1


def test_a_guest_cannot_correct_a_gap(ops: Ops) -> None:
    gil = ops.driver.person("gil", guest=True)
    lobby = ops.driver.channel("lobby", members=[ops.ana, ops.ben, gil])
    ops.driver.invite_bot(lobby, by=ops.ana)
    recur(ops, *DISK[:3], channel=lobby)
    message = gil.slash(Channel(lobby.id, lobby.name), "/lore gaps").message
    assert message is not None

    gil.select("gap_menu", "Rename", message)
    ops.drain()

    assert "only full members can" in gil.ephemerals(lobby)[-1].words()


def test_a_gap_that_was_settled_meanwhile_is_refused_in_the_form(ops: Ops) -> None:
    recur(ops, *DISK[:3])
    recur(ops, *PORTAL, answer=UNLOCK)
    merge = open_menu(ops, "Merge", "uild server")
    split = open_menu(ops, "Split off", "uild server", by=ops.ben)
    merge.choose("Merge with", option(merge, "ustoms"))
    split.choose("Thread", option(split, DISK[2][:30]))
    ops.ana.press("Not recurring", gaps(ops), near="uild server")

    for view in (split, merge):
        [reason] = view.submit().values()
        assert reason.startswith("Someone has already recorded or dismissed this gap.")


def merged_with_customs(ops: Ops) -> Message:
    """Return the prompt to cleo about a gap that was merged with another since then."""
    recur(ops, *PORTAL, answer=UNLOCK)
    ask(ops, *DISK[:2])
    [prompt] = prompts(ops.cleo, ops.ops)
    view = open_menu(ops, "Merge", "ustoms")
    view.choose("Merge with", option(view, "uild server"))
    assert view.submit() == {}
    return prompt


def test_a_prompt_follows_its_gap_into_the_one_that_it_was_merged_with(ops: Ops) -> None:
    prompt = merged_with_customs(ops)

    ops.cleo.press("Not recurring", on=prompt)

    assert "No gaps" in gaps(ops).words()


def test_a_prompt_about_a_merged_gap_that_was_settled_does_not_wait(ops: Ops) -> None:
    merged_with_customs(ops)
    waiting = ops.cleo.home()
    assert waiting is not None
    assert WAITS in waiting.words()

    ops.ana.press("Not recurring", gaps(ops), near="ustoms")

    waiting = ops.cleo.home()
    assert waiting is not None
    assert WAITS not in waiting.words()


def test_no_one_is_asked_again_because_gaps_were_merged(ops: Ops) -> None:
    merged_with_customs(ops)

    ask(ops, DISK[3], DISK[0])

    assert "7 threads" in gaps(ops).words()
    assert len(prompts(ops.cleo, ops.ops)) == 1


def test_a_form_that_was_open_while_its_gap_was_merged_settles_both(ops: Ops) -> None:
    recur(ops, *PORTAL, answer=UNLOCK)
    recur(ops, *DISK[:2])
    form = ops.ana.press("Record it", gaps(ops), near="ustoms")
    assert isinstance(form, View)
    view = open_menu(ops, "Merge", "uild server", by=ops.ben)
    view.choose("Merge with", option(view, "ustoms"))
    assert view.submit() == {}

    form.fill({"Title": "Customs portal account"})
    assert form.submit() == {}
    ops.drain()

    assert "No gaps" in gaps(ops).words()


def test_two_people_who_merge_the_same_gaps_at_once_lose_no_thread(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    recur(ops, *DISK[:3])
    recur(ops, *PORTAL, answer=UNLOCK)
    first = open_menu(ops, "Merge", "uild server")
    first.choose("Merge with", option(first, "ustoms"))
    second = open_menu(ops, "Merge", "ustoms", by=ops.ben)
    second.choose("Merge with", option(second, "uild server"))
    answers: list[object] = []

    merging = meanwhile(monkeypatch, Gaps, "get", lambda: answers.append(second.submit()))
    at_once(lambda: answers.append(first.submit()), merging)
    ops.drain()

    assert "6 threads" in gaps(ops).words()
    assert gaps(ops).buttons().count("Record it") == 1
    assert sorted(map(bool, answers)) == [False, True]


def test_a_thread_that_settles_while_its_gap_is_merged_is_counted(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL, another process may do it at the same moment."""
    recur(ops, *DISK[:2])
    recur(ops, *PORTAL, answer=UNLOCK)
    root = ops.ben.say(ops.ops, DISK[2])
    ops.ana.say(ops.ops, CLEANUP, thread=root)
    ops.drain()
    view = open_menu(ops, "Merge", "ustoms")
    view.choose("Merge with", option(view, "uild server"))
    ops.clock.time += QUIET
    _, settling = considering(ops, 2)

    merging = meanwhile(monkeypatch, ChannelThreads, "members", settling)
    at_once(view.submit, merging)
    ops.drain()

    assert "6 threads" in gaps(ops).words()
