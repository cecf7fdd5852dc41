"""Rules that a message states outright."""

import pytest

from bot.domain.recognition.outright import states_rule


@pytest.mark.parametrize(
    "text",
    [
        "From now on we restart the gateway before calling the vendor.",
        "ok, from now on two people look at every release",
        "Policy: no deploys on Friday",
        "Rule of thumb: two retries, then the vendor",
        "New rule: whoever breaks the build writes the note",
        "if it's under 500 just approve it",
        "for sev1s page the duty manager after 15 minutes",
        "When the pump alarm sounds twice, call the night engineer",
        "the policy is that finance signs above 1,000",
    ],
)
def test_an_outright_rule_is_noticed(text: str) -> None:
    assert states_rule(text)


@pytest.mark.parametrize(
    "text",
    [
        "If you refresh the page, it will ask that you log in again",
        "If anything changes, I'm sure we could always add it",
        "For now, I updated the FAQ page to say so",
        "policy or not, there can still be conflicts",
        "the policy is under review",
        "When I call the vendor he never answers",
        "if it fails again should we page someone?",
        "For whatever reason I can't get at it on mobile, it's always been there",
        "Is there a rule for refunds?",
        "What is our policy: do we deploy on Fridays?",
    ],
)
def test_other_talk_states_no_rule(text: str) -> None:
    assert not states_rule(text)
