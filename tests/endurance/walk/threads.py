"""Long, deleted and edited threads, before and after they are recorded."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from tests.endurance.walk.stage import MUTE, RULE, Walk

_ASKED: Final = "Checkout errors are above two percent again, what do we do?"
_DECIDED: Final = "We decided to roll back whenever checkout errors stay above two percent."
_GATEWAY: Final = "From now on we always restart the payment gateway before calling the vendor."
_GONE: Final = "was deleted, so there is nothing to fill the form from."
_LONG: Final = 1000


def threads(walk: Walk) -> None:
    """Record a thread of 1,000 messages, and threads that change at each moment."""
    walk.without_review()
    _long(walk)
    _deleted_after_capture(walk)
    _edited_after_capture(walk)
    _deleted_while_the_form_is_open(walk)
    _edited_while_the_form_is_open(walk)
    _root_deleted_while_the_form_is_open(walk)
    _deleted_before_the_button(walk)


def _long(walk: Walk) -> None:
    old = walk.driver.channel("old", members=[walk.ana, walk.ben, walk.cleo])
    root = walk.ben.say(old, _ASKED)
    with ThreadPoolExecutor(8) as pool:
        said = [
            pool.submit(walk.ben.say, old, f"Still looking, attempt {number}.", thread=root)
            for number in range(_LONG - 1)
        ]
        for each in said:
            each.result()
    assert len(walk.driver.thread(old, root)) == _LONG
    walk.driver.invite_bot(old, by=walk.ana)
    walk.arrives("Opslore", channel=old)
    view = walk.ana.shortcut("Record this thread", old, root, seconds=60)
    assert isinstance(view, View), f"the shortcut opened nothing: {view}"
    _kept_from_long(walk, "shortcut", view, old, root)
    me = walk.driver.workspace()["bot_user_id"]
    walk.cleo.say(old, f"<@{me}> record", thread=root)
    offers = walk.until(lambda: walk.cleo.ephemerals(old))
    view = walk.opened(walk.cleo, "Record this thread", offers[-1])
    _kept_from_long(walk, "mention", view, old, root)


def _kept_from_long(walk: Walk, how: str, view: View, place: Channel, root: str) -> None:
    """Check that the form has the full thread, or says how much was read."""
    assert _ASKED in view.texts(), f"the form has {view.texts()}"
    told = [line for line in view.texts() if "This thread is long" in line]
    title = f"Look no longer than an hour, by {how}"
    walk.save(view, {"Title": title, RULE: "We look no longer than an hour."})
    card = walk.card(title, place)
    assert card.thread_ts == root, "the card is not in its thread"
    assert root.replace(".", "") in str(card.raw), "the card does not link to the thread"
    words = told[0] if told else "all of it was read"
    walk.saw(f"thread of {_LONG:,} messages by {how}", f"{words}; {card.words()}")


def _deleted_after_capture(walk: Walk) -> None:
    root = _thread(walk)
    reply = walk.driver.thread(walk.ops, root)[1]
    key = _saved(walk, _opened(walk, walk.cleo, root), "Deleted after capture")
    walk.ben.delete(walk.ops, reply)
    words = _says(walk, key, "(deleted)")
    assert _DECIDED not in _history(walk, key), "a deleted message is still shown as evidence"
    walk.saw("message deleted after capture", words)
    card = walk.arrives("Deleted after capture", "(deleted)", "Use it")
    link = f"p{reply.ts.replace('.', '')}"
    assert link not in str(card.raw), "the card still links to it"
    walk.saw("its card", card.words())
    walk.ana.delete(walk.ops, root)
    walk.until(lambda: walk.ask(walk.ana, f"/lore {key}").words().count("(deleted)") > 1)
    walk.saw("root deleted after capture", walk.ask(walk.ana, f"/lore {key}").words())


def _edited_after_capture(walk: Walk) -> None:
    root = _thread(walk)
    key = _saved(walk, _opened(walk, walk.cleo, root), "Edited after capture")
    walk.ana.edit(walk.ops, root, "Checkout errors are above five percent again.")
    walk.saw("message edited after capture", _says(walk, key, "(edited)", _ASKED))
    walk.saw("its card", walk.arrives("Edited after capture", "(edited)", "Use it").words())


def _deleted_while_the_form_is_open(walk: Walk) -> None:
    root = _thread(walk)
    view = _opened(walk, walk.cleo, root)
    walk.ben.delete(walk.ops, walk.driver.thread(walk.ops, root)[1])
    key = _saved(walk, view, "Deleted meanwhile")
    walk.saw("reply deleted while the form is open", _says(walk, key, "(deleted)"))


def _edited_while_the_form_is_open(walk: Walk) -> None:
    root = _thread(walk)
    view = _opened(walk, walk.cleo, root)
    walk.ana.edit(walk.ops, root, "Checkout errors are above nine percent again.")
    key = _saved(walk, view, "Edited meanwhile")
    walk.saw("message edited while the form is open", _says(walk, key, "(edited)"))


def _root_deleted_while_the_form_is_open(walk: Walk) -> None:
    root = walk.ben.say(walk.ops, "Build servers are drained one at a time.")
    view = _opened(walk, walk.cleo, root)
    walk.ben.delete(walk.ops, root)
    view.fill({"Title": "Drain build servers", RULE: "One at a time."})
    walk.save(view)

    found = walk.ask(walk.cleo, "/lore find drain build servers", "Drain build servers").words()
    [key] = re.findall(r"DEC-\d+(?=  Drain build servers)", found)

    def look() -> list[Message]:
        every = [*walk.driver.messages(walk.ops), *walk.cleo.dms(), *walk.cleo.ephemerals()]
        return [each for each in every if key in each.text]

    walk.saw("thread deleted while the form is open", walk.until(look)[-1].words())
    assert "Build servers are drained" not in _history(walk, key)


def _deleted_before_the_button(walk: Walk) -> None:
    root = walk.state(walk.cleo, _GATEWAY)
    prompt = walk.told(walk.cleo, MUTE)
    walk.ana.react(walk.ops, root, "scroll")
    offer = walk.told(walk.ana, "Record this thread")
    walk.cleo.delete(walk.ops, root)
    for person, label, on in (
        (walk.cleo, "Record it", prompt),
        (walk.ana, "Record this thread", offer),
    ):
        assert not isinstance(walk.press(person, label, on), View), f"{label} opened a form"
        walk.saw(f"{label} once it is deleted", walk.told(person, _GONE).words())


def _thread(walk: Walk) -> str:
    root = walk.ana.say(walk.ops, _ASKED)
    walk.ben.say(walk.ops, _DECIDED, thread=root)
    return root


def _opened(walk: Walk, person: PersonDriver, root: str) -> View:
    view = person.shortcut("Record this thread", walk.ops, root, seconds=60)
    assert isinstance(view, View), f"the shortcut opened nothing: {view}"
    return view


def _saved(walk: Walk, view: View, title: str) -> str:
    walk.save(view, {"Title": title})
    return walk.card(title).text.partition("@")[0]


def _says(walk: Walk, key: str, *parts: str) -> str:
    """Wait until the entry has these words."""

    def look() -> str:
        words = walk.ask(walk.ana, f"/lore {key}").words()
        return words if all(part in words for part in parts) else ""

    return walk.until(look)


def _history(walk: Walk, key: str) -> str:
    return walk.ask(walk.ana, f"/lore history {key}").words()
