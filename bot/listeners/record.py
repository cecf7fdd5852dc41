"""Recording and editing: opening the form from everywhere, changing it while open, saving it."""

import contextlib
import functools
from dataclasses import replace
from typing import Any, Final

from slack_bolt import App, Args

from bot.deps import Deps
from bot.domain.entries import ChannelId, UserId
from bot.domain.errors import (
    AnsweredError,
    ConflictError,
    NotStoredError,
    OpsloreError,
    UnavailableError,
)
from bot.domain.gaps import Gap, GapId
from bot.domain.kinds import Kind
from bot.domain.listening.prompting import PromptReason
from bot.domain.prompts import Answer, PromptId
from bot.domain.threads import Thread, complete_threads, recall_threads
from bot.domain.visibility import Reader
from bot.listeners.answers import describe_saved, put_away, tell_later
from bot.listeners.channel_choice import channel_at
from bot.listeners.forms import (
    base_of,
    draft_of,
    draw_form,
    in_place_of,
    kind_of,
    open_form_view,
    opened_in,
    redraw,
    requests_of,
    typed_in,
)
from bot.listeners.guard import pressed, settled_in_place, submitted, suggested, words_for
from bot.slack import ids
from bot.slack.api.posting import NotSentError, RefusedError
from bot.slack.api.threads import read_thread, read_threads
from bot.slack.payloads.fields import OLDER, MalformedError, number, timestamp
from bot.slack.payloads.interactions import ButtonPress, Shortcut, Submission, Suggestion, unpacked
from bot.usecases.entries.find import suggest_entries
from bot.usecases.entries.form_drafts import store_typed
from bot.usecases.entries.forms import (
    FormSource,
    change_form,
    drop_form,
    open_edit,
    open_form,
    reopen_form,
)
from bot.usecases.entries.record import SubmittedForm, save_form
from bot.usecases.listening.gaps import find_gap, read_gap
from bot.usecases.listening.prompts import answer_prompt, read_prompt
from bot.usecases.steps.form_context import Form

# Each costs a call to Slack, while a person waits for the form.
_MOST_THREADS: Final = 4


def register(app: App, deps: Deps) -> None:
    """Register the shortcut, the buttons that open or change the form, and its submission."""

    @app.shortcut(ids.RECORD_SHORTCUT)
    def record_shortcut(args: Args) -> None:
        shortcut = Shortcut.parse(args.body)
        try:
            thread = read_thread(
                deps.client,
                shortcut.channel,
                shortcut.ts,
                me=deps.bot_user,
                limits=deps.timeouts.thread,
                known=shortcut.message,
            )
            form = _open(deps, shortcut.user, shortcut.channel, thread=thread)
            open_form_view(deps, shortcut.trigger_id, form)
        except Exception as error:  # noqa: BLE001 - as in `pressed`, but a shortcut answers otherwise
            tell_later(deps, shortcut.channel, shortcut.user, shortcut.thread_ts, words_for(error))
        args.ack()
        deps.wake()

    for action, listener in (
        (ids.RECORD_THREAD, _record_thread),
        (ids.RECORD_NEW, _record_new),
        (ids.PROMPT_RECORD, settled_in_place(_record_prompt)),
        (ids.GAP_RECORD, _record_gap),
        (ids.EDIT_ENTRY, _edit),
        (ids.UPDATE_INSTEAD, _update_instead),
        (ids.KIND, _change_kind),
        (ids.ADD_LEVEL, _add_level),
    ):
        app.action(action)(pressed(deps, functools.partial(listener, deps)))
    for action, kind in ((ids.RAISES, Kind.ESCALATION), (ids.HANDS_OVER, Kind.HANDOFF)):
        app.options(action)(suggested(functools.partial(_options, deps, kind)))

    app.view(ids.ENTRY_FORM)(
        submitted(deps, lambda submission: _save(deps, submission), first="title")
    )


def _record_thread(deps: Deps, press: ButtonPress) -> None:
    ts = timestamp(unpacked(press.value), "ts")
    thread = _thread_of(deps, press, press.place, ts)
    form = _open(deps, press.user, press.place, thread=thread)
    open_form_view(deps, press.trigger_id, form)
    put_away(deps, press)


def _record_new(deps: Deps, press: ButtonPress) -> None:
    form = _open(deps, press.user, press.place, kind=_kind(press))
    open_form_view(deps, press.trigger_id, form)


def _record_prompt(deps: Deps, press: ButtonPress) -> None:
    prompt_id = PromptId(number(unpacked(press.value).get("prompt")))
    reader = deps.people.reader(press.user)
    prompt = read_prompt(deps.store, deps.team, prompt_id, reader=reader, to_answer=True).prompt
    thread = _thread_of(deps, press, prompt.channel, prompt.thread_ts)
    form = _open(
        deps,
        press.user,
        prompt.channel,
        thread=thread,
        kind=Kind(prompt.kind),
        # A rule is about its own thread; the gap of that may be about something wider.
        gap=find_gap(deps.store, deps.team, prompt)
        if prompt.reason == PromptReason.RECURS
        else None,
        owner=press.user,
    )
    open_form_view(deps, press.trigger_id, form)
    with contextlib.suppress(AnsweredError):
        answer_prompt(
            deps.store,
            deps.team,
            prompt_id,
            reader=reader,
            answer=Answer.STARTED,
            now=deps.now(),
        )
    put_away(deps, press)


def _thread_of(deps: Deps, press: ButtonPress, channel: ChannelId, ts: str) -> Thread:
    """Read the thread that a button offers to record. If it was deleted, remove the offer."""
    thread = read_thread(deps.client, channel, ts, me=deps.bot_user, limits=deps.timeouts.thread)
    if thread.gone:
        put_away(deps, press)
    return thread


def _record_gap(deps: Deps, press: ButtonPress) -> None:
    record_gap(deps, press, GapId(number(press.value)))


def _edit(deps: Deps, press: ButtonPress) -> None:
    edit(deps, press, press.value)


def _update_instead(deps: Deps, press: ButtonPress) -> None:
    earlier = draft_of(press.form)
    form = open_edit(
        deps.store,
        deps.team,
        reader=deps.people.reader(press.user),
        key=press.value,
        draft=earlier,
        typed=typed_in(press.form),
        now=deps.now(),
    )
    try:
        redraw(deps, press.form, form)
    except (NotSentError, RefusedError) as error:
        # Keep the draft whose form is on the screen; keep both if Slack may have changed the form.
        if not getattr(error, "maybe", False):
            drop_form(deps.store, deps.team, form.draft.id, user=press.user)
        raise
    drop_form(deps.store, deps.team, earlier, user=press.user)


def _change_kind(deps: Deps, press: ButtonPress) -> None:
    _change(deps, press, kind=_kind(press))


def _add_level(deps: Deps, press: ButtonPress) -> None:
    _change(deps, press, kind=kind_of(press.form), add_level=True)


def edit(deps: Deps, press: ButtonPress, key: str) -> None:
    """Open the form of an entry. A press in a modal replaces that modal."""
    form = open_edit(
        deps.store, deps.team, reader=deps.people.reader(press.user), key=key, now=deps.now()
    )
    if press.view is not None and press.view.callback_id:
        redraw(deps, press.view, form)
    else:
        form = replace(form, channel=press.channel, thread_ts=press.thread_ts)
        open_form_view(deps, press.trigger_id, form)


def record_gap(deps: Deps, press: ButtonPress, gap_id: GapId) -> None:
    """Open the form for a gap."""
    reader = deps.people.reader(press.user)
    gap = read_gap(deps.store, deps.team, gap_id, reader=reader)
    form = _open(deps, press.user, gap.channel, kind=gap.kind, gap=gap)
    open_form_view(deps, press.trigger_id, form)


def _open(
    deps: Deps,
    user: UserId,
    channel: ChannelId,
    *,
    thread: Thread | None = None,
    kind: Kind | None = None,
    gap: Gap | None = None,
    owner: UserId | None = None,
) -> Form:
    home = channel_at(deps, channel)
    form = open_form(
        deps.store,
        deps.team,
        reader=deps.people.reader(user),
        channel=home,
        kind=kind,
        source=FormSource(
            thread=thread,
            occurrences=_read_occurrences(deps, gap, thread) if gap else (),
            permalink=deps.links.permalink,
            names=deps.people.name,
            reader=functools.partial(_known_reader, deps),
            gap=gap.id if gap else None,
            owner=owner,
            gap_title=gap.title if gap else "",
            # A person chose it, so it is from no message.
            title=gap.title if gap and gap.renamed else "",
        ),
        now=deps.now(),
    )
    return replace(form, channel=channel, thread_ts=thread.ts if thread else None)


def _read_occurrences(deps: Deps, gap: Gap, thread: Thread | None) -> tuple[Thread, ...]:
    """Read the latest threads of a gap; one that Slack doesn't return is its stored excerpts."""
    without = thread.ts if thread else None
    recalled = recall_threads(gap, most=_MOST_THREADS, without=without)
    roots = [(excerpts.channel, excerpts.ts) for excerpts in reversed(recalled)]
    limits = deps.timeouts.thread
    read = read_threads(deps.client, roots, me=deps.bot_user, limits=limits)
    return complete_threads(recalled, read)


def _known_reader(deps: Deps, user: UserId) -> Reader | None:
    with contextlib.suppress(UnavailableError):
        return deps.people.known_reader(user)
    return None


def _change(
    deps: Deps, press: ButtonPress, *, kind: Kind | None = None, add_level: bool = False
) -> None:
    form = change_form(
        deps.store,
        deps.team,
        draft_of(press.form),
        reader=deps.people.reader(press.user),
        typed=typed_in(press.form),
        kind=kind,
        base=base_of(press.form),
        add_level=add_level,
    )
    redraw(deps, press.form, form)


def _save(deps: Deps, submission: Submission) -> dict[str, Any] | None:
    draft, typed = draft_of(submission.view), typed_in(submission.view)
    extra = {name: submission.view.typed.get(name) or "" for name in (ids.NOTE, ids.EFFECT)}
    kind, base = kind_of(submission.view), base_of(submission.view)
    try:
        reader = deps.people.reader(submission.user)
        owner, backup = (
            deps.people.reader(UserId(typed[name])) if typed.get(name) else None
            for name in ("owner", "backup")
        )
        saved = save_form(
            deps.store,
            deps.team,
            draft,
            SubmittedForm(
                typed=typed,
                note=extra[ids.NOTE],
                effect=extra[ids.EFFECT],
                owner=owner,
                backup=backup,
                kind=kind,
                base=base,
                requests=requests_of(submission.view),
            ),
            reader=reader,
            is_alone=deps.alone,
            now=deps.now(),
        )
    except ConflictError as error:
        # The form needs another look, and the reason is too long to show beside a field.
        form = reopen_form(deps.store, deps.team, draft, reader=reader)
        form = in_place_of(submission.view, form)
        view = draw_form(deps, form, error.user_text)
        return {"response_action": "update", "view": view}
    except NotStoredError:
        # Saving the draft would wait for the database again, and Slack waits only 3 seconds.
        raise
    except OpsloreError:
        # Keep the typed text also if Slack doesn't answer, because the person may close the form.
        user, sent = submission.user, {**typed, **extra}
        with contextlib.suppress(UnavailableError):
            store_typed(deps.store, deps.team, draft, user=user, typed=sent, kind=kind, base=base)
        raise
    channel, thread_ts = opened_in(submission.view)
    if channel and (text := describe_saved(saved)):
        once = f"saved:{draft}"
        tell_later(deps, channel, submission.user, thread_ts, text, once=once)
    return None


def _options(deps: Deps, kind: Kind, suggestion: Suggestion) -> list[dict[str, Any]]:
    entries = suggest_entries(
        deps.store,
        deps.team,
        reader=deps.people.reader(suggestion.user),
        kind=kind,
        typed=suggestion.typed,
    )
    titles = {str(entry.key): f"{entry.key} {entry.title}"[:75] for entry in entries}
    return [
        {"text": {"type": "plain_text", "text": title, "emoji": False}, "value": key}
        for key, title in titles.items()
    ]


def _kind(press: ButtonPress) -> Kind:
    if press.value not in set(Kind):
        raise MalformedError(OLDER)
    return Kind(press.value)
