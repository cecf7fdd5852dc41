"""The commands of `/lore` about one entry, and the search."""

import re
from dataclasses import replace
from typing import Final

from bot.domain.entries import Outcome
from bot.domain.errors import InvalidInputError
from bot.domain.kinds import Kind
from bot.listeners.answers import describe_retired
from bot.listeners.channel_choice import require_channel
from bot.listeners.commands.call import Answer, Call, key_and_rest
from bot.listeners.forms import open_form_view
from bot.usecases.approval.proposals import list_proposals
from bot.usecases.entries.find import find_entries
from bot.usecases.entries.form_drafts import list_unsaved_forms
from bot.usecases.entries.forms import FormSource, open_edit, open_form
from bot.usecases.entries.plans import plan_retiring
from bot.usecases.entries.retire import retire_entry
from bot.usecases.entries.share import share_entry
from bot.usecases.entries.use import UseReport, use_entry
from bot.usecases.ownership.owner import change_owner, say_new_owner
from bot.usecases.review.verdicts import list_reviews
from bot.usecases.steps.form_context import Form

AS_OF: Final = re.compile(r"(?P<key>.*?)\s*\bas\s+of\b\s*(?P<when>.*)", re.IGNORECASE)


def record(call: Call, rest: str) -> Answer | None:
    """Open the form for a new entry."""
    deps = call.deps
    first, _, title = rest.partition(" ")
    kind = {kind.value: kind for kind in Kind}.get(first.lower())
    if first and kind is None:
        title = rest
    form = open_form(
        deps.store,
        deps.team,
        reader=call.reader,
        channel=call.channel,
        kind=kind,
        source=FormSource(title=title.strip()),
        now=deps.now(),
    )
    return _form(call, form)


def find(call: Call, rest: str) -> Answer:
    """Search for entries."""
    if not rest:
        raise InvalidInputError("Enter words to search for: `/lore find failover`.")
    return search(call, rest)


def search(call: Call, words: str, meant: str | None = None) -> Answer:
    """Return the entries and gaps that words find.

    `meant`: the command that they may be a typo of.
    """
    deps = call.deps
    found = find_entries(
        deps.store,
        deps.team,
        reader=call.reader,
        words=words,
        now=deps.now(),
        embeddings=deps.embeddings,
    )
    return deps.render("entry_list", found=found, words=words, meant=meant)


def show(call: Call, rest: str) -> Answer:
    """Return the card of an entry, as it is now or `as of` a date."""
    if as_of := AS_OF.fullmatch(rest):
        return call.card_as_of(as_of["key"], as_of["when"])
    return call.card(rest)


def edit(call: Call, rest: str) -> Answer | None:
    """Open the form with the revision in force."""
    deps = call.deps
    form = open_edit(deps.store, deps.team, reader=call.reader, key=rest, now=deps.now())
    return _form(call, form)


def use(call: Call, rest: str) -> Answer:
    """Record that an entry was followed."""
    deps, command = call.deps, call.command
    key, note = key_and_rest(rest)
    used = use_entry(
        deps.store,
        deps.team,
        UseReport(key=key, outcome=Outcome.FOLLOWED, note=note),
        reader=call.reader,
        once=f"command:{command.trigger_id}",
        now=deps.now(),
    )
    cited, entry = used.cited, used.entry
    times = f"{entry.uses.total} times" if entry.uses.total != 1 else "once"
    if cited != entry.cited:
        return call.note(f"Noted that you followed {cited}. {entry.cited} is now in force.")
    return call.note(
        f"Noted that you followed {cited}; this revision was used {times}. If you deviated or it "
        f"failed, press `Use it` on `/lore show {entry.key}`."
    )


def owner(call: Call, rest: str) -> Answer:
    """Make the mentioned person the owner of an entry, or propose it."""
    deps = call.deps
    key, _ = key_and_rest(rest)
    users = call.command.mentioned
    if not users:
        raise InvalidInputError(f"Mention the new owner: `/lore owner {key or 'DEC-12'} @user`.")
    owner = deps.people.reader(users[0])
    changed = change_owner(
        deps.store,
        deps.team,
        reader=call.reader,
        key=key,
        owner=owner,
        describe=deps.find_reader,
        now=deps.now(),
    )
    return call.note(say_new_owner(changed, owner))


def retire(call: Call, rest: str) -> Answer | None:
    """Retire an entry. The reason follows its key; without one, a form asks for it."""
    deps = call.deps
    key, note = key_and_rest(rest)
    if not note:
        plan = plan_retiring(deps.store, deps.team, reader=call.reader, key=key)
        return call.ask_why(plan)
    result = retire_entry(
        deps.store,
        deps.team,
        reader=call.reader,
        key=key,
        note=note,
        is_alone=deps.alone,
        now=deps.now(),
    )
    return call.note(describe_retired(result))


def review(call: Call, rest: str) -> Answer:
    """Show what needs this person's review or approval, or one entry with its verdicts."""
    deps = call.deps
    found = list_reviews(
        deps.store,
        deps.team,
        reader=call.reader,
        key=rest,
        describe=deps.find_reader,
        now=deps.now(),
    )
    mine, others = list_proposals(deps.store, deps.team, reader=call.reader, key=rest)
    return deps.render("review_list", found=found, proposals=mine, changes=others, key=rest)


def share(call: Call, rest: str) -> Answer:
    """Post the card to the channel."""
    deps = call.deps
    require_channel(call.command.channel)
    # No event tells that a channel is now shared with another organization, so ask Slack.
    deps.people.forget(channel=call.command.channel)
    entry = share_entry(
        deps.store,
        deps.team,
        reader=call.reader,
        key=rest,
        channel=deps.people.channel(call.command.channel),
        now=deps.now(),
    )
    return call.note(f"{entry.key} is on its way to this channel.")


def drafts(call: Call, _: str) -> Answer:
    """Return the unsaved forms."""
    deps = call.deps
    return deps.render(
        "drafts", unsaved=list_unsaved_forms(deps.store, deps.team, reader=call.reader)
    )


def _form(call: Call, form: Form) -> Answer | None:
    shown = replace(form, channel=call.command.channel)
    open_form_view(call.deps, call.command.trigger_id, shown)
    return None
