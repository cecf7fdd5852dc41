"""Lunch's forms, polls and Home tab."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

DIETS = ("Everything", "Vegetarian", "Vegan")


@dataclass
class Poll:
    """A question, its places, and the votes."""

    author: str
    question: str
    time: str
    places: list[str]
    secret: bool = False
    votes: dict[str, str] = field(default_factory=dict)
    closed: bool = False

    def count(self, place: str) -> int:
        """Return the number of votes for a place."""
        return list(self.votes.values()).count(place)


def plain(text: str) -> Json:
    """Return a plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    """Return a mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def option(text: str) -> Json:
    """Return an option whose value is its text."""
    return {"text": plain(text), "value": text}


def button(text: str, action_id: str, **more: Any) -> Json:  # noqa: ANN401 - as Block Kit has it
    """Return a button."""
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def field_of(block_id: str, label: str, element: Json, **more: Any) -> Json:  # noqa: ANN401 - as Block Kit has it
    """Return an input block whose element has the block's id."""
    element = {"action_id": block_id, **element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element} | more


def poll_form(question: str = "") -> Json:
    """Return the form of a new poll."""
    words: Json = {"type": "plain_text_input", "placeholder": plain("Where do we eat?")}
    if question:
        words["initial_value"] = question
    where = {
        "type": "conversations_select",
        "default_to_current_conversation": True,
        "filter": {"include": ["public", "private"]},
    }
    return {
        "type": "modal",
        "callback_id": "poll",
        "title": plain("New poll"),
        "submit": plain("Ask"),
        "blocks": [
            field_of("question", "Question", words),
            field_of("places", "Places", {"type": "multi_external_select", "min_query_length": 1}),
            field_of("time", "Time", {"type": "timepicker", "initial_time": "12:30"}),
            field_of("where", "Ask in", where),
            field_of(
                "how",
                "How",
                {"type": "checkboxes", "options": [option("Hide who voted")]},
                optional=True,
            ),
        ],
    }


def suggestion_form(words: str) -> Json:
    """Return the form to suggest a place."""
    element = {"type": "plain_text_input", "initial_value": words[:80], "max_length": 80}
    return {
        "type": "modal",
        "callback_id": "suggestion",
        "title": plain("Suggest a place"),
        "submit": plain("Suggest"),
        "blocks": [field_of("place", "Place", element)],
    }


def thanks(place: str) -> Json:
    """Return the confirmation of a suggestion."""
    words = mrkdwn(f"Thank you! *{place}* can be chosen from now on.")
    return {
        "type": "modal",
        "title": plain("Suggest a place"),
        "close": plain("Done"),
        "blocks": [{"type": "section", "text": words}],
    }


def poll_message(poll: Poll) -> Json:
    """Return the text and blocks of a poll's message."""
    blocks: list[Json] = [
        {"type": "header", "text": plain(poll.question)},
        {"type": "context", "elements": [mrkdwn(f"At {poll.time}, asked by <@{poll.author}>")]},
        *(_place(poll, place) for place in poll.places),
        {"type": "divider"},
    ]
    if poll.closed:
        best = max(poll.places, key=poll.count)
        blocks.append({"type": "section", "text": mrkdwn(f":fork_and_knife: We go to *{best}*.")})
    else:
        blocks.append(_controls())
    return {"text": f"{poll.question} ({', '.join(poll.places)})", "blocks": blocks}


def _place(poll: Poll, place: str) -> Json:
    who = [f"<@{user}>" for user, choice in poll.votes.items() if choice == place]
    words = f"{poll.count(place)} votes" if poll.secret else " ".join(who)
    block = {"type": "section", "text": mrkdwn(f"*{place}*\n{words or 'nobody yet'}")}
    return block if poll.closed else block | {"accessory": button("Vote", "vote", value=place)}


def _controls() -> Json:
    sure = {
        "title": plain("Close this poll?"),
        "text": plain("Nobody can vote after that."),
        "confirm": plain("Close it"),
        "deny": plain("Not yet"),
    }
    diet = {
        "type": "static_select",
        "action_id": "diet",
        "placeholder": plain("I eat…"),
        "options": [option(each) for each in DIETS],
    }
    return {
        "type": "actions",
        "elements": [
            diet,
            button("Export", "export"),
            button("Close", "close", style="danger", confirm=sure),
        ],
    }


def home(polls: list[Poll], diet: str) -> Json:
    """Return the Home tab of someone who eats `diet`."""
    lines = [f"• {poll.question} ({len(poll.votes)} votes)" for poll in polls]
    select = {
        "type": "static_select",
        "action_id": "diet",
        "options": [option(each) for each in DIETS],
        "initial_option": option(diet),
    }
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("Lunch")},
            {"type": "section", "text": mrkdwn("You eat"), "accessory": select},
            {"type": "section", "text": mrkdwn("\n".join(lines) or "There is no poll yet.")},
            {"type": "actions", "elements": [button("Start a poll", "start", style="primary")]},
        ],
    }


def menu_preview(url: str) -> Json:
    """Return the preview of a menu's link."""
    words = mrkdwn(f"*Menu of {url.rsplit('/', 1)[-1].title()}*\nSoup, pasta, salad")
    return {"color": "#e8912d", "blocks": [{"type": "section", "text": words}]}
