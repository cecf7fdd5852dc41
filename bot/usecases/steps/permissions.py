"""Permissions of people; each refusal says what to do instead."""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.entries import ChannelId, Entry, Key
from bot.domain.errors import InvalidInputError, NotAllowedError, NotFoundError, RetiredError
from bot.domain.revisions import Content
from bot.domain.visibility import Reader
from storage.entries import VisibleEntries
from storage.store import Transaction

UNFIT_OWNER: Final = (
    "The owner has to be an active full member of this workspace. Choose someone else."
)
UNFIT_BACKUP: Final = (
    "The backup has to be an active full member of this workspace. Choose someone else."
)
_CANNOT_SEE: Final = (
    "{0} isn't in the private channel that this lives in. Choose one of its members, or invite {0} "
    "first."
)
_OWN_BACKUP: Final = (
    "The owner can't be their own backup. Choose someone else, or leave this empty."
)


def require_served(reader: Reader) -> None:
    """Refuse people of another organization, bots and deactivated users.

    Raises:
        NotAllowedError: with the reason.
    """
    person = reader.person
    if person.stranger:
        raise NotAllowedError(
            "Opslore works only for members of the organization that installed it. Ask one of them "
            "to look it up for you."
        )
    if person.bot or person.gone:
        raise NotAllowedError(
            "Opslore works only for people who are active in this workspace. Ask a workspace admin "
            "for access."
        )


def require_member(reader: Reader) -> None:
    """Refuse guests too: they can read entries, but only full members can change them.

    Raises:
        NotAllowedError: with the reason.
    """
    require_served(reader)
    if reader.person.guest:
        raise NotAllowedError(
            "Guests can read entries, but only full members can record or change them. Ask a full "
            "member of this channel."
        )


def require_can_own(
    tx: Transaction,
    home: ChannelId,
    content: Content,
    before: Mapping[str, Any],
    *,
    owner: Reader | None,
    backup: Reader | None,
) -> None:
    """Refuse a new owner or backup who can't own what is in a channel.

    People who were named before may stay; if they leave, the entry becomes due.

    Raises:
        InvalidInputError: with the reason for the field.
    """
    for field, chosen, unfit in (("owner", owner, UNFIT_OWNER), ("backup", backup, UNFIT_BACKUP)):
        if chosen is None or chosen.user == before.get(field):
            continue
        if not chosen.person.member:
            raise InvalidInputError(unfit, {field: unfit})
        if not is_in_sight(tx, chosen, home):
            reason = _CANNOT_SEE.format(chosen.person.name)
            raise InvalidInputError(reason, {field: reason})
    if content.backup and content.backup == content.owner:
        raise InvalidInputError(_OWN_BACKUP, {"backup": _OWN_BACKUP})


def can_own(tx: Transaction, reader: Reader, home: ChannelId) -> bool:
    """Return whether a person can own an entry of this channel.

    Raises:
        UnavailableError: they joined or left a channel after Slack was asked about them.
    """
    return reader.person.member and is_in_sight(tx, reader, home)


def is_in_sight(tx: Transaction, reader: Reader, channel: ChannelId) -> bool:
    """Return whether a member may see into a channel now, as people leave and their forms stay.

    Raises:
        UnavailableError: they joined or left a channel after Slack was asked about them.
    """
    tx.membership_changes.require_current(reader)
    stored = tx.channels.get(channel)
    return channel in reader.channels or (stored is not None and not stored.private)


def require_in_sight(tx: Transaction, reader: Reader, channel: ChannelId) -> None:
    """Refuse what belongs to a private channel that this person isn't in.

    Raises:
        NotAllowedError: with what to do instead.
    """
    if not is_in_sight(tx, reader, channel):
        raise NotAllowedError(
            "This belongs to a private channel that you're not in. Ask one of its members, or "
            "start again in a channel that you're in."
        )


def require_sees(tx: Transaction, entry: Entry, asked: Reader) -> None:
    """Refuse to give an entry to someone who can't see it.

    Raises:
        InvalidInputError: with what to do instead.
    """
    if tx.entries.visible_to(asked).get(entry.key) is None:
        reason = (
            f"{asked.person.name} isn't in the private channel of {entry.key}. Choose one of its "
            f"members, or invite {asked.person.name} first."
        )
        raise InvalidInputError(reason, {"owner": reason})


def load_entry(visible: VisibleEntries, text: str) -> Entry:
    """Return the entry that a key names, if this reader may see it.

    Raises:
        NotFoundError: there isn't one that they may see; suggests similar keys.
    """
    if not text.strip():
        raise NotFoundError(
            "Which entry? Give its key, like `DEC-12`, or find it: `/lore find WORDS`."
        )
    key = Key.parse(text)
    if key is None:
        raise NotFoundError(
            f"“{text.strip()[:60]}” isn't a key like DEC-12, HND-3 or ESC-7. "
            "Find the entry by words: `/lore find WORDS`."
        )
    entry = visible.get(key.entry)
    if entry is not None:
        return entry
    similar = [str(other) for other in visible.close_keys(key.entry)]
    hint = f" Did you mean {' or '.join(similar)}?" if similar else ""
    raise NotFoundError(
        f"There is no {key.entry} that you can see.{hint} "
        "Find entries by words: `/lore find WORDS`."
    )


def require_in_force(entry: Entry) -> None:
    """Refuse to change or use an entry that is a draft, withdrawn or retired.

    Raises:
        NotAllowedError, RetiredError: with what to do instead.
    """
    if entry.is_draft:
        raise NotAllowedError(
            f"{entry.key} is a draft until someone else approves it. `/lore review {entry.key}` "
            "shows what you can do."
        )
    if entry.is_withdrawn:
        raise NotAllowedError(
            f"{entry.key} was withdrawn before it came into force. `/lore history {entry.key}` "
            "shows its text; record it again with `/lore record`."
        )
    if entry.retired:
        raise RetiredError(
            f"{entry.key} is retired, so it can't be changed or used. `/lore history {entry.key}` "
            f"shows who retired it and why; `/lore restore {entry.key}` brings it back."
        )
