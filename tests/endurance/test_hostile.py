"""Some hostile acts; thousands of them: `python -m tests.endurance.hostile --acts 10000`."""

import pytest

from tests.endurance.hostile.acts import Hostile
from tests.endurance.hostile.texts import seeded, text
from tests.endurance.hostile.verdict import unmeant
from tests.support.ops import Ops

ACTS = 150


def test_hostile_input_breaks_nothing(ops: Ops) -> None:
    """No exception, no mention, no lost text, no text in a log, and an answer to everything."""
    findings = Hostile(ops, seed=20260304).run(ACTS)

    assert findings.faults == []
    assert findings.acts == ACTS
    assert findings.refusals
    assert findings.read_back


def test_texts_are_the_same_for_the_same_seed() -> None:
    """So that a fault can be had again."""
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
def test_an_unmeant_mention_is_noticed(payload: object) -> None:
    """The judge of the acts would see one."""
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
def test_what_pings_nobody_is_left(payload: object) -> None:
    """The bot's own dates and channels, and texts that Slack shows as they are."""
    assert not list(unmeant(payload))
