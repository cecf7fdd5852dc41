"""The errors that people can run into, each with the text that they read.

OpsloreError
├── NotFoundError            there is no such entry, revision, gap or draft, or it is hidden
├── NotAllowedError          the person may not do this: a guest, or not in the channel
├── InvalidInputError        the typed text can't be saved; says where
├── ConflictError            the thing changed before this change was stored
│   ├── AnsweredError        the prompt was answered, or its matter was settled elsewhere
│   ├── RetiredError         the entry was retired
│   └── RevisedError         another revision came into force while the form was open
└── UnavailableError         Slack or the database didn't answer; nothing was stored
    └── NotStoredError       the database didn't answer
"""

from collections.abc import Mapping


class OpsloreError(Exception):
    """An expected refusal. `user_text` says what is wrong and what to do about it."""

    def __init__(self, user_text: str) -> None:
        super().__init__(user_text)
        self.user_text = user_text


class NotFoundError(OpsloreError):
    """The thing doesn't exist, or the person can't see it; the text doesn't say which."""


class NotAllowedError(OpsloreError):
    """This person may not do this here."""


class InvalidInputError(OpsloreError):
    """The typed text can't be saved; `fields` maps each field's name to the reason."""

    def __init__(self, user_text: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(user_text)
        self.fields = dict(fields or {})


class ConflictError(OpsloreError):
    """The thing changed after this person read it and before they changed it."""


class AnsweredError(ConflictError):
    """The prompt was answered, or its matter was settled elsewhere."""


class RetiredError(ConflictError):
    """The entry was retired."""


class RevisedError(ConflictError):
    """Another revision, number `current`, came into force while a form was open."""

    def __init__(self, user_text: str, *, current: int) -> None:
        super().__init__(user_text)
        self.current = current


class UnavailableError(OpsloreError):
    """Slack or the database didn't answer in time. Another try may work."""


class NotStoredError(UnavailableError):
    """The database didn't answer. Another try at once may wait just as long."""
