"""What can go wrong for a person, each with the words that they read.

OpsloreError
├── NotFoundError            no such entry, revision, path or draft that this person may see
├── NotAllowedError          a guest, a stranger, somebody outside the channel
├── InvalidInputError        something typed that cannot be kept; says where
├── ConflictError            it moved on meanwhile
│   ├── RetiredError
│   └── RevisedError         somebody saved another revision while this form was open
└── UnavailableError         Slack or the database did not answer; nothing was stored
    └── NotStoredError       it was the database
"""

from collections.abc import Mapping


class OpsloreError(Exception):
    """An expected refusal. `user_text` says what is wrong and what to do, in plain words."""

    def __init__(self, user_text: str) -> None:
        super().__init__(user_text)
        self.user_text = user_text


class NotFoundError(OpsloreError):
    """It does not exist for this person; whether it exists for others is not said."""


class NotAllowedError(OpsloreError):
    """This person may not do this, here."""


class InvalidInputError(OpsloreError):
    """What was typed cannot be kept; `fields` maps a form's field name to its reason."""

    def __init__(self, user_text: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(user_text)
        self.fields = dict(fields or {})


class ConflictError(OpsloreError):
    """It moved on between the reading and the writing."""


class RetiredError(ConflictError):
    """The entry was retired meanwhile."""


class RevisedError(ConflictError):
    """Another revision came into force while a form was open.

    `current` is its number.
    """

    def __init__(self, user_text: str, *, current: int) -> None:
        super().__init__(user_text)
        self.current = current


class UnavailableError(OpsloreError):
    """Something that Opslore depends on did not answer in time; trying again is right."""


class NotStoredError(UnavailableError):
    """It was the database: whoever asks it again at once may wait for as long again."""
