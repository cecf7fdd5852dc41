"""Files of people."""

from __future__ import annotations

import base64
import binascii

from sandbox import messages
from sandbox.attachments import new_file
from sandbox.errors import ActionRefusedError, SlackError
from sandbox.installation import Installation
from sandbox.model import Json


class FileActs:
    """Bringing files into the workspace, and taking them away; `talk.say` shares them."""

    def __init__(self, installation: Installation) -> None:
        self._workspace = installation.workspace
        self._delivery = installation.delivery

    def upload(self, user: str, name: str, content: str) -> Json:
        """Upload a file, its bytes in base64, and return Slack's file object; nobody else sees it.

        Raises:
            ActionRefusedError: it is empty, no base64, or more than there is room for.
        """
        workspace = self._workspace
        try:
            whole = base64.b64decode(content, validate=True)
        except binascii.Error:
            raise ActionRefusedError("the file is not given in base64") from None
        if not whole:
            raise ActionRefusedError(f"{name} is empty")
        with workspace.lock:
            file = new_file(workspace, workspace.person(user).id, name, len(whole))
            try:
                workspace.files.upload(workspace.files.announce(file), whole)
            except SlackError as error:
                raise ActionRefusedError(error.messages[0].removeprefix("[ERROR] ")) from None
            file.finished = True
            return workspace.files.as_file(file)

    def delete(self, user: str, file: str) -> None:
        """Delete one's own file, wherever it is shared."""
        workspace = self._workspace
        with self._delivery.waited(), workspace.lock:
            found = workspace.files.find(file)
            if found is None or found.user != workspace.person(user).id:
                raise ActionRefusedError("only its owner deletes a file")
            messages.remove_file(workspace, found)
