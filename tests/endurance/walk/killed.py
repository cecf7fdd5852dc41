"""`kill -9` at awkward moments: acknowledged acts take effect, once."""

import threading
from collections.abc import Callable
from typing import Any, Final

from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.endurance.walk.stage import GATEWAY_QUESTION, NOT_THIS, RULE, ActionRefusedError, Walk

# An outbox item is free again when its lease is over; an event comes again after a minute.
_SETTLED_SECONDS: Final = 150
# A call in progress when the bot is killed hangs for this long.
_LATE: Final = 3.0


def killed(walk: Walk) -> None:
    """Kill the bot at each moment, start it again, and wait for everything promised."""
    walk.cover()
    checks = {name: moment(walk) for name, moment in _MOMENTS.items()}
    for check in checks.values():
        check()

    def quiet() -> bool:
        page = walk.bot.page("/metrics")
        return page is not None and "opslore_outbox_waiting 0\n" in page.text

    _until(walk, quiet)
    # Each result arrived; once nothing is waiting, check that each arrived only once.
    for name, check in checks.items():
        walk.saw(f"killed {name}", check())


def _kill(walk: Walk) -> None:
    walk.bot.kill()
    walk.driver.heal()
    walk.bot.start().until_ready()


def _under_way(walk: Walk, method: str, act: Callable[[], object]) -> None:
    """Kill the bot while it waits for the answer to a call that Slack has carried out."""
    before = len(walk.driver.calls(method))
    walk.driver.fail(method, late=_LATE, times=1)
    thread = threading.Thread(target=_tolerant, args=(act,))
    thread.start()
    walk.until(lambda: walk.driver.calls(method)[before:])
    _kill(walk)
    thread.join()


def _tolerant(act: Callable[[], object]) -> None:
    try:
        act()
    except ActionRefusedError:
        # Slack's own message that the app didn't answer.
        return


def _until(walk: Walk, happened: Callable[[], object]) -> None:
    walk.driver.until(happened, _SETTLED_SECONDS)


def _prompts(person: PersonDriver) -> list[Message]:
    return [each for each in person.ephemerals() if NOT_THIS in each.buttons()]


def _member(walk: Walk, name: str) -> PersonDriver:
    person = walk.driver.person(name)
    person.join(walk.ops)
    return person


# Each of these kills the bot at one moment, and returns a check for the promised result.

_Check = Callable[[], str]


def _said(walk: Walk) -> _Check:
    """Kill it right after someone posted a message."""
    person = _member(walk, "said")
    person.say(walk.ops, GATEWAY_QUESTION, wait=False)
    _kill(walk)

    def check() -> str:
        _until(walk, lambda: _prompts(person))
        [prompt] = _prompts(person)
        return prompt.words()

    return check


def _prompted(walk: Walk) -> _Check:
    """Kill it while it shows a prompt, which isn't sent again, as it may have arrived;

    App Home has it.
    """
    person = _member(walk, "prompted")
    _under_way(
        walk, "chat.postEphemeral", lambda: person.say(walk.ops, GATEWAY_QUESTION, wait=False)
    )

    def check() -> str:
        _until(walk, lambda: "covers what you wrote in" in _home_of(person))
        [_] = _prompts(person)
        lines = _home_of(person).splitlines()
        return "App Home: " + next(each for each in lines if "covers what you wrote in" in each)

    return check


def _home_of(person: PersonDriver) -> str:
    home = person.home()
    return home.words() if home is not None else ""


def _opening(walk: Walk) -> _Check:
    """Kill it while a form opens: the form is shown, and the text typed in it is saved."""
    person = _member(walk, "opening")
    _under_way(
        walk, "views.open", lambda: person.slash(walk.ops, "/lore record decision", seconds=0)
    )
    view = person.view
    assert view is not None, "the form that Slack opened is gone"
    walk.save(view, {"Title": "Killed while it opened", RULE: "Sent all the same."})
    return lambda: _card(walk, "Killed while it opened")


def _saving(walk: Walk) -> _Check:
    """Kill it while a form is saved:

    Slack's own message appears, and the form is submitted again.
    """
    person = _member(walk, "saving")
    view = walk.form(person, "/lore record decision")
    view.fill({"Title": "Killed while it was saved", RULE: "Once."})
    said: list[dict[str, str]] = []
    thread = threading.Thread(target=lambda: said.append(view.submit()))
    # A bot that has just started looks up the sender before it stores anything.
    assert walk.bot.stop() == 0
    walk.bot.start().until_ready()
    before = len(walk.driver.calls("users.info"))
    walk.driver.fail("users.info", late=1.8)
    thread.start()

    def asked() -> bool:
        calls = walk.driver.calls("users.info")[before:]
        return any(each["args"]["user"] == person.id for each in calls)

    walk.until(asked)
    _kill(walk)
    thread.join()
    assert list(said[0]) == [""], f"the form says {said}"
    assert view.submit() == {}
    return lambda: f"{said[0]['']} {_card(walk, 'Killed while it was saved')}"


def _saved(walk: Walk) -> _Check:
    """Kill it between saving a form and recording its card: it finds the card again."""
    person = _member(walk, "saved")
    view = walk.form(person, "/lore record decision")
    view.fill({"Title": "Killed before its card", RULE: "One card."})
    walk.settled()
    _under_way(walk, "chat.postMessage", lambda: walk.save(view))
    return lambda: _card(walk, "Killed before its card")


def _card(walk: Walk, title: str) -> str:
    """Return the only card of an entry."""

    def cards() -> list[Message]:
        said = walk.driver.messages(walk.ops)
        return [each for each in said if title in each.text and "Use it" in each.buttons()]

    _until(walk, cards)
    [card] = cards()
    return card.text


def _posting(walk: Walk) -> _Check:
    """Kill it between a digest's post and the record of it: it finds the post again."""
    return _digest(walk, "posting", {"late": _LATE})


def _claimed(walk: Walk) -> _Check:
    """Kill it between a digest's claim and its post."""
    return _digest(walk, "claimed", {"never": True})


def _digest(walk: Walk, name: str, how: dict[str, Any]) -> _Check:
    place = walk.driver.channel(name, members=[walk.ana])
    walk.driver.invite_bot(place, by=walk.ana)
    walk.arrives("Opslore", channel=place)
    before = len(walk.driver.calls("chat.postMessage"))

    def posting() -> bool:
        calls = walk.driver.calls("chat.postMessage")[before:]
        return any(each["args"]["channel"] == place.id for each in calls)

    walk.driver.fail("chat.postMessage", **how)
    walk.ana.slash(place, "/lore digest now", seconds=0)
    walk.until(posting)
    _kill(walk)

    def check() -> str:
        def digests() -> list[Message]:
            said = walk.driver.messages(place)
            return [each for each in said if each.text.startswith("Weekly digest")]

        _until(walk, digests)
        [digest] = digests()
        return digest.text

    return check


_MOMENTS: Final[dict[str, Callable[[Walk], _Check]]] = {
    "after a message": _said,
    "while a prompt is told": _prompted,
    "while a form opens": _opening,
    "while a form is saved": _saving,
    "between a form and its card": _saved,
    "between a digest's post and its record": _posting,
    "between a digest's claim and its post": _claimed,
}
