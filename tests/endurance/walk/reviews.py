"""Proposals and their buttons: on the card, in a list, a modal, App Home and a direct message."""

from collections.abc import Callable

from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.endurance.walk.clicks import (
    ALONE,
    MODAL,
    POSTED,
    answered,
    heard,
    home,
    pressed,
    put_away,
    redrawn,
    since,
)
from tests.endurance.walk.stage import RULE, Walk

Shown = Callable[[str], Message | View]

_TITLE = "Roll back checkout"
_KEY = "DEC-1"


def reviews(walk: Walk) -> None:
    """Propose changes to Ana's entry as ben and others, with approval on, which is the default."""
    walk.record(walk.ana, _TITLE, "We roll back.")
    _decided_on_the_card(walk)
    _approved_elsewhere(walk)
    _sent_back(walk)
    _withdrawn(walk)
    _overtaken(walk)
    _by_two(walk)
    _from_the_entry(walk)


def _proposed(walk: Walk, rule: str, *, by: PersonDriver | None = None) -> Message:
    """Propose another rule and return the proposal's card."""
    view = walk.form(by or walk.ben, f"/lore edit {_KEY}")
    assert view.raw["submit"]["text"] == "Propose"
    walk.save(view, {RULE: rule, "What changed and why?": f"Now: {rule}"})
    return walk.arrives(f" proposes a rule change\nWhy: Now: {rule}")


def _cited(card: Message) -> str:
    """Return the key and revision that a card proposes."""
    return card.text.partition(" proposes ")[2].partition(":")[0]


def _whole(walk: Walk, person: PersonDriver, on: Message | View) -> View:
    view = walk.opened(person, "View change", on)
    assert view.title.startswith(f"{_KEY}@"), view.title
    return view


def _decided_on_the_card(walk: Walk) -> None:
    card = _proposed(walk, "We roll back twice.")
    assert card.buttons() == ["Approve", "Request changes", "View change"], card.buttons()
    walk.saw("an edit is proposed", card.words())
    own = "You wrote this change, so someone else has to approve it"
    walk.saw("Approve one's own", pressed(walk, walk.ben, "Approve", card, own))
    told = pressed(walk, walk.ben, "Request changes", card, "You wrote this change")
    walk.saw("Request changes of one's own", told)
    told = pressed(walk, walk.cleo, "Approve", card, f"{_cited(card)} is now in force.")
    walk.saw("card, Approve", told)
    done = redrawn(walk, card, "In force, approved by cleo")
    assert done.buttons() == ["View change", "History"], done.buttons()
    walk.saw("card, Approve, updated", since(done.words(), "In force"))
    news = walk.arrives(f"{_cited(card)} is in force: {_TITLE}, approved by cleo")
    walk.saw("Approve, announced", news.words())
    entry = redrawn(walk, walk.card(_TITLE), "We roll back twice.", "revision 2")
    walk.saw("Approve, card of the entry", entry.words())
    told = pressed(walk, walk.ana, "History", done, "edited by ben", "approved by cleo")
    walk.saw("decided card, History", told)
    view = _whole(walk, walk.ana, done)
    assert view.buttons() == [], view.buttons()
    walk.saw("decided card, View change", view.words())
    view.close()
    late = pressed(walk, walk.ana, "Still accurate", news, f"{_cited(card)} is still accurate")
    walk.saw("announcement, Still accurate", late)


def _approved_elsewhere(walk: Walk) -> None:
    ana = walk.ana
    places: dict[str, Callable[[Message], Message | View]] = {
        "View change": lambda card: _whole(walk, ana, card),
        "App Home": lambda card: home(walk, ana, _cited(card)),
        "/lore review": lambda card: answered(walk, ana, "/lore review", _cited(card)),
        "App Home, View change": lambda card: _whole(walk, ana, home(walk, ana, _cited(card))),
        "/lore review, View change": lambda card: _whole(
            walk, ana, answered(walk, ana, "/lore review", _cited(card))
        ),
    }
    for name, shown in places.items():
        card = _proposed(walk, f"We roll back after {name}.")
        cited, page = _cited(card), shown(card)
        if name.endswith("View change"):
            # The modal itself says so in place of its buttons.
            told = pressed(walk, ana, "Approve", page, cited, "In force, approved by ana")
            assert "Approve" not in page.buttons(), page.buttons()
        else:
            told = pressed(walk, ana, "Approve", page, f"{cited} is now in force.")
        walk.saw(f"{name}, Approve", told)
        redrawn(walk, card, "In force, approved by ana")
        put_away(ana)
        if name == "App Home":
            walk.until(lambda page=page, cited=cited: cited not in page.words())  # type: ignore[misc] # of this very turn
            walk.saw("App Home, Approve, updated", page.words())


def _sent_back(walk: Walk) -> None:
    """Request changes and revise from a different place each time; the card follows."""
    ana, ben, cleo = walk.ana, walk.ben, walk.cleo
    card = _proposed(walk, "We wait.")

    def news(cited: str) -> Message:
        return walk.told(ben, "Your proposal needs your revision", cited)

    def whole(person: PersonDriver) -> Callable[[str], View]:
        return lambda _: _whole(walk, person, redrawn(walk, card))

    def listed(person: PersonDriver) -> Callable[[str], Message]:
        return lambda cited: answered(walk, person, "/lore review", cited)

    def at_home(person: PersonDriver) -> Callable[[str], View]:
        return lambda cited: home(walk, person, cited)

    def there(_: str) -> Message:
        return redrawn(walk, card)

    turns: list[tuple[str, PersonDriver, Shown, str, Shown]] = [
        ("card", cleo, there, "direct message", news),
        ("View change", ana, whole(ana), "card", there),
        ("App Home", ana, at_home(ana), "App Home", at_home(ben)),
        ("/lore review", ana, listed(ana), "/lore review", listed(ben)),
        ("card, once more", cleo, there, "View change", whole(ben)),
    ]
    old = _whole(walk, ana, card)
    for number, (asked_in, who, ask, revised_in, revise) in enumerate(turns, 1):
        comment, cited = f"Say how long we wait, {number}.", _cited(redrawn(walk, card))
        told = _send_back(walk, who, ask(cited), comment, cited)
        walk.saw(f"{asked_in}, Request changes", told)
        back = redrawn(walk, card, f"Changes requested by {who.name}: {comment}")
        assert back.buttons() == ["Revise", "View change"], back.buttons()
        form = walk.opened(ben, "Revise", revise(cited))
        assert f"{who.name} asked for: {comment}" in form.words(), form.words()
        walk.save(form, {RULE: f"We wait {number} minutes."})
        again = redrawn(walk, card, f"revised after {who.name}: {comment}", f"{number} minutes")
        assert again.buttons() == ["Approve", "Request changes", "View change"], again.buttons()
        walk.saw(f"{revised_in}, Revise", since(again.words(), "Waiting for approval"))
        put_away(ben)
        if number == 1:
            told = pressed(walk, ana, "Approve", old, f"{cited} was replaced by {_cited(again)}")
            walk.saw("Approve of what moved on", told)
    _approved(walk, card)


def _send_back(walk: Walk, who: PersonDriver, on: Message | View, comment: str, cited: str) -> str:
    """Request changes, and return the message that this person then gets."""
    form = walk.opened(who, "Request changes", on)
    refused = form.fill({"What should change?": " "}).submit()
    assert "Say what should change" in refused.get("What should change?", ""), refused
    noted = f"ben has been asked to revise {cited}."
    told = heard(walk, who, lambda: walk.save(form, {"What should change?": comment}), noted)
    put_away(who)
    return told


def _approved(walk: Walk, card: Message, told: str = "{} is now in force.") -> None:
    """Approve as ana, on the card as it is now."""
    cited = _cited(redrawn(walk, card))
    pressed(walk, walk.ana, "Approve", card, told.format(cited))


def _withdrawn(walk: Walk) -> None:
    card = _proposed(walk, "We roll forward.")
    view = _whole(walk, walk.ben, card)
    assert view.buttons() == ["Revise", "Withdraw"], view.buttons()
    old = _whole(walk, walk.ana, card)
    told = pressed(walk, walk.ben, "Withdraw", view, "Withdrawn by ben")
    walk.saw("View change, Withdraw", told)
    left = redrawn(walk, card, "Withdrawn by ben").buttons()
    assert left == ["View change", "History"], left
    walk.saw("Withdraw, card", left)
    walk.saw("Approve of what is withdrawn", pressed(walk, walk.ana, "Approve", old, "withdrawn"))
    put_away(walk.ana)
    put_away(walk.ben)

    card = _proposed(walk, "We roll sideways.")
    _send_back(walk, walk.cleo, card, "Rather not.", _cited(card))
    news = walk.told(walk.ben, "Your proposal needs your revision", _cited(card))
    assert news.buttons() == ["Revise", "Withdraw"], news.buttons()
    gone = f"{_cited(card)} is withdrawn. Its text stays in the history."
    walk.saw("direct message, Withdraw", pressed(walk, walk.ben, "Withdraw", news, gone))
    redrawn(walk, card, "Withdrawn by ben")


def _overtaken(walk: Walk) -> None:
    """Change one field in two proposals; the author of the second chooses between both texts."""
    first, second = _proposed(walk, "One."), _proposed(walk, "Two.", by=walk.cleo)
    _approved(walk, first)
    over = redrawn(walk, second, f"Conflict: {_cited(first)} also changed “{RULE}”.")
    assert over.buttons() == ["Revise", "View change"], over.buttons()
    walk.saw("conflict", since(over.words(), "Conflict"))
    form = walk.opened(walk.cleo, "Revise", over)
    assert "One." in form.words(), form.words()
    assert "Two." in form.words(), form.words()
    walk.saw("overtaken, Revise", form.words())
    walk.save(form, {RULE: "One, then two."})
    redrawn(walk, second, "Waiting for approval", "One, then two.")
    _approved(walk, second)


def _by_two(walk: Walk) -> None:
    """Require two approvals; the owner isn't in #ops and gets a direct message."""
    view = walk.form(walk.cleo, "/lore settings").choose("Approvals", "Two")
    walk.save(view)
    walk.ask(walk.ana, f"/lore owner {_KEY} @dan", "dan now owns")
    card = _proposed(walk, "Three of us decide.")
    cited = _cited(card)
    counted = f"You approved {cited}. It has 1 of 2 approvals."
    walk.saw("Approve, one of two", pressed(walk, walk.ana, "Approve", card, counted))
    said = redrawn(walk, card, "1 of 2 · approved by ana").words()
    walk.saw("Approve, one of two, card", since(said, "Waiting for"))
    news = walk.told(walk.dan, "ben proposes a rule change", cited)
    assert news.buttons() == ["Approve", "Request changes", "Withdraw"], news.buttons()
    told = _send_back(walk, walk.dan, news, "Rather two.", cited)
    walk.saw("owner's direct message, Request changes", told)
    form = walk.opened(walk.ben, "Revise", redrawn(walk, card, "Changes requested by dan"))
    walk.save(form, {RULE: "Two of us decide."})
    card = redrawn(walk, card, "Waiting for approval · 0 of 2", "Two of us decide.")
    cited = _cited(card)
    walk.saw("Revise takes approvals away", since(card.words(), "Waiting for"))
    pressed(walk, walk.ana, "Approve", card, "it takes 2 approvals and has 1")
    page = home(walk, walk.dan, cited)
    told = pressed(walk, walk.dan, "Approve", page, f"{cited} is now in force.")
    walk.saw("Approve, two of two", told)
    put_away(walk.dan)
    redrawn(walk, card, "In force, approved by ana, dan")
    walk.save(walk.form(walk.cleo, "/lore settings").choose("Approvals", "One"))
    walk.ask(walk.dan, f"/lore owner {_KEY} @ana", "ana now owns")


def _from_the_entry(walk: Walk) -> None:
    """Check that an entry shows its proposals, and that retiring and restoring are proposals."""
    card = _proposed(walk, "Four of us decide.")
    cited = _cited(card)
    for place in (POSTED, ALONE, MODAL):
        redrawn(walk, walk.card(_TITLE), f"{cited}  proposed by ben")
        page = place.shown(walk, walk.ana, _KEY, _TITLE)
        view = walk.opened(walk.ana, "View change", page)
        assert view.title == cited, view.title
        assert view.buttons() == ["Approve", "Request changes", "Withdraw"], view.buttons()
        walk.saw(f"{place.name}, Review", view.words())
        put_away(walk.ana)
    _approved(walk, card)
    _ended_and_back(walk)


def _ended_and_back(walk: Walk) -> None:
    entry = walk.card(_TITLE)
    told = pressed(walk, walk.ben, "Retire", entry, f"Proposed: {_KEY}@", "is waiting for approval")
    walk.saw("Retire is proposed", told)
    card = walk.arrives("ben proposes retiring it")
    assert card.buttons() == ["Approve", "Request changes", "View change"], card.buttons()
    _approved(walk, card, f"{_KEY} is now retired.")
    walk.saw("Retire is approved", redrawn(walk, entry, "retired").words())

    page = answered(walk, walk.cleo, f"/lore history {_KEY}", "retired by ben")
    told = heard(
        walk,
        walk.cleo,
        lambda: walk.explain(
            walk.cleo.select("revision_menu", "Restore", page, near="Four of us decide.")
        ),
        "is waiting for approval",
        f"{_KEY} stays retired until then.",
    )
    walk.saw("Restore is proposed", told)
    card = walk.arrives("cleo proposes restoring an earlier revision")
    _approved(walk, card)
    again = redrawn(walk, entry, "in force", "Four of us decide.")
    assert "Use it" in again.buttons(), again.buttons()
    walk.saw("Restore is approved", again.words())
