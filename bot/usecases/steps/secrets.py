"""Secrets in texts: mask them before anything is stored, or refuse the form."""

import importlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from bot.domain.cutting import cut_text
from bot.domain.errors import InvalidInputError
from bot.domain.field_values import clean

MASK: Final = "[secret masked]"
EXCERPT: Final = 240
NOTE: Final = 500
_EXCERPT_SOURCE: Final = 500
_SHORTENED_FROM: Final = 4000
_BEGINNING: Final = 1000
_END: Final = 300

# The detectors of detect-secrets that recognize a secret by its form. Those that use entropy are
# left out: they mask commit ids and host names, which operators need to read.
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
# Tokens that are recognized by their prefix. For the first two, detect-secrets finds only the
# prefix, and the rest is what must be hidden.
_TOKEN: Final = re.compile(
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
# People write secrets in a chat without the quotes that code has: `password: hunter2`.
_SPOKEN: Final = re.compile(
    # Also at the end of a longer name, `DB_PASSWORD`, and between marks, `*password*`.
    r"(?<![A-Za-z0-9])(?:password|passwd|pwd|passphrase|secret|api[_ -]?key|access[_ -]?key|token"
    r"|(?:pw|pass)(?=\W{1,9}\S*\d))(?![A-Za-z0-9])[*_~`'\"]{0,3}"
    r"(?:\s{0,9}(?:=|:=|:)\s{0,9}|\s{1,9}is\s{1,9}(?=\S*\d))[*_~`'\"]{0,3}"
    r"(?P<secret>(?!\[secret masked)[^\s`'\"<>]{4,})",
    re.IGNORECASE,
)
_CREDENTIALS: Final = re.compile(
    r"(?:\bBearer\s{1,9}|\bBasic\s{1,9}(?=\S*[0-9=]))(?P<secret>[\w.~+/=-]{16,})"
    r"|(?<!\S)(?:-u|--user)[ =](?P<user>[^\s:]{1,99}):(?P<login>\S{4,})",
    re.IGNORECASE,
)
# The time of some detectors grows with the cube of a run of spaces.
_SPACES: Final = re.compile(r"\s{2,}")
# Everything that a detector finds has one of these: a long run of token characters, a login in an
# address, or a word that announces a secret. Other lines needn't go through all detectors.
_ANNOUNCING_WORDS: Final = ("key", "pass", "pw", "secret", "contrase", "token", "auth")
_SHORTEST_RUN: Final = 15
_RUN: Final = re.compile(rf"[A-Za-z0-9_+=-]{{{_SHORTEST_RUN}}}")
_LOGIN: Final = re.compile(r"://[^\s/]*@")
# The words before the secrets that `_CREDENTIALS` finds.
_CREDENTIAL_WORDS: Final = ("bearer", "basic", "-u")
_DIGIT: Final = re.compile(r"\d")


def mask(text: str) -> str:
    """Replace every secret in a text; rather one word too many than one too few."""
    if _is_announced(text):
        text = _SPOKEN.sub(lambda match: match[0].replace(match["secret"], MASK), text)
    return _mask_known(text)


def shorten(text: str) -> str:
    """Return what is considered of a message, without secrets: its beginning and its end.

    The middle of a longer message is a log or a paste.
    """
    masked = mask(text[:_SHORTENED_FROM])
    if len(masked) <= _BEGINNING + _END:
        return masked
    return f"{masked[:_BEGINNING]}\n{masked[-_END:]}"


def excerpt(text: str) -> str:
    """Return a short masked excerpt on one line, cut after a sentence if possible."""
    # Masked before it is cut, with some text to spare: half a token isn't recognized, but must
    # still be hidden.
    return cut_text(" ".join(mask(_beginning(text)).split()), EXCERPT)


def _beginning(text: str) -> str:
    """Return enough of a text for an excerpt, cut between two words if possible."""
    text = text.lstrip()
    if len(text) <= _EXCERPT_SOURCE:
        return text
    words = text[:_EXCERPT_SOURCE].rsplit(maxsplit=1)
    return words[0] if len(words[0]) >= EXCERPT else mask(text)


def refuse_secrets(values: dict[str, Any]) -> None:
    """Refuse a form in which a secret was typed.

    Raises:
        InvalidInputError: names the fields that hold one; nothing typed is changed or stored.
    """
    fields = {
        place: _REFUSED
        for name, value in values.items()
        for place, part in _field_places(name, value)
        if _holds_secret(part)
    }
    if fields:
        raise InvalidInputError(_REFUSED, fields)


def mask_values(value: Any) -> Any:  # noqa: ANN401 - the value of any field
    """Return the values of an unsubmitted form with certain secrets masked, to store them."""
    if isinstance(value, str):
        return mask(value) if _holds_secret(value) else value
    if isinstance(value, Mapping):
        return {name: mask_values(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [mask_values(part) for part in value]
    return value


_REFUSED: Final = (
    "This looks like a password, key or token. Say where the secret is stored instead of what it "
    "is."
)


def _field_places(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield the value of a field; for the levels of an escalation, each with its place."""
    if name != "levels" or not isinstance(value, list):
        yield name, value
        return
    for number, level in enumerate(value, start=1):
        for part, typed in level.items():
            yield f"level_{number}_{part}", typed


def _holds_secret(value: object) -> bool:
    if isinstance(value, str):
        # A form is refused only for a certain secret: "token: from the vault" is advice.
        spoken = (match["secret"] for match in _SPOKEN.finditer(value))
        return any(_DIGIT.search(secret) for secret in spoken) or _mask_known(value) != value
    if isinstance(value, list):
        return any(_holds_secret(part) for part in value)
    return False


def _mask_known(text: str) -> str:
    text = _PRIVATE_KEY.sub(MASK, text)
    suspect = _is_announced(text) or _is_suspect(text)
    if suspect:
        text = _TOKEN.sub(MASK, text)
    if _contains_any(text, _CREDENTIAL_WORDS):
        text = _CREDENTIALS.sub(
            lambda match: match[0].replace(match["secret"] or match["login"], MASK), text
        )
    if not suspect:
        return text
    return "\n".join(_mask_line(line) for line in text.split("\n"))


def _contains_any(text: str, words: tuple[str, ...]) -> bool:
    """Return whether a text contains one of the words, in upper or lower case."""
    return any(map(text.casefold().__contains__, words))


def _is_announced(text: str) -> bool:
    return _contains_any(text, _ANNOUNCING_WORDS)


def _is_suspect(text: str) -> bool:
    """Return whether anything in a text may be a secret, even without a word that announces it."""
    return any(_RUN.search(word) for word in text.split() if len(word) >= _SHORTEST_RUN) or (
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
    """Load the plugins directly, because their common entry point keeps its settings in globals.

    The slowest one, `keyword`, finds only secrets that a word announces.
    """
    return tuple(
        getattr(importlib.import_module(f"detect_secrets.plugins.{module}"), name)()
        for module, name in _DETECTORS
        if announced or module != "keyword"
    )


def read_note(typed: str, field: str, *, missing: str = "") -> str:
    """Return a person's note about what they do.

    `missing`: the reason to refuse an empty note; empty if the note is optional.

    Raises:
        InvalidInputError: the note is missing, too long or holds a secret; names the field.
    """
    note = clean(typed)
    reason = "" if note else missing
    if len(note) > NOTE:
        reason = f"{len(note):,} characters; at most {NOTE} fit. Shorten it."
    if reason:
        raise InvalidInputError(reason, {field: reason})
    refuse_secrets({field: note})
    return note
