"""The page's code is formatted, linted and typed."""

import os

import pytest

from tests.house import page


def test_the_tools_find_nothing_in_the_page() -> None:
    """`make` installs the tools; without it the test is skipped, never in CI."""
    if not page.are_installed() and not os.environ.get("CI"):
        pytest.skip("checking the page's code needs: python -m tests.house.page --install")
    assert page.check() == []
