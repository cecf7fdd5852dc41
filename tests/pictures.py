"""`python -m tests.pictures`: take the pictures of the README and the tour, in the demo."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bot.cli.demo import acts, landing
from bot.cli.demo.acts import Ops
from bot.cli.demo.chat import Chat
from bot.cli.demo.processes import Running, running
from sandbox.seen import Message
from tests.support.browser import CHROMIUM_FLAGS, chromium

_FOLDER: Final = Path(__file__).parent.parent / "docs" / "pictures"
# After this time, the entries are due for their owners.
_MONTHS: Final = timedelta(days=91)
# How long to wait for the bot's answer, in milliseconds. A busy machine needs more than 5 seconds.
_PATIENCE: Final = 30_000
_WANTED: Final = "Say how to see which packages an environment has."
_REVISED: Final = "It still isn't listed: look with `conda list`, and install `jupyterlab`, too."
_COVERED: Final = "@Opslore what do we do when a conda environment isn't listed as a kernel?"
_UNCOVERED: Final = "@Opslore how do we get more disk space for a project?"
_LATER: Final = {
    "Title": "A Dask cluster chooses the network interface by itself",
    "When does this come up?": "Someone starts a Dask cluster on Casper.",
    "What do we do?": "Leave the interface out: `NCARCluster` chooses the fastest.",
    "Why?": "People named an interface that was gone.",
}


def take() -> None:
    """Replay the demo's chat, act in it like the demo, and take every picture."""
    _FOLDER.mkdir(exist_ok=True)
    expect.set_options(timeout=_PATIENCE)
    with running() as up, sync_playwright() as playwright:
        ops, digest, proposal, asked = _scene(up)
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        _take_digest(browser, up, ops, digest)
        _take_recording(browser, up, ops, asked)
        _take_surfaces(browser, up, ops)
        _take_answers(browser, up, ops)
        _take_approval(browser, up, ops, proposal)
        _take_restore(browser, up)
        _take_supersede(browser, up, ops)
        _take_verdicts(browser, up)
        _take_takeover(browser, up, ops)
        _take_nudge(browser, up, ops)
        browser.close()


def _scene(up: Running) -> tuple[Ops, Message, Message, tuple[str, Message]]:
    chat = Chat.load().until(datetime.now(UTC))
    ops = acts.replay(up.driver, chat, lambda _: None)
    up.settle()
    asked = acts.say_a_rule(ops, chat, up.settle)
    acts.record_decision(ops, "clara")
    acts.approve(ops, "theo", acts.NEW_KERNEL)
    acts.record_escalation(ops, "theo", ["noor", "hugo", "clara"])
    acts.approve(ops, "noor", acts.CERTIFICATE)
    acts.record_handoff(ops, "hugo")
    acts.approve(ops, "clara", acts.UPDATE)
    acts.deviate(ops, "zara")
    proposal = acts.propose(ops, "zara")
    digest = acts.ask_for_digest(ops, "theo")
    up.settle()
    landing.welcome(ops, digest, proposal)
    return ops, digest, proposal, asked


def _take_digest(browser: Browser, up: Running, ops: Ops, digest: Message) -> None:
    """Take the digest in light mode, in dark mode and on a phone."""
    here = landing.address(up.url, ops)
    for name, scheme in (("digest", "light"), ("digest-dark", "dark")):
        with _window(browser, here, color_scheme=scheme) as window:
            window.locator(f"[data-ts='{digest.ts}']").evaluate("each => each.scrollIntoView()")
            _take_picture(window, name)
    with _window(browser, here, viewport={"width": 390, "height": 760}) as window:
        window.get_by_role("button", name="Dismiss").first.press("Enter")
        window.locator(f"[data-ts='{digest.ts}']").evaluate("each => each.scrollIntoView()")
        _take_picture(window, "narrow")


def _take_recording(browser: Browser, up: Running, ops: Ops, asked: tuple[str, Message]) -> None:
    """Take the card in a thread, a prompt and the form."""
    root = ops.ts[acts.NEW_KERNEL]
    with _window(browser, f"{landing.address(up.url, ops)}&thread={root}") as window:
        thread = window.get_by_role("complementary", name="Thread")
        card = thread.get_by_role("article", name="opslore").last
        card.scroll_into_view_if_needed()
        _take_picture(window, "card")
    person, shown = asked
    here = landing.address(up.url, ops, person)
    with _window(browser, f"{here}&thread={shown.thread_ts}") as window:
        thread = window.get_by_role("complementary", name="Thread")
        prompt = thread.get_by_role("button", name="Record it")
        expect(prompt).to_be_visible()
        _take_picture(window, "prompt")
        prompt.click()
        form = window.get_by_role("dialog", name="Record a decision")
        expect(form.get_by_label("Title")).not_to_have_value("")
        _take_picture(window, "form")
        form.get_by_role("button", name="Save").click()
        expect(form).to_have_count(0)


def _take_surfaces(browser: Browser, up: Running, ops: Ops) -> None:
    """Take the search, App Home, the drawer and the clock."""
    here = landing.address(up.url, ops)
    with _window(browser, here) as window:
        box = window.get_by_role("textbox", name="Message #ops")
        box.fill("/lore find certificate is expird")
        box.press("Enter")
        expect(window.get_by_text("Only visible to you").last).to_be_visible()
        _take_picture(window, "search")
    with _window(browser, f"{up.url}/page/?as=clara&in=ops&tab=home") as window:
        expect(window.get_by_role("region", name="Home").get_by_text("DEC-1@2")).to_be_visible()
        _take_picture(window, "home")
    with _window(browser, f"{here}&drawer=1") as window:
        expect(window.get_by_role("article").first).to_be_attached()
        expect(window.get_by_role("row").nth(3)).to_be_visible()
        _take_picture(window, "drawer")
    with _window(browser, f"{here}&clock=1") as window:
        expect(window.get_by_role("dialog")).to_be_visible()
        expect(window.get_by_role("article").first).to_be_attached()
        _take_picture(window, "clock")


def _take_answers(browser: Browser, up: Running, ops: Ops) -> None:
    """Take the answer to a question that an entry covers, and to one that nothing covers."""
    for name, question, words in (
        ("answer", _COVERED, "in the environment"),
        ("nothing-covers", _UNCOVERED, "Nothing covers this."),
    ):
        root = ops.people["mira"].say(ops.channel, question)
        up.settle()
        with _window(browser, f"{_here(up, 'mira')}&thread={root}") as window:
            _show(_article(window, words))
            _take_picture(window, name)


def _take_approval(browser: Browser, up: Running, ops: Ops, proposal: Message) -> None:
    """Take a change as it is proposed, sent back, revised, approved and listed in the history."""
    card = f"[data-ts='{proposal.ts}']"
    with _window(browser, _here(up, "clara")) as window:
        window.locator(card).evaluate("each => each.scrollIntoView({block: 'end'})")
        _take_picture(window, "proposal")
        window.locator(card).get_by_role("button", name="Request changes").click()
        form = window.get_by_role("dialog", name="Request changes")
        form.get_by_label("What should change?").fill(_WANTED)
        _take_picture(window, "changes")
        form.get_by_role("button", name="Send").click()
        expect(form).to_have_count(0)
    with _window(browser, _here(up, "zara")) as window:
        expect(window.locator(card)).to_contain_text("Changes requested by clara")
        window.locator(card).get_by_role("button", name="Revise").click()
        form = window.get_by_role("dialog", name="Edit DEC-1")
        expect(form.get_by_label("Title")).not_to_have_value("")
        _take_picture(window, "revise")
        form.get_by_label("Exceptions").fill(_REVISED)
        form.get_by_role("button", name="Propose").click()
        expect(form).to_have_count(0)
    with _window(browser, _here(up, "clara")) as window:
        window.locator(card).get_by_role("button", name="Approve").click()
        expect(window.locator(card)).to_contain_text("In force, approved by clara")
    with _announcement(browser, up, ops, "clara", "DEC-1@3 is in force:") as window:
        _take_picture(window, "announcement")
    with _window(browser, _here(up, "clara")) as window:
        window.locator(card).get_by_role("button", name="History").click()
        history = window.get_by_role("article").filter(has_text="proposed, then revised").last
        older = history.locator(".section").filter(has_text="DEC-1@2")
        older.get_by_role("button", name="More actions").click()
        expect(window.get_by_role("menuitem", name="Restore")).to_be_visible()
        _take_picture(window, "history")


def _take_restore(browser: Browser, up: Running) -> None:
    """Take the diff of two revisions, and a proposal to restore the earlier one."""
    with _window(browser, _here(up, "mira")) as window:
        compared = _ask(window, "/lore diff DEC-1 1 3", "DEC-1@3 compared with DEC-1@1")
        _show(compared)
        _take_picture(window, "diff")
        _ask(
            window,
            "/lore restore DEC-1 1 Sessions may run longer again.",
            "is waiting for approval in",
        )
    with _window(browser, _here(up, "clara")) as window:
        proposal = _article(window, "proposes restoring an earlier revision")
        up.settle()
        _show(proposal)
        _take_picture(window, "restore")
    with _window(browser, _here(up, "mira")) as window:
        proposal = _article(window, "proposes restoring an earlier revision")
        proposal.get_by_role("button", name="View change").click()
        details = window.get_by_role("dialog", name="DEC-1@4")
        details.get_by_role("button", name="Withdraw").click()
        window.get_by_role("alertdialog").get_by_role("button", name="Withdraw").click()
        expect(details).to_contain_text("Withdrawn by mira")
        details.get_by_role("button", name="Close").last.click()
        expect(proposal).to_contain_text("Withdrawn by mira")


def _take_supersede(browser: Browser, up: Running, ops: Ops) -> None:
    """Take an entry that supersedes another."""
    _approve_draft(up, ops, "clara", "DEC-2@1")
    form = ops.people["zara"].slash(ops.channel, "/lore record decision").view
    assert form is not None
    assert form.fill(_LATER).submit() == {}
    _approve_draft(up, ops, "mira", "DEC-3@1")
    with _window(browser, _here(up, "zara")) as window:
        _ask(
            window,
            "/lore supersede DEC-2 with DEC-3 The cluster chooses it now.",
            "is waiting for approval in",
        )
    with _window(browser, _here(up, "mira")) as window:
        proposal = _article(window, "proposes replacing it with DEC-3")
        proposal.get_by_role("button", name="Approve").click()
        expect(proposal).to_contain_text("In force, approved by mira")
    with _announcement(browser, up, ops, "mira", "is replaced by DEC-3") as window:
        _take_picture(window, "superseded")


def _take_verdicts(browser: Browser, up: Running) -> None:
    """Take the verdicts of a review, and the result of each."""
    with _window(browser, _here(up, "clara")) as window:
        asked = _ask(window, "/lore review DEC-1", "Is it still accurate?")
        _show(asked)
        _take_picture(window, "review")
        asked.get_by_role("combobox", name="Ask someone else").click()
        window.get_by_role("option", name="zara").click()
        _article(window, "zara has been asked to review DEC-1@3 instead")
        asked.get_by_role("button", name="Needs a change").click()
        form = window.get_by_role("dialog", name="Edit DEC-1")
        expect(form.get_by_label("Title")).not_to_have_value("")
        _take_picture(window, "needs-a-change")
        window.keyboard.press("Escape")
        expect(form).to_have_count(0)
        asked.get_by_role("button", name="Still accurate").click()
        text = window.get_by_role("dialog", name="DEC-1@3")
        text.get_by_role("button", name="Still accurate").click()
        expect(text).to_have_count(0)
        _show(_article(window, "is still accurate. It is due again on"))
        _take_picture(window, "verdicts")
    with _window(browser, _here(up, "hugo")) as window:
        asked = _ask(window, "/lore review HND-1", "Is it still accurate?")
        asked.get_by_role("button", name="Retire").click()
        form = window.get_by_role("dialog", name="Retire HND-1")
        form.get_by_label("What changed and why?").fill(
            "The site announces its upgrades itself now."
        )
        form.get_by_role("button", name="Propose").click()
        expect(form).to_have_count(0)
        proposal = _article(window, "proposes retiring it")
        up.settle()
        _show(proposal)
        _take_picture(window, "retire")


def _take_takeover(browser: Browser, up: Running, ops: Ops) -> None:
    """Take an entry whose owner left the channel, after someone took it over."""
    ops.people["theo"].leave(ops.channel)
    up.settle()
    with _window(browser, _here(up, "noor")) as window:
        shown = _ask(window, "/lore show ESC-1", "Last resort")
        shown.get_by_role("button", name="Take over").click()
        _show(_article(window, "You now own ESC-1."))
        _take_picture(window, "take-over")


def _take_nudge(browser: Browser, up: Running, ops: Ops) -> None:
    """Take the nudge that an owner gets three months later."""
    up.driver.do("time.ahead", hours=_MONTHS.days * 24)
    up.driver.do("time.monday", zone="Europe/Berlin")
    clara = ops.people["clara"]

    def nudges() -> list[Message]:
        return [each for each in clara.dms() if "waiting for you" in each.text]

    (nudge,) = up.driver.until(nudges)
    with _window(browser, f"{up.url}/page/?as=clara&in={nudge.channel}") as window:
        expect(window.get_by_role("button", name="Snooze")).to_be_visible()
        _take_picture(window, "nudge")


def _ask(window: Page, line: str, words: str) -> Locator:
    """Send a command, and return the answer that contains these words."""
    box = window.get_by_role("textbox", name="Message #ops")
    box.fill(line)
    box.press("Enter")
    return _article(window, words)


def _article(window: Page, words: str) -> Locator:
    """Return the last message that contains these words, once it's there."""
    article = window.get_by_role("article").filter(has_text=words).last
    expect(article).to_be_visible()
    return article


def _show(article: Locator) -> None:
    article.evaluate("each => each.scrollIntoView({block: 'end'})")


def _here(up: Running, reader: str) -> str:
    return f"{up.url}/page/?as={reader}&in=ops"


def _approve_draft(up: Running, ops: Ops, approver: str, cited: str) -> None:
    """Approve a draft on its card, which is in the channel or in a thread."""
    up.settle()
    messages = reversed(ops.driver.messages(ops.channel))
    cards = (message for message in messages if message.text.startswith(cited))
    ops.people[approver].press("Approve", next(cards))
    up.settle()


@contextmanager
def _announcement(
    browser: Browser, up: Running, ops: Ops, reader: str, words: str
) -> Iterator[Page]:
    """Open an announcement in its thread, below the entry's first announcement."""
    up.settle()
    messages = reversed(ops.driver.messages(ops.channel))
    root = next(message.thread_ts for message in messages if words in message.text)
    with _window(browser, f"{_here(up, reader)}&thread={root}") as window:
        _show(_article(window, words))
        yield window


@contextmanager
def _window(browser: Browser, where: str, **options: object) -> Iterator[Page]:
    wide = {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 1.5}
    context = browser.new_context(**(wide | options))  # type: ignore[arg-type]  # Playwright's names
    window = context.new_page()
    window.goto(where)
    expect(window.get_by_role("main")).to_be_attached()
    yield window
    context.close()


def _take_picture(window: Page, name: str) -> None:
    """Take a picture once fonts and emoji are loaded and nothing moves."""
    window.evaluate("document.fonts.ready")
    window.screenshot(path=_FOLDER / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    take()
