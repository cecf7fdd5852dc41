"""Bad and odd input: refused with a reason and nothing lost, or stored and shown as typed."""

from typing import Any, Final

from bot.slack.text.mrkdwn import unescape
from sandbox.forms import SlashAnswer, View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.endurance.hostile.verdict import unmeant, unmeant_in_call
from tests.endurance.walk.requests import sent, submission
from tests.endurance.walk.stage import MUTE, ROLLBACK, RULE, Walk

_THERE_IS_NONE: Final = "There is no DEC-99 that you can see."
_NO_KEY: Final = "“DEC-x” isn't a key like DEC-12, HND-3 or ESC-7."
# A command's words, and its answer.
_SLIPS: Final = {
    "recrod decision Cats": "Did you mean /lore record decision Cats?",
    "xyzzy plugh": "Nothing found for “xyzzy plugh”.",
    "DEC-99": _THERE_IS_NONE,
    "show DEC-1@9": "DEC-1 has one revision; there is no DEC-1@9.",
    "use DEC-1@9": "DEC-1 has no revision 9.",
    "restore DEC-1": "Which revision?",
    "show DEC-1 as of never": "“never” isn't a date.",
    "changes soon": "“soon” isn't a date.",
    "changes #nowhere": "“#nowhere” isn't a date.",
    "supersede DEC-1": "Name the old and the new entry",
    "owner DEC-1 @nobody": "Mention the new owner",
    "owner DEC-1 <@U0NOBODY1>": "Mention the new owner",
    "owner DEC-1 @gus": "The owner has to be an active full member of this workspace",
    "owner DEC-1 @Opslore": "The owner has to be an active full member of this workspace",
    "transfer @nobody": "Mention both people",
    "watch maybe": "/lore watch on or /lore watch off",
    "digest tomorrow": "/lore digest now",
    "nudges perhaps": "/lore nudges on",
    "find": "Enter words to search for",
}
_KEYED: Final = (
    *("show {}", "edit {}", "use {}", "retire {}", "history {}", "diff {}", "restore {} 1"),
    *("owner {} @ben", "supersede {} with DEC-1", "share {}"),
)
# A look-alike for marks, and a joiner without width.
_LOOKALIKES: Final = str.maketrans("\u2217\u02cd\u223c\u02cb", "*_~`", "\u2060")


def inputs(walk: Walk) -> None:
    """Type unknown words in commands, and odd texts in forms, messages and commands."""
    walk.without_review()
    walk.record(walk.ana, "Rotate certificates")
    walk.driver.invite(walk.ops, walk.driver.person("gus", guest=True))
    for line, words in _SLIPS.items():
        walk.saw(f"/lore {line}", _asked(walk, line, words).words())
    for line in _KEYED:
        for key, words in (("DEC-99", _THERE_IS_NONE), ("DEC-x", _NO_KEY)):
            typed = line.format(key)
            walk.saw(f"/lore {typed}", _asked(walk, typed, words).words())
    _refused(walk)
    if walk.mode == "http":
        _refused_past_the_client(walk)
    for name, text in _odd(walk).items():
        _typed(walk, name, text)
        _captured(walk, name, text)
        _commanded(walk, name, text)
    _prompted(walk)
    notifies_no_one(walk)
    walk.saw("all posts", "notifies no one")


def _odd(walk: Walk) -> dict[str, str]:
    """Return the texts, by the odd thing in each."""
    return {
        "emoji": "Page 👩‍👩‍👧‍👦 of 🇩🇪 with a 👍🏽",
        "right-to-left": "שלום, مرحبا بالعالم and \u202eesrever\u202c",
        "<!channel>": "tell <!channel> and @channel",
        "<!here>": "tell <!here>, @here and <!everyone|everyone>",
        "a mention": f"ask <@{walk.dan.id}> before lunch",
        "a fence": "run\n```\nrm -rf /tmp/x\n```\nand `ls` *twice*",
        "an open fence": "run ```rm and > & <b> _again_",
    }


def _asked(walk: Walk, line: str, *words: str) -> SlashAnswer:
    answer = walk.ask(walk.ana, f"/lore {line}", *words)
    for message in answer.messages:
        _quiet(message)
    return answer


def _quiet(message: Message) -> None:
    found = list(unmeant(message.raw))
    assert not found, f"it would ping: {found}"


def notifies_no_one(walk: Walk) -> None:
    """Check that no post or view of the bot so far has a mention that someone typed."""
    walk.settled()
    found = [each for call in walk.driver.calls() for each in unmeant_in_call(call)]
    assert not found, f"it would ping: {found[:3]}"


# Refused input, with nothing lost.


def _refused(walk: Walk) -> None:
    view = walk.form(walk.ana, "/lore record decision")
    for name, text, field, reason in (
        ("3,001 characters", "y" * 3001, RULE, "Please use at most 3000 characters."),
        ("only spaces", " \u200b ", RULE, "can't be empty"),
        ("only a NUL", "\0", RULE, "can't be empty"),
        ("no link", "see the wiki", "Runbook link", "http"),
        ("a secret", "The password is hunter2-correct-horse", RULE, "holds a password"),
    ):
        view.fill({"Title": f"Kept with {name}", RULE: "We wait.", field: text})
        view.fill({"Why?": "It was typed before."})
        said = view.submit()
        assert reason in said.get(field, ""), f"{name}: {said}"
        assert walk.ana.view == view, f"{name}: the form is gone"
        for kept in (f"Kept with {name}", "It was typed before.", text):
            assert kept in view.words(), f"{name}: {kept[:40]!r} is lost"
        walk.saw(f"form refuses {name}", said[field])
        view.fill({"Runbook link": None, RULE: "We wait."})
    view.fill({"Title": " ", RULE: "We wait."})
    assert "can't be empty" in view.submit()["Title"]
    walk.save(view, {"Title": "Good at last"})
    walk.saw("form saved after that", _shown(walk, "Good at last", "We wait."))


def _refused_past_the_client(walk: Walk) -> None:
    """Send a form that no client of Slack's would send."""
    view = walk.form(walk.ana, "/lore record decision").fill({"Title": "Too long", RULE: "y"})
    raw: dict[str, Any] = view.raw
    [block] = [
        name
        for name, elements in raw["state"]["values"].items()
        if any(each.get("value") == "y" for each in elements.values())
    ]
    for element in raw["state"]["values"][block].values():
        element["value"] = "y" * 3001
    [answer] = sent(walk, submission(walk, walk.ana, raw))
    errors = answer.json()["errors"]
    assert "3,001 characters; at most 3,000 fit" in errors[block], errors
    walk.saw("3,001 characters sent past the client", errors[block])
    view.close()


# Stored input, shown as it was typed.


def _typed(walk: Walk, name: str, text: str) -> None:
    title = f"Typed with {name}"
    line = " ".join(text.split())
    view = walk.form(walk.ana, "/lore record decision")
    walk.save(view, {"Title": f"{title}: {line}", RULE: text, "Why?": f"\0{text}"})
    _shown(walk, title, text)
    key = _key(walk, title)
    again = walk.form(walk.ben, f"/lore edit {key}")
    values = again.texts()
    assert f"{title}: {line}" in values, f"{name}: the title became {values}"
    assert values.count(text) == len(("rule", "why")), f"{name}: the text became {values}"
    note = f"Because {line}"
    walk.save(again, {RULE: f"{text}!", "What changed and why?": note})
    history = _asked(walk, f"history {key}", f"{key}@2")
    assert note in _read(history.messages[0]), f"{name}: {history.words()}"
    walk.saw(f"form with {name}", _body(walk.arrives(title, "revision 2")))


def _captured(walk: Walk, name: str, text: str) -> None:
    """Post a message like a client does, so that mentions in it are live."""
    root = walk.ben.say(walk.ops, f"We decided: {text}")
    view = walk.ben.shortcut("Record this thread", walk.ops, root, seconds=60)
    assert isinstance(view, View), f"{name}: the shortcut opened nothing: {view}"
    title = f"Captured with {name}"
    said = f"We decided: {text}".replace(f"<@{walk.dan.id}>", "@dan")
    assert said in view.texts(), f"{name}: the form is filled with {view.texts()}"
    walk.save(view, {"Title": title, RULE: f"As said: {text}"})
    card = walk.card(title)
    assert card.thread_ts == root
    walk.saw(f"message with {name}", _shown(walk, title, f"As said: {text}"))


def _prompted(walk: Walk) -> None:
    """Put all of them into one message that brings a prompt."""
    odd = f"<@{walk.dan.id}> <!here> @channel `ls` שלום 👍🏽"
    root = walk.state(walk.cleo, f"{ROLLBACK} {odd}")
    view = walk.opened(walk.cleo, "Record it", walk.told(walk.cleo, MUTE))
    text = f"{ROLLBACK} {odd}".replace(f"<@{walk.dan.id}>", "@dan")
    assert text in view.texts(), f"the form has {view.texts()}"
    walk.save(view, {"Title": "Prompted by odd words"})
    assert walk.card("Prompted by odd words").thread_ts == root
    walk.saw("prompt of an odd message", _shown(walk, "Prompted by odd words", text))


def _commanded(walk: Walk, name: str, text: str) -> None:
    """Enter commands with live mentions, as a client sends them; the bot answers with names."""
    line = " ".join(text.split())
    meant = line.replace(f"<@{walk.dan.id}>", "@dan")
    key = _key(walk, f"Typed with {name}")
    found = _asked(walk, f"find {line}")
    read = _read(found.messages[0])
    assert f"“{meant}”" in read, f"{name}: {meant!r} was looked for as {read!r}"
    _asked(walk, f"use {key} {line}", f"you followed {key}")
    _asked(walk, f"retire {key} {line}", f"{key} is retired")
    history = _asked(walk, f"history {key}", "retired by ana")
    read = _read(history.messages[0])
    assert meant in read, f"{name}: {meant!r} was kept as {read!r}"
    walk.saw(f"commands with {name}", walk.arrives(f"Typed with {name}", "retired").words())


def _key(walk: Walk, title: str) -> str:
    found = walk.find(title)
    assert found is not None
    return found.text.partition("@")[0]


def _shown(walk: Walk, title: str, text: str, person: PersonDriver | None = None) -> str:
    """Check that the card and `/lore show` have the text as it was typed."""
    card = walk.card(title)
    answer = walk.ask(person or walk.ben, f"/lore show {card.text.partition('@')[0]}", title)
    for message in (card, answer.messages[0]):
        assert text in _body(message), f"{title}: {text!r} is shown as {_body(message)!r}"
        _quiet(message)
    return _body(card)


def _body(message: Message) -> str:
    """Return the message's texts with their markup as typed."""
    texts = [block.get("text", {}).get("text", "") for block in message.blocks]
    inner = [each.get("text", "") for block in message.blocks for each in block.get("elements", [])]
    return unescape("\n".join([*texts, *(each for each in inner if isinstance(each, str))]))


def _read(message: Message) -> str:
    """Return the text as a person reads it, with look-alikes in place of marks."""
    return _body(message).translate(_LOOKALIKES)
