"""Some hostile acts. For thousands: `python -m tests.endurance.hostile --acts 10000`."""

import pytest

from tests.endurance.hostile.acts import Hostile
from tests.endurance.hostile.texts import seeded, text
from tests.endurance.hostile.verdict import unmeant
from tests.support.ops import Ops

ACTS = 150


def test_hostile_input_breaks_nothing(ops: Ops) -> None:
    """No act raises an exception, notifies anyone, loses text or logs it; each gets an answer."""
    findings = Hostile(ops, seed=20260304).run(ACTS)

    assert findings.faults == []
    assert findings.acts == ACTS
    assert findings.refusals
    assert findings.read_back


def test_texts_are_the_same_for_the_same_seed() -> None:
    """A fault can then be reproduced."""
    one, other = ([text(rng) for _ in range(200)] for rng in (seeded(7), seeded(7)))

    assert one == other


@pytest.mark.parametrize(
    "payload",
    [
        {"text": "see <!channel>"},
        {"text": "ask <@U1>"},
        {"text": "ask @here"},
        {"text": "in <#C1|ops>"},
        {"text": "<!date^1^hostileword|x>"},
        {"text": "<https://evil.example/|https://good.example>"},
        {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "@channel"}}]},
        {"view": {"blocks": [{"text": {"type": "mrkdwn", "text": "<!here>", "verbatim": True}}]}},
    ],
)
def test_an_unintended_mention_is_noticed(payload: object) -> None:
    """The checks of the acts would report it."""
    assert list(unmeant(payload))


@pytest.mark.parametrize(
    "payload",
    [
        {"text": "in <#C1> since <!date^1^{date}|Monday>, &lt;!channel&gt;, x@channel.example"},
        {"text": {"type": "plain_text", "text": "@here <!channel>"}},
        {"element": {"type": "plain_text_input", "initial_value": "<!channel>"}},
        {"text": {"type": "mrkdwn", "text": "ask @here", "verbatim": True}},
    ],
)
def test_text_that_notifies_no_one_is_accepted(payload: object) -> None:
    """This is the bot's own dates and channels, and text that Slack shows unchanged."""
    assert not list(unmeant(payload))
