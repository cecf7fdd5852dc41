"""The buttons of an entry, on posted cards, ephemeral cards and modals."""

from sandbox.forms import View
from sandbox.seen import Message
from tests.endurance.walk.clicks import (
    ALONE,
    MODAL,
    POSTED,
    Place,
    answered,
    heard,
    opened,
    pressed,
    put_away,
    redrawn,
    shown,
    since,
)
from tests.endurance.walk.stage import RULE, Walk

ALL = ["Use it", "Edit", "History", "Still accurate", "Retire"]
NOTED = {
    "Followed": "Noted that you followed {}",
    "Deviated": "Noted that you deviated from {}",
    "Failed": "Noted that {} failed",
}


def cards(walk: Walk) -> None:
    """Press each button with approval off, so that it takes effect at once."""
    walk.without_review()
    for place in (POSTED, ALONE, MODAL):
        _every_button(walk, place)
    _in_forms(walk)
    _opened(walk)


def histories(walk: Walk) -> None:
    """Turn the pages of a long history and open its revisions, in a message and in a modal."""
    walk.without_review()
    title = "Drain the node"
    key = walk.record(walk.ben, title, "We drain it.")
    view = walk.form(walk.ben, f"/lore edit {key}")
    walk.save(view, {RULE: "We drain it twice.", "What changed and why?": "Once failed."})
    for owner in (walk.ana, walk.ben) * 5:
        walk.ask(walk.cleo, f"/lore owner {key} <@{owner.id}>", "now owns")
    for name in ("message", "modal"):
        _turned(walk, name, key, title)
    _looked_into(walk, "message", key, title, restored=1)
    _looked_into(walk, "modal", key, title, restored=2)


def _every_button(walk: Walk, place: Place) -> None:
    title, ben = f"Roll back, {place.name}", walk.ben
    key = walk.record(ben, title, "We roll back.")
    card = walk.card(title)

    def look() -> Message | View:
        put_away(ben)
        found = place.shown(walk, ben, key, title)
        assert found.buttons() == ALL, f"{place.name}: {found.buttons()}"
        return found

    for outcome in NOTED:
        _used(walk, place, card, look(), outcome)

    view = walk.opened(ben, "Edit", look())
    assert view.title == f"Edit {key}"
    walk.save(view, {"Why?": "Fixing took hours."})
    said = redrawn(walk, card, "Fixing took hours.", "revision 2").words()
    walk.saw(f"{place.name}, Edit", since(said, "revision 2"))

    told = pressed(walk, ben, "History", look(), f"{key}@1", "recorded by ben")
    walk.saw(f"{place.name}, History", told)

    accurate = f"{key}@2 is still accurate. It is due again on"
    told = pressed(walk, ben, "Still accurate", look(), accurate)
    walk.saw(f"{place.name}, Still accurate", told)
    said = redrawn(walk, card, "last reviewed").words()
    walk.saw(f"{place.name}, Still accurate, card", since(said, "last reviewed"))

    old = look()
    told = pressed(walk, ben, "Retire", old, f"{key} is retired; /lore history {key} keeps")
    walk.saw(f"{place.name}, Retire", told)
    left = redrawn(walk, card, "retired").buttons()
    assert left == ["History"], left
    walk.saw(f"{place.name}, Retire, card", left)
    put_away(ben)
    if place is ALONE:
        _once_retired(walk, key, old)


def _used(walk: Walk, place: Place, card: Message, on: Message | View, outcome: str) -> None:
    key = card.text.partition("@")[0]
    view = walk.opened(walk.ben, "Use it", on)
    assert view.title == f"Use {key}"
    view.choose("How did it go?", outcome)
    if outcome != "Followed":
        refused = view.submit()
        assert f"Say what happened. “{outcome}”" in refused.get("Note", ""), refused
        walk.saw(f"{place.name}, Use it, {outcome} without a note", refused)
    note: dict[str, str | None] = {"Note": f"The vendor was slow: {outcome}."}
    if place is MODAL:
        walk.save(view, note)
        said = redrawn(walk, card, f"1 {outcome.lower()}").words()
        walk.saw(f"{place.name}, Use it, {outcome}", since(said, "Uses of this revision"))
        return
    noted = NOTED[outcome].format(f"{key}@1")
    told = heard(walk, walk.ben, lambda: walk.save(view, note), noted)
    redrawn(walk, card, f"1 {outcome.lower()}")
    walk.saw(f"{place.name}, Use it, {outcome}", told)


def _once_retired(walk: Walk, key: str, old: Message | View) -> None:
    """Check that the buttons of an ephemeral card, which is never updated, say why not."""
    for label in ("Use it", "Edit", "Still accurate", "Retire"):
        refused = f"{key} is retired, so it can't be changed or used."
        told = pressed(walk, walk.ben, label, old, refused)
        walk.saw(f"{label} of an entry retired since", told)
    now = shown(walk, walk.ben, key)
    assert now.buttons() == ["History"], now.buttons()
    told = pressed(walk, walk.ben, "History", now, f"{key}@3", "retired by ben")
    walk.saw("retired entry, History", told)
    old = answered(walk, walk.ben, f"/lore show {key}@1", "revision 1")
    assert old.buttons() == ["History"], old.buttons()
    walk.saw("older revision, History", pressed(walk, walk.ben, "History", old, f"{key}@1"))


def _in_forms(walk: Walk) -> None:
    """Choose from the menus of the entry form; some of them search while the person types."""
    form = walk.form(walk.ana, "/lore record decision")
    form.fill({"Title": "Database is down"})
    for kind, label in (
        ("Handoff", "What must be passed on?"),
        ("Decision", RULE),
        ("Escalation path", "Last resort"),
    ):
        form.choose("Kind", kind)
        assert "Database is down" in form.words(), "another kind clears the title"
        assert label in form.words(), form.words()
        walk.saw(f"menu Kind, {kind}", f"the title stays, and {label} is asked")
    form = walk.opened(walk.ana, "Add a level", form.choose("Level 1: notify", [walk.ben]))
    form.choose("Level 2: notify", [walk.cleo])
    walk.save(form, {"What goes wrong?": "No writes."})
    card = walk.arrives("Database is down", "Level 1  ben", "Level 2  cleo")
    walk.saw("Add a level", card.words())

    form = walk.form(walk.ana, "/lore record handoff")
    offered = form.options("If nobody acknowledges")
    assert offered == ["ESC-1 Database is down"], offered
    form.choose("If nobody acknowledges", "ESC-1 Database is down")
    walk.save(form, {"Title": "Day to night", "What must be passed on?": "What is open."})
    said = walk.card("Day to night").words()
    assert "If nobody acknowledges  ESC-1" in said, said
    walk.saw("menu If nobody acknowledges", said)

    form = walk.form(walk.ana, "/lore record decision")
    for label, typed, only in (
        ("If it fails", "data", "ESC-1 Database is down"),
        ("Hands over to", "day", "HND-1 Day to night"),
    ):
        offered = form.options(label, typed)
        assert offered == [only], offered
        form.choose(label, only)
    walk.save(form, {"Title": "Fail over by hand", RULE: "We fail over."})
    key = walk.card("Fail over by hand").text.partition("@")[0]
    named = redrawn(walk, card, f"Linked from {key} and HND-1").words()
    walk.saw("menus If it fails, Hands over to", since(named, "Linked from"))
    told = pressed(walk, walk.ben, "Retire", walk.card("Day to night"), f"{key} still links to it")
    walk.saw("Retire an entry that another links to", told)


def _opened(walk: Walk) -> None:
    """Press `Open` on a search result, and the buttons of an announcement."""
    title, cleo = "Fail over by hand", walk.cleo
    key = walk.card(title).text.partition("@")[0]
    found = answered(walk, walk.ben, "/lore find fail over by hand", title)
    told = pressed(walk, walk.ben, "Open", found, "We fail over.", "owner ana", near=title)
    walk.saw("/lore find, Open", told)
    old = shown(walk, walk.ben, key)
    view = walk.form(walk.ben, f"/lore edit {key}")
    refused = view.fill({RULE: "We fail over at once."}).submit()
    assert refused == {"Hands over to": "HND-1 was retired. Choose another, or none."}, refused
    walk.saw("a link to a retired entry", refused)
    walk.save(view.choose("Hands over to", None))
    news = walk.arrives(f"{key}@2 is in force")
    moved_on = f"{key} is now at revision 2, but this button is about revision 1"
    told = pressed(walk, walk.ben, "Still accurate", old, moved_on)
    walk.saw("Still accurate on an older revision", told)
    assert news.buttons() == ["Still accurate", "Open", "History"], news.buttons()
    for label, says in (
        ("Open", ("We fail over at once.", "owner ana")),
        ("History", (f"{key}@2", "edited by ben")),
        ("Still accurate", (f"{key}@2 is still accurate",)),
    ):
        told = pressed(walk, cleo, label, news, *says)
        walk.saw(f"announcement, {label}", told)


def _history(walk: Walk, name: str, key: str, title: str) -> Message | View:
    put_away(walk.ben)
    if name == "message":
        return answered(walk, walk.ben, f"/lore history {key}", f"{key}@")
    return walk.opened(walk.ben, "History", opened(walk, walk.ben, key, title))


def _turned(walk: Walk, name: str, key: str, title: str) -> None:
    page = _history(walk, name, key, title)
    assert "Revisions 12 to 3 of 12" in page.words(), page.words()
    assert page.buttons() == ["Older"], page.buttons()
    before = len(walk.ben.ephemerals())
    for label, says, then in (
        ("Older", "Revisions 2 to 1 of 12", ["Newer"]),
        ("Newer", "Revisions 12 to 3 of 12", ["Older"]),
    ):
        pressed(walk, walk.ben, label, page, says)
        page = _now(walk, page)
        assert says in page.words(), page.words()
        assert page.buttons() == then, page.buttons()
        walk.saw(f"history in a {name}, {label}", says)
    assert len(walk.ben.ephemerals()) == before, "a page was not turned in place"


def _looked_into(walk: Walk, name: str, key: str, title: str, *, restored: int) -> None:
    """Choose from the menu of a revision, on the last page."""
    for choice, number, says in (
        ("Show", 1, ("We drain it.", "older revision")),
        ("Diff", 2, (f"{key}@2 compared with {key}@1", "twice")),
        ("Restore", restored, ("is in force, with the text of", f"{key}@{restored}")),
    ):
        page = _history(walk, name, key, title)
        pressed(walk, walk.ben, "Older", page, " to 1 of ")
        page = _now(walk, page)

        def act(page: Message | View = page, choice: str = choice, number: int = number) -> None:
            if isinstance(page, View):
                page.choose("revision_menu", choice, near=f"{key}@{number}")
                walk.explain(walk.ben.view)
            else:
                walk.explain(walk.ben.select("revision_menu", choice, page, near=f"{key}@{number}"))

        walk.saw(f"history in a {name}, {choice}", heard(walk, walk.ben, act, *says))
    put_away(walk.ben)


def _now(walk: Walk, page: Message | View) -> Message | View:
    """Return the message as it is now; a view is always current."""
    if isinstance(page, View):
        return page
    return next(each for each in walk.ben.ephemerals() if each.ts == page.ts)
