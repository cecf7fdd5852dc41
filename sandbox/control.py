"""The control interface: every act of a person, by name, with JSON in and out."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from sandbox.acts.clicks import Clicks
from sandbox.acts.composer import Composer
from sandbox.acts.files import FileActs
from sandbox.acts.forms import Forms
from sandbox.acts.outages import Outages
from sandbox.acts.page import Page
from sandbox.acts.places import Places
from sandbox.acts.talk import Talk
from sandbox.acts.time import Time
from sandbox.errors import ActionRefusedError, SlackError
from sandbox.installation import Installation
from sandbox.model import Json


class Control:
    """Finds and does acts by name, such as "talk.say" or "forms.submit"."""

    def __init__(self, installation: Installation) -> None:
        talk, clicks, places = Talk(installation), Clicks(installation), Places(installation)
        self._pulse = installation.workspace.pulse
        families = {
            "places": places,
            "talk": talk,
            "clicks": clicks,
            "composer": Composer(installation, talk, clicks, places),
            "files": FileActs(installation),
            "forms": Forms(installation),
            "outages": Outages(installation, talk),
            "page": Page(installation),
            "time": Time(installation),
        }
        self._acts: dict[str, Callable[..., Any]] = {
            f"{family}.{name}": act
            for family, acts in families.items()
            for name, act in inspect.getmembers(acts, inspect.ismethod)
            if not name.startswith("_")
        }

    def do(self, verb: str, args: Json) -> Any:  # noqa: ANN401 - each act returns its own JSON
        """Do an act and return its value.

        Raises:
            ActionRefusedError: there is no such act, or Slack's client would not offer it.
        """
        act = self._acts.get(verb)
        if act is None:
            raise ActionRefusedError(f"there is no act {verb}")
        try:
            return act(**args)
        except (SlackError, ValueError) as error:
            raise ActionRefusedError(str(error)) from error
        finally:
            self._pulse.beat()
