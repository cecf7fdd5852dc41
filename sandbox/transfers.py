"""Files over HTTP: uploads and downloads of apps, and pictures in the page."""

from __future__ import annotations

import email
import email.policy
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from sandbox.attachments import sees_file
from sandbox.files import MOST_BYTES, File
from sandbox.installation import Installation

# The bytes that a form adds around a file, at most.
_FORM_BYTES = 10_000
# Files come from others, so a browser must never open one as a page.
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Another sandbox at this address may have another file of the same name.
    "Cache-Control": "private, no-cache",
}


class Transfers:
    """The addresses for uploads and downloads."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._workspace = installation.workspace

    async def upload(self, request: Request) -> Response:
        """Store the bytes of an announced file, sent as they are or in a form."""
        content = bytearray()
        async for part in request.stream():
            content += part
            if len(content) > MOST_BYTES + _FORM_BYTES:
                return PlainTextResponse("too large", status_code=413)
        kind = request.headers.get("content-type", "")
        data = _of_form(kind, bytes(content)) if "multipart/" in kind else bytes(content)
        with self._workspace.lock:
            file = self._workspace.files.upload(request.path_params["ticket"], data)
        if file is None:
            return PlainTextResponse("no such upload, or of another length", status_code=400)
        return PlainTextResponse(f"OK - {file.length}")

    async def private(self, request: Request) -> Response:
        """Send a file to the app, at its `url_private`.

        Without a valid token, Slack doesn't refuse: it redirects to a login page, which apps then
        mistake for the file. So does this.
        """
        authorization = request.headers.get("authorization", "")
        installation, workspace = self._installation, self._workspace
        allowed = authorization == f"Bearer {installation.bot_token}" and workspace.installed
        if allowed and workspace.manifest.allows(("files:read",)):
            file = self._seen(workspace.bot.id, request.path_params["file"].partition("-")[2])
            if file is not None:
                return _whole(file)
        return RedirectResponse("/page/")

    async def shown(self, request: Request) -> Response:
        """Send a file to the page of the person in `as`."""
        file = self._seen(request.query_params.get("as", ""), request.path_params["file"])
        return _whole(file) if file else PlainTextResponse("no such file", status_code=404)

    def _seen(self, user: str, file_id: str) -> File | None:
        with self._workspace.lock:
            file = self._workspace.files.find(file_id)
            return file if file and sees_file(self._workspace, user, file) else None


def _whole(file: File) -> Response:
    """Answer with a file: a picture inline, anything else as a download."""
    picture = file.picture
    kind = "inline" if picture else "attachment"
    disposition = {"Content-Disposition": f"{kind}; filename*=UTF-8''{quote(file.name)}"}
    media_type = picture.mimetype if picture else "application/octet-stream"
    return Response(file.content, media_type=media_type, headers=_SAFE | disposition)


def _of_form(content_type: str, body: bytes) -> bytes:
    """Return the first part of a form that has a file name, as curl -F sends it."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    form = email.message_from_bytes(head + body, policy=email.policy.HTTP)
    for part in form.walk():
        if part.get_filename():
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else b""
    return b""
