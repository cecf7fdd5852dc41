"""The ways to record, each from the gesture to the card in the thread."""

from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.endurance.walk.stage import MUTE, ROLLBACK, RULE, Walk


def capture(walk: Walk) -> None:
    """Record by prompt, reaction, shortcut, mention and command, in all three kinds."""
    _prompted(walk)
    _reacted(walk)
    _by_shortcut(walk)
    _by_mention(walk)
    _by_command(walk)


def _prompted(walk: Walk) -> None:
    root = walk.state(walk.ana, ROLLBACK)
    prompt = walk.told(walk.ana, MUTE)
    view = walk.opened(walk.ana, "Record it", prompt)
    assert ROLLBACK[16:60] in view.words(), "the form is prefilled from the thread"
    walk.save(view)
    _in_thread(walk, "prompt", root, "DEC-1")


def _reacted(walk: Walk) -> None:
    root = walk.ben.say(walk.ops, "Who pages the database team? Mia, after ten minutes.")
    walk.cleo.react(walk.ops, root, "scroll")
    offer = walk.told(walk.cleo, "Record this thread")
    view = walk.opened(walk.cleo, "Record this thread", offer)
    view.choose("Kind", "Escalation path")
    view.fill({"Title": "The database is down", "What goes wrong?": "No writes for a minute."})
    view.choose("Level 1: notify", [walk.ben]).choose("Level 1: wait", "10 minutes")
    view = walk.opened(walk.cleo, "Add a level", view)
    assert "No writes for a minute." in view.words(), "a level takes away nothing that was typed"
    view.choose("Level 2: notify", [walk.cleo])
    walk.save(view)
    _in_thread(walk, "reaction", root, "ESC-1")


def _by_shortcut(walk: Walk) -> None:
    root = walk.ben.say(walk.ops, "The day shift tells the night shift what is still open.")
    walk.ana.say(walk.ops, "And the password is hunter2-correct-horse", thread=root)
    view = walk.ana.shortcut("Record this thread", walk.ops, root, seconds=60)
    assert isinstance(view, View), f"the shortcut opened nothing: {view}"
    assert "hunter2" not in view.words(), "a secret is masked"
    view.choose("Kind", "Handoff")
    view.fill(
        {
            "Title": "Day to night",
            "From": "day shift",
            "To": "night shift",
            "When does this happen?": "At eight in the evening.",
            "What must be passed on?": "What is open",
        }
    )
    walk.save(view)
    _in_thread(walk, "shortcut", root, "HND-1")


def _by_mention(walk: Walk) -> None:
    root = walk.cleo.say(walk.ops, "Build servers are drained one at a time.")
    bot = walk.driver.workspace()["bot_user_id"]
    walk.cleo.say(walk.ops, f"<@{bot}> record", thread=root)
    view = walk.opened(walk.cleo, "Record this thread", _offer(walk, walk.cleo, root))
    assert "Build servers" in view.words()
    view.fill({"Title": "Drain build servers", RULE: "One at a time."})
    walk.save(view)
    _in_thread(walk, "@Opslore record", root, "DEC-2")


def _offer(walk: Walk, person: PersonDriver, root: str) -> Message:
    def look() -> list[Message]:
        every = person.ephemerals(walk.ops)
        return [each for each in every if each.thread_ts == root]

    return walk.until(look)[-1]


def _by_command(walk: Walk) -> None:
    view = walk.form(walk.ana, "/lore record decision")
    walk.save(view, {"Title": "Rotate certificates", RULE: "A month before they end."})
    walk.saw("command, card", walk.card("Rotate certificates").words())
    # Likely duplicates are shown at the top, and can be updated instead.
    walk.ana.say(walk.ops, "We decided to rotate certificates a month before they end.")
    root = walk.driver.messages(walk.ops)[-1]
    view2 = walk.ana.shortcut("Record this thread", walk.ops, root, seconds=60)
    assert isinstance(view2, View)
    assert "Update DEC-3 instead" in view2.buttons(), view2.buttons()
    instead = walk.opened(walk.ana, "Update DEC-3 instead", view2)
    walk.save(instead, {"Why?": "A certificate ended on a Sunday."})
    walk.saw("Update DEC-3 instead", walk.arrives("DEC-3@2").words())


def _in_thread(walk: Walk, way: str, root: str, key: str) -> None:
    card = walk.arrives(key, "Approve")
    assert card.thread_ts == root, f"the card of {key} is not in its thread"
    walk.saw(f"{way}, card in the thread", card.words())
