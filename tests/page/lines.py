"""A slow connection between the page and its sandbox."""

from playwright.sync_api import Page, Route

# Chromium starts to pass calls to Playwright some time after the request to do so. This act, which
# the sandbox refuses, shows when it has started.
_UNTIL_HELD = """async () => {
  const asked = { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" };
  while (!(await (await fetch("/control/held", asked)).json()).ok);
}"""


def hold_first(window: Page, call: str) -> list[Route]:
    """Hold back the page's first call of this name; the list has it once it was made."""
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
