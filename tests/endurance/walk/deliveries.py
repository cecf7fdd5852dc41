"""Deliveries that are repeated, late, out of order, or sent to two bots: each counts once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sandbox.model import Json
from sandbox.persons import PersonDriver
from sandbox.seen import Channel, Message
from sandbox.transports import Parcel
from tests.endurance.walk.requests import sent, submission
from tests.endurance.walk.stage import CLOCKED, MUTE, ROLLBACK, RULE, Walk
from tests.support.processes import BotProcess, free_port

_GATEWAY: Final = "From now on we always restart the payment gateway before calling the vendor."
_NODES: Final = "Decision: we will drain the node before every kernel upgrade."
_CERTIFICATES: Final = "We decided to rotate the mail certificates on the first Tuesday."


def deliveries(walk: Walk) -> None:
    """Deliver events three times, late and shuffled, and in a chosen order over HTTP."""
    walk.driver.deliver_events(times=3)
    root = _asked_in_three_ways(walk, ROLLBACK, walk.ana)
    _once(walk, "three times", root)
    side = walk.driver.channel("side", members=[walk.ana])
    walk.driver.invite_bot(side, by=walk.ana)
    walk.arrives("Opslore", channel=side)
    walk.settled()
    assert len(_posted(walk, side)) == 1, "it is greeted more than once"
    walk.saw("invited three times", _posted(walk, side)[0].words())
    walk.ana.edit(walk.ops, root, f"{ROLLBACK} Always.")
    walk.saw("edited three times", walk.arrives("DEC-1", "(edited)", "Use it").words())
    walk.ana.delete(walk.ops, root)
    walk.saw("deleted three times", walk.arrives("DEC-1", "(deleted)", "Use it").words())
    walk.settled()
    assert len(_cards(walk, "DEC-1")) == 1

    walk.driver.deliver_events(delay=1.5)
    root = _asked_in_three_ways(walk, _GATEWAY, walk.ben)
    walk.driver.deliver_events()
    _once(walk, "late", root, walk.ben)

    walk.driver.deliver_events(shuffle=True)
    root = _asked_in_three_ways(walk, _NODES, walk.cleo)
    walk.driver.deliver_events()
    _once(walk, "out of order", root, walk.cleo)
    if walk.mode == "http":
        _overtaken(walk)


def replicas(walk: Walk) -> None:
    """Run two bots on one database and deliver the same to both at the same moment."""
    environment = {**walk.environment, "OPSLORE_PORT": str(free_port())}
    folder = walk.folder / "second"
    folder.mkdir()
    second = BotProcess(environment, walk.database_url, folder, CLOCKED)
    try:
        second.start().until_ready()
        if walk.mode == "socket":
            walk.until(lambda: walk.driver.sockets() == len((walk.bot, second)))
        _in_both(walk, second)
        assert second.stop() == 0, "the second bot ended with another status than 0"
        faults = [
            line
            for line in second.said().splitlines()
            if "Traceback" in line or " error   " in line
        ]
        assert not faults, f"the second bot's log says {faults[:3]}"
        walk.saw("the second bot exits", "status 0, no fault in its log")
    finally:
        if second.running:
            second.kill()


def _in_both(walk: Walk, second: BotProcess) -> None:
    with _to_both(walk, second):
        root = walk.ana.say(walk.ops, ROLLBACK)
        walk.ben.say(walk.ops, f"<@{_me(walk)}> record", thread=root)
        walk.cleo.react(walk.ops, root, "scroll")
        side = walk.driver.channel("side", members=[walk.ana])
        walk.driver.invite_bot(side, by=walk.ana)
    walk.arrives("Opslore", channel=side)
    _once(walk, "in two bots", root)
    assert len(_posted(walk, side)) == 1, "it is greeted more than once"
    walk.saw("invited in two bots", _posted(walk, side)[0].words())
    for bot in (walk.bot, second):
        page = bot.page("/metrics")
        assert page is not None
        counted = [
            line for line in page.text.splitlines() if 'events_total{kind="message"}' in line
        ]
        assert counted, "one of both was brought no message"
    _submitted_to_both(walk, second)
    walk.driver.do("time.monday", zone="Europe/Berlin")
    digest = walk.arrives("Weekly digest")
    walk.saw("digest of two bots", digest.words())
    walk.driver.do("time.ahead", hours=1)
    walk.ask(walk.ana, "/lore digest now", "on its way")
    walk.until(lambda: len(_digests(walk)) > 1)
    _settled_in(walk, second)
    both = [each.ts for each in _digests(walk)]
    assert len(both) == len(("by itself", "by command")), f"{len(both)} digests"
    walk.saw("digest by command", _digests(walk)[-1].words())


def _submitted_to_both(walk: Walk, second: BotProcess) -> None:
    view = walk.form(walk.ben, "/lore record decision")
    view.fill({"Title": "Kept once", RULE: "We keep it once."})
    if walk.mode == "http":
        answers = sent(walk, submission(walk, walk.ben, view.raw), walk.bot, second)
        assert [each.status_code for each in answers] == [200, 200], answers
        view.close()
    else:
        # Either bot may answer, and not always the one that opened the form.
        walk.save(view)
    walk.card("Kept once")
    _settled_in(walk, second)
    found = walk.ask(walk.cleo, "/lore find kept once", "1 entry").words()
    assert len([each for each in _posted(walk, walk.ops) if "Kept once" in each.text]) == 1
    walk.saw("form submitted to two bots", found)


# Ways to deliver.


@contextmanager
def _to_both(walk: Walk, second: BotProcess) -> Iterator[None]:
    """Deliver the events of the block to both bots at the same moment.

    Over Socket Mode the connections alternate, so an event that is sent twice reaches both
    bots.
    """
    if walk.mode == "socket":
        walk.driver.deliver_events(times=2)
        yield
        walk.driver.deliver_events()
        return
    payloads: list[Json] = []
    with _held(walk, payloads):
        yield
    for payload in payloads:
        answers = sent(walk, Parcel("events_api", payload), walk.bot, second)
        assert [each.status_code for each in answers] == [200, 200], answers


@contextmanager
def _held(walk: Walk, payloads: list[Json]) -> Iterator[None]:
    """Hold back the events of the block, and add them to the list."""
    before = len(walk.driver.deliveries())
    walk.driver.deliver_events(drop=True)
    yield
    walk.driver.deliver_events()
    payloads += [each["payload"] for each in walk.driver.deliveries()[before:]]


def _overtaken(walk: Walk) -> None:
    """Deliver an edit and a deletion before their message."""
    walk.driver.invite(walk.ops, walk.dan)
    payloads: list[Json] = []
    with _held(walk, payloads):
        gone = walk.dan.say(walk.ops, _CERTIFICATES)
        walk.dan.delete(walk.ops, gone)
    said, deleted = payloads
    for payload in (deleted, said, deleted):
        [answer] = sent(walk, Parcel("events_api", payload))
        assert answer.status_code == 200, answer.text
    walk.settled()
    assert not walk.dan.ephemerals(), "what was deleted is asked about"
    walk.saw("deletion before its message", "no prompt")


# Results.


def _me(walk: Walk) -> str:
    return walk.driver.workspace()["bot_user_id"]


def _asked_in_three_ways(walk: Walk, text: str, author: PersonDriver) -> str:
    """Post a decision, with a mention and a reaction by two others."""
    others = [each for each in (walk.ana, walk.ben, walk.cleo) if each.id != author.id]
    root = author.say(walk.ops, text)
    others[0].say(walk.ops, f"<@{_me(walk)}> record", thread=root)
    others[1].react(walk.ops, root, "scroll")
    return root


def _once(walk: Walk, how: str, root: str, author: PersonDriver | None = None) -> None:
    """Check that there is one prompt, one offer for each request, and one card of the entry."""
    author = author or walk.ana
    everybody = (walk.ana, walk.ben, walk.cleo)
    walk.until(lambda: all(_about(each, root) for each in everybody))
    walk.settled()
    counts = [len(_about(each, root)) for each in everybody]
    assert counts == [1, 1, 1], f"{how}: told {counts} times"
    [prompt] = _about(author, root)
    assert MUTE in prompt.buttons()
    walk.saw(f"{how}: one prompt and two offers", prompt.words())
    view = walk.opened(author, "Record it", prompt)
    walk.save(view, {"Title": f"Recorded {how}"})
    card = walk.card(f"Recorded {how}")
    walk.settled()
    key = card.text.partition("@")[0]
    assert card.thread_ts == root
    assert len(_cards(walk, key)) == 1, f"{how}: {len(_cards(walk, key))} cards"
    walk.saw(f"{how}: one card", card.words())


def _about(person: PersonDriver, root: str) -> list[Message]:
    """Return the prompts and offers after the root, the only messages that people get here."""
    every = [each for each in person.ephemerals() if each.ts > root]
    return [each for each in every if {MUTE, "Record this thread"} & {*each.buttons()}]


def _posted(walk: Walk, place: Channel) -> list[Message]:
    return [each for each in walk.driver.messages(place) if each.raw.get("bot_id")]


def _cards(walk: Walk, key: str) -> list[Message]:
    return [each for each in _posted(walk, walk.ops) if each.text.startswith(f"{key}@")]


def _digests(walk: Walk) -> list[Message]:
    return [each for each in _posted(walk, walk.ops) if "Weekly digest" in each.words()]


def _settled_in(walk: Walk, second: BotProcess) -> None:
    """Wait until the outbox of both bots is empty."""
    walk.settled()

    def quiet() -> bool:
        page = second.page("/metrics")
        return page is not None and "opslore_outbox_waiting 0\n" in page.text

    walk.until(quiet)
