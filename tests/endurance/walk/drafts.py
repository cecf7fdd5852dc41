"""A new entry as a draft: it is read, sent back, edited, approved, and withdrawn."""

from tests.endurance.walk.clicks import answered, home, pressed, redrawn
from tests.endurance.walk.stage import RULE, Walk

_TITLE = "Drain build servers"


def drafts(walk: Walk) -> None:
    """Let Ana record while approval is on, which is the default."""
    _approved(walk)
    _incomplete(walk)


def _approved(walk: Walk) -> None:
    walk.save(walk.form(walk.ana, "/lore record decision"), {"Title": _TITLE, RULE: "One by one."})
    card = walk.arrives(_TITLE, "Waiting for approval")
    assert card.buttons() == ["Approve", "Request changes", "Edit", "View change", "History"]
    walk.saw("a new entry is a draft", card.words())
    own = "You wrote this change, so someone else has to approve it"
    walk.saw("draft, Approve one's own", pressed(walk, walk.ana, "Approve", card, own))
    mine = "only its author can edit it until it's approved"
    walk.saw("draft, Edit another's", pressed(walk, walk.ben, "Edit", card, mine))
    for line in ("use DEC-1", "retire DEC-1", "restore DEC-1"):
        said = answered(walk, walk.ben, f"/lore {line}", "DEC-1 is a draft").words()
        walk.saw(f"/lore {line} of a draft", said)
    walk.saw("draft, found", answered(walk, walk.ben, "/lore find drain", "draft").words())
    walk.saw("draft, App Home", home(walk, walk.ben, "ana proposes a new decision").words())

    form = walk.opened(walk.ben, "Request changes", card)
    walk.save(form, {"What should change?": "Say how long."})
    back = redrawn(walk, card, "Changes requested by ben: Say how long.")
    assert back.buttons() == ["Edit", "View change", "History"], back.buttons()
    walk.saw(
        "draft, Request changes", walk.told(walk.ana, "Your draft needs your revision").words()
    )
    walk.save(walk.opened(walk.ana, "Edit", back), {RULE: "One by one, within an hour."})
    again = redrawn(walk, card, "within an hour", "revised after ben")
    walk.saw("draft, Edit", again.words())
    walk.saw(
        "draft, Approve", pressed(walk, walk.ben, "Approve", again, "DEC-1@2 is now in force.")
    )
    walk.saw("approved draft", redrawn(walk, card, "in force, never certified").words())
    news = walk.arrives(f"DEC-1@2 is in force: {_TITLE}, approved by ben")
    walk.saw("approved draft, announced", news.words())


def _incomplete(walk: Walk) -> None:
    view = walk.form(walk.ana, "/lore record handoff")
    walk.save(view, {"Title": "Night to day", "What must be passed on?": "Open incidents"})
    card = walk.arrives("Night to day", "Before this can be approved: “From” is empty.")
    assert "Approve" not in card.buttons(), card.buttons()
    walk.saw("an incomplete draft", card.words())
    walk.press(walk.ana, "Withdraw", walk.opened(walk.ana, "View change", card))
    walk.saw("draft, Withdraw", redrawn(walk, card, "withdrawn").words())
    walk.ask(walk.ben, "/lore find night", "Nothing found")
