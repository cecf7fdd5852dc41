"""Faults of Slack: each method of the Web API is refused, broken and silent while people act."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from bot.slack.access import METHODS
from sandbox.forms import View
from sandbox.model import Json
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.endurance.walk.stage import GATEWAY_QUESTION, NOT_THIS, RULE, ActionRefusedError, Walk

_FAULTS: Final[dict[str, dict[str, Any]]] = {
    "429": {"error": "ratelimited", "retry_after": 1},
    "500": {"status": 500},
    "no answer": {"never": True},
}
_OF_SOCKETS: Final = frozenset({"apps.connections.open", "bots.info"})
_UNKNOWN: Final = "Slack didn't tell Opslore who you are"
_AGAIN: Final = "ry again"
_LONGEST: Final = 60


def outages(walk: Walk) -> None:
    """Strike each method with each fault, and print what people saw."""
    found: dict[str, list[str]] = {}
    _starts(walk, found)
    walk.cover()
    walk.chat(200)
    for number, fault in enumerate(_FAULTS):
        case = _Case(walk, fault, number)
        for method in _ALONE:
            acts = _ACTS[method](case)
            next(acts)
            walk.settled()
            found.setdefault(method, []).append(next(acts))
        groups = _TOGETHER if walk.mode == "http" else (*_TOGETHER, ("bots.info",))
        prepared = {each: _ACTS[each](case) for group in groups for each in group}
        for acts in prepared.values():
            next(acts)
        walk.settled()
        with ThreadPoolExecutor(len(groups)) as pool:
            results = list(pool.map(_in_turn, groups, [prepared] * len(groups)))
        for method, words in (each for result in results for each in result.items()):
            found.setdefault(method, []).append(words)
        walk.driver.heal()
    for method, seen in found.items():
        shown = dict.fromkeys(each[:_LONGEST] for each in seen)
        walk.saw(f"{method}, {', '.join(_FAULTS)}", " | ".join(shown))
    missed = {*METHODS, "response_url"} - set(found)
    # HTTP mode opens no connection, and the doctor checks no app-level token.
    assert missed <= (_OF_SOCKETS if walk.mode == "http" else set()), missed


@dataclass
class _Case:
    """One fault, and people who are new to the bot."""

    walk: Walk
    fault: str
    number: int
    _new: list[PersonDriver] = field(default_factory=list)

    @contextmanager
    def strikes(self, method: str, **how: object) -> Iterator[None]:
        """Let the next call of a method fail, and check that there was one."""
        driver = self.walk.driver
        before = len(driver.calls(method))
        driver.fail(method, times=1, **(how or _FAULTS[self.fault]))
        yield
        self.walk.until(lambda: any(map(_failed, driver.calls(method)[before:])))

    def somebody(self) -> PersonDriver:
        """Return a member of #ops who is new to the bot."""
        person = self.walk.driver.person(f"new-{self.number}-{len(self._new)}")
        self._new.append(person)
        person.join(self.walk.ops)
        return person

    def called(self, name: str) -> str:
        """Return a name or title for this fault only."""
        return f"{name} {('one', 'two', 'three')[self.number]}"

    def once(self, title: str) -> Message:
        """Return the only card of an entry once the outbox is empty."""
        self.walk.card(title)
        said = self.walk.driver.messages(self.walk.ops)
        cards = [each for each in said if title in each.text and "Use it" in each.buttons()]
        assert len(cards) == 1, f"{len(cards)} cards of {title!r}"
        return cards[0]


_Act = Callable[[_Case], Iterator[str]]


def _failed(call: Json) -> bool:
    answer = call["answer"]
    # The sandbox doesn't report this method; its first call is the one that failed.
    if call["method"] == "response_url":
        return True
    return answer is None or (isinstance(answer, dict) and answer.get("error") == "ratelimited")


def _in_turn(group: Sequence[str], prepared: dict[str, Iterator[str]]) -> dict[str, str]:
    return {method: next(prepared[method]) for method in group}


def _starts(walk: Walk, found: dict[str, list[str]]) -> None:
    """Check that the bot asks for its identity and connection at the start until Slack answers."""
    methods = ["auth.test", *(["apps.connections.open"] if walk.mode == "socket" else [])]
    assert walk.bot.stop() == 0
    before = {method: len(walk.driver.calls(method)) for method in methods}
    for method in methods:
        for how in _FAULTS.values():
            walk.driver.fail(method, times=1, **how)
    looked = len(walk.driver.calls("users.conversations"))
    walk.bot.start().until_ready()
    # Shortly after its start the bot refreshes its channels, and must not hit the other faults.
    walk.until(lambda: walk.driver.calls("users.conversations")[looked:])
    for method in methods:
        calls = walk.driver.calls(method)[before[method] :]
        assert [_failed(each) for each in calls[:4]] == [True, True, True, False], calls
        found[method] = ["asked again until it was said, then ready"]
    walk.ask(walk.ana, "/lore help", "record")


# Each of these prepares, yields, acts, and yields what people saw.


def _person(case: _Case) -> Iterator[str]:
    person = case.somebody()
    yield ""
    yield _refused(case, "users.info", person)


def _memberships(case: _Case) -> Iterator[str]:
    person = case.somebody()
    yield ""
    yield _refused(case, "users.conversations", person)


def _refused(case: _Case, method: str, person: PersonDriver) -> str:
    with case.strikes(method):
        words = case.walk.ask(person, "/lore find checkout", _UNKNOWN, _AGAIN).words()
    again = case.walk.ask(person, "/lore find checkout").words()
    assert _UNKNOWN not in again, again
    return words


def _channel(case: _Case) -> Iterator[str]:
    walk = case.walk
    side = walk.driver.channel(f"side-{case.number}", members=[walk.ana])
    yield ""
    with case.strikes("conversations.info"):
        walk.driver.invite_bot(side, by=walk.ana)
    walk.arrives("Opslore", channel=side)
    walk.settled()
    greetings = [each for each in walk.driver.messages(side) if each.raw.get("bot_id")]
    assert len(greetings) == 1, greetings
    yield "greets once: " + greetings[0].words()[:30]


def _alone(case: _Case) -> Iterator[str]:
    """Check that the only member of a channel saves at once, but not if Slack can't confirm it."""
    walk = case.walk
    solo = walk.driver.channel(f"solo-{case.number}", members=[walk.dan])
    walk.driver.invite_bot(solo, by=walk.dan)
    title = case.called("Water the plants")
    view = walk.form(walk.dan, "/lore record decision", channel=solo)
    walk.save(view, {"Title": title, RULE: "On Mondays."})
    key = walk.card(title, solo).text.partition("@")[0]
    yield ""
    with case.strikes("conversations.members"):
        view = walk.form(walk.dan, f"/lore edit {key}", channel=solo)
    label = view.raw["submit"]["text"]
    view.close()
    again = walk.form(walk.dan, f"/lore edit {key}", channel=solo)
    assert (label, again.raw["submit"]["text"]) == ("Propose", "Save")
    again.close()
    yield "the form says Propose, then Save"


def _answer_address(case: _Case) -> Iterator[str]:
    """Check that a command with slow lookups is answered at its response URL."""
    walk, person = case.walk, case.somebody()
    yield ""
    walk.driver.fail("users.info", late=1.6, times=1)
    walk.driver.fail("users.conversations", late=1.6, times=1)
    with case.strikes("response_url", **_FAULTS[case.fault]):
        person.slash(walk.ops, "/lore find unheard-of", seconds=0)
        words = walk.told(person, "unheard-of").words()
    yield words


def _posted(case: _Case) -> Iterator[str]:
    view = _filled(case, title := case.called("Drain a queue"))
    yield ""
    with case.strikes("chat.postMessage"):
        case.walk.save(view)
    yield "one card: " + case.once(title).text


def _looked_for(case: _Case) -> Iterator[str]:
    """Check that a card posted without an answer is looked up before it is posted again."""
    view = _filled(case, title := case.called("Warm a cache"))
    yield ""
    case.walk.driver.fail("chat.postMessage", lost=True, times=1)
    with case.strikes("conversations.history"):
        case.walk.save(view)
    yield "lost, found again: " + case.once(title).text


def _filled(case: _Case, title: str) -> View:
    view = case.walk.form(case.somebody(), "/lore record decision")
    return view.fill({"Title": title, RULE: "We do it by hand."})


def _drawn_anew(case: _Case) -> Iterator[str]:
    walk = case.walk
    walk.record(walk.ana, title := case.called("Move a disk"))
    view = walk.opened(case.somebody(), "Use it", walk.card(title))
    yield ""
    with case.strikes("chat.update"):
        walk.save(view)
    walk.until(lambda: "followed" in walk.card(title).words())
    lines = walk.card(title).words().splitlines()
    yield "the card: " + next(line for line in lines if "followed" in line)


def _news(case: _Case) -> Iterator[str]:
    walk, comment = case.walk, case.called("Say for how long")
    key = walk.record(walk.ana, case.called("Stop a worker"))
    walk.save(walk.form(walk.ben, f"/lore edit {key}"), {RULE: "We stop it at night."})

    def proposed() -> list[Message]:
        said = walk.driver.messages(walk.ops)
        return [each for each in said if f"proposes {key}@" in each.text]

    view = walk.opened(walk.cleo, "Request changes", walk.until(proposed)[0])
    yield ""
    with case.strikes("conversations.open"):
        walk.save(view, {"What should change?": comment})
    yield "to its author: " + walk.told(walk.ben, comment).words()


def _ephemeral(case: _Case) -> Iterator[str]:
    """Check that a requested answer comes later, and that an uncertain prompt is in App Home."""
    walk, asking, deciding = case.walk, case.somebody(), case.somebody()
    for person in (asking, deciding):
        walk.ask(person, "/lore find checkout")
    root = walk.ben.say(walk.ops, case.called("The build is slow"))
    bot = walk.driver.workspace()["bot_user_id"]
    yield ""
    with case.strikes("chat.postEphemeral"):
        asking.say(walk.ops, f"<@{bot}> record", thread=root)
    walk.told(asking, "Record this thread")
    before = len(walk.driver.calls("chat.postEphemeral"))
    with case.strikes("chat.postEphemeral"):
        deciding.say(walk.ops, GATEWAY_QUESTION)
    if case.fault == "429":
        walk.told(deciding, NOT_THIS)
        shown = "the prompt comes later"
    else:
        walk.until(lambda: "covers what you wrote in" in _home_of(deciding))
        tried = walk.driver.calls("chat.postEphemeral")[before:]
        assert [each["args"]["user"] for each in tried].count(deciding.id) == 1, tried
        assert not [each for each in deciding.ephemerals() if NOT_THIS in each.buttons()]
        shown = "the prompt is not sent again, App Home has it"
    yield f"the button comes; {shown}"


def _home_of(person: PersonDriver) -> str:
    home = person.home()
    return home.words() if home is not None else ""


def _home(case: _Case) -> Iterator[str]:
    person = case.somebody()
    case.walk.ask(person, "/lore find checkout")
    yield ""
    with case.strikes("views.publish"):
        person.home(seconds=0)

    def drawn() -> str:
        home = person.home(seconds=0)
        return home.words() if home is not None else ""

    yield "drawn: " + case.walk.until(drawn)[:30]


def _form(case: _Case) -> Iterator[str]:
    walk, person = case.walk, case.somebody()
    walk.ask(person, "/lore find checkout")
    yield ""
    with case.strikes("views.open"):
        person.slash(walk.ops, "/lore record decision", seconds=0)
    words = walk.told(person, "Slack didn't open the form").words()
    walk.form(person, "/lore record decision").close()
    yield words


def _thread(case: _Case) -> Iterator[str]:
    walk = case.walk
    root = walk.ben.say(walk.ops, case.called("The disk of the mail server is full"))
    yield ""
    with case.strikes("conversations.replies"):
        view = walk.ben.shortcut("Record this thread", walk.ops, root, seconds=60)
    assert isinstance(view, View), view
    assert "The disk of the mail server is full" in view.words()
    [words] = [each for each in view.texts() if "Slack didn't return the whole thread" in each]
    view.close()
    yield words


def _over(case: _Case) -> Iterator[str]:
    walk, person = case.walk, case.somebody()
    walk.record(person, title := case.called("Open a port"))
    home = person.home(seconds=30)
    assert home is not None
    shown = home.press("Open", near=title, seconds=30)
    assert shown is not None
    yield ""
    with case.strikes("views.push"):
        _pressed(shown, "Use it")
    words = _small_modal(case, person)
    assert shown.press("Use it", seconds=30) != shown
    yield words


def _grown(case: _Case) -> Iterator[str]:
    walk, person = case.walk, case.somebody()
    view = walk.form(person, "/lore record escalation")
    view.fill({"Title": case.called("Payments are down")})
    yield ""
    with case.strikes("views.update"):
        _pressed(view, "Add a level")
    words = _small_modal(case, person)
    assert "Level 2: notify" not in view.words()
    view.press("Add a level", seconds=30)
    walk.until(lambda: "Level 2: notify" in view.words())
    assert case.called("Payments are down") in view.words(), "what was typed stays"
    yield words


def _pressed(view: View, label: str) -> None:
    """Press it; if Slack says that the answer was late, the bot's answer follows."""
    with suppress(ActionRefusedError):
        view.press(label, seconds=0)


def _small_modal(case: _Case, person: PersonDriver) -> str:
    """Return the text of a small modal on top, and close it."""

    def top() -> View | None:
        view = person.view
        return view if view is not None and _AGAIN in view.words() else None

    view = case.walk.until(top)
    assert view is not None
    words = view.words()
    view.close()
    return words


def _doctor(case: _Case) -> Iterator[str]:
    walk = case.walk
    yield ""
    with case.strikes("bots.info"):
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", "doctor"],
            env={**walk.environment, "DATABASE_URL": walk.database_url},
            cwd=walk.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    yield f"doctor ends with {done.returncode}"


_ACTS: Final[dict[str, _Act]] = {
    "users.info": _person,
    "users.conversations": _memberships,
    "conversations.info": _channel,
    "conversations.members": _alone,
    "response_url": _answer_address,
    "chat.postMessage": _posted,
    "conversations.history": _looked_for,
    "chat.update": _drawn_anew,
    "conversations.open": _news,
    "chat.postEphemeral": _ephemeral,
    "views.publish": _home,
    "views.open": _form,
    "conversations.replies": _thread,
    "views.push": _over,
    "views.update": _grown,
    "bots.info": _doctor,
}
# Everyone's acts need lookups, so nothing else happens at the same time.
_ALONE: Final = (
    "users.info",
    "users.conversations",
    "conversations.info",
    "conversations.members",
    "response_url",
)
# Acts that need the same methods are done one after the other.
_TOGETHER: Final = (
    ("chat.postMessage", "conversations.history"),
    ("chat.update", "conversations.open", "chat.postEphemeral"),
    ("views.publish", "views.open", "conversations.replies"),
    ("views.push", "views.update"),
)
