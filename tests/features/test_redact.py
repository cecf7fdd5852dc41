"""Redacting a text: it is removed everywhere, while the fact and the audit's proof remain."""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import JSON, make_url
from sqlmodel import SQLModel

from bot.domain.approval import ApprovalPolicy
from bot.domain.entries import ChannelId, UserId
from bot.domain.errors import InvalidInputError, UnavailableError
from bot.domain.gaps import NewGap
from bot.domain.kinds import TITLE_LIMIT
from bot.domain.listening.conversation import Said
from bot.domain.listening.heard import hear
from bot.domain.listening.stored import StoredMessage
from bot.domain.recognition import read
from bot.domain.redaction import MARK, Redaction
from bot.domain.replay import Flaw
from bot.usecases.entries.redact import redact_text
from bot.usecases.steps.channels import store_channel
from sandbox.forms import View
from sandbox.seen import Channel
from storage.aggregate import table_of
from storage.audit.chain import Audit
from storage.columns import Words
from storage.redaction import SEARCHED_TABLES, Redactions
from storage.store import Store
from tests.support.audit_acts import acts
from tests.support.command_line import opslore
from tests.support.editing import card, edit
from tests.support.gap_threads import ask_once
from tests.support.ops import Ops
from tests.support.proposing import proposed
from tests.support.recording import pressed, saved, shortcut, typed
from tests.support.redacting import TEXT, WHY, kept, redacted
from tests.support.storage_makers import BEN, NOW, OPS, TEAM, channels, member, occurrence


def leaked(ops: Ops) -> None:
    """Create a workspace with the text in every kind of place."""
    root = ops.ana.say(ops.ops, f"We always page {TEXT} when the queue is stuck, and restart it.")
    ops.drain()
    saved(ops, shortcut(ops.cleo, ops, root).fill({"Title": f"Queue of {TEXT}"}))
    rewritten = {"What do we do?": "Call\nZofia Kowalska   of\nElm Street 451x.", "Tags": TEXT}
    saved(ops, edit(ops, ops.ben).fill({**rewritten, "What changed and why?": f"For {TEXT}"}))
    ops.ana.slash(ops.ops, f"/lore use DEC-1 told {TEXT}")
    view = ops.ben.press("Use it", card(ops))
    assert isinstance(view, View)
    view.choose("How did it go?", "Failed").fill({"Note": f"{TEXT} was away"})
    assert view.submit() == {}
    for n in range(3):
        ask_once(ops, f"When do we page {TEXT}? Case {n}.", answer=f"Page {TEXT} if it is stuck.")
        ops.clock.time += timedelta(days=1)
    ops.tick()
    ops.ana.slash(ops.ops, "/lore digest now")
    ops.drain()
    form = ops.ben.slash(ops.ops, f"/lore record decision {TEXT}").view
    assert form is not None
    form.choose("Kind", "Handoff")


def test_a_text_is_removed_from_everything_stored_and_everything_in_slack(
    ops: Ops, caplog: pytest.LogCaptureFixture
) -> None:
    for ours in ("bot", "storage"):
        caplog.set_level(logging.DEBUG, logger=ours)
    leaked(ops)
    before = kept(ops.store)
    for part in (TEXT, "zofia-kowalska", "kowalska"):
        assert part in before

    view = redacted(ops)

    assert "Redacted everywhere in Opslore." in view.words()
    after = kept(ops.store)
    for part in ("Kowalska", "kowalska", "Elm Street"):
        assert part not in after
    assert MARK in after
    for message in ops.driver.messages(ops.ops):
        if message.user not in {person.id for person in (ops.ana, ops.ben, ops.cleo)}:
            assert "Kowalska" not in json.dumps(message.blocks) + message.text
    assert "Kowalska" not in caplog.text


def test_a_message_to_a_proposals_author_is_updated(ops: Ops) -> None:
    """It is updated even if a shared card is gone, and the entry itself never had the text."""
    ops.record(ops.ana, "Page", "Page somebody.")
    other = ops.driver.channel("night", members=[ops.ana])
    ops.driver.invite_bot(other, by=ops.ana)
    ops.ana.slash(other, "/lore share DEC-1")
    ops.drain()
    ops.driver.delete_message(other, ops.driver.messages(other)[-1])
    ops.review(ApprovalPolicy(on=True))
    saved(ops, edit(ops, ops.ben).fill({"What do we do?": "Call somebody."}))
    asked = [pressed(person, "Request changes", proposed(ops)) for person in (ops.ana, ops.cleo)]
    for view in asked:
        saved(ops, view.fill({"What should change?": f"Say that {TEXT} does."}))
    assert TEXT in ops.ben.dms()[-1].words()
    assert TEXT in proposed(ops).words()
    hide(ops, ops.ops)

    redacted(ops)

    assert MARK in ops.ben.dms()[-1].words()
    assert MARK in proposed(ops).words()
    assert TEXT not in kept(ops.store)


def test_a_direct_message_about_a_change_no_longer_contains_the_text(ops: Ops) -> None:
    dan = ops.driver.person("dan")
    ops.record(ops.ana, "Page", "Page somebody.", fields={})
    view = edit(ops, ops.ben).choose("Backup", dan).fill({"What do we do?": f"Page {TEXT}."})
    saved(ops, view)
    assert TEXT in dan.dms()[-1].words()

    redacted(ops)

    assert TEXT not in dan.dms()[-1].words()
    assert MARK in dan.dms()[-1].words()


def test_a_direct_message_about_a_new_entry_no_longer_contains_the_text(ops: Ops) -> None:
    view = ops.ana.slash(ops.ops, "/lore record decision").view
    assert view is not None
    view.fill({"Title": f"Page {TEXT}", "What do we do?": "We do it."})
    saved(ops, view.choose("Owner", ops.ben))
    assert TEXT in ops.ben.dms()[-1].words()

    redacted(ops)

    assert TEXT not in ops.ben.dms()[-1].words()
    assert f"Page {MARK}" in ops.ben.dms()[-1].words()


def test_the_count_is_shown_before_anything_is_redacted(ops: Ops) -> None:
    leaked(ops)
    view = ops.cleo.slash(ops.ops, "/lore redact").view
    assert view is not None
    view.fill({"Text to remove": TEXT, "Why?": WHY})

    assert view.submit() == {}

    words = view.words()
    assert "2 revisions, 1 excerpt of a message, 2 notes on a use, 1 gap, " in words
    for kind in (" occurrences of a gap", " messages in a channel", " of a digest"):
        assert kind in words
    assert "form" not in words.partition("`Redact it`")[0]  # Only ben, its author, sees it.
    assert TEXT in kept(ops.store)
    # A text other than the counted one is counted first, too.
    view.fill({"Text to remove": "Queue of"})
    assert view.submit() == {}
    assert "Found in" in view.words()
    assert "Queue of" in kept(ops.store)


def test_the_fact_the_hash_and_the_proof_remain(ops: Ops) -> None:
    leaked(ops)
    redacted(ops)

    with ops.store.read(ops.team) as tx:
        assert tx.audit.verify().fault is None
    told = {act.subject: act for act in acts(ops)[-2:]}
    assert {act.actor for act in told.values()} == {ops.cleo.id}
    assert told["DEC-1"].details["why"] == WHY
    assert list(told["DEC-1"].details["revisions"]) == ["1", "2"]
    assert told[str(ops.team)].details["places"]["revision"] == 2
    history = ops.ben.slash(ops.ops, "/lore history DEC-1").words()
    assert f"For {MARK}" in history
    assert f"Call\n{MARK}x." in ops.ben.slash(ops.ops, "/lore show DEC-1@2").words()


def test_tampering_after_a_redaction_is_still_detected(ops: Ops) -> None:
    leaked(ops)
    redacted(ops)
    with ops.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE revisions SET note = 'x' WHERE number = 2")
    with ops.store.read(ops.team) as tx:
        fault = tx.audit.verify().fault
    assert fault is not None
    assert (fault.flaw, fault.table, fault.subject) == (Flaw.CHANGED, "revisions", "DEC-1@2")
    with ops.store.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE revisions SET note = 'For {MARK}' WHERE number = 2"  # noqa: S608 - our own
        )


def test_search_no_longer_finds_the_text_and_still_finds_the_rest(ops: Ops) -> None:
    leaked(ops)
    assert "DEC-1" in ops.ben.slash(ops.ops, "/lore find kowalska").words()

    redacted(ops)

    assert "DEC-1" not in ops.ben.slash(ops.ops, "/lore find kowalska").words()
    assert "DEC-1" not in ops.ben.slash(ops.ops, "/lore find kowalskaa").words()
    assert "DEC-1" in ops.ben.slash(ops.ops, "/lore find queue").words()


def test_an_open_form_cannot_bring_the_text_back(ops: Ops) -> None:
    """The stored form is offered again without the text."""
    ops.record(ops.ana, "Page", f"Page {TEXT}.")
    view = edit(ops, ops.ben).fill({"Why?": "Faster."})

    redacted(ops)

    assert view.submit() == {
        "Title": "This form has expired. Copy your text and open a new one with /lore record."
    }
    assert TEXT not in kept(ops.store)
    home = ops.ben.home()
    assert home is not None
    again = home.press("Continue", near="Page")
    assert again is not None
    assert typed(again, "What do we do?") == f"Page {MARK}."


def test_redacting_in_one_entry_leaves_the_others_unchanged(ops: Ops) -> None:
    ops.record(ops.ana, "Page", f"Page {TEXT}.")
    ops.record(ops.ana, "Call", f"Call {TEXT}.")

    redacted(ops, where="dec-1")

    assert MARK in ops.ben.slash(ops.ops, "/lore show DEC-1").words()
    assert TEXT in ops.ben.slash(ops.ops, "/lore show DEC-2").words()
    assert "DEC-2" in ops.ben.slash(ops.ops, "/lore find kowalska").words()
    assert acts(ops)[-1].subject == "DEC-1"


def test_a_card_that_is_no_longer_updated_is_deleted(ops: Ops) -> None:
    """It was shared, and then its entry's channel became private."""
    ops.record(ops.ana, "Page", f"Page {TEXT}.")
    other = ops.driver.channel("night", members=[ops.ana])
    ops.driver.invite_bot(other, by=ops.ana)
    ops.ana.slash(other, "/lore share DEC-1")
    ops.drain()
    hide(ops, ops.ops)

    redacted(ops)

    words = [message.words() for message in ops.driver.messages(other)]
    assert not any(TEXT in each for each in words)
    assert any("This entry is now private to its channel." in each for each in words)


def hide(ops: Ops, channel: Channel) -> None:
    with ops.store.transaction(ops.team) as tx:
        known = next(each for each in tx.channels.all() if each.id == str(channel))
        store_channel(tx, type(known)(team=known.team, id=known.id, private=True), ops.clock())


def test_only_admins_can_redact(ops: Ops) -> None:
    answer = ops.ben.slash(ops.ops, "/lore redact")

    assert answer.view is None
    assert "Only workspace admins can redact text" in answer.words()


@pytest.mark.parametrize(
    ("text", "where", "why", "refusal"),
    [
        ("abc", "", WHY, {"Text to remove": "Enter at least 4 characters"}),
        ("a \n c", "", WHY, {"Text to remove": "Enter at least 4 characters"}),
        (TEXT, "DEC-9", WHY, {"Where": "There is no DEC-9 that you can see."}),
    ],
)
def test_a_text_that_cannot_be_redacted_is_refused_next_to_its_field(
    ops: Ops, text: str, where: str, why: str, refusal: dict[str, str]
) -> None:
    ops.record(ops.ana, "Page", f"Page {TEXT}.")
    view = ops.cleo.slash(ops.ops, "/lore redact").view
    assert view is not None
    view.fill({"Text to remove": text, "Where": where, "Why?": why})

    said = view.submit()

    assert list(said) == list(refusal)
    assert all(said[label].startswith(refusal[label]) for label in refusal)


@pytest.fixture
def secret(ops: Ops) -> Channel:
    """Return a private channel that cleo, the admin, isn't in."""
    found = ops.driver.channel("secret", members=[ops.ana, ops.ben], private=True)
    ops.driver.invite_bot(found, by=ops.ana)
    return found


def steps(ops: Ops, text: str) -> list[str]:
    """Return what an admin reads after looking for a text and after redacting it."""
    view = ops.cleo.slash(ops.ops, "/lore redact").view
    assert view is not None
    view.fill({"Text to remove": text, "Why?": WHY})
    read = []
    for _ in range(2):
        assert view.submit() == {}
        read.append(view.words())
    ops.drain()
    return read


def test_an_admin_learns_nothing_about_channels_they_are_not_in(ops: Ops, secret: Channel) -> None:
    """The answer reads as if the text were nowhere, but it is redacted there all the same."""
    ops.record(ops.ana, "Page", f"Page {TEXT}.", secret)
    nowhere = [
        words.replace("Nobody wrote this", TEXT) for words in steps(ops, "Nobody wrote this")
    ]

    assert steps(ops, TEXT) == nowhere
    assert "Nothing that you can see contains this." in nowhere[0]
    assert TEXT not in kept(ops.store)
    assert MARK in ops.ana.slash(secret, "/lore show DEC-1").words()
    assert acts(ops)[-1].details["places"] == {"revision": 1}


def test_an_admin_reads_what_they_can_see_and_the_rest_is_redacted_too(
    ops: Ops, secret: Channel
) -> None:
    ops.record(ops.ana, "Page", f"Page {TEXT}.")
    ops.record(ops.ana, "Page", f"Page {TEXT}.", secret)
    ops.record(ops.ana, "Call", f"Call {TEXT}.", secret)

    looked, done = steps(ops, TEXT)

    assert "Found in 1 place: 1 revision that you can see." in looked
    assert "Redacted everywhere in Opslore. You could see it in 1 place: 1 revision." in done
    assert TEXT not in kept(ops.store)
    assert acts(ops)[-1].details["places"] == {"revision": 3}


def test_every_kind_of_place_that_an_admin_can_see_is_counted(ops: Ops) -> None:
    leaked(ops)
    ops.driver.leave(ops.cleo, ops.ops)
    ops.driver.convert_to_private(ops.ops)
    reader, text = ops.bot.deps.people.reader(UserId(ops.cleo.id)), Redaction(TEXT)

    with ops.store.read(ops.team) as tx:
        matches = tx.redactions.find(text)
        visible = [row for row in tx.redactions.find(text, reader=reader) if row.is_visible]

    kinds = {"revision", "note on a use", "gap", "occurrence of a gap", "form", "line of a digest"}
    assert {row.table.label for row in matches} >= kinds
    assert visible == []


def test_a_reason_that_contains_the_text_is_refused(ops: Ops) -> None:
    ops.record(ops.ana, "Page", f"Page {TEXT}.")
    view = ops.cleo.slash(ops.ops, "/lore redact").view
    assert view is not None
    view.fill({"Text to remove": TEXT, "Why?": f"{TEXT} asked."})
    assert view.submit() == {}

    assert view.submit() == {"Why?": "The reason contains the text itself. Reword it."}


def test_a_redaction_is_complete_or_changes_nothing(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is cut off at its last step, and then nothing has changed."""
    leaked(ops)
    before = kept(ops.store)

    def cut_short(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Audit, "add", cut_short)
    with pytest.raises(KeyboardInterrupt):
        redact_text(ops.store, ops.team, reader=None, text=TEXT, where="", why=WHY, now=ops.clock())

    assert kept(ops.store) == before


def test_no_byte_of_the_text_stays_in_the_file(ops: Ops) -> None:
    """This is about SQLite. PostgreSQL frees the old rows when it vacuums."""
    leaked(ops)
    redacted(ops)

    if ops.store.dialect == "sqlite":
        database = Path(make_url(str(ops.store.engine.url)).database or "")
        found = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
        assert b"kowalska" not in found.lower()


def test_traces_left_in_a_busy_file_are_removed_the_next_time(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    ops.record(ops.ana, "Page", f"Page {TEXT}.")
    view = ops.cleo.slash(ops.ops, "/lore redact").view
    assert view is not None
    view.fill({"Text to remove": TEXT, "Why?": WHY})
    assert view.submit() == {}
    with monkeypatch.context() as busy:
        busy.setattr(ops.store, "scrub", unavailable_scrub)
        [said] = view.submit().values()
    assert "The text is redacted" in said
    assert "Redact the same text again" in said
    assert TEXT not in kept(ops.store)
    scrubbed: list[bool] = []
    monkeypatch.setattr(ops.store, "scrub", lambda: scrubbed.append(True))

    assert view.submit() == {}

    assert "Redacted everywhere in Opslore." in view.words()
    assert scrubbed


def unavailable_scrub() -> None:
    raise UnavailableError("Opslore's database is busy. Try again in a moment.")


def test_the_command_line_counts_and_asks_for_confirmation(ops: Ops, tmp_path: Path) -> None:
    ops.record(ops.ana, "Page", f"Page {TEXT}.")
    env = {"DATABASE_URL": ops.store.engine.url.render_as_string(hide_password=False)}
    command = ("redact", "--why", WHY)

    counted = opslore(*command, env=env, folder=tmp_path, typed=f"{TEXT}\n")
    assert (counted.returncode, counted.stderr) == (0, "")
    assert counted.stdout.startswith("Found in 1 place: 1 revision. Nothing was changed")
    done = opslore(*command, "--yes", env=env, folder=tmp_path, typed=f"{TEXT}\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert TEXT not in kept(ops.store)
    assert acts(ops)[-1].actor == "operator"
    again = opslore(*command, "--yes", env=env, folder=tmp_path, typed=f"{TEXT}\n")
    assert (again.returncode, again.stderr) == (
        2,
        "Opslore has stored nothing there that contains this. Check the spelling.\n",
    )
    # The command uses the machine's clock.
    ops.clock.time = max(ops.clock.time, datetime.now(UTC))
    ops.drain()
    assert MARK in card(ops).words()


def test_what_was_heard_and_the_gaps_of_it_are_redacted_too(store: Store) -> None:
    said = Said(channel=OPS, ts="1.1", root="1.1", user=BEN, text=f"Page {TEXT}.", at=NOW)
    heard = hear(said, read(said, ()), frozenset())
    happened = replace(
        occurrence("1.1"), excerpt=f"Page {TEXT}?", answer=f"{TEXT} knows", answer_ts="1.2"
    )
    with store.transaction(TEAM) as tx:
        channels(tx)
        tx.heard.put(OPS, "1.1", StoredMessage(heard=heard, excerpt=said.text))
        gap = tx.gaps.add(
            NewGap(channel=OPS, act="question", title=f"Page {TEXT}", occurrences=(happened,))
        )

    with store.transaction(TEAM) as tx:
        matches = tx.redactions.find(Redaction(TEXT))
        counts = tx.redactions.redact(Redaction(TEXT), matches).counts

    with store.read(TEAM) as tx:
        found = tx.gaps.get(gap)
    assert found is not None
    assert found.title == f"Page {MARK}"
    assert [(one.excerpt, one.answer) for one in found.occurrences] == [
        (f"Page {MARK}?", f"{MARK} knows")
    ]
    assert counts == {"gap": 1, "occurrence of a gap": 1, "message in a channel": 1}
    assert "kowalska" not in kept(store).lower()


def test_a_gaps_title_keeps_no_part_of_the_text(ops: Ops) -> None:
    """It is made from a part of a message, so it may hold a part of the text."""
    for n in range(4):
        asked = f"The billing queue of {TEXT} is stuck again, case {n}, what do we do?"
        ask_once(ops, asked, answer="Ask ben, he restarts the billing queue from the console.")
        ops.clock.time += timedelta(days=1)
    [title] = titles(ops)
    assert "Kowalska" in title
    ops.ana.slash(ops.ops, "/lore digest now")
    ops.drain()

    redacted(ops)

    assert "Kowalska" not in titles(ops)[0]
    assert "Kowalska" not in kept(ops.store)
    digest = ops.driver.messages(ops.ops)[-1]
    assert "1 gap" in digest.words()
    assert "Kowalska" not in digest.words()


def titles(ops: Ops) -> list[str]:
    with ops.store.read(ops.team) as tx:
        return [gap.title for gap in tx.gaps.recurring(None, NOW - timedelta(days=900), 2)]


def test_every_column_with_text_is_searched() -> None:
    """Add a new column either to the places, or here with the reason."""
    looked_at = {
        (table_of(searched.row).name, name)
        for searched in SEARCHED_TABLES
        for name in searched.words
    }
    others = {
        ("entries", "title"),  # written from the revision in force
        ("documents", "title"),  # the same
        ("documents", "body"),  # the same
        ("documents", "tags"),  # the same
        ("audit", "details"),  # contains no words of people, except the reasons of redactions
        ("audit", "states"),  # hashes of words, and their salts are deleted with them
        ("digests", "figures"),  # numbers
        ("heard_messages", "features"),  # numbers, and hashes of single words
        ("threads", "terms"),  # hashes of single words
        ("workspaces", "holidays"),  # dates
    }
    words = {
        (table.name, column.name)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, JSON | Words)
    }
    assert words == looked_at | others


# The text itself.


@pytest.mark.parametrize(
    ("text", "kept_text", "left"),
    [
        ("hunter2", "it is hunter2.", "it is [redacted]."),
        ("hunter2", "xhunter2x", "x[redacted]x"),
        ("hunter2", "Hunter2", "Hunter2"),
        ("a b c d", "a  b\nc\td", "[redacted]"),
        (" a\r\nbcd ", "a bcd", "[redacted]"),
        ("Zofia Kowalska", "we page Zofia Kow…", "we page [redacted]…"),
        ("Zofia Kowalska", "we page Zof…", "we page Zof…"),
        ("Zofia Kowalska", "Zofia…", "[redacted]…"),
        ("ol\u00e9 ol\u00e9", "ole\u0301 ole\u0301!", "[redacted]!"),
        ("ole\u0301 ole\u0301", "ol\u00e9 ol\u00e9!", "[redacted]!"),
        ("redacted", "[redacted] redacted", "[redacted] [redacted]"),
        ("a.c*", "abcc a.c*", "abcc [redacted]"),
    ],
)
def test_it_is_found_as_people_would_write_it(text: str, kept_text: str, left: str) -> None:
    assert Redaction(text).out_of(kept_text) == left


def test_ids_and_choices_are_not_changed() -> None:
    form = {"owner": "U0ANA", "rule": "U0ANA", "levels": [{"whom": ["U0ANA"], "tell": "U0ANA"}]}
    assert Redaction("U0ANA").out_of_json(form) == {
        "owner": "U0ANA",
        "rule": MARK,
        "levels": [{"whom": ["U0ANA"], "tell": MARK}],
    }


words = st.text(st.sampled_from("abé \n\\\"'%_…[]😀e\u0301"), min_size=4, max_size=12)


@given(text=words, before=words, after=words)
def test_the_first_search_finds_all_of_it_and_nothing_is_left(
    text: str, before: str, after: str
) -> None:
    try:
        redaction = Redaction(text)
    except InvalidInputError:
        return
    held = f"{before}{text}{after}"
    left = redaction.out_of(held)

    assert not redaction.holds(left)
    if redaction.holds(held):
        cut = "…" in held and any(each in held for each in redaction.beginnings)
        assert cut or any(needle in held for needle in redaction.needles)


def test_a_value_that_only_a_redaction_can_produce_blocks_no_other_change(ops: Ops) -> None:
    """A mark can make a title too long, or turn a web address into something that isn't one."""
    ops.review(ApprovalPolicy())
    link = "https://wiki.example/1"
    ops.record(ops.ana, "Ozzy " + "o" * 143, "We wait.", fields={"Runbook link": link})
    for label in ("Exceptions", "Why?"):
        saved(ops, edit(ops, ops.ben).fill({label: "It took hours."}))
    for text in ("Ozzy", "https://wiki"):
        redacted(ops, text)
    waiting = [m for m in ops.driver.messages(ops.ops) if " proposes DEC-1@" in m.text]

    for card_of in waiting:
        ops.cleo.press("Approve", card_of)
        ops.drain()
    ops.ana.slash(ops.ops, f"/lore owner DEC-1 @{ops.cleo.name}")

    with ops.store.read(ops.team) as tx:
        [entry] = tx.entries.visible_to(member(ChannelId(str(ops.ops)))).search("wait")
    assert entry.content.text("exceptions") == entry.content.text("rationale") == "It took hours."
    assert entry.owner == ops.cleo.id
    assert entry.content.text("runbook") == f"{MARK}.example/1"
    assert len(entry.title) > TITLE_LIMIT


def test_a_redaction_killed_between_two_batches_is_completed_by_the_next(
    ops: Ops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The redacted rows stay redacted, and redacting the same text again does the rest."""
    for number in range(5):
        ops.record(ops.ana, f"Decision {number}", f"Page {TEXT} at once.")
    redact_some, redacted = Redactions.redact, list[object]()

    def killed_at_the_second(*given: Any) -> object:  # noqa: ANN401 - of redact
        if redacted:
            raise RuntimeError("killed")
        redacted.append(redact_some(*given))
        return redacted[0]

    def redact() -> Mapping[str, int]:
        return redact_text(
            ops.store,
            ops.team,
            reader=None,
            text=TEXT,
            where="",
            why=WHY,
            now=ops.clock(),
            batch=2,
        )

    with monkeypatch.context() as patched:
        patched.setattr(Redactions, "redact", killed_at_the_second)
        with pytest.raises(RuntimeError, match="killed"):
            redact()
    with ops.store.read(ops.team) as tx:
        left = tx.redactions.find(Redaction(TEXT))
    assert left

    places = redact()

    assert sum(places.values()) == len(left)
    with ops.store.read(ops.team) as tx:
        assert tx.redactions.find(Redaction(TEXT)) == []
        assert tx.audit.verify().fault is None
