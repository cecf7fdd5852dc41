"""The commands of `/lore` about a channel or the workspace."""

from bot.domain.errors import InvalidInputError, NotFoundError
from bot.domain.workspaces import Channel
from bot.listeners.commands.call import Answer, Call
from bot.usecases.entries.redact import require_admin
from bot.usecases.listening import gaps as gap_usecases
from bot.usecases.review.digest import build_digest_now
from bot.usecases.settings import channels
from bot.usecases.settings.workspace import read_settings
from bot.usecases.steps.permissions import require_member


def gaps(call: Call, _: str) -> Answer:
    """Return the recurring topics that no entry covers."""
    deps = call.deps
    found = gap_usecases.list_gaps(deps.store, deps.team, reader=call.reader, now=deps.now())
    return deps.render("gaps", gaps=found)


def digest(call: Call, rest: str) -> Answer | None:
    """Post this channel's digest, or open its settings."""
    deps = call.deps
    if rest == "settings":
        require_member(call.reader)
        channel = _here(call)
        return call.modal("digest_settings", channel=channel)
    if rest != "now":
        raise InvalidInputError(
            "Use `/lore digest now` to post this channel's digest, or `/lore digest settings` to "
            "set its day and time."
        )
    build_digest_now(
        deps.store,
        deps.team,
        reader=call.reader,
        channel=call.channel,
        describe=deps.find_reader,
        now=deps.now(),
    )
    return call.note("The digest is on its way to this channel.")


def watch(call: Call, rest: str) -> Answer:
    """Show whether Opslore listens in this channel, or turn that on or off."""
    deps = call.deps
    if rest not in ("", "on", "off"):
        raise InvalidInputError("Use `/lore watch on` or `/lore watch off`.")
    watching = channels.set_watching(
        deps.store,
        deps.team,
        reader=call.reader,
        channel=call.channel,
        on={"on": True, "off": False}.get(rest),
        now=deps.now(),
    )
    return deps.render("watching", watching=watching)


def settings(call: Call, _: str) -> Answer | None:
    """Open the workspace's settings."""
    deps = call.deps
    if not call.reader.person.admin:
        raise InvalidInputError(
            "Only admins can change workspace settings. For this channel, use `/lore watch` and "
            "`/lore digest settings`."
        )
    shown = read_settings(deps.store, deps.team, now=deps.now())
    return call.modal("workspace_settings", shown=shown)


def redact(call: Call, _: str) -> Answer | None:
    """Open the form that redacts a text."""
    require_admin(call.reader)
    return call.modal("redact_form", held=None, of="")


def _here(call: Call) -> Channel:
    channel = call.channel
    if channel is None or not channel.joined:
        raise NotFoundError("Opslore isn't in this channel. Invite it first: `/invite @Opslore`.")
    return channel
