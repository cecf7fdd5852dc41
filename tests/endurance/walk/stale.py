"""Changes behind an open form or an old button: they are reported, and no text is lost."""

from typing import Final

from sandbox.forms import View
from sandbox.seen import Message
from tests.endurance.walk.stage import RULE, Walk

_RETIRED: Final = "is retired, so it can't be changed or used."


def stale(walk: Walk) -> None:
    """Retire or edit entries behind each form and each button."""
    walk.without_review()
    _edit_of_retired(walk)
    _use_of_retired(walk)
    _owner_of_retired(walk)
    _buttons_of_retired(walk)
    _conflict(walk)
    _of_older_revision(walk)
    _proposal_of_retired(walk)


def _edit_of_retired(walk: Walk) -> None:
    key = walk.record(walk.ana, "Edit me", "We roll back.")
    view = walk.form(walk.ben, f"/lore edit {key}")
    view.fill({RULE: "We roll back twice.", "What changed and why?": "Once was not enough."})
    walk.ask(walk.ana, f"/lore retire {key} We use flags now.", "retired")
    assert view.submit() == {}
    assert walk.ben.view == view, "the form is gone"
    for words in (
        f"{key} was retired while you were editing",
        "We roll back twice.",
        "Once was not enough.",
    ):
        assert words in view.words(), f"{words!r} is not in the form: {view.words()!r}"
    walk.saw("edit form of an entry retired since", _line(view, "retired while"))
    walk.ask(walk.ana, f"/lore restore {key}@1 Needed again.", "DEC")
    view.submit()
    walk.saw("and what was typed is still there", _line(view, "We roll back twice."))
    view.close()


def _use_of_retired(walk: Walk) -> None:
    key = walk.record(walk.ana, "Use me")
    view = walk.opened(walk.ben, "Use it", walk.card("Use me"))
    view.fill({"Note": "It took an hour."})
    walk.ask(walk.ana, f"/lore retire {key} No longer done.", "retired")
    said = view.submit()
    assert f"{key} {_RETIRED}" in said.get("Note", ""), said
    assert "It took an hour." in view.words(), "the note is lost"
    walk.saw("use form of an entry retired since", said["Note"])
    view.close()


def _owner_of_retired(walk: Walk) -> None:
    eve = walk.driver.person("eve")
    walk.driver.invite(walk.ops, eve)
    key = walk.record(eve, "Own me")
    walk.driver.leave(eve, walk.ops)
    walk.driver.deactivate(eve)
    walk.ask(walk.ana, "/lore digest now", "on its way")
    digest = walk.arrives("Owner gone", "Own me")
    view = walk.opened(walk.ben, "Assign", digest, near="Own me").choose("Owner", walk.cleo)
    walk.ask(walk.ana, f"/lore retire {key} No longer done.", "retired")
    said = view.submit()
    assert f"{key} {_RETIRED}" in said.get("Owner", ""), said
    [chosen] = [each for block in view.values.values() for each in block.values()]
    assert chosen["selected_user"] == walk.cleo.id, "the chosen person is lost"
    walk.saw("owner form of an entry retired since", said["Owner"])
    view.close()
    walk.until(lambda: "Retired by ana" in _again(walk, digest).words())
    walk.saw("line of the digest", _again(walk, digest).words().partition("Own me")[2])


def _buttons_of_retired(walk: Walk) -> None:
    """Press the buttons of an ephemeral answer, which is never updated."""
    key = walk.record(walk.ana, "Press me")
    [shown] = walk.ask(walk.ben, f"/lore show {key}").messages
    walk.ask(walk.ana, f"/lore retire {key} No longer done.", "retired")
    for label in ("Use it", "Edit", "Still accurate", "Retire"):
        before = len(walk.ben.ephemerals(walk.ops))
        assert not isinstance(walk.press(walk.ben, label, shown), View), f"{label} opened a form"
        said = walk.until(lambda count=before: walk.ben.ephemerals(walk.ops)[count:])  # type: ignore[misc] # bound now
        assert f"{key} {_RETIRED}" in said[-1].words(), f"{label} was answered {said}"
        walk.saw(f"{label} of an entry retired since", said[-1].words())
    card = walk.until(lambda: _with_buttons(walk, "Press me", ["History"]))[-1]
    walk.saw("its card in the channel", f"{card.buttons()} {card.words()}")
    before = len(walk.ben.ephemerals(walk.ops))
    walk.press(walk.ben, "History", card)
    said = walk.until(lambda: walk.ben.ephemerals(walk.ops)[before:])
    assert "retired by ana" in said[-1].words()
    walk.saw("History of a retired entry", said[-1].words())


def _conflict(walk: Walk) -> None:
    key = walk.record(walk.ana, "Roll back", "We roll back.")
    first = walk.form(walk.ana, f"/lore edit {key}")
    second = walk.form(walk.ben, f"/lore edit {key}")
    walk.save(first, {RULE: "We roll back within 5 minutes.", "Why?": "Fixing took hours."})
    second.fill({RULE: "We roll back twice.", "What changed and why?": "Once failed."})
    assert second.submit() == {}
    assert walk.ben.view == second, "the form is gone"
    for words in (
        f"{key}@2 was saved while you were editing",
        "We roll back within 5 minutes.",
        "We roll back twice.",
        "Fixing took hours.",
        "Once failed.",
    ):
        assert words in second.words(), f"{words!r} is not in the form: {second.words()!r}"
    walk.saw("conflict, with both texts", _line(second, "while you were editing"))
    walk.save(second, {RULE: "We roll back twice, within 5 minutes."})
    card = walk.arrives("Roll back", "revision 3", "twice, within 5 minutes.")
    assert "Fixing took hours." in card.words(), "the first change is overwritten"
    walk.saw("card after a conflict", card.words())


def _of_older_revision(walk: Walk) -> None:
    key = walk.record(walk.ana, "Vouch for me")
    [shown] = walk.ask(walk.ben, f"/lore show {key}").messages
    walk.save(walk.form(walk.ana, f"/lore edit {key}"), {RULE: "We roll forward."})
    walk.press(walk.ben, "Still accurate", shown)
    told = walk.told(walk.ben, f"{key} is now at revision 2, but this button is about revision 1")
    walk.saw("Still accurate on an older revision", told.words())


def _proposal_of_retired(walk: Walk) -> None:
    settings = walk.form(walk.cleo, "/lore settings").choose("Changes need approval", "Yes")
    walk.save(settings)
    key = walk.record(walk.ana, "Propose me", "We roll back.")
    walk.save(
        walk.form(walk.ana, f"/lore edit {key}"),
        {RULE: "We roll forward.", "What changed and why?": "It is faster."},
    )
    proposal = walk.arrives("Propose me", "Approve")
    walk.ask(walk.ana, f"/lore retire {key} No longer done.", "is waiting for approval")
    retirement = walk.arrives("Propose me", "retiring it", "Approve")
    walk.press(walk.ben, "Approve", retirement)
    [struck] = walk.until(lambda: _without(walk, proposal, "Approve"))
    walk.saw("proposal to an entry retired since", struck.words())
    walk.saw("its author is told", walk.told(walk.ana, "was withdrawn").words())
    before = len(walk.ben.ephemerals(walk.ops))
    # As if pressed before the card was updated.
    walk.press(walk.ben, _as_it_was(proposal, "approve"), proposal)
    said = walk.until(lambda: walk.ben.ephemerals(walk.ops)[before:])
    walk.saw("Approve on it nonetheless", said[-1].words())


def _again(walk: Walk, message: Message) -> Message:
    [found] = [each for each in walk.driver.messages(walk.ops) if each.ts == message.ts]
    return found


def _as_it_was(message: Message, action: str) -> str:
    """Return a button's exact name in a message that has been updated since then."""
    [block] = [
        block["block_id"]
        for block in message.blocks
        if action in [each.get("action_id") for each in block.get("elements", [])]
    ]
    return f"{block}/{action}"


def _without(walk: Walk, message: Message, label: str) -> list[Message]:
    found = _again(walk, message)
    return [] if label in found.buttons() else [found]


def _with_buttons(walk: Walk, title: str, buttons: list[str]) -> list[Message]:
    said = walk.driver.messages(walk.ops)
    return [each for each in said if title in each.words() and each.buttons() == buttons]


def _line(view: View, part: str) -> str:
    return next(line for line in view.texts() if part in line)
