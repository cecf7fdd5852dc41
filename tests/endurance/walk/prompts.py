"""The buttons of prompts and offers, App Home, unsaved forms, and `/lore help`."""

from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.endurance.walk.clicks import answered, heard, home, pressed, put_away, since
from tests.endurance.walk.stage import (
    GATEWAY_QUESTION,
    GATEWAY_RULE,
    MUTE,
    NOT_THIS,
    ROLLBACK,
    RULE,
    Walk,
)

_RULES = (
    ROLLBACK,
    "From now on we always archive old tenant exports before the weekly vacuum.",
    "From now on we always drain the node before a kernel upgrade.",
    "From now on we always rotate the mail certificates on the first Tuesday.",
    "From now on we always freeze firmware on the load balancers during holidays.",
    "From now on we always shard the metrics cluster when ingestion lags behind.",
)
_KNOWS = "You know the answer to something that came up in #"
_ASKS = ["Record it", "Not recurring", "Someone else knows", MUTE]
_COVERS = ["This helped", "Use it", "Open", NOT_THIS]
# With as many messages, the rate of prompts in the channel allows all of them.
_CHATTER = 350


def prompts(walk: Walk) -> None:
    """Give each answer to a prompt, with a budget that is large enough."""
    view = walk.form(walk.cleo, "/lore settings")
    walk.save(view, {"Prompts per person": "20", "Prompts per channel": "20"})
    walk.chat(_CHATTER)
    _recorded(walk)
    _passed_on(walk)
    _refused(walk)
    _muted(walk)
    _covered(walk)


def at_home(walk: Walk) -> None:
    """Use App Home with waiting items, unsaved forms, `/lore help`, and an offer to record."""
    _searched(walk)
    _taken_up_at_home(walk)
    _unsaved(walk)
    _helped(walk)
    _offered(walk)


def _asked(walk: Walk, person: PersonDriver) -> list[Message]:
    last = {_ASKS[-1], _COVERS[-1]}
    return [each for each in person.ephemerals(walk.ops) if last & {*each.buttons()}]


def _prompt(walk: Walk, person: PersonDriver, text: str, *, covered: bool = False) -> Message:
    """Post a rule, or a question that an entry covers, and return its prompt."""
    before = {each.ts for each in _asked(walk, person)}
    if covered:
        person.say(walk.ops, text)
    else:
        walk.state(person, text)
    [prompt] = walk.until(lambda: [e for e in _asked(walk, person) if e.ts not in before])
    return prompt


def _gone(walk: Walk, person: PersonDriver, prompt: Message) -> None:
    """Wait until a prompt is gone, or has none of its buttons left."""
    asks = {*_ASKS, *_COVERS}
    walk.until(
        lambda: (
            not any(
                each.ts == prompt.ts and asks & {*each.buttons()} for each in person.ephemerals()
            )
        )
    )


def _recorded(walk: Walk) -> None:
    prompt = _prompt(walk, walk.ana, _RULES[0])
    assert prompt.buttons() == _ASKS, prompt.buttons()
    walk.saw("prompt", prompt.words())
    view = walk.opened(walk.ana, "Record it", prompt)
    assert view.title == "Record a decision", view.title
    assert _RULES[0][-30:] in view.words(), "the form is prefilled with what was said"
    _gone(walk, walk.ana, prompt)
    walk.save(view, {"Title": "Taken from a prompt"})
    walk.saw("prompt, Record it", walk.card("Taken from a prompt").words())


def _passed_on(walk: Walk) -> None:
    prompt = _prompt(walk, walk.ana, _RULES[4])
    view = walk.opened(walk.ana, "Someone else knows", prompt)
    walk.save(view.choose("Person", walk.ben))
    passed = walk.told(walk.ben, "ana says that you know this.")
    assert passed.buttons() == _ASKS, passed.buttons()
    walk.saw("prompt, Someone else knows", passed.words())


def _refused(walk: Walk) -> None:
    prompt = _prompt(walk, walk.ana, _RULES[1])
    waits = home(walk, walk.ana, _KNOWS).words()
    walk.saw("App Home, a prompt waits", since(waits, "Waiting for me"))
    walk.press(walk.ana, "Not recurring", prompt)
    _gone(walk, walk.ana, prompt)
    left = home(walk, walk.ana, "Nothing is waiting for you.").words()
    walk.saw("prompt, Not recurring", left)


def _muted(walk: Walk) -> None:
    prompt = _prompt(walk, walk.ben, _RULES[2])
    silent = "Prompts are off in this channel."
    told = pressed(walk, walk.ben, "Mute prompts here", prompt, silent, "/lore watch on")
    walk.saw("prompt, Mute prompts here", told)
    _gone(walk, walk.ben, prompt)
    muted = walk.ask(walk.ana, "/lore watch", "prompts muted").words()
    walk.saw("Mute prompts here, /lore watch", muted)
    walk.state(walk.cleo, _RULES[3])
    walk.settled()
    assert not _asked(walk, walk.cleo), "a muted channel is silent"
    assert "prompts muted" not in walk.ask(walk.ana, "/lore watch on", "listening").words()
    again = _prompt(walk, walk.cleo, _RULES[5])
    walk.saw("/lore watch on, asked again", again.words())


def _covered(walk: Walk) -> None:
    key = walk.cover()
    for label in _COVERS:
        prompt = _prompt(walk, walk.cleo, GATEWAY_QUESTION, covered=True)
        assert prompt.buttons() == _COVERS, prompt.buttons()
        assert f"{key} covers this" in prompt.words(), prompt.words()
        waits = home(walk, walk.cleo, f"{key} covers what you wrote in #ops")
        if label == "Use it":
            walk.saw("prompt of what an entry covers", prompt.words())
            view = walk.opened(walk.cleo, label, prompt)
            assert view.title == f"Use {key}", view.title
            noted = f"Noted that you followed {key}@1."
            told = heard(walk, walk.cleo, lambda view=view: walk.save(view), noted)  # type: ignore[misc] # of this very turn
            walk.arrives(key, "1 followed")
        elif label == "Open":
            told = pressed(
                walk, walk.cleo, "Open", waits, GATEWAY_RULE, "owner ana", near=f"{key} covers what"
            )
            walk.saw("App Home, Open what covers it", told)
            put_away(walk.cleo)
            told = pressed(walk, walk.cleo, label, prompt, GATEWAY_RULE, "owner ana")
        else:
            walk.press(walk.cleo, label, prompt)
            told = "the prompt is put away"
        if label != "Open":
            _gone(walk, walk.cleo, prompt)
        assert "covers what you wrote" not in home(walk, walk.cleo).words()
        walk.saw(f"covering prompt, {label}", told)


def _searched(walk: Walk) -> None:
    key = walk.record(walk.ana, "Roll back checkout on errors", "We roll back.")
    page = home(walk, walk.ben, "You own no entries yet.")
    for typed, says in (
        ("chekout erors", "Roll back checkout on errors"),
        ("zeppelin", "Nothing found for “zeppelin”."),
        (key, "Roll back checkout on errors"),
    ):
        page.fill({"Search": typed})
        walk.until(lambda says=says: says in page.words())  # type: ignore[misc] # of this very turn
        walk.saw(f"App Home, search {typed}", page.words())
    told = pressed(walk, walk.ben, "Open", page, "We roll back.", "owner ana", near=key)
    walk.saw("App Home, Open what was found", told)
    put_away(walk.ben)
    page = home(walk, walk.ana, "My entries", key)
    told = pressed(walk, walk.ana, "Open", page, "We roll back.", near=key)
    walk.saw("App Home, Open what I own", told)
    put_away(walk.ana)


def _taken_up_at_home(walk: Walk) -> None:
    ts = walk.state(walk.ben, _RULES[2])
    page = home(walk, walk.ben, f"{_KNOWS}ops")
    view = walk.opened(walk.ben, "Record it", page, near=_KNOWS)
    assert "a kernel upgrade" in view.words(), view.words()
    walk.save(view, {"Title": "Drain before an upgrade"})
    card = walk.card("Drain before an upgrade")
    assert card.thread_ts == ts, "the card is not in the thread"
    assert _KNOWS not in home(walk, walk.ben, "Drain before an upgrade").words()
    walk.saw("App Home, Record it", card.words())


def _unsaved(walk: Walk) -> None:
    ana = walk.ana
    for name in ("App Home", "/lore drafts"):
        title = f"Fail over, {name}"
        _left_open(walk, title)
        waiting: View | Message
        if name == "App Home":
            waiting = home(walk, ana, f"Unsaved: {title}")
        else:
            waiting = answered(walk, ana, "/lore drafts", f"Decision: {title}")
            assert waiting.buttons() == ["Continue", "Discard"], waiting.buttons()
        walk.saw(f"{name}, unsaved", waiting.words())
        view = walk.opened(ana, "Continue", waiting, near=title)
        assert "see wiki" in view.words(), "what was typed is gone"
        walk.save(view, {"Runbook link": "https://wiki.example"})
        walk.saw(f"{name}, Go on", walk.card(title).words())
        walk.ask(ana, "/lore drafts", "You have no unsaved form")
    for title in ("Thrown away", "Kept"):
        _left_open(walk, title)
    drafts = answered(walk, ana, "/lore drafts", "Thrown away", "Kept")
    told = pressed(walk, ana, "Discard", drafts, "Decision: Kept", near="Thrown away")
    assert "Thrown away" not in told, told
    walk.saw("/lore drafts, Discard", told)
    assert "Thrown away" not in home(walk, ana, "Unsaved: Kept").words()
    [drafts] = [each for each in ana.ephemerals() if each.ts == drafts.ts]
    told = pressed(walk, ana, "Discard", drafts, "You have no unsaved forms.")
    walk.saw("/lore drafts, Discard the last", told)


def _left_open(walk: Walk, title: str) -> None:
    """Close a form after its link was refused."""
    view = walk.form(walk.ana, "/lore record decision")
    refused = view.fill({"Title": title, RULE: "We fail over.", "Runbook link": "see wiki"})
    assert list(refused.submit()) == ["Runbook link"]
    view.close()


def _helped(walk: Walk) -> None:
    helps = answered(walk, walk.ben, "/lore help")
    assert helps.buttons() == ["Record a decision", "Gaps"], helps.buttons()
    view = walk.opened(walk.ben, "Record a decision", helps)
    assert view.title == "Record a decision", view.title
    walk.save(view, {"Title": "Asked for help", RULE: "We ask."})
    walk.saw("/lore help, Record a decision", walk.card("Asked for help").words())
    told = pressed(walk, walk.ben, "Gaps", helps, "No gaps: nothing came back in your channels")
    walk.saw("/lore help, Gaps", told)


def _offered(walk: Walk) -> None:
    root = walk.cleo.say(walk.ops, "Build servers are drained one at a time.")
    walk.cleo.react(walk.ops, root, "scroll")
    offer = walk.told(walk.cleo, "Ready to record this thread.")
    view = walk.opened(walk.cleo, "Record this thread", offer)
    assert "Build servers" in view.words(), view.words()
    _gone(walk, walk.cleo, offer)
    walk.save(view, {"Title": "Build servers one by one", RULE: "One at a time."})
    card = walk.card("Build servers one by one")
    assert card.thread_ts == root, "the card is not in the thread"
    walk.saw("offer, Record this thread", card.words())
