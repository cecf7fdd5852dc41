"""The words of `/lore` that are about a channel or the workspace."""

from bot.domain.errors import InvalidInputError, NotFoundError
from bot.domain.workspaces import Channel
from bot.listeners.commands.call import Answer, Call
from bot.usecases.entries.redact import require_admin
from bot.usecases.listening import gaps as gap_usecases
from bot.usecases.review.digest import digest_now
from bot.usecases.settings import channels
from bot.usecases.settings.workspace import workspace_of
from bot.usecases.steps.permissions import require_member


def gaps(call: Call, _: str) -> Answer:
    """What keeps coming up and was never written down."""
    deps = call.deps
    found = gap_usecases.gaps(deps.store, deps.team, reader=call.reader, now=deps.now())
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
            "`/lore digest now` posts this channel's digest, `/lore digest settings` says when it "
            "goes out."
        )
    digest_now(
        deps.store,
        deps.team,
        reader=call.reader,
        channel=call.channel,
        known=deps.known,
        now=deps.now(),
    )
    return call.note("The digest is on its way.")


def watch(call: Call, rest: str) -> Answer:
    """Say whether prompts come here, and switch them on or off."""
    deps = call.deps
    if rest not in ("", "on", "off"):
        raise InvalidInputError("`/lore watch on` or `/lore watch off`.")
    watching = channels.watch(
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
            "Workspace settings are for admins. This channel's own are at `/lore watch` and "
            "`/lore digest settings`."
        )
    return call.modal("workspace_settings", workspace=workspace_of(deps.store, deps.team))


def redact(call: Call, _: str) -> Answer | None:
    """Open the form that takes a text out of all that was kept."""
    require_admin(call.reader)
    return call.modal("redact_form", held=None, of="")


def _here(call: Call) -> Channel:
    channel = call.channel
    if channel is None or not channel.joined:
        raise NotFoundError("Opslore isn't in this channel. Invite it first: `/invite @Opslore`.")
    return channel
