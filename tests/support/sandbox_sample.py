"""A small Bolt app for the sandbox's own tests."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal
from wsgiref.simple_server import WSGIRequestHandler, make_server

import yaml
from slack_bolt import App, Args, BoltRequest
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from sandbox import Driver, Sandbox, Timing
from sandbox.transports import Deliver

Mode = Literal["inline", "http", "socket"]

SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "reactions:read",
    "users:read",
]
EVENTS = [
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_id_changed",
    "channel_left",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "reaction_added",
    "tokens_revoked",
]


def manifest(folder: Path, *, without_scope: str = "") -> Path:
    """Write the sample's manifest and return its path."""
    path = folder / "manifest.yml"
    given = {
        "display_information": {"name": "Sample"},
        "features": {
            "app_home": {"home_tab_enabled": True},
            "bot_user": {"display_name": "Sample"},
            "slash_commands": [
                {"command": "/sample", "description": "Try it", "should_escape": True}
            ],
            "shortcuts": [
                {"name": "Keep this", "type": "message", "callback_id": "keep"},
                {"name": "New one", "type": "global", "callback_id": "new"},
            ],
        },
        "oauth_config": {"scopes": {"bot": [s for s in SCOPES if s != without_scope]}},
        "settings": {
            "event_subscriptions": {"bot_events": EVENTS},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }
    path.write_text(yaml.safe_dump(given), "utf-8")
    return path


class InlineExecutor(ThreadPoolExecutor):
    """An executor that runs listeners at once, so that an act is done when it returns."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - as its base
        """Run `fn` now."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - the future has it
            future.set_exception(error)
        return future


@dataclass
class Bench:
    """A sandbox, its driver, and the sample app."""

    sandbox: Sandbox
    driver: Driver
    app: App
    client: WebClient
    events: list[dict[str, Any]] = field(default_factory=list)
    # Answers instead of the app, in this process.
    answer: Deliver | None = None

    def heard(self, kind: str) -> list[dict[str, Any]]:
        """Return the events of a type that the app received."""
        return [event for event in self.events if event["type"] == kind]


_TIMES = {each.name for each in fields(Timing)}


@contextmanager
def running(folder: Path, mode: Mode = "inline", **options: Any) -> Iterator[Bench]:  # noqa: ANN401 - those of Sandbox
    """Run the sample app in a sandbox, connected by `mode`."""
    app_of: list[App] = []
    benches: list[Bench] = []

    def deliver(body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if benches and benches[0].answer is not None:
            return benches[0].answer(body, headers)
        answer = app_of[0].dispatch(BoltRequest(body=body.decode(), headers=dict(headers)))
        first = {name: values[0] for name, values in answer.headers.items()}
        return answer.status, first, (answer.body or "").encode()

    # On a busy machine the app may take longer than Slack waits, and the test shouldn't fail.
    patience = {"ack_seconds": 60.0, "trigger_seconds": 60.0}
    times = {name: options.pop(name) for name in _TIMES & options.keys()}
    options["timing"] = Timing(**patience | times)
    server = None
    if mode == "http":
        server = make_server("127.0.0.1", 0, _dispatch(app_of), handler_class=_Quiet)
        options["request_url"] = f"http://127.0.0.1:{server.server_port}/slack/events"
    elif mode == "inline":
        options["deliver"] = deliver
    path = options.pop("manifest", None) or manifest(folder)
    with Sandbox(path, mode=mode, **options) as sandbox, Driver(sandbox) as driver:
        client = WebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
        app = App(
            # Otherwise Bolt reads the source of all its callers, to name the app after a file.
            name="sample",
            client=client,
            signing_secret=sandbox.signing_secret,
            listener_executor=InlineExecutor() if mode == "inline" else None,
        )
        app_of.append(app)
        bench = Bench(sandbox, driver, app, client)
        benches.append(bench)
        register(bench)
        with _reached(bench, mode, server):
            yield bench


def _dispatch(app_of: list[App]) -> Any:  # noqa: ANN401 - a WSGI application
    def application(environ: dict[str, Any], start_response: Any) -> Any:  # noqa: ANN401 - WSGI
        return SlackRequestHandler(app_of[0])(environ, start_response)

    return application


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextmanager
def _reached(bench: Bench, mode: Mode, server: Any) -> Iterator[None]:  # noqa: ANN401 - a WSGI server
    if mode == "socket":
        # The client checks its connection at this interval.
        handler = SocketModeHandler(bench.app, bench.sandbox.app_token, ping_interval=1)
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt left it untyped
        bench.driver.until(bench.driver.sockets)
        try:
            yield
        finally:
            # The client notices its own close seconds later than a close by Slack.
            handler.client.auto_reconnect_enabled = False
            bench.driver.cut_sockets()
            bench.driver.until(lambda: not handler.client.is_connected())
            handler.close()  # type: ignore[no-untyped-call]  # Bolt left it untyped
            # The garbage collector closes its sockets, and its warning belongs to this test.
            handler.client.current_session = None
            gc.collect()
    elif server is not None:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
    else:
        yield


def plain(text: str) -> dict[str, str]:
    """Return a plain_text object."""
    return {"type": "plain_text", "text": text}


FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("A form"),
    "submit": plain("Save"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "title",
            "label": plain("Title"),
            "element": {"type": "plain_text_input", "action_id": "title", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "kind",
            "label": plain("Kind"),
            "optional": True,
            "dispatch_action": True,
            "element": {
                "type": "static_select",
                "action_id": "kind",
                "options": [
                    {"text": plain("Decision"), "value": "d"},
                    {"text": plain("Handoff"), "value": "h"},
                ],
            },
        },
        {
            "type": "input",
            "block_id": "owner",
            "label": plain("Owner"),
            "optional": True,
            "element": {"type": "users_select", "action_id": "owner"},
        },
        {
            "type": "input",
            "block_id": "like",
            "label": plain("Like"),
            "optional": True,
            "element": {
                "type": "external_select",
                "action_id": "like",
                "min_query_length": 1,
            },
        },
    ],
}


def card(text: str) -> dict[str, Any]:
    """Return a message with a button and a menu."""
    return {
        "text": text,
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": text}},
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "action_id": "open", "text": plain("Open"), "value": "7"},
                    {"type": "button", "action_id": "drop", "text": plain("Drop")},
                    {
                        "type": "overflow",
                        "action_id": "more",
                        "options": [{"text": plain("History"), "value": "history"}],
                    },
                ],
            },
        ],
    }


def register(bench: Bench) -> None:
    """Give the app its listeners."""
    app = bench.app

    @app.middleware
    def note(body: dict[str, Any], next: Any) -> None:  # noqa: A002, ANN401 - Bolt's own name
        if body.get("type") == "event_callback":
            bench.events.append(body["event"])
        next()

    app.event("message")(message)
    app.event("app_home_opened")(home)
    app.command("/sample")(command)
    app.shortcut("keep")(keep)
    app.action("open")(open_pressed)
    app.action("drop")(drop_pressed)
    app.action("more")(more_chosen)
    app.action("kind")(kind_chosen)
    app.options("like")(like_typed)
    app.view("form")(form_sent)
    app.view_closed("form")(_taken)
    for kind in set(EVENTS) - {"message.channels", "message.groups", "app_home_opened"}:
        app.event(kind)(_taken)


def message(args: Args) -> None:
    event = args.event or {}
    if event.get("text") == "card, please":
        args.say(**card("A *card* for <@" + event["user"] + ">"))
    if event.get("text") == "whisper":
        place = {"channel": event["channel"], "user": event["user"]}
        args.client.chat_postEphemeral(**place, **card("Only for you"))


def home(args: Args) -> None:
    view = {"type": "home", "blocks": [{"type": "section", "text": plain("Welcome home")}]}
    args.client.views_publish(user_id=(args.event or {})["user"], view=view)


def command(args: Args) -> None:
    words = (args.command or {})["text"]
    if words == "silent":
        return
    if words == "quick":
        args.ack("Quick answer")
        return
    args.ack()
    if words == "form":
        args.client.views_open(trigger_id=args.body["trigger_id"], view=FORM)
    else:
        args.respond(f"You said {words}")


def keep(args: Args) -> None:
    args.ack()
    view = FORM | {"private_metadata": args.body["message"]["text"]}
    args.client.views_open(trigger_id=args.body["trigger_id"], view=view)


def open_pressed(args: Args) -> None:
    args.ack()
    args.client.views_open(trigger_id=args.body["trigger_id"], view=FORM)


def drop_pressed(args: Args) -> None:
    args.ack()
    args.respond(delete_original=True)


def more_chosen(args: Args) -> None:
    args.ack()
    args.respond(text="The history", replace_original=False)


def kind_chosen(args: Args) -> None:
    args.ack()
    view = args.body["view"]
    title = plain("A " + args.body["actions"][0]["selected_option"]["value"])
    changed = FORM | {"title": title}
    args.client.views_update(view_id=view["id"], hash=view["hash"], view=changed)


def like_typed(args: Args) -> None:
    args.ack(options=[{"text": plain("Like " + args.body["value"]), "value": "1"}])


def form_sent(args: Args) -> None:
    title = (args.view or {})["state"]["values"]["title"]["title"]["value"]
    if title == "bad":
        args.ack(response_action="errors", errors={"title": "Not this one."})
    elif title == "wrong":
        args.ack(response_action="errors", errors={"nowhere": "Lost."})
    elif title == "more":
        args.ack(response_action="push", view=FORM | {"title": plain("Second")})
    elif title == "open another":
        args.client.views_open(trigger_id=args.body["trigger_id"], view=FORM)
        args.ack()
    else:
        args.ack()


def _taken(args: Args) -> None:
    args.ack()
