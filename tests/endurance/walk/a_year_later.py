"""Old messages: a year later each button either acts or says why it can't."""

from dataclasses import dataclass
from datetime import timedelta

from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.endurance.walk.clock import moment, moved, moved_to, working_day_after
from tests.endurance.walk.digests import DISK, asked, button, every_digest, posted
from tests.endurance.walk.stage import ROLLBACK, RULE, Walk

YEAR = 24 * 366
# DEC-1 and so on.
ANA_OWNS = (
    "Drain the proxies",
    "Rotate certificates",
    "Freeze on Fridays",
    "Roll back",
    "Silence the alarms",
    "Open the gates",
    "Sweep the floor",
    "Water the plants",
    "Feed the cat",
    "Wind the clock",
)
EVE_OWNED = ("Page the database team", "Turn the lights off", "Lock the doors")
LINES = (
    "/lore gaps",
    "/lore",
    "/lore review",
    "/lore Rotate",
    "/lore history DEC-1",
    "/lore review DEC-5",
)
READS = "This reads like a decision"
FORGOTTEN = "Opslore can't show this gap."


@dataclass(frozen=True, slots=True, kw_only=True)
class Old:
    """The messages and entries from a year ago."""

    answers: dict[str, Message]
    cards: dict[str, Message]
    proposals: dict[str, Message]
    forms: dict[str, View]
    first: Message
    second: Message
    nudges: tuple[Message, Message]


def a_year_later(walk: Walk) -> None:
    """Post everything on one day, or a quarter later when it is due; then let a year pass."""
    old = _begun(walk)
    now = moved(walk, "ahead", hours=YEAR)
    walk.until(lambda: float(every_digest(walk)[-1].ts) >= now)
    walk.settled()
    _forms(walk, old.forms)
    _prompts(walk)
    _answers(walk, old.answers)
    _first_digest(walk, old.first)
    _second_digest(walk, old.second)
    _nudges(walk, *old.nudges)
    _proposals(walk, old.proposals)
    _cards(walk, old.cards)


# On the first day, and a quarter later.


def _begun(walk: Walk) -> Old:
    _recorded(walk)
    proposals = _proposed(walk)
    _prompted(walk)
    answers = {line: _answer(walk, line) for line in LINES}
    walk.ask(walk.ana, "/lore digest now")
    first = posted(walk, 1)
    cards = {title: walk.card(title) for title in (*ANA_OWNS, *EVE_OWNED)}
    forms = {
        "record": walk.form(walk.ana, "/lore record decision"),
        "edit": walk.form(walk.ben, "/lore edit DEC-6"),
        "use": walk.opened(walk.cleo, "Use it", cards["Open the gates"]),
    }
    # They are due after ninety days, and their owner is asked for three working days.
    day = working_day_after(moment(first) + timedelta(days=90))
    moved_to(walk, day, "10:30")
    nudge, second = walk.told(walk.ana, "waiting for you", "Roll back"), posted(walk, 2)
    moved_to(walk, working_day_after(day), "10:30")
    walk.until(lambda: walk.told(walk.ana, "waiting for you").ts != nudge.ts)
    nudges = (nudge, walk.told(walk.ana, "waiting for you", "Roll back"))
    return Old(
        answers=answers,
        cards=cards,
        proposals=proposals,
        forms=forms,
        first=first,
        second=second,
        nudges=nudges,
    )


def _recorded(walk: Walk) -> None:
    view = walk.form(walk.cleo, "/lore settings")
    walk.save(view, {"Prompts per person": "50", "Prompts per channel": "50"})
    eve = walk.driver.person("eve")
    walk.driver.invite(walk.ops, eve)
    for title in ANA_OWNS:
        walk.record(walk.ana, title, ROLLBACK if title == "Roll back" else "We do it.")
    for title in EVE_OWNED:
        walk.record(eve, title)
    eve.leave(walk.ops)


def _proposed(walk: Walk) -> dict[str, Message]:
    """Propose three changes: one waits, one is in force, and one goes back to Ben."""
    found = {}
    for key in ("DEC-1", "DEC-2", "DEC-3"):
        view = walk.form(walk.ben, f"/lore edit {key}")
        walk.save(view, {RULE: "We do it twice.", "Why?": "Once is too few."})
        found[key] = walk.arrives(f"{key}@2", "Waiting for approval")
    walk.press(walk.cleo, "Approve", found["DEC-2"])
    view = walk.opened(walk.cleo, "Request changes", found["DEC-3"])
    walk.save(view, {"What should change?": "Say when."})
    walk.until(lambda: "Revise" in _now(walk, found["DEC-3"]).buttons())
    walk.without_review()
    return found


def _prompted(walk: Walk) -> None:
    asked(walk, DISK)
    walk.ana.say(walk.ops, "We decided to keep backups of the wiki for ninety days.")
    walk.ana.say(walk.ops, ROLLBACK)
    walk.ben.say(walk.ops, "We decided to never deploy the shop on a Saturday afternoon.")
    walk.cleo.say(walk.ops, "We decided that every incident gets a written review in a week.")
    root = walk.ben.say(walk.ops, "The bastion was rebooted by hand and nobody knew why.")
    walk.cleo.react(walk.ops, root, "scroll")
    walk.told(walk.cleo, "Ready to record this thread.")
    walk.told(walk.ana, "DEC-4 covers this")
    for person in (walk.ana, walk.ben, walk.cleo):
        walk.told(person, READS)


def _answer(walk: Walk, line: str) -> Message:
    message = walk.ask(walk.ana, line).message
    assert message, f"{line} got no answer"
    return message


# A year later.


def _forms(walk: Walk, forms: dict[str, View]) -> None:
    """Check that typed text is not lost: the form says what to do with it."""
    for name in ("record", "edit"):
        said = forms[name].fill({"Title": "A late one", RULE: "We wait."}).submit()
        assert "This form has expired." in str(said), said
        walk.saw(f"an old form to {name}", said)
        forms[name].close()
    walk.save(forms["use"])
    walk.ask(walk.ana, "/lore show DEC-6", "1 followed")
    walk.saw("an old form to use", "1 followed")


def _prompts(walk: Walk) -> None:
    def prompt(person: PersonDriver, label: str, words: str) -> Message:
        every = person.ephemerals(walk.ops)
        return next(each for each in every if label in each.buttons() and words in each.words())

    ana, ben, cleo = walk.ana, walk.ben, walk.cleo
    _press(walk, ana, prompt(ana, "Open", "DEC-4 covers"), "Open", "DEC-4  Roll back\nDecision")
    _press(walk, ana, prompt(ana, "Use it", "DEC-4 covers"), "Use it", "How did it go?")
    _press(walk, ana, prompt(ana, "Record decision", READS), "Record decision", "backups of the")
    _press(walk, ben, prompt(ben, "Not this time", READS), "Not this time", "it is put away")
    offer = prompt(cleo, "Record this thread", "Ready to record")
    _press(walk, cleo, offer, "Record this thread", "The bastion was rebooted")
    mute = prompt(cleo, "Mute prompts here", READS)
    _press(walk, cleo, mute, "Mute prompts here", "Prompts are off in this channel.")


def _answers(walk: Walk, answers: dict[str, Message]) -> None:
    ana = walk.ana
    for line, label, says in (
        ("/lore gaps", "Record it", FORGOTTEN),
        ("/lore gaps", "Not recurring", FORGOTTEN),
        ("/lore", "Record a decision", "What do we do?"),
        ("/lore", "Gaps", "No gaps: nothing came back in your channels"),
        ("/lore Rotate", "Open", "DEC-2  Rotate certificates\nDecision"),
        ("/lore review DEC-5", "Open", "DEC-5  Silence the alarms\nDecision"),
        ("/lore review DEC-5", "Needs a change", "Edit DEC-5"),
        ("/lore review DEC-5", "Still accurate", "DEC-5@1 is still accurate; due again"),
        ("/lore review DEC-5", "Retire", "DEC-5 is retired"),
    ):
        _press(walk, ana, answers[line], label, says)
    review = answers["/lore review"]
    _press(walk, ana, review, "View change", "We do it twice.", near="DEC-1@2")
    history = answers["/lore history DEC-1"]
    says = "DEC-1  Drain the proxies\nDecision"
    _press(walk, ana, history, "Show", says, near="DEC-1@1")
    says = "DEC-5 is retired, so it can't be changed or used."
    _press(walk, ana, answers["/lore review DEC-5"], "ask_entry", says, choice=walk.cleo)


def _first_digest(walk: Walk, digest: Message) -> None:
    """Post a digest with three entries without an owner and one gap."""
    _line(walk, digest, ("Gaps", DISK[0]), "Record it", FORGOTTEN)
    _line(walk, digest, ("Gaps", DISK[0]), "Not recurring", FORGOTTEN)
    _line(walk, digest, ("Waiting for approval", ANA_OWNS[0]), "View change", "We do it twice.")
    _line(walk, digest, ("Incomplete", ANA_OWNS[5]), "Edit", "Edit DEC-6")
    _line(walk, digest, ("Incomplete", ANA_OWNS[5]), "Open", "DEC-6  Open the gates\nDecision")
    says = f"{EVE_OWNED[1]}\nOwner changed by ana"
    _line(walk, digest, ("Owner gone", EVE_OWNED[1]), "Take over", says)
    message, assign = button(walk, digest, "Owner gone", EVE_OWNED[0], "Assign")
    view = _press(walk, walk.ana, message, assign, "Assign an owner")
    assert view is not None
    walk.save(view.choose("Owner", walk.ben))
    walk.ask(walk.ana, "/lore show DEC-11", "owner ben")


def _second_digest(walk: Walk, digest: Message) -> None:
    section = "Due for review"
    for title, label, says in (
        ("Water the plants", "Still accurate", "Still accurate by ana"),
        ("Feed the cat", "Retire", "Retired by ana"),
        ("Wind the clock", "Snooze", "Snoozed by ana"),
    ):
        _line(walk, digest, (section, title), label, f"{title}\n{says}")
    _line(walk, digest, (section, EVE_OWNED[2]), "Needs a change", "Edit DEC-13")


def _nudges(walk: Walk, first: Message, second: Message) -> None:
    def press(nudge: Message, label: str, says: str, near: str | None = None) -> None:
        _press(walk, walk.ana, _now(walk, nudge), label, says, near=near)

    press(first, "View change", "We do it twice.", "DEC-1@2")
    press(first, "Open", "DEC-4  Roll back\nDecision", "Roll back")
    press(first, "Needs a change", "Edit DEC-4", "Roll back")
    press(first, "Still accurate", "Open the gates\nStill accurate by ana", "Open the gates")
    press(first, "Retire", "Sweep the floor\nRetired by ana", "Sweep the floor")
    press(first, "Snooze", "Nudges are snoozed for you until")
    walk.ask(walk.ana, "/lore nudges on", "one direct message a working day")
    walk.until(lambda: "Turn off" in _now(walk, second).buttons())
    press(second, "Turn off", "Nudges are off for you.")


def _proposals(walk: Walk, proposals: dict[str, Message]) -> None:
    first, second, third = (_now(walk, each) for each in proposals.values())
    _press(walk, walk.cleo, first, "View change", "Full text after this change")
    _press(walk, walk.cleo, first, "Request changes", "What should change?")
    _press(walk, walk.cleo, first, "Approve", "In force, approved by cleo")
    _press(walk, walk.ben, second, "History", "DEC-2@2")
    _press(walk, walk.ben, third, "Revise", "We do it twice.")


def _cards(walk: Walk, cards: dict[str, Message]) -> None:
    def press(title: str, label: str, says: str) -> None:
        _press(walk, walk.ana, _now(walk, cards[title]), label, says)

    title = "Freeze on Fridays"
    press(title, "View change", "We do it twice.")
    press(title, "Use it", "How did it go?")
    press(title, "Edit", "Edit DEC-3")
    press(title, "History", "DEC-3@1")
    press(title, "Still accurate", "DEC-3@1 is still accurate. It is due again on")
    press("Rotate certificates", "Retire", "DEC-2 is retired")
    press(EVE_OWNED[2], "Take over", "You now own DEC-13.")


def _line(walk: Walk, digest: Message, of: tuple[str, str], label: str, says: str) -> None:
    """Press a button of a line, named by its section and its subject."""
    message, name = button(walk, digest, *of, label)
    _press(walk, walk.ana, message, name, says)


def _press(
    walk: Walk,
    person: PersonDriver,
    on: Message,
    label: str,
    says: str,
    *,
    near: str | None = None,
    choice: object = None,
) -> View | None:
    """Press or choose it, and check that the result has these words."""
    what = f"{label.rpartition('/')[2]} on “{on.words().splitlines()[0][:40]}”"
    before = _reads(walk, person)
    if choice is None:
        outcome = walk.press(person, label, on, near=near)
    else:
        outcome = person.select(label, choice, on, near=near)
    if isinstance(outcome, View):
        words = f"{outcome.title}\n{outcome.words()}"
        assert says in words, f"{what} opens {words!r}"
        walk.saw(what, f"{outcome.title}, a form")
        return outcome
    try:
        walk.until(lambda: says in _new(before, _reads(walk, person)))
    except TimeoutError:
        found = _new(before, _reads(walk, person)) or "silence"
        raise AssertionError(f"{what}: {found!r} instead of {says!r}") from None
    walk.settled()
    walk.saw(what, says)
    return None


def _reads(walk: Walk, person: PersonDriver) -> dict[str, str]:
    every = [*walk.driver.messages(walk.ops), *person.ephemerals(), *person.dms()]
    return {f"{each.channel} {each.ts}": each.words() for each in every}


def _new(before: dict[str, str], after: dict[str, str]) -> str:
    """Return the messages that are new or changed, and whether one is gone."""
    new = [words for key, words in after.items() if before.get(key) != words]
    return "\n".join([*new, *("it is put away" for key in before if key not in after)])


def _now(walk: Walk, message: Message) -> Message:
    """Return the message as it is now."""
    every = [*walk.driver.messages(walk.ops), *walk.ana.dms()]
    return next(each for each in every if each.ts == message.ts)
