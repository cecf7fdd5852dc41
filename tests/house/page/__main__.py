"""Check the page's code: `python -m tests.house.page [--fix | --install]`."""

import sys

from tests.house import page

if "--install" in sys.argv or not page.are_installed():
    page.install()
if "--install" not in sys.argv:
    complaints = page.check(fix="--fix" in sys.argv)
    print("\n".join(complaints) or "The page's code passes.")
    sys.exit(bool(complaints))
