"""The line between the page and its sandbox, where a test makes it slow."""

from playwright.sync_api import Page, Route

# Chromium gives calls to Playwright from some moment after it was asked to, and what a page calls
# until then passes by. The sandbox knows no such act, and says so.
_UNTIL_HELD = """async () => {
  const asked = { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" };
  while (!(await (await fetch("/control/held", asked)).json()).ok);
}"""


def hold_first(window: Page, call: str) -> list[Route]:
    """Keep back the first of the page's calls of this name; it is in the list once it was made."""
    held: list[Route] = []

    def take(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    window.route(f"**/control/{call}", take)
    window.route("**/control/held", lambda route: route.fulfill(json={"ok": True}))
    window.evaluate(_UNTIL_HELD)
    return held
