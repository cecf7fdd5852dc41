"""The machine's Chromium and its options."""

import shutil

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The first is the same browser without windows: a new page takes it less than half as long.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    """Return the path of the browser; None if the machine has none."""
    return next((found for found in map(shutil.which, _NAMES) if found), None)
