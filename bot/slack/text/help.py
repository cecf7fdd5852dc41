"""The text of `/lore help`: the commands by topic, each with what it does."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A group of commands that serve one purpose.

    `lead`: the usages that the short help shows. `commands`: each usage with what it does. `also`:
    other words that people type for this topic.
    """

    name: str
    heading: str
    lead: tuple[str, ...]
    commands: tuple[tuple[str, str], ...]
    also: tuple[str, ...] = ()
    more: str = ""


TOPICS: Final = (
    Topic(
        name="find",
        heading="Find and read",
        lead=("WORDS", "list", "show KEY", "history KEY"),
        commands=(
            ("WORDS", "find entries; `/lore find WORDS` does the same"),
            ("list [FILTER]", "list entries, such as `/lore list decisions mine due`"),
            ("show KEY [as of DATE]", "read an entry, or its text on a past date"),
            ("history KEY", "list its revisions, reviews and uses"),
            ("diff KEY [A] [B]", "compare two revisions"),
            ("changes [since DATE]", "list what changed in your channels"),
            ("share KEY", "post an entry to this channel"),
        ),
        also=("search", "ask", "question", "read", "entry", "entries", "key", "keys", "words"),
        more=(
            "`@Opslore what do we do when …?` in a channel, or a question in a direct message, is "
            "answered there. A key looks like `DEC-12`; `DEC-12@3` is its third revision. A "
            "filter is any of `decisions`, `handoffs`, `escalations`, `draft`, `due`, `overdue`, "
            "`never certified`, `retired`, `mine`, `@user`, `#channel`, `this` (this channel)."
        ),
    ),
    Topic(
        name="record",
        heading="Record",
        lead=("record", "drafts"),
        commands=(
            ("record [decision|handoff|escalation]", "open an empty form"),
            ("drafts", "continue a form that you didn't save"),
        ),
        also=("write", "new", "add", "thread", "decision", "handoff", "escalation", "why"),
        more=(
            "In a thread, use the shortcut `Record this thread`, a `:scroll:` reaction or "
            "`@Opslore record`. Then `@Opslore why: …` adds the reason and `@Opslore owner: @user` "
            "sets the owner."
        ),
    ),
    Topic(
        name="change",
        heading="Use and change",
        lead=("use KEY", "edit KEY", "retire KEY"),
        commands=(
            ("use KEY [NOTE]", "record that you followed an entry"),
            ("edit KEY", "change its text"),
            ("restore KEY N [WHY]", "go back to revision N"),
            ("supersede KEY with KEY [WHY]", "replace an entry with another"),
            ("retire KEY [WHY]", "take an entry out of use"),
        ),
        also=("update", "delete", "remove", "replace"),
        more="Where approval is on, a change takes effect once someone else approves it.",
    ),
    Topic(
        name="review",
        heading="Review and approve",
        lead=("review", "nudges"),
        commands=(
            ("review [KEY]", "say whether an entry is still accurate; decide on open changes"),
            ("nudges [on|off|snooze]", "get a direct message when something is waiting for you"),
        ),
        also=("approve", "approval", "approvals", "proposal", "certify", "due", "reminders"),
    ),
    Topic(
        name="owners",
        heading="Owners",
        lead=("owner KEY @user", "transfer @from @to", "away"),
        commands=(
            ("owner KEY @user", "set the owner of an entry"),
            ("transfer @from @to", "pass on everything that one person owns and backs up"),
            ("away [@user]", "list what a person owns and no one else has certified or used"),
        ),
        also=("backup", "ownership", "people"),
    ),
    Topic(
        name="channel",
        heading="Channel and workspace",
        lead=("gaps", "digest now", "watch", "settings"),
        commands=(
            ("gaps", "list recurring topics that no entry covers"),
            ("digest now", "post this channel's digest"),
            ("digest settings", "set the day and time of the weekly digest"),
            ("watch [on|off]", "turn listening and prompts in this channel on or off"),
            ("settings", "set prompts, holidays and approval for the workspace (admins)"),
            ("redact", "remove a leaked text everywhere in Opslore (admins)"),
        ),
        also=("channels", "workspace", "admin", "admins", "prompts", "mute", "holidays"),
    ),
)


def find_topic(word: str) -> Topic | None:
    """Return the topic of this name, or of this command; None if there isn't one."""
    word = word.lower().removeprefix("/lore").strip()
    for topic in TOPICS:
        commands = {usage.split(" ")[0] for usage, _ in topic.commands} - {"WORDS"}
        if word in {topic.name, *topic.also, *commands}:
            return topic
    return None
