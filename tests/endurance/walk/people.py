"""Guests, people of another organisation, and bots: served within their limits, or told why not."""

from collections.abc import Callable
from typing import Final

from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Answer, Channel, Message
from tests.endurance.walk.requests import command, sent
from tests.endurance.walk.stage import MUTE, ROLLBACK, ActionRefusedError, Walk

_READ_ONLY: Final = "Guests can read entries, but only full members can record"
_MEMBERS_ONLY: Final = "Opslore works only for members of the organization that installed it."
_CHANGES: Final = (
    *("record decision", "edit DEC-1", "retire DEC-1", "owner DEC-1 @ben", "watch off"),
    *("digest now", "digest settings", "restore DEC-1@1", "supersede DEC-1 DEC-1"),
)
# Titles of entries in channels that guests and outsiders aren't in.
_HIDDEN: Final = ("Refund twice charged", "Seal the vault")


def people(walk: Walk) -> None:
    """Act as each of them in a shared channel, and look at a channel without them."""
    members = [walk.ana, walk.ben, walk.cleo]
    place = walk.driver.channel("partners", members=members, shared=True)
    billing = walk.driver.channel("billing", members=members)
    vault = walk.driver.channel("vault", private=True, members=members)
    for channel in (place, billing, vault):
        walk.driver.invite_bot(channel, by=walk.ana)
    for channel, title in ((place, "Roll back"), (billing, _HIDDEN[0]), (vault, _HIDDEN[1])):
        view = walk.form(walk.ana, "/lore record decision", channel=channel)
        walk.save(view, {"Title": title, "What do we do?": "We roll back refunds of the vault."})
        walk.card(title, channel)
    guests = {
        "guest of several channels": walk.driver.person("gil", guest=True),
        "guest of one channel": walk.driver.person("sid", single_channel=True),
    }
    others = {
        "stranger": walk.driver.person("sue", stranger=True),
        "person of another organisation": walk.driver.person("fay", foreign=True),
    }
    for person in (*guests.values(), *others.values()):
        walk.driver.invite(place, person)
    for who, guest in guests.items():
        _guest(walk, who, guest, place)
    for who, other in others.items():
        _outsider(walk, who, other, place)
    _other_bot(walk, place)
    for person in (*guests.values(), *others.values()):
        _saw_nothing_hidden(person, place)
    walk.saw("guests and outsiders saw", "nothing from channels they are not in")


# Guests, outsiders and bots.


def _guest(walk: Walk, who: str, guest: PersonDriver, place: Channel) -> None:
    walk.ask(guest, "/lore DEC-1", "We roll back", channel=place)
    found = walk.ask(guest, "/lore find roll back refunds vault", "DEC-1", channel=place).words()
    assert not any(title in found for title in _HIDDEN), found
    for key in ("DEC-2", "DEC-3"):
        walk.ask(guest, f"/lore show {key}", f"There is no {key} that you can see", channel=place)
    walk.saw(f"{who}: find", found)
    for line in _CHANGES:
        answer = walk.ask(guest, f"/lore {line}", channel=place)
        assert answer.view is None, f"/lore {line} opened a form for a {who}"
        assert _READ_ONLY in answer.words(), f"/lore {line} of a {who}: {answer.words()}"
    walk.saw(f"{who}: {len(_CHANGES)} commands that change", answer.words())
    view = walk.opened(guest, "Use it", walk.card("Roll back", place))
    walk.save(view, {"Note": f"Noted by {guest.name}."})
    walk.saw(f"{who}: Use it", walk.told(guest, "Noted that you followed DEC-1@1.").words())
    for label in ("Edit", "Still accurate", "Retire"):
        _told(walk, guest, place, lambda each=label: _click(walk, guest, each, place), _READ_ONLY)  # type: ignore[misc] # bound now
        walk.saw(f"{who}: {label}", _READ_ONLY)
    _asks_to_record(walk, who, guest, place, _READ_ONLY)
    _is_not_asked(walk, who, guest, place)
    _home(walk, who, guest)


def _outsider(walk: Walk, who: str, person: PersonDriver, place: Channel) -> None:
    try:
        person.slash(place, "/lore DEC-1")
    except ActionRefusedError as refused:
        walk.saw(f"{who}: /lore, Slack's answer", refused)
    else:
        raise AssertionError(f"Slack's client gives a {who} no command")
    if walk.mode == "http":
        [answer] = sent(walk, command(walk, person, place, "show DEC-1"))
        assert _MEMBERS_ONLY in answer.text, answer.text
        assert "Roll back" not in answer.text
        walk.saw(f"{who}: /lore past the client", _MEMBERS_ONLY)
    for label in ("Use it", "Edit", "History", "Still accurate", "Retire"):
        words = _told(
            walk,
            person,
            place,
            lambda each=label: _click(walk, person, each, place),  # type: ignore[misc] # bound now
            _MEMBERS_ONLY,
        )
        walk.saw(f"{who}: {label}", words)
    _asks_to_record(walk, who, person, place, _MEMBERS_ONLY)
    _is_not_asked(walk, who, person, place)


def _other_bot(walk: Walk, place: Channel) -> None:
    pager = walk.driver.bot("pager")
    walk.driver.invite(place, pager)
    root = pager.say(place, "Disk of db-1 is full.")
    me = walk.driver.workspace()["bot_user_id"]
    before = len(walk.driver.messages(place))
    pager.say(place, f"<@{me}> record", thread=root)
    pager.react(place, root, "scroll")
    _is_not_asked(walk, "another bot", pager, place)
    said = [each for each in walk.driver.messages(place)[before:] if each.user == me]
    assert not said, f"a bot was answered {said}"
    view = walk.ana.shortcut("Record this thread", place, root, seconds=60)
    assert isinstance(view, View)
    assert "The message has no usable text, so the form is empty." in view.words()
    walk.saw("shortcut on a bot's message", "The message has no usable text, so the form is empty.")
    view.close()


# The acts of each person.


def _click(walk: Walk, person: PersonDriver, label: str, place: Channel) -> object:
    return person.press(label, walk.card("Roll back", place), seconds=0)


def _told(
    walk: Walk, person: PersonDriver, place: Channel, act: Callable[[], object], words: str
) -> str:
    """Act, and check that the only result is an answer with these words."""
    before = len(person.ephemerals(place))
    done = act()
    assert not isinstance(done, View), f"{person.name} is shown {done}"
    assert not isinstance(done, Answer) or done.error is None, f"{person.name}: {done}"
    said: list[Message] = walk.until(lambda: person.ephemerals(place)[before:])
    assert words in said[0].words(), f"{person.name} is told {said[0].words()!r}"
    return said[0].words()


def _asks_to_record(walk: Walk, who: str, person: PersonDriver, place: Channel, words: str) -> None:
    me = walk.driver.workspace()["bot_user_id"]
    root = walk.ben.say(place, "Who restarts the gateway?")
    acts: dict[str, Callable[[], object]] = {
        "shortcut": lambda: person.shortcut("Record this thread", place, root, seconds=0),
        "reaction": lambda: person.react(place, root, "scroll"),
        "mention": lambda: person.say(place, f"<@{me}> record", thread=root),
    }
    for how, act in acts.items():
        walk.saw(f"{who}: {how}", _told(walk, person, place, act, words))


def _is_not_asked(walk: Walk, who: str, person: PersonDriver, place: Channel) -> None:
    person.say(place, ROLLBACK)
    # By then it was considered.
    walk.settled()
    every = person.ephemerals(place)
    assert not [each for each in every if MUTE in each.buttons()], f"asked a {who}"
    walk.saw(f"{who}: a decision", "no prompt")


def _home(walk: Walk, who: str, person: PersonDriver) -> None:
    home = person.home(seconds=60)
    assert home is not None, f"the Home tab of a {who} stays empty"
    for title in _HIDDEN:
        assert title not in home.words(), f"the Home tab of a {who} shows {title}"
    walk.saw(f"{who}: Home", home.words())


def _saw_nothing_hidden(person: PersonDriver, place: Channel) -> None:
    shown = str([each.raw for each in (*person.sees(place), *person.ephemerals(), *person.dms())])
    for title in _HIDDEN:
        assert title not in shown, f"{person.name} was shown {title}"
