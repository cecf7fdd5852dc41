"""Files of the workspace, which are kept in memory."""

from __future__ import annotations

import mimetypes
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from sandbox.errors import SlackError
from sandbox.model import Json, Message
from sandbox.pictures import Picture, picture

# The size of all files together, including announced ones, in bytes. Slack's own limits are much
# larger, but this workspace is in memory.
MOST_BYTES = 50_000_000


@dataclass(slots=True)
class File:
    """A file, which is announced, uploaded (`content`), finished, and shared in messages."""

    id: str
    name: str
    user: str
    team: str
    created: int
    length: int
    title: str = ""
    alt_txt: str = ""
    content: bytes | None = None
    finished: bool = False
    # The messages that share it, including deleted ones.
    shares: list[Message] = field(default_factory=list)

    @property
    def picture(self) -> Picture | None:
        """The kind and size of the picture, if its bytes are one."""
        return picture(self.content or b"")

    @property
    def filetype(self) -> str:
        """Slack's file type: the name's ending, or "text"."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else "text"

    def as_file(self, url: str, domain: str) -> Json:
        """Return Slack's file object without its shares; `url` is the sandbox's own address."""
        base, name = f"{url}/files-pri/{self.team}-{self.id}", quote(self.name)
        file: Json = {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": mimetypes.guess_type(self.name)[0] or "application/octet-stream",
            "filetype": self.filetype,
            "pretty_type": self.filetype.upper(),
            "user": self.user,
            "user_team": self.team,
            "editable": False,
            "size": self.length,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": f"{base}/{name}",
            "url_private_download": f"{base}/download/{name}",
            "permalink": f"https://{domain}.slack.com/files/{self.user}/{self.id}/{name}",
            "has_rich_preview": False,
            "file_access": "visible",
        }
        if size := self.picture:
            file |= {"original_w": size.width, "original_h": size.height}
        return file | ({"alt_txt": self.alt_txt} if self.alt_txt else {})


class Files:
    """Every file of a workspace. Callers hold the workspace's lock."""

    def __init__(self, domain: str) -> None:
        # The sandbox's own address.
        self.url = ""
        self._domain = domain
        self._files: dict[str, File] = {}
        # Announced uploads by the last part of their address, which no one can guess.
        self._tickets: dict[str, File] = {}

    def announce(self, file: File) -> str:
        """Reserve room for a file and return the ticket for its upload.

        Raises:
            SlackError: `storage_limit_reached`.
        """
        if sum(each.length for each in self._files.values()) + file.length > MOST_BYTES:
            words = f"[ERROR] the sandbox keeps {MOST_BYTES // 1_000_000} MB of files in all"
            raise SlackError("storage_limit_reached", [words])
        ticket = secrets.token_hex(16)
        self._files[file.id] = self._tickets[ticket] = file
        return ticket

    def upload(self, ticket: str, content: bytes) -> File | None:
        """Store the bytes of an announced file; None if the ticket or the length doesn't match."""
        file = self._tickets.get(ticket)
        if file is None or len(content) != file.length:
            return None
        file.content = content
        return self._tickets.pop(ticket)

    def find(self, file_id: str) -> File | None:
        """Return a finished file."""
        file = self._files.get(file_id)
        return file if file and file.finished else None

    def uploaded(self, file_id: str) -> File | None:
        """Return an uploaded file, finished or not."""
        file = self._files.get(file_id)
        return file if file and file.content is not None else None

    def every(self) -> list[File]:
        """Return the finished files, newest first."""
        return [file for file in reversed(self._files.values()) if file.finished]

    def remove(self, file: File) -> None:
        """Delete a file and its bytes."""
        del self._files[file.id]

    def as_file(self, file: File) -> Json:
        """Return Slack's file object."""
        return file.as_file(self.url, self._domain)

    def named_by(self, slack_file: Json) -> File | None:
        """Return the finished file of a `slack_file`, which has its id or its address."""
        if "id" in slack_file:
            return self.find(str(slack_file["id"]))
        url = slack_file.get("url")
        addresses = ("url_private", "url_private_download", "permalink")
        for file in self.every():
            about = self.as_file(file)
            if url in [about[key] for key in addresses]:
                return file
        return None

    def against_images(self, part: object, at: str) -> Iterator[str]:
        """Yield Slack's complaint about each `slack_file` in blocks that isn't a picture here."""
        if isinstance(part, list):
            for index, each in enumerate(part):
                yield from self.against_images(each, f"{at}/{index}")
        elif isinstance(part, dict):
            named = part.get("slack_file")
            if isinstance(named, dict):
                file = self.named_by(named)
                if file is None or file.picture is None:
                    yield f"[ERROR] invalid slack file [json-pointer:{at}/slack_file]"
            for key, each in part.items():
                yield from self.against_images(each, f"{at}/{key}")
