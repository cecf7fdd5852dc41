"""The files of the web page, which browsers cache until they change."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PAGE = Path(__file__).parent / "page"
# The placeholder for the version in the HTML of the pages.
_VERSION = "VERSION"
_MARK = "v-"
_PAGES = {".": "index.html", "index.html": "index.html", "kit.html": "kit.html"}


class PageFiles(StaticFiles):
    """The page, `kit.html`, and what they load under `v-…/`.

    The path of each file has the version of all of them, so a browser loads each once and never
    mixes files of two versions.
    """

    def __init__(self, folder: Path = PAGE) -> None:
        super().__init__(directory=folder)
        self._folder = folder
        self._version = ""  # until someone opens a page, which in tests hardly anyone does

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request for a path below /page."""
        if path in _PAGES or not self._version:
            self._version = _version(self._folder)
        if path in _PAGES:
            text = (self._folder / _PAGES[path]).read_text("utf-8").replace(_VERSION, self._version)
            return HTMLResponse(text, headers={"Cache-Control": "no-cache"})
        named, _, part = path.partition("/")
        if not named.startswith(_MARK):
            part = path
        answer = await super().get_response(part, scope)
        caching = "max-age=31536000, immutable" if named == self._version else "no-cache"
        answer.headers["Cache-Control"] = caching
        return answer


def _version(folder: Path) -> str:
    """Return the version of the files, which changes with any of them."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.*")):
        about = path.stat()
        digest.update(f"{path.name} {about.st_mtime_ns} {about.st_size}\n".encode())
    return _MARK + digest.hexdigest()[:16]
