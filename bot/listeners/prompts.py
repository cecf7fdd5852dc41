"""The answers to a prompt."""

from slack_bolt import App

from bot.deps import Deps
from bot.domain.entries import UserId
from bot.domain.prompts import Answer, PromptId
from bot.listeners.answers import open_view, put_away, show, tell
from bot.listeners.guard import pressed, submitted
from bot.slack import ids
from bot.slack.payloads.fields import ident, needed, number, optional_timestamp
from bot.slack.payloads.interactions import ButtonPress, Submission, unpacked
from bot.usecases.entries.find import read_card
from bot.usecases.entries.use import list_outcomes, read_entry_to_use
from bot.usecases.listening.prompts import (
    answer_prompt,
    dismiss_prompt,
    mute_prompts,
    pass_prompt_on,
)


def register(app: App, deps: Deps) -> None:
    """Register the buttons of a prompt, except `Record …`, which is in `record`."""

    def _dismiss(press: ButtonPress) -> None:
        reader = deps.people.reader(press.user)
        gap = dismiss_prompt(deps.store, deps.team, _prompt(press), reader=reader, now=deps.now())
        put_away(deps, press)
        if gap is not None:
            show(deps, press, deps.render("gap_dismissed", gap=gap))

    def _helped(press: ButtonPress) -> None:
        _answer(deps, press, Answer.HELPED)
        put_away(deps, press)

    def _not_this(press: ButtonPress) -> None:
        _answer(deps, press, Answer.REFUSED)
        put_away(deps, press)

    def _choose_who_knows(press: ButtonPress) -> None:
        open_view(deps, press.trigger_id, deps.render("elsewhere_form", prompt=_prompt(press)))

    def _pass_on(submission: Submission) -> None:
        to = deps.people.reader(UserId(ident(submission.view.typed, ids.PERSON)))
        prompt = PromptId(number(unpacked(submission.view.private_metadata).get("prompt")))
        reader = deps.people.reader(submission.user)
        pass_prompt_on(deps.store, deps.team, prompt, to, reader=reader, now=deps.now())

    def _mute(press: ButtonPress) -> None:
        mute_prompts(
            deps.store,
            deps.team,
            _prompt(press),
            reader=deps.people.reader(press.user),
            now=deps.now(),
        )
        put_away(deps, press)
        tell(
            deps,
            press,
            "Prompts are off in this channel. Recurring topics still appear in the digest. "
            "`/lore watch on` turns prompts on again.",
        )

    def _open(press: ButtonPress) -> None:
        key = needed(unpacked(press.value), "key")
        card = read_card(deps.store, deps.team, reader=deps.people.reader(press.user), key=key)
        show(deps, press, deps.render("entry_card", card=card))
        _answer(deps, press, Answer.OPENED)

    def _use(press: ButtonPress) -> None:
        cited = needed(unpacked(press.value), "cited")
        reader = deps.people.reader(press.user)
        entry = read_entry_to_use(deps.store, deps.team, reader=reader, key=cited)
        view = deps.render(
            "use_form",
            entry=entry,
            outcomes=list_outcomes(reader),
            prompt=_prompt(press),
            channel=press.channel,
            thread_ts=press.thread_ts,
            ts=optional_timestamp(unpacked(press.value), "ts"),
        )
        open_view(deps, press.trigger_id, view)
        put_away(deps, press)

    app.action(ids.PROMPT_DISMISS)(pressed(deps, _dismiss))
    app.action(ids.PROMPT_HELPED)(pressed(deps, _helped))
    app.action(ids.PROMPT_NOT_THIS)(pressed(deps, _not_this))
    app.action(ids.PROMPT_ELSEWHERE)(pressed(deps, _choose_who_knows))
    app.view(ids.ELSEWHERE_FORM)(submitted(deps, _pass_on, first=ids.PERSON))
    app.action(ids.PROMPT_MUTE)(pressed(deps, _mute))
    app.action(ids.PROMPT_OPEN)(pressed(deps, _open))
    app.action(ids.PROMPT_USE)(pressed(deps, _use))


def _answer(deps: Deps, press: ButtonPress, answer: Answer) -> None:
    prompt = _prompt(press)
    answer_prompt(deps.store, deps.team, prompt, user=press.user, answer=answer, now=deps.now())


def _prompt(press: ButtonPress) -> PromptId:
    return PromptId(number(unpacked(press.value).get("prompt")))
