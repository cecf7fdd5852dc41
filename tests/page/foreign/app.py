"""Lunch, an app that asks where to eat. It runs against Slack, or against SLACK_API_URL."""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Iterable
from typing import Any

from slack_bolt import Ack, App, Respond, Say
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from . import views

Json = dict[str, Any]

app = App(
    client=WebClient(
        token=os.environ["SLACK_BOT_TOKEN"],
        base_url=os.environ.get("SLACK_API_URL", WebClient.BASE_URL),
    )
)
places = ["Noodle Bar", "Pizza Corner", "Salad House"]
polls: dict[tuple[str, str], views.Poll] = {}
diets: dict[str, str] = {}


@app.command("/lunch")
def lunch(ack: Ack, command: Json, client: WebClient) -> None:
    """Open the form with the typed question."""
    ack()
    client.views_open(trigger_id=command["trigger_id"], view=views.poll_form(command["text"]))


@app.shortcut("new_poll")
@app.action("start")
def new_poll(ack: Ack, body: Json, client: WebClient) -> None:
    """Open the form from anywhere."""
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=views.poll_form())


@app.options("places")
def known_places(ack: Ack, payload: Json) -> None:
    """Return the places that begin with the typed text."""
    typed = payload["value"].casefold()
    found = [place for place in places if any(w.startswith(typed) for w in place.lower().split())]
    ack(options=[views.option(place) for place in found])


@app.view("poll")
def poll_sent(ack: Ack, body: Json, view: Json, client: WebClient) -> None:
    """Post the poll, if it has places to choose."""
    values = {block: next(iter(each.values())) for block, each in view["state"]["values"].items()}
    chosen = [each["value"] for each in values["places"]["selected_options"]]
    if len(chosen) < 2:
        ack(response_action="errors", errors={"places": "Choose two places or more."})
        return
    ack()
    poll = views.Poll(
        author=body["user"]["id"],
        question=values["question"]["value"],
        time=values["time"]["selected_time"],
        places=chosen,
        secret=bool(values["how"]["selected_options"]),
    )
    channel = values["where"]["selected_conversation"]
    posted = client.chat_postMessage(channel=channel, **views.poll_message(poll))
    polls[channel, posted["ts"]] = poll


@app.action("vote")
def vote(ack: Ack, body: Json, action: Json, client: WebClient) -> None:
    """Count a vote, which replaces the person's earlier one."""
    ack()
    channel, ts = body["channel"]["id"], body["message"]["ts"]
    poll = polls[channel, ts]
    poll.votes[body["user"]["id"]] = action["value"]
    client.chat_update(channel=channel, ts=ts, **views.poll_message(poll))


@app.action("diet")
def diet_chosen(ack: Ack, body: Json, action: Json, client: WebClient) -> None:
    """Store a person's diet, wherever they chose it."""
    ack()
    user, diet = body["user"]["id"], action["selected_option"]["value"]
    diets[user] = diet
    if body["container"]["type"] == "view":
        client.views_publish(user_id=user, view=views.home(list(polls.values()), diet))
    else:
        channel = body["channel"]["id"]
        client.chat_postEphemeral(channel=channel, user=user, text=f"You eat {diet.lower()}.")


@app.action("close")
def close(ack: Ack, body: Json, client: WebClient, respond: Respond) -> None:
    """Close a poll; only its author can."""
    ack()
    channel, ts = body["channel"]["id"], body["message"]["ts"]
    poll = polls[channel, ts]
    if body["user"]["id"] != poll.author:
        words = f"Only <@{poll.author}> can close this poll."
        respond(text=words, response_type="ephemeral", replace_original=False)
        return
    poll.closed = True
    client.chat_update(channel=channel, ts=ts, **views.poll_message(poll))


@app.action("export")
def export(ack: Ack, body: Json, client: WebClient) -> None:
    """Post the votes as a file in the poll's thread."""
    ack()
    channel, ts = body["channel"]["id"], body["message"]["ts"]
    poll = polls[channel, ts]
    client.files_upload_v2(
        channel=channel,
        thread_ts=ts,
        filename="votes.csv",
        content="".join(f"{place},{poll.count(place)}\n" for place in poll.places),
        initial_comment="The votes so far",
    )


@app.shortcut("suggest")
def suggest(ack: Ack, body: Json, client: WebClient) -> None:
    """Open a form with the text of the message."""
    ack()
    form = views.suggestion_form(body["message"]["text"])
    client.views_open(trigger_id=body["trigger_id"], view=form)


@app.view("suggestion")
def suggested(ack: Ack, view: Json) -> None:
    """Store the place and confirm it in the form."""
    place = view["state"]["values"]["place"]["place"]["value"]
    places.append(place)
    ack(response_action="update", view=views.thanks(place))


@app.event("app_home_opened")
def home_opened(event: Json, client: WebClient) -> None:
    """Show the polls."""
    user = event["user"]
    view = views.home(list(polls.values()), diets.get(user, views.DIETS[0]))
    client.views_publish(user_id=user, view=view)


@app.event("app_mention")
def mentioned(event: Json, client: WebClient, say: Say) -> None:
    """React with a wave, and explain the app."""
    ts = event["ts"]
    client.reactions_add(channel=event["channel"], timestamp=ts, name="wave")
    say(text="Ask where to eat with `/lunch`.", thread_ts=event.get("thread_ts", ts))


@app.event("reaction_added")
def reacted(event: Json, client: WebClient) -> None:
    """Answer a pizza reaction."""
    if event["reaction"] == "pizza":
        item = event["item"]
        words = f"Pizza for <@{event['user']}>! :pizza:"
        client.chat_postMessage(channel=item["channel"], thread_ts=item["ts"], text=words)


@app.event({"type": "message", "subtype": "file_share"})
def menu_shared(event: Json, client: WebClient, say: Say) -> None:
    """Read the first line of a shared menu."""
    for line in _first_lines(event["files"], client.token or ""):
        say(text=f"Today: *{line}*", thread_ts=event["ts"])


def _first_lines(files: Iterable[Json], token: str) -> Iterable[str]:
    for file in files:
        if file["mimetype"].startswith("text/"):
            headers = {"Authorization": f"Bearer {token}"}
            request = urllib.request.Request(file["url_private"], headers=headers)  # noqa: S310 - Slack's own
            with urllib.request.urlopen(request) as answer:  # noqa: S310 - Slack's own
                yield answer.read().decode().splitlines()[0]


@app.event("message")
def said(event: Json, say: Say) -> None:
    """Answer in direct messages."""
    if event["channel_type"] == "im" and "subtype" not in event:
        say("Ask where to eat with `/lunch`, in a channel.")


@app.event("link_shared")
def menu_linked(event: Json, client: WebClient) -> None:
    """Preview menus that people link to."""
    unfurls = {link["url"]: views.menu_preview(link["url"]) for link in event["links"]}
    client.chat_unfurl(channel=event["channel"], ts=event["message_ts"], unfurls=unfurls)


if __name__ == "__main__":
    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()  # type: ignore[no-untyped-call]  # Bolt left it untyped
