"""Verdicts on entries outside their cards, and changes of their owners."""

from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.endurance.walk.clicks import (
    ALONE,
    MODAL,
    POSTED,
    Place,
    answered,
    heard,
    home,
    pressed,
    put_away,
    redrawn,
    since,
)
from tests.endurance.walk.stage import RULE, Walk

_GONE = "its owner ben left or was deactivated"


def owners(walk: Walk) -> None:
    """Take over, transfer, review and abandon eight entries of ana's."""
    walk.without_review()
    titles = [f"Runbook number {number}" for number in range(1, 9)]
    keys = [_recorded(walk, title) for title in titles]
    _away(walk, keys[0], titles[0])
    _transferred(walk, keys[1:])
    _judged_in_review(walk, keys[1], titles[1])
    _judged_in_home(walk, keys[2], titles[2])
    _taken_over(walk, keys[3:], titles[3:])


def _recorded(walk: Walk, title: str) -> str:
    """Record an entry of ana's with cleo as its backup."""
    view = walk.form(walk.ana, "/lore record decision").choose("Backup", walk.cleo)
    walk.save(view, {"Title": title, RULE: f"As in {title}."})
    return walk.card(title).text.partition("@")[0]


def _away(walk: Walk, key: str, title: str) -> None:
    cleo = walk.cleo
    answer = answered(walk, cleo, "/lore away @ana", "If ana is away", "8 of 8 entries")
    told = pressed(walk, cleo, "Open", answer, title, "owner ana · backup cleo", near=key)
    walk.saw("/lore away, Open", told)
    told = pressed(walk, cleo, "Take over", answer, f"You now own {key}.", near=key)
    walk.saw("/lore away, Take over", told)
    walk.saw("Take over, card", redrawn(walk, walk.card(title), "owner cleo").words())


def _transferred(walk: Walk, keys: list[str]) -> None:
    asked = "7 entries would pass from ana to ben."
    first = answered(walk, walk.cleo, "/lore transfer @ana @ben", asked)
    assert first.buttons() == ["Transfer"], first.buttons()
    walk.saw("/lore transfer, many entries", first.words())
    done = "7 entries passed from ana to ben."
    walk.saw("Transfer", pressed(walk, walk.cleo, "Transfer", first, done, "Now owns"))
    walk.until(lambda: first.ts not in [each.ts for each in walk.cleo.ephemerals()])
    told = walk.told(walk.ben, "cleo transferred entries to you", *keys)
    walk.saw("Transfer, the new owner", told.words())
    walk.ask(walk.cleo, f"/lore show {keys[-1]}", "owner ben")


def _judged_in_review(walk: Walk, key: str, title: str) -> None:
    def asked(person: PersonDriver) -> Message:
        return answered(walk, person, f"/lore review {key}", "Is it still accurate?", title)

    ben = walk.ben
    labels = asked(ben).buttons()
    assert labels == ["Open", "Still accurate", "Needs a change", "Retire"], labels
    told = pressed(walk, ben, "Open", asked(ben), "owner ben · backup cleo")
    walk.saw("/lore review, Open", told)
    view = walk.opened(ben, "Needs a change", asked(ben))
    assert view.title == f"Edit {key}", view.title
    walk.saw("/lore review, Needs a change", view.title)
    view.close()
    page = asked(ben)
    told = heard(
        walk,
        ben,
        lambda: ben.select("ask_entry", walk.ana, page),
        f"ana has been asked to review {key}@2 instead.",
    )
    walk.saw("/lore review, Ask someone else", told)
    accurate = f"{key}@2 is still accurate. It is due again on"
    told = pressed(walk, walk.ana, "Still accurate", asked(walk.ana), accurate)
    walk.saw("/lore review, Still accurate", told)
    old = asked(ben)
    walk.saw("/lore review, Retire", pressed(walk, ben, "Retire", old, f"{key} is retired"))
    refused = f"{key} is retired, so it can't be changed or used."
    told = pressed(walk, ben, "Needs a change", old, refused)
    walk.saw("/lore review, an entry retired since", told)


def _judged_in_home(walk: Walk, key: str, title: str) -> None:
    """Review entries in App Home that a failed use made due at once."""
    ana, ben = walk.ana, walk.ben

    def failed(note: str) -> View:
        view = walk.opened(ana, "Use it", walk.card(title))
        walk.save(view.choose("How did it go?", "Failed"), {"Note": note})
        return home(walk, ben, title, "in force, due: it failed when used")

    page = failed("It did not help.")
    waits = since(page.words(), "Waiting for me")
    walk.saw("App Home, Waiting for me", waits)
    told = pressed(walk, ben, "Open", page, "owner ben · backup cleo", near=title)
    walk.saw("App Home, Open a waiting entry", told)
    put_away(ben)
    view = walk.opened(ben, "Needs a change", page, near=title)
    assert view.title == f"Edit {key}", view.title
    walk.saw("App Home, Needs a change", view.title)
    view.close()
    told = heard(
        walk,
        ben,
        lambda: page.choose("ask_entry", ana, near=title),
        f"ana has been asked to review {key}@2 instead.",
    )
    walk.saw("App Home, Ask someone else", told)
    put_away(ben)
    other = home(walk, ana, title, "in force, due:")
    accurate = f"{key}@2 is still accurate. It is due again on"
    told = pressed(walk, ana, "Still accurate", other, accurate, near=title)
    walk.saw("App Home, Still accurate", told)
    put_away(ana)
    walk.until(lambda: "Nothing is waiting for you." in other.words())
    walk.saw("App Home, Still accurate, updated", other.words())
    page = failed("It did not help again.")
    told = pressed(walk, ben, "Retire", page, f"{key} is retired", near=title)
    walk.saw("App Home, Retire", told)
    put_away(ben)
    walk.until(lambda: title not in page.words())
    walk.saw("App Home, Retire, updated", page.words())


def _taken_over(walk: Walk, keys: list[str], titles: list[str]) -> None:
    """Deactivate Ben; his entries say so wherever they are shown."""
    cleo = walk.cleo
    walk.ben.leave(walk.ops)
    places = (
        POSTED,
        ALONE,
        Place(name="/lore review", shown=_review),
        MODAL,
        Place(
            name="App Home", shown=lambda walk, person, _, title: home(walk, person, title, _GONE)
        ),
    )
    for place, key, title in zip(places, keys, titles, strict=True):
        card = redrawn(walk, walk.card(title), f"in force, due: {_GONE}")
        page = place.shown(walk, cleo, key, title)
        told = pressed(walk, cleo, "Take over", page, f"You now own {key}.", near=title)
        walk.saw(f"{place.name}, Take over", told)
        put_away(cleo)
        card = redrawn(walk, card, "owner cleo", "in force, never certified")
        assert "Take over" not in card.buttons(), card.buttons()
        walk.saw(f"{place.name}, Take over, card", card.words())


def _review(walk: Walk, person: PersonDriver, key: str, _: str) -> Message:
    return answered(walk, person, f"/lore review {key}", _GONE)
