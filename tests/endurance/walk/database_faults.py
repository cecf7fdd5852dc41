"""Faults of the database while people act, on both databases, and a killed bot."""

import time
from dataclasses import dataclass, field
from random import Random
from string import ascii_lowercase
from typing import Final

from sqlalchemy import create_engine, text

from sandbox.model import Json
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from tests.endurance.walk.database_ways import Breaks, postgresql_ways, sqlite_ways
from tests.endurance.walk.stage import GATEWAY_QUESTION, NOT_THIS, RULE, Walk

CHANCE: Final = Random(1)

_WORDS: Final = {
    "locked": "busy",
    "full": "disk is full",
    "read-only": "read-only",
    "away": "isn't answering",
}
# A text that a database can't compress.
_LONG: Final = {"Why?": " ".join("".join(CHANCE.choices(ascii_lowercase, k=7)) for _ in range(330))}
_TABLES: Final = ("entries", "revisions", "audit", "documents", "links", "form_drafts")
# An event refused twice comes again after a minute, and the database must work again by then.
_BEFORE_RETRY: Final = 35.0


def database_faults(walk: Walk) -> None:
    """Cause each fault while people act: it is reported, nothing is lost, and work resumes."""
    _too_new(walk)
    with (sqlite_ways if walk.sqlite else postgresql_ways)(walk) as (moved, ways):
        case = _Case(moved, {way: _member(moved, f"writer-{way}") for way in ways})
        case.enough()
        for way, breaks in ways.items():
            case.broken(way, breaks)
        case.told()
    for way in _WORDS:
        if way not in ways and (way, walk.sqlite) != ("away", True):
            walk.saw(f"{way}: skipped", "this user can't mount")


def _member(walk: Walk, name: str) -> PersonDriver:
    person = walk.driver.person(name)
    person.join(walk.ops)
    walk.ask(person, "/lore find checkout")
    return person


def _too_new(walk: Walk) -> None:
    """Check that the bot reports the newer version, ends, and changes nothing."""
    assert walk.bot.stop() == 0
    before = len(walk.bot.said())
    found = _execute(walk.database_url, "SELECT version_num FROM alembic_version")
    _execute(walk.database_url, "UPDATE alembic_version SET version_num = '9999'")
    status = walk.bot.start().ended()
    said = walk.bot.said()[before:]
    assert status == 2, f"it ended with {status}"
    assert "made by a newer Opslore (revision 9999)" in said, said
    _execute(walk.database_url, "UPDATE alembic_version SET version_num = :found", found=found)
    walk.bot.start().until_ready()
    walk.ask(walk.ana, "/lore help", "record")
    walk.saw("too new, status 2", said)


def _execute(url: str, statement: str, **values: object) -> object:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


@dataclass
class _Case:
    """The acts of people while the database is broken, once for each way."""

    walk: Walk
    people: dict[str, PersonDriver]
    said: dict[str, float] = field(default_factory=dict)

    def enough(self) -> None:
        """Fill the pages already in use, so that the next write needs a new one."""
        for number in range(3):
            view = self.walk.form(self.walk.ben, "/lore record decision")
            self.walk.save(view, {"Title": f"Filled {number}", RULE: "We do.", **_LONG})
        self.walk.card("Filled 2")
        self.walk.cover()
        self.walk.chat(100)
        self.walk.settled()

    def broken(self, way: str, breaks: Breaks) -> None:
        """Break the database, act, repair it, and check that everything continues."""
        walk, person = self.walk, self.people[way]
        words = _WORDS[way]
        if self.said and time.monotonic() - min(self.said.values()) > _BEFORE_RETRY:
            self.told()
        view = walk.form(walk.ana, "/lore record decision")
        view.fill({"Title": f"Saved though {way}", RULE: "We do.", **_LONG})
        card = walk.card("Filled 1")
        walk.settled()
        before = _rows(walk)
        mend = breaks(walk)
        try:
            if way == "full":
                self.exhaust()
                before = _rows(walk)
            root = person.say(walk.ops, GATEWAY_QUESTION, wait=False)
            self.said[way] = time.monotonic()
            answer = walk.ask(walk.ben, "/lore retire DEC-3 No longer done.", words).words()
            told = _told_at(walk, walk.cleo, card, words)
            began = time.monotonic()
            errors = view.submit()
            took = time.monotonic() - began
            assert words in str(errors), f"{way}: the form says {errors}"
            seen = _not_taken(walk, root, way)
        finally:
            mend()
        after = _rows(walk)
        assert after == before, f"{way}: half stored: {before} became {after}"
        assert view.submit() == {}, f"{way}: it is mended, and the form is not saved"
        saved = walk.card(f"Saved though {way}")
        walk.settled()
        again = [m for m in walk.driver.messages(walk.ops) if f"Saved though {way}" in m.text]
        assert len(again) == 1, f"{way}: {len(again)} cards"
        walk.saw(f"{way}, command", answer)
        walk.saw(f"{way}, button", told)
        walk.saw(f"{way}, form, after {took:.1f} s", errors)
        walk.saw(f"{way}, repaired, one card", saved.text)
        walk.saw(f"{way}, event", seen)

    def exhaust(self) -> None:
        """Fill the little room that is left in the pages in use."""
        person = self.people["full"]
        for number in range(20):
            answer = person.slash(self.walk.ops, "/lore record decision")
            view = answer.view
            if view is None:
                assert _WORDS["full"] in answer.words(), answer
                return
            title = f"Taken {number}"
            if view.fill({"Title": title, RULE: "We do.", **_LONG}).submit():
                view.close()
                return
        raise AssertionError("twenty entries fit on a full disk")

    def told(self) -> None:
        """Check that each refused event comes again and is answered once."""
        for way in self.said:
            person = self.people[way]
            self.walk.driver.until(lambda who=person: _prompts(who), 120)  # type: ignore[misc] # bound now
        self.walk.settled()
        for way in self.said:
            assert len(_prompts(self.people[way])) == 1, f"{way}: told more than once"
            self.walk.saw(f"{way}, the event came again", _prompts(self.people[way])[0].words())
        self.said.clear()


def _prompts(person: PersonDriver) -> list[Message]:
    return [each for each in person.ephemerals() if NOT_THIS in each.buttons()]


def _told_at(walk: Walk, person: PersonDriver, card: Message, words: str) -> str:
    known = {each.ts for each in person.ephemerals()}
    # While the bot waits for a lock, the click is acknowledged late, but the answer still arrives.
    person.press("Still accurate", card)

    def fresh() -> list[Message]:
        every = person.ephemerals()
        return [each for each in every if each.ts not in known and words in each.words()]

    return walk.until(fresh)[0].words()


def _not_taken(walk: Walk, ts: str, way: str) -> str:
    """Check that an event that can't be stored is not acknowledged."""

    def tried() -> Json | None:
        every = [each for each in walk.driver.deliveries() if each["kind"] == "events_api"]
        [found] = [each for each in every if each["payload"]["event"].get("ts") == ts]
        return found if found["acked"] or found["attempts"] > 1 else None

    found = walk.until(tried)
    assert found is not None
    # A short text may still fit on a full disk.
    assert not found["acked"] or way == "full", f"{way}: acknowledged, and not stored"
    return "acknowledged, it found room" if found["acked"] else "not acknowledged"


def _rows(walk: Walk) -> dict[str, int]:
    """Return how many rows each table has."""
    engine = create_engine(walk.database_url)
    try:
        with engine.connect() as connection:
            return {
                table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - names above
                for table in _TABLES
            }
    finally:
        engine.dispose()
