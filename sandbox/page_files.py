"""The files that the web page is made of, which a browser keeps until they change."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PAGE = Path(__file__).parent / "page"
# Stands in the pages' HTML where the version of what they load goes.
_VERSION = "VERSION"
_MARK = "v-"
_PAGES = {".": "index.html", "index.html": "index.html", "kit.html": "kit.html"}


class PageFiles(StaticFiles):
    """The page, `kit.html`, and what they load under `v-…/`.

    The path of a part names the version of all of them: a browser need not ask for one twice, and
    after an update never mixes old ones with new ones.
    """

    def __init__(self, folder: Path = PAGE) -> None:
        super().__init__(directory=folder)
        self._folder = folder
        self._version = _version(folder)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request for a path below the page's."""
        if path in _PAGES:
            self._version = _version(self._folder)
            text = (self._folder / _PAGES[path]).read_text("utf-8").replace(_VERSION, self._version)
            return HTMLResponse(text, headers={"Cache-Control": "no-cache"})
        named, _, part = path.partition("/")
        if not named.startswith(_MARK):
            part = path
        answer = await super().get_response(part, scope)
        kept = "max-age=31536000, immutable" if named == self._version else "no-cache"
        answer.headers["Cache-Control"] = kept
        return answer


def _version(folder: Path) -> str:
    """Name what the files are now; another when one of them was changed."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.*")):
        about = path.stat()
        found.update(f"{path.name} {about.st_mtime_ns} {about.st_size}\n".encode())
    return _MARK + found.hexdigest()[:16]
