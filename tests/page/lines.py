"""The line between the page and its sandbox, where a test makes it slow."""

from playwright.sync_api import Page, Route


def hold_first(window: Page, call: str) -> list[Route]:
    """Keep back the first of the page's calls of this name; it is in the list once it was made."""
    held: list[Route] = []

    def take(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    window.route(f"**/control/{call}", take)
    return held
