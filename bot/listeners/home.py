"""App Home: it is drawn again each time someone opens it or searches."""

import logging

from slack_bolt import App, Args

from bot.deps import Deps
from bot.domain.entries import UserId
from bot.domain.errors import UnavailableError
from bot.listeners.answers import in_modal
from bot.listeners.guard import pressed, words_for
from bot.slack import ids
from bot.slack.api.posting import NotSentError, RefusedError, call
from bot.slack.payloads.events import event_of
from bot.slack.payloads.fields import ident
from bot.slack.payloads.interactions import ButtonPress
from bot.usecases.home import read_home

log = logging.getLogger(__name__)


def register(app: App, deps: Deps) -> None:
    """Register the opening of the tab, and its search."""

    @app.event("app_home_opened")
    def opened(args: Args) -> None:
        if event_of(args.body).get("tab") == "home":
            try:
                publish_home(deps, UserId(ident(event_of(args.body), "user")), "")
            except NotSentError as error:
                # Without an acknowledgement, Slack sends the event again.
                raise UnavailableError("Slack didn't show App Home. Open it again.") from error
            except RefusedError as error:
                log.warning("home_not_shown", extra={"why": error.reason})

    def _search(press: ButtonPress) -> None:
        publish_home(deps, press.user, press.value.strip()[:200])

    app.action(ids.HOME_SEARCH)(pressed(deps, _search))


def redraw_home(deps: Deps, press: ButtonPress) -> None:
    """Redraw App Home after a click in it. This ends a search."""
    if is_home(press):
        publish_home(deps, press.user)


def is_home(press: ButtonPress) -> bool:
    """Return whether a button was pressed in App Home."""
    return press.view is not None and not in_modal(press)


def publish_home(deps: Deps, user: UserId, words: str = "") -> None:
    """Publish a person's App Home. `words`: the search."""
    try:
        reader = deps.people.reader(user)
        home = read_home(
            deps.store,
            deps.team,
            reader=reader,
            words=words,
            describe=deps.find_reader,
            now=deps.now(),
        )
        view = deps.render("home", home=home)
    except Exception as error:  # noqa: BLE001 - the page itself shows the reason
        message = deps.render("note", text=words_for(error))
        view = {"type": "home", "blocks": message["blocks"]}
    call(deps.client, "views.publish", user_id=user, view=view)
