"""Secrets pasted into a chat, masked before anything is stored."""

import importlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from bot.domain.errors import InvalidInputError
from bot.domain.field_values import clean

MASK: Final = "[secret masked]"
EXCERPT: Final = 240
NOTE: Final = 500
_ENOUGH: Final = 500

# The detectors of detect-secrets that know a secret by its form. Those by entropy are left out:
# they mask commit ids and host names, which operators need to read.
_DETECTORS: Final = (
    ("artifactory", "ArtifactoryDetector"),
    ("aws", "AWSKeyDetector"),
    ("azure_storage_key", "AzureStorageKeyDetector"),
    ("basic_auth", "BasicAuthDetector"),
    ("cloudant", "CloudantDetector"),
    ("discord", "DiscordBotTokenDetector"),
    ("ibm_cloud_iam", "IbmCloudIamDetector"),
    ("jwt", "JwtTokenDetector"),
    ("keyword", "KeywordDetector"),
    ("mailchimp", "MailchimpDetector"),
    ("npm", "NpmDetector"),
    ("openai", "OpenAIDetector"),
    ("pypi_token", "PypiTokenDetector"),
    ("sendgrid", "SendGridDetector"),
    ("slack", "SlackDetector"),
    ("square_oauth", "SquareOAuthDetector"),
    ("stripe", "StripeDetector"),
    ("telegram_token", "TelegramBotTokenDetector"),
    ("twilio", "TwilioKeyDetector"),
)
# Tokens known by how they begin. The detectors of the first two find that beginning alone, and it
# is the rest that must not be seen.
_BEGUN: Final = re.compile(
    r"\b(?:gh[oprsu]_[A-Za-z0-9_]{36,}|github_pat_[A-Za-z0-9_]{22,}"
    r"|gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-[A-Za-z0-9_-]{20,}|GR1348941[A-Za-z0-9_-]{20,}"
    r"|AIza[A-Za-z0-9_-]{35}|sk-(?:proj|ant)-[A-Za-z0-9_-]{20,}"
    r"|xapp-[A-Za-z0-9-]{20,}|npm_[A-Za-z0-9]{36}|dop_v1_[0-9a-f]{64}|hf_[A-Za-z0-9]{30,}"
    r"|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]+)*)"
)
_PRIVATE_KEY: Final = re.compile(
    r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----.*?(?:-----END [A-Z0-9 ]*KEY[A-Z ]*-----|\Z)",
    re.DOTALL,
)
# In a chat secrets are said without the quotes that code has: `password: hunter2`.
_SAID: Final = re.compile(
    # Also as the end of a longer name, `DB_PASSWORD`, and between marks, `*password*`.
    r"(?<![A-Za-z0-9])(?:password|passwd|pwd|passphrase|secret|api[_ -]?key|access[_ -]?key|token"
    r"|(?:pw|pass)(?=\W{1,9}\S*\d))(?![A-Za-z0-9])[*_~`'\"]{0,3}"
    r"(?:\s{0,9}(?:=|:=|:)\s{0,9}|\s{1,9}is\s{1,9}(?=\S*\d))[*_~`'\"]{0,3}"
    r"(?P<secret>(?!\[secret masked)[^\s`'\"<>]{4,})",
    re.IGNORECASE,
)
_GIVEN: Final = re.compile(
    r"(?:\bBearer\s{1,9}|\bBasic\s{1,9}(?=\S*[0-9=]))(?P<secret>[\w.~+/=-]{16,})"
    r"|(?<!\S)(?:-u|--user)[ =](?P<user>[^\s:]{1,99}):(?P<login>\S{4,})",
    re.IGNORECASE,
)
# Some detectors take time that grows with the cube of a run of spaces.
_SPACES: Final = re.compile(r"\s{2,}")
# What every detector's find has in it: a long run of token letters, a login in an address, or a
# word that announces a secret. A line without one of them need not go through all detectors.
_ANNOUNCING: Final = ("key", "pass", "pw", "secret", "contrase", "token", "auth")
_LONG: Final = 15
_RUN: Final = re.compile(rf"[A-Za-z0-9_+=-]{{{_LONG}}}")
_LOGIN: Final = re.compile(r"://[^\s/]*@")
# And what `_GIVEN` finds.
_GIVING: Final = ("bearer", "basic", "-u")
_DIGIT: Final = re.compile(r"\d")


def mask(text: str) -> str:
    """The text with every secret in it replaced; rather one word too many than one too few."""
    if _is_announced(text):
        text = _SAID.sub(lambda found: found[0].replace(found["secret"], MASK), text)
    return _mask_known(text)


def excerpt(text: str) -> str:
    """A short masked excerpt, on one line."""
    # Masked with room to spare before it is cut: half a token is no longer known as one, yet still
    # worth hiding.
    line = " ".join(mask(_beginning(text)).split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"


def _beginning(text: str) -> str:
    """Enough of a text for an excerpt, cut between two words where it can be."""
    if len(text) <= _ENOUGH:
        return text
    words = text[:_ENOUGH].rsplit(maxsplit=1)
    return words[0] if len(words[0]) >= EXCERPT else mask(text)


def refuse_secrets(values: dict[str, Any]) -> None:
    """Refuse a form in which a secret was typed.

    Raises:
        InvalidInputError: with the fields that hold one; nothing typed is changed or kept.
    """
    fields = {
        place: _REFUSED
        for name, value in values.items()
        for place, part in _places(name, value)
        if _holds_secret(part)
    }
    if fields:
        raise InvalidInputError(_REFUSED, fields)


def without_secrets(value: Any) -> Any:  # noqa: ANN401 - the value of any field
    """What a form holds so far, to keep before it is sent: what is surely a secret is masked."""
    if isinstance(value, str):
        return mask(value) if _holds_secret(value) else value
    if isinstance(value, Mapping):
        return {name: without_secrets(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(part) for part in value]
    return value


_REFUSED: Final = (
    "This looks like a password, key or token. Say where the secret is stored instead of what it "
    "is."
)


def _places(name: str, value: object) -> Iterator[tuple[str, object]]:
    """The value of a field, or of each place of a form where a level is typed."""
    if name != "levels" or not isinstance(value, list):
        yield name, value
        return
    for number, level in enumerate(value, start=1):
        for part, typed in level.items():
            yield f"level_{number}_{part}", typed


def _holds_secret(value: object) -> bool:
    if isinstance(value, str):
        # A form is refused only for what is surely a secret: "token: from the vault" is advice.
        said = (found["secret"] for found in _SAID.finditer(value))
        return any(_DIGIT.search(secret) for secret in said) or _mask_known(value) != value
    if isinstance(value, list):
        return any(_holds_secret(part) for part in value)
    return False


def _mask_known(text: str) -> str:
    text = _PRIVATE_KEY.sub(MASK, text)
    suspect = _is_announced(text) or _is_suspect(text)
    if suspect:
        text = _BEGUN.sub(MASK, text)
    if _holds(text, _GIVING):
        text = _GIVEN.sub(
            lambda found: found[0].replace(found["secret"] or found["login"], MASK), text
        )
    if not suspect:
        return text
    return "\n".join(_mask_line(line) for line in text.split("\n"))


def _holds(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words is in a text, however it is written."""
    return any(map(text.casefold().__contains__, words))


def _is_announced(text: str) -> bool:
    return _holds(text, _ANNOUNCING)


def _is_suspect(text: str) -> bool:
    """Whether anything in a text may be a secret, announced or not."""
    return any(_RUN.search(word) for word in text.split() if len(word) >= _LONG) or (
        "://" in text and _LOGIN.search(text) is not None
    )


def _mask_line(line: str) -> str:
    announced = _is_announced(line)
    if not announced and not _is_suspect(line):
        return line
    squeezed = _SPACES.sub(" ", line)
    for detector in _detectors(announced=announced):
        for secret in sorted(set(detector.analyze_string(squeezed)), key=len, reverse=True):
            if secret and secret != MASK and MASK not in secret and len(secret) > 3:  # noqa: PLR2004 - shorter is a word
                line = line.replace(secret, MASK)
    return line


@cache
def _detectors(*, announced: bool) -> tuple[Any, ...]:
    """The plugins themselves: their common entry point keeps its settings in globals.

    The one that takes longest finds nothing that is not announced.
    """
    return tuple(
        getattr(importlib.import_module(f"detect_secrets.plugins.{module}"), name)()
        for module, name in _DETECTORS
        if announced or module != "keyword"
    )


def read_note(typed: str, field: str, *, missing: str = "") -> str:
    """A few words of a person's own, to be kept beside what they do.

    `missing`: the reason for which nothing is not enough; empty where it is.

    Raises:
        InvalidInputError: there is nothing, too much or a secret; beside the field of that name.
    """
    note = clean(typed)
    reason = "" if note else missing
    if len(note) > NOTE:
        reason = f"{len(note):,} characters; at most {NOTE} fit. Shorten it."
    if reason:
        raise InvalidInputError(reason, {field: reason})
    refuse_secrets({field: note})
    return note
