"""Invisible text: it reaches no entry, and an old revision shows where it contains some."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel, select

from bot.domain.approval import ApprovalPolicy
from bot.domain.errors import InvalidInputError
from bot.domain.invisible import show_invisible, strip_invisible
from bot.domain.kinds import FIELDS, Kind, Shape
from bot.domain.revisions import Content
from tests.support.editing import edit
from tests.support.ops import Ops
from tests.support.recording import labels, pressed, saved, shortcut

# Read from DerivedCoreProperties.txt (Default_Ignorable_Code_Point) and UnicodeData.txt (Cc, Cs).
FORBIDDEN = "".join(
    chr(code)
    for code in (
        *(code for code in range(0x20) if chr(code) not in "\n\t"),
        *range(0x7F, 0xA0),
        *(0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180E),
        *range(0x200B, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
        *(0x3164, 0xFEFF, 0xFFA0, *range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFFC)),
        *range(0x1BCA0, 0x1BCA4),
        *range(0x1D173, 0x1D17B),
        *range(0xE0000, 0xE1000),
    )
)
LETTERS = "abc de, é漢ا\n"
NASTY = "\u202e\U000e0041\u200b\u2066\u00ad\u3164\U000e0100\x07\u180e"


def flag(name: str) -> str:
    tags = "".join(chr(0xE0000 + ord(letter)) for letter in name)
    return f"\U0001f3f4{tags}\U000e007f"


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d👩\u200d👧\u200d👦",
        "👩🏽\u200d🚒",
        "🏳\ufe0f\u200d🌈",
        "🧑🏻\u200d❤\ufe0f\u200d💋\u200d🧑🏼",
        "⛹🏿\u200d♀\ufe0f",
        "❤\ufe0f and ☎\ufe0e",
        "1\ufe0f\u20e3 then #\ufe0f\u20e3",
        "🇵🇱",
        flag("gbsct"),
        "می\u200cخواهم",  # Persian: "I want"
        "क्\u200dष",  # Devanagari: a half form
        "র\u200d্য",  # Bengali: ya-phalaa
        "അവന്\u200d കണ്ടു",  # Malayalam: a chillu ends its word
        "ශ්\u200dරී",  # Sinhala
        "tabs\tand\nlines",
        "e\u0301 שלום مرحبا 漢字",
    ],
)
def test_characters_that_a_script_or_an_emoji_needs_stay(text: str) -> None:
    assert strip_invisible(text) == text
    assert show_invisible(text) == text


@pytest.mark.parametrize(
    ("text", "left", "shown"),
    [
        ("safe\u202egpj.exe", "safegpj.exe", "safe\\u202Egpj.exe"),
        ("a\u200db", "ab", "a\\u200Db"),
        ("a\ufe0f1\ufe0f", "a1", "a\\uFE0F1\\uFE0F"),
        ("👍\ufe0f\ufe0f", "👍\ufe0f", "👍\ufe0f\\uFE0F"),
        ("👍\U000e0100", "👍", "👍\\U000E0100"),
        ("漢\U000e0100", "漢", "漢\\U000E0100"),
        ("👩\u200d\u200d👧", "👩👧", "👩\\u200D\\u200D👧"),
        ("می\u200c\u200cخواهم", "میخواهم", "می\\u200C\\u200Cخواهم"),
        ("\u200cمی", "می", "\\u200Cمی"),
        ("a\U000e0041\U000e007f", "a", "a\\U000E0041\\U000E007F"),
        (
            flag("usrm"),
            "\U0001f3f4",
            "\U0001f3f4\\U000E0075\\U000E0073\\U000E0072\\U000E006D\\U000E007F",
        ),
    ],
)
def test_invisible_characters_are_removed_and_shown_as_escapes(
    text: str, left: str, shown: str
) -> None:
    assert strip_invisible(text) == left
    assert show_invisible(text) == shown


def test_each_kind_of_line_end_becomes_a_newline() -> None:
    assert strip_invisible("a\r\nb\rc\u2028d\u2029e") == "a\nb\nc\nd\ne"


# One test, because thousands of tests would each take longer than what they check.
def test_no_forbidden_character_stays_between_letters() -> None:
    left = {character: strip_invisible(f"a{character}b") for character in FORBIDDEN}

    assert left == {
        character: "a\nb" if character in "\r\u2028\u2029" else "ab" for character in FORBIDDEN
    }


texts = st.text(st.sampled_from(LETTERS + FORBIDDEN) | st.characters(), max_size=30)


@given(texts)
def test_stripped_text_has_nothing_left_to_strip_or_show(text: str) -> None:
    left = strip_invisible(text)

    assert strip_invisible(left) == left
    assert show_invisible(left) == left
    assert strip_invisible(show_invisible(text)) == show_invisible(text)


nasty = st.text(st.sampled_from(LETTERS.replace("ا", "") + FORBIDDEN), max_size=40)


def typed_in(shape: Shape) -> st.SearchStrategy[object]:
    """Return the texts that can be typed into this type of field; a choice has none."""
    match shape:
        case Shape.URL:
            return nasty.map(lambda text: f"https://wiki/{text}")
        case Shape.LINES | Shape.TAGS:
            return nasty | st.lists(nasty, max_size=3)
        case Shape.LEVELS:
            return st.lists(st.fixed_dictionaries({"tell": nasty}), max_size=3)
        case Shape.LINE | Shape.TEXT:
            return nasty
        case _:
            return st.none()


def strings(value: object) -> Iterator[str]:
    """Yield every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from strings(part)


@pytest.mark.parametrize("kind", list(Kind))
@given(data=st.data())
@settings(max_examples=60)
def test_no_field_of_any_form_takes_invisible_text(kind: Kind, data: st.DataObject) -> None:
    typed = {
        field.name: data.draw(typed_in(field.shape), label=field.name) for field in FIELDS[kind]
    }
    for field in FIELDS[kind]:
        if field.required:
            typed[field.name] = f"x{typed[field.name]}"

    try:
        content = Content.of(kind, typed)
    except InvalidInputError:
        # A web address can't contain a space, so it is left out.
        content = Content.of(kind, typed | {"runbook": ""})

    for text in strings(dict(content.values)):
        assert not set(text) & set(FORBIDDEN)


def stored(ops: Ops) -> set[str]:
    """Return the invisible characters in all stored text, in any table."""
    held: set[str] = set()
    with ops.store.engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.execute(select(table)):  # type: ignore[call-overload] # any table
                for text in strings(tuple(row)):
                    held |= set(text) & set(FORBIDDEN)
    return held


def test_invisible_text_enters_in_no_other_way(ops: Ops) -> None:
    root = ops.ana.say(ops.ops, f"We decided{NASTY} to roll back when checkout fails.")
    view = shortcut(ops.ana, ops, root)
    for label in labels(view):
        if label in ("Title", "What do we do?", "Why?", "Exceptions", "Tags"):
            view.fill({label: f"x{NASTY}y"})
    view.fill({"Runbook link": f"https://wiki/{NASTY}x"})
    saved(ops, view)
    ops.review(ApprovalPolicy())  # from here on, since approval would make a new entry a draft
    key = "DEC-1"
    ops.ben.say(ops.ops, f"@Opslore why: it{NASTY} hurt", thread=root)
    ops.drain()
    ops.ben.slash(ops.ops, f"/lore use {key} went{NASTY} well")
    ops.ben.slash(ops.ops, f"/lore find pay{NASTY}ments")
    change = {"Exceptions": f"none{NASTY} at all", "What changed and why?": f"so{NASTY} it is"}
    saved(ops, edit(ops, ops.ben).fill(change))
    card = [m for m in ops.driver.messages(ops.ops) if "Request changes" in m.buttons()][-1]
    assert "none at all" in card.words()
    assert "so it is" in card.words()
    form = pressed(ops.cleo, "Request changes", card)
    assert form.fill({"What should change?": f"say{NASTY} more"}).submit() == {}
    ops.cleo.slash(ops.ops, f"/lore retire {key} too{NASTY} old")
    ops.ana.edit(ops.ops, root, f"We decided{NASTY}{NASTY} to roll back twice.")
    ops.ana.slash(ops.ops, "/lore digest now")
    ops.drain()

    assert stored(ops) == set()


def test_a_name_with_invisible_characters_is_shown_without_them(ops: Ops) -> None:
    rex = ops.driver.person("rex\u202e\U000e0041")
    ops.driver.invite(ops.ops, rex)

    ops.record(rex, "Roll back")

    assert "owner rex" in ops.ana.slash(ops.ops, "/lore show DEC-1").words()
    assert not re.search("[\u202e\U000e0041]", ops.ana.slash(ops.ops, "/lore DEC-1").words())


def test_an_old_revision_shows_its_invisible_characters(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        for module in ("bot.domain.field_values", "bot.slack.payloads.fields"):
            older.setattr(f"{module}.strip_invisible", lambda text: text)
        view = ops.ana.slash(ops.ops, "/lore record decision").view
        assert view is not None
        hidden = "Delete\u202e the\U000e0041 table."
        saved(ops, view.fill({"Title": "Roll\u200b back", "What do we do?": hidden}))

    shown = ops.ben.slash(ops.ops, "/lore show DEC-1").words()
    form = edit(ops, ops.ben)
    saved(ops, form.fill({"Why?": "It helps."}))
    diff = ops.ben.slash(ops.ops, "/lore diff DEC-1").words()

    assert "Roll\\u200B back" in shown
    assert "Delete\\u202E the\\U000E0041 table." in shown
    assert "\\u202E" in diff
    assert "Delete the table." in ops.ben.slash(ops.ops, "/lore show DEC-1").words()
    for words in (shown, diff, form.words()):
        assert not set(words) & set("\u200b\u202e\U000e0041")
    assert "\\u202E" in ops.ben.slash(ops.ops, "/lore show DEC-1@1").words()
