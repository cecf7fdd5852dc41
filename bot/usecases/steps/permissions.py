"""Who may do what: one refusal a reason, each saying what to do instead."""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.entries import ChannelId, Entry, Key
from bot.domain.errors import InvalidInputError, NotAllowedError, NotFoundError, RetiredError
from bot.domain.revisions import Content
from bot.domain.visibility import Reader
from storage.entries import VisibleEntries
from storage.store import Transaction

UNFIT_OWNER: Final = "An owner is an active full member of this workspace; choose somebody else."
UNFIT_BACKUP: Final = "A backup is an active full member of this workspace; choose somebody else."
_UNSEEN: Final = (
    "{} is not in the private channel that this lives in; choose one of its members, or invite "
    "them first."
)
_OWN_BACKUP: Final = "The owner can't be their own backup; choose somebody else, or leave it empty."


def require_served(reader: Reader) -> None:
    """Refuse people of another organisation, bots and the deactivated.

    Raises:
        NotAllowedError: with the reason.
    """
    person = reader.person
    if person.stranger:
        raise NotAllowedError(
            "Opslore serves the members of the organisation that installed it. Ask one of them to "
            "look it up for you."
        )
    if person.bot or person.gone:
        raise NotAllowedError("Opslore serves people who are active in this workspace.")


def require_member(reader: Reader) -> None:
    """Refuse guests too: they read what their channels hold, and members write.

    Raises:
        NotAllowedError: with the reason.
    """
    require_served(reader)
    if reader.person.guest:
        raise NotAllowedError(
            "Guests can read what their channels hold; only full members can record or change it. "
            "Ask a member of this channel."
        )


def require_fit(
    tx: Transaction,
    home: ChannelId,
    content: Content,
    before: Mapping[str, Any],
    *,
    owner: Reader | None,
    backup: Reader | None,
) -> None:
    """Refuse who can not answer for what lives in a channel.

    Whoever was named before may stay, and is reported once they are gone.

    Raises:
        InvalidInputError: with the reason beside the field.
    """
    for field, chosen, unfit in (("owner", owner, UNFIT_OWNER), ("backup", backup, UNFIT_BACKUP)):
        if chosen is None or chosen.user == before.get(field):
            continue
        if not chosen.person.member:
            raise InvalidInputError(unfit, {field: unfit})
        if not in_sight(tx, chosen, home):
            reason = _UNSEEN.format(chosen.person.name)
            raise InvalidInputError(reason, {field: reason})
    if content.backup and content.backup == content.owner:
        raise InvalidInputError(_OWN_BACKUP, {"backup": _OWN_BACKUP})


def in_sight(tx: Transaction, reader: Reader, channel: ChannelId) -> bool:
    """Whether this member may look into a channel now: people leave, and their forms stay.

    Raises:
        UnavailableError: they joined or left a channel since Slack was asked about them.
    """
    tx.membership_changes.require_current(reader)
    known = tx.channels.get(channel)
    return channel in reader.channels or (known is not None and not known.private)


def require_in_sight(tx: Transaction, reader: Reader, channel: ChannelId) -> None:
    """Refuse what is of a private channel that this person is not in.

    Raises:
        NotAllowedError: with what to do instead.
    """
    if not in_sight(tx, reader, channel):
        raise NotAllowedError(
            "This is of a private channel that you are not in. Ask one of its members, or begin "
            "anew in a channel of yours."
        )


def require_sees(tx: Transaction, entry: Entry, asked: Reader) -> None:
    """Refuse to have somebody answer for what they can not see.

    Raises:
        InvalidInputError: with what to do instead.
    """
    if tx.entries.visible_to(asked).get(entry.key) is None:
        reason = (
            f"{asked.person.name} is not in the private channel of {entry.key}; ask one of its "
            "members, or invite them first."
        )
        raise InvalidInputError(reason, {"owner": reason})


def found(visible: VisibleEntries, text: str) -> Entry:
    """The entry that a key names, for the reader behind the door.

    Raises:
        NotFoundError: there is none that they may see; says which keys are close.
    """
    if not text.strip():
        raise NotFoundError(
            "Which entry? Give its key, like `DEC-12`, or find it: `/lore find WORDS`."
        )
    key = Key.parse(text)
    if key is None:
        raise NotFoundError(
            f"“{text.strip()[:60]}” is not a key like DEC-12, HND-3 or ESC-7. "
            "Find it by words: `/lore find WORDS`."
        )
    entry = visible.get(key.entry)
    if entry is not None:
        return entry
    close = [str(other) for other in visible.close_keys(key.entry)]
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
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
            "shows what you can do about it."
        )
    if entry.is_withdrawn:
        raise NotAllowedError(
            f"{entry.key} was withdrawn before it was in force. `/lore history {entry.key}` keeps "
            "its text; record it again with `/lore record`."
        )
    if entry.retired:
        raise RetiredError(
            f"{entry.key} was retired and can't be changed or used. `/lore history {entry.key}` "
            f"says who and why; `/lore restore {entry.key}` brings it back."
        )
