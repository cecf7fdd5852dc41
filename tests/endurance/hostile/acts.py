"""Hostile acts in the sandbox and past it, each checked as soon as it is done."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from typing import Any, Final

from slack_bolt import BoltRequest, BoltResponse

from bot.cli.receivers import answer_request
from bot.domain.entries import Entry
from bot.domain.field_values import clean, is_blank
from bot.domain.form_drafts import FormDraftId
from bot.domain.kinds import FIELDS, Field, Kind, Shape
from bot.slack.payloads.interactions import name_of
from bot.slack.text.mrkdwn import unescape
from sandbox.errors import ActionRefusedError
from sandbox.forms import View
from sandbox.persons import PersonDriver
from sandbox.seen import Message
from sandbox.transports import Parcel, signed
from tests.endurance.hostile import texts
from tests.endurance.hostile.raw import Requests
from tests.endurance.hostile.verdict import Findings, LogReader, unmeant, unmeant_in_call
from tests.support.ops import Ops

_TYPED: Final = (Shape.LINE, Shape.TEXT, Shape.URL, Shape.LINES)
_WORDS: Final = [
    "help",
    "record",
    "find",
    "show",
    "edit",
    "history",
    "diff",
    "watch",
    "gaps",
    "digest",
    "settings",
    "share",
    "owner",
    "retire",
    "use",
]
# A card shows a text of up to this many escaped characters in full.
_WHOLE: Final = 1000


class Hostile:
    """People with bad intentions, in a workspace with the bot."""

    def __init__(self, ops: Ops, seed: int) -> None:
        self.ops = ops
        self.rng = texts.seeded(seed)
        self.findings = Findings()
        self._log_reader = LogReader(self.findings)
        self._requests = Requests(ops, self.rng)
        self._calls_read = 0
        guest = ops.driver.person("gil", guest=True)
        stranger = ops.driver.person("sam", stranger=True)
        for person in (guest, stranger):
            ops.driver.invite(ops.ops, person)
        self._people = (ops.ana, ops.ben, ops.cleo, ops.ana, ops.ben, guest, stranger)
        self._said: list[str] = []
        self._keys: list[str] = []
        self._record_dispatches()

    def run(self, acts: int) -> Findings:
        """Do this many acts."""
        root = logging.getLogger()
        ours = [logging.getLogger(name) for name in ("bot", "storage")]
        levels = [logger.level for logger in ours]
        root.addHandler(self._log_reader)
        for logger in ours:
            logger.setLevel(logging.DEBUG)
        try:
            for _ in range(acts):
                self._act()
        finally:
            root.removeHandler(self._log_reader)
            for logger, level in zip(ours, levels, strict=True):
                logger.setLevel(level)
        return self.findings

    def _act(self) -> None:
        act = self.rng.choice(_ACTS)
        self.findings.acts += 1
        self._log_reader.doing = act.__name__
        try:
            act(self)
        except ActionRefusedError as refused:
            # Slack's client prevents some of it, but that doesn't include a failure of the app.
            if "timeout" in str(refused) or "dispatch" in str(refused):
                self.findings.unanswered.append(f"{act.__name__}: {refused}")
        self.ops.drain()
        # This bypasses the driver, which would fetch all of them each time.
        calls = self.ops.sandbox._installation.calls[self._calls_read :]  # noqa: SLF001 - as above
        self._calls_read += len(calls)
        for call in calls:
            found = unmeant_in_call(call.as_json())
            self.findings.mentions += [f"{act.__name__}: {one}" for one in found]

    def _record_dispatches(self) -> None:
        """Check each answer; count a failed one, and hide it so that Slack doesn't retry."""
        assert self.ops.bot
        app = self.ops.bot.app
        dispatch = app.dispatch

        def recorded(request: BoltRequest) -> BoltResponse:
            response = dispatch(request)
            if response.status >= 500:
                self.findings.unhandled.append(f"{self._log_reader.doing}: {response.status}")
                return BoltResponse(status=200)
            if response.body.startswith("{"):
                found = unmeant(json.loads(response.body), "answer")
                self.findings.mentions += [f"{self._log_reader.doing}: {one}" for one in found]
            return response

        app.dispatch = recorded  # type: ignore[method-assign, assignment] # in place of a proxy

    # Typed texts.

    def _person(self) -> PersonDriver:
        return self.rng.choice(self._people)

    def _text(self) -> str:
        return texts.text(self.rng)

    def _key(self) -> str:
        return self.rng.choice([*self._keys[-30:], "DEC-1", "ESC-1", "HND-9", "DEC-1@1", "x"])

    def say(self) -> None:
        """Post a message, perhaps in a thread."""
        thread = self.rng.choice([None, *self._said[-5:]])
        typed = self._text()
        if typed.strip():
            self._said.append(self._person().say(self.ops.ops, typed[:12_000], thread=thread))

    def edit_or_delete(self) -> None:
        """Edit or delete an old message."""
        messages = [one for one in self.ops.driver.messages(self.ops.ops)[-20:] if one.user]
        mine = [one for one in messages if one.user == self.ops.ana.id]
        if mine and (typed := self._text()).strip() and self.rng.random() < 0.7:
            self.ops.ana.edit(self.ops.ops, self.rng.choice(mine), typed[:12_000])
        elif mine:
            self.ops.ana.delete(self.ops.ops, self.rng.choice(mine))

    def ask_to_record(self) -> None:
        """Use a reaction or a mention, then the button and the form."""
        person = self._person()
        if self._said and self.rng.random() < 0.5:
            person.react(self.ops.ops, self._said[-1], "scroll")
        else:
            bot = self.ops.driver.workspace()["bot_user_id"]
            person.say(self.ops.ops, f"<@{bot}> {self.rng.choice(('record', self._text()[:500]))}")
        self.ops.drain()
        self._press_any(person)

    def prompt(self) -> None:
        """Post something that may bring a prompt, and answer it in any way a day later."""
        self.ops.later(hours=self.rng.choice((1, 25)))
        person = self._person()
        words = "We decided: from now on we always roll back first when the budget is gone"
        self._said.append(person.say(self.ops.ops, f"{words} {texts.short(self.rng)}"))
        self.ops.drain()
        self._press_any(person)

    def _press_any(self, person: PersonDriver) -> None:
        shown = [one for one in person.ephemerals(self.ops.ops)[-3:] if one.buttons()]
        self._press_on(person, shown)

    def _press_on(self, person: PersonDriver, shown: list[Message]) -> None:
        if not shown:
            return
        message = self.rng.choice(shown)
        label = self.rng.choice(message.buttons())
        outcome = person.press(label, message, seconds=0)
        if isinstance(outcome, View):
            self._fill_any(person, outcome)

    def press_posted(self) -> None:
        """Press any button of any post by the bot, as anyone."""
        posted = [one for one in self.ops.driver.messages(self.ops.ops)[-40:] if one.buttons()]
        self._press_on(self._person(), posted)

    def command(self) -> None:
        """Enter a slash command with any text behind it."""
        person = self._person()
        word = self.rng.choice([*_WORDS, "fnd", "hlep", ""])
        rest = self.rng.choice((self._text(), f"{self._key()} {self._text()}", self._key()))
        if word == "watch" and "off" in rest:
            rest = ""
        answer = person.slash(self.ops.ops, f"/lore {word} {rest}", seconds=0)
        if answer.view is not None:
            self._fill_any(person, answer.view)
        elif answer.error or not answer.words().strip():
            self.findings.unanswered.append(f"/lore {word}: {answer.error} {rest[:200]!r}")

    def record(self) -> None:
        """Submit a form with hostile text in each field, and check that it reads back."""
        person = self.rng.choice((self.ops.ana, self.ops.ben))
        kind = self.rng.choice(list(Kind))
        view = person.slash(self.ops.ops, f"/lore record {kind.value}", seconds=0).view
        assert view is not None
        self._fill(view, kind)
        if self.rng.random() < 0.3:
            view.choose("Kind", "Handoff")
            kind = Kind.HANDOFF
            self._fill(view, kind)
        self._submit(person, view, kind)

    def edit(self) -> None:
        """Submit the form of an existing entry."""
        person = self.rng.choice((self.ops.ana, self.ops.ben))
        if not self._keys:
            return
        key = self.rng.choice(self._keys)
        view = person.slash(self.ops.ops, f"/lore edit {key}", seconds=0).view
        if view is None:
            return
        kind = next(kind for kind in Kind if key.startswith(kind.prefix))
        self._fill(view, kind, note=self._text()[:500])
        if self.rng.random() < 0.1:
            self.ops.cleo.slash(self.ops.ops, f"/lore retire {key} {self._text()[:300]}", seconds=0)
        self._submit(person, view, kind)

    def shortcut(self) -> None:
        """Use the message shortcut on a hostile message."""
        if not self._said:
            return
        person = self._person()
        outcome = person.shortcut(
            "Record this thread", self.ops.ops, self.rng.choice(self._said[-20:]), seconds=0
        )
        if isinstance(outcome, View):
            self._fill_any(person, outcome)

    def home(self) -> None:
        """Use App Home, its search and a button there."""
        person = self._person()
        home = person.home(seconds=0)
        if home is None:
            self.findings.unanswered.append("App Home stays empty")
            return
        if "Search" in home.words():
            home.fill({"Search": self._text()[:200] or "x"})
        labels = home.buttons()
        if labels and self.rng.random() < 0.5:
            home.press(self.rng.choice(labels), seconds=0)
            if person.view is not None and person.view.id != home.id:
                self._fill_any(person, person.view)

    def settings(self) -> None:
        """Submit the forms of the channel's digest and of the workspace settings."""
        view = self.ops.cleo.slash(self.ops.ops, "/lore digest settings", seconds=0).view
        assert view is not None
        view.fill({"Time zone": self._text()[:60] or "x"})
        view.submit()
        self._put_away(self.ops.cleo)
        view = self.ops.cleo.slash(self.ops.ops, "/lore settings", seconds=0).view
        assert view is not None
        view.fill({"Prompts per person": self.rng.choice(("²", "٣", "-1", "9e9", " 50", "\x00"))})
        view.submit()
        self._put_away(self.ops.cleo)

    def raw(self) -> None:
        """Send a signed request that bypasses the sandbox."""
        self.findings.raw += 1
        self._send(self._requests.any())

    def _send(self, parcel: Parcel) -> BoltResponse:
        assert self.ops.bot
        body, headers = signed(self.ops.sandbox.signing_secret, parcel)
        self._log_reader.doing = f"raw {parcel.payload.get('type', parcel.kind)}"
        return answer_request(self.ops.bot, body.decode(), headers)

    # Forms.

    def _fill(self, view: View, kind: Kind, **more: str) -> dict[str, str]:
        typed = {}
        for field in FIELDS[kind]:
            if field.shape in (*_TYPED, Shape.TAGS):
                typed[field.label] = self._value(field)
        labels = set(view.words().split("\n"))
        if "Level 1: tell them" in labels:
            typed["Level 1: tell them"] = self._text()[:1000]
        if "note" in more:
            typed["What changed and why?"] = more["note"]
        view.fill({label: text for label, text in typed.items() if label in labels})
        return typed

    def _value(self, field: Field) -> str:
        if field.name == "title" and self.rng.random() < 0.9:
            return texts.short(self.rng)
        if field.shape is Shape.URL and self.rng.random() < 0.7:
            return self.rng.choice(("", f"https://example.com/{texts.MARK}?a=1&b=*_~`|"))
        if field.required and self.rng.random() < 0.7:
            return texts.short(self.rng)
        return self._text() if self.rng.random() < 0.5 else texts.short(self.rng)

    def _fill_any(self, person: PersonDriver, view: View) -> None:
        """Fill the open form with typed text, perhaps change its kind, and submit it."""
        title = view.title
        kind = next((kind for kind in Kind if title.endswith(kind.value)), None)
        if kind is not None:
            self._fill(view, kind)
            self._submit(person, view, kind)
            return
        labels = view.words().split("\n")
        if "Note" in labels:
            view.choose("How did it go?", self.rng.choice(("Followed", "Deviated", "Failed")))
            view.fill({"Note": self._text()[:1000]})
        if view.raw.get("submit"):
            view.submit()
        self._put_away(person)

    def _submit(self, person: PersonDriver, view: View, kind: Kind) -> None:
        draft = FormDraftId(json.loads(view.raw["private_metadata"])["draft"])
        typed = {
            name_of(block): element["value"]
            for block, elements in view.values.items()
            for element in elements.values()
            if isinstance(element.get("value"), str)
        }
        if self.rng.random() < 0.5:
            answer = self._submit_raw(person, view, typed)
            reasons = (answer.get("errors") or {}) if answer else {}
        else:
            reasons = view.submit()
        if any(not str(words).strip() or "trouble" in str(words) for words in reasons.values()):
            self.findings.unanswered.append(f"form: {reasons}")
        self._put_away(person)
        self._read_back(person, draft, kind, typed)

    def _submit_raw(self, person: PersonDriver, view: View, typed: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
        raw = view.raw
        for block, elements in raw["state"]["values"].items():
            for element in elements.values():
                name = name_of(block)
                if name in typed and self.rng.random() < 0.2:
                    typed[name] = element["value"] = texts.lone(self.rng, typed[name])
        user = {"id": person.id, "team_id": self.ops.team}
        payload = {"type": "view_submission", "user": user, "team": {"id": self.ops.team}}
        response = self._send(Parcel("interactive", payload | {"view": raw}))
        return json.loads(response.body) if response.body.startswith("{") else None

    def _put_away(self, person: PersonDriver) -> None:
        while (view := person.view) is not None:
            view.close()

    # Checks that accepted text reads back.

    def _read_back(
        self, person: PersonDriver, draft: FormDraftId, kind: Kind, typed: dict[str, str]
    ) -> None:
        with self.ops.store.read(self.ops.team) as tx:
            found = tx.form_drafts.get(draft)
            entry = tx.entries.by_id(found.saved) if found and found.saved else None
        if entry is None:
            return
        self._keys.append(str(entry.key))
        self.findings.saved += 1
        # On a busy machine the form arrives after the acknowledgement.
        view = person.slash(self.ops.ops, f"/lore edit {entry.key}", seconds=60).view
        if view is None:
            self.findings.lost.append(f"{entry.key} does not open again")
            return
        again = {
            name_of(block): next(iter(one.values())).get("value")
            for block, one in view.values.items()
        }
        for field in FIELDS[kind]:
            if field.shape in _TYPED:
                self._compare(entry, field, typed.get(field.name, ""), again.get(field.name))
        self._put_away(person)
        self._shown(person, entry)

    def _compare(self, entry: Entry, field: Field, typed: str, again: str | None) -> None:
        wanted = _kept(field, typed)
        kept = entry.content.text(field.name)
        self.findings.read_back += 1
        if not wanted == kept == (again or ""):
            what = f"{typed[:80]!r} became {kept[:80]!r}, and {(again or '')[:80]!r} in its form"
            self.findings.lost.append(f"{entry.key} {field.name}: {what}")

    def _shown(self, person: PersonDriver, entry: Entry) -> None:
        card = person.slash(self.ops.ops, f"/lore show {entry.key}", seconds=0)
        sections = [block.get("text", {}).get("text", "") for block in card.blocks]
        # Addresses become links there, but read as they were typed.
        said = unescape(re.sub(r"<(https?://[^<>|]+)>", r"\1", "\n".join(sections)))
        for field in FIELDS[entry.key.kind]:
            text = entry.content.text(field.name)
            if field.shape is Shape.TEXT and len(text) <= _WHOLE // 5 and text not in said:
                self.findings.lost.append(f"{entry.key} {field.name}: {text[:80]!r} is not shown")


def _kept(field: Field, typed: str) -> str:
    """Return what is stored of a typed text: its visible characters, with no word changed."""
    text = clean(typed)
    if is_blank(text):
        return ""
    if field.shape is Shape.LINE:
        return " ".join(text.split())
    if field.shape is Shape.URL:
        return text.strip("<>")
    if field.shape is Shape.LINES:
        return "\n".join(line.strip() for line in text.split("\n") if not is_blank(line))
    return text


_ACTS: Final[tuple[Callable[[Hostile], None], ...]] = (
    Hostile.say,
    Hostile.say,
    Hostile.edit_or_delete,
    Hostile.ask_to_record,
    Hostile.prompt,
    Hostile.press_posted,
    Hostile.command,
    Hostile.command,
    Hostile.command,
    Hostile.record,
    Hostile.record,
    Hostile.edit,
    Hostile.shortcut,
    Hostile.home,
    Hostile.settings,
    Hostile.raw,
    Hostile.raw,
    Hostile.raw,
    Hostile.raw,
)
