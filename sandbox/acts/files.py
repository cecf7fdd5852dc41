"""Files that people upload and delete."""

from __future__ import annotations

import base64
import binascii

from sandbox import messages
from sandbox.attachments import new_file
from sandbox.errors import ActionRefusedError, SlackError
from sandbox.installation import Installation
from sandbox.model import Json


class FileActs:
    """Uploads and deletes files; `talk.say` shares them."""

    def __init__(self, installation: Installation) -> None:
        self._workspace = installation.workspace
        self._delivery = installation.delivery

    def upload(self, user: str, name: str, content: str) -> Json:
        """Upload a file, in base64, and return Slack's file object. No one else sees it yet.

        Raises:
            ActionRefusedError: it is empty, isn't base64, or doesn't fit.
        """
        workspace = self._workspace
        try:
            data = base64.b64decode(content, validate=True)
        except binascii.Error:
            raise ActionRefusedError("the file is not given in base64") from None
        if not data:
            raise ActionRefusedError(f"{name} is empty")
        with workspace.lock:
            file = new_file(workspace, workspace.person(user).id, name, len(data))
            try:
                workspace.files.upload(workspace.files.announce(file), data)
            except SlackError as error:
                raise ActionRefusedError(error.messages[0].removeprefix("[ERROR] ")) from None
            file.finished = True
            return workspace.files.as_file(file)

    def delete(self, user: str, file: str) -> None:
        """Delete a person's own file everywhere."""
        workspace = self._workspace
        with self._delivery.waited(), workspace.lock:
            stored = workspace.files.find(file)
            if stored is None or stored.user != workspace.person(user).id:
                raise ActionRefusedError("only its owner deletes a file")
            messages.remove_file(workspace, stored)
