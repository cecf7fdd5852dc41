"""No one is prompted where it would hurt: about illness, loss or leaving, or during an incident."""

from datetime import timedelta

import pytest

from tests.support.gap_threads import CLEANED, DISK, ask_once
from tests.support.ops import Ops
from tests.support.prompting import DAY, ROLLBACK, prompts, say, settle

# Which database it is makes no difference to what a message says.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PERSONAL = (
    "My mother died last night, I will be away until the funeral.",
    "Joanna passed away on Sunday. I still can't believe it.",
    "I was diagnosed with cancer and start treatment next week.",
    "My son is in intensive care, I'm at the hospital and offline.",
    "I had a heart attack on Friday, doctors say no work for six weeks.",
    "I'm off sick with the flu, please take my shift.",
    "We had a miscarriage. I need a few days.",
    "Kemal's father died, so he is off the rota this month.",
    "I broke my arm on the way in and am waiting in the ER.",
    "I'm having a panic attack, someone take the pager please.",
    "I am burned out and the doctor has signed me off for a month.",
    "I can't do this anymore.",
    "Some nights I think about suicide.",
    "I handed in my notice this morning, my last day is the 28th.",
    "Priya is leaving the company at the end of the month.",
    "I was fired an hour ago, my badge doesn't work.",
    "They are laying off the whole night team.",
    "My contract is not renewed, so I'm out of a job in May.",
    "My manager shouts at me in every meeting and I cry at home.",
    "A contractor groped me in the lift. Who do I talk to?",
    "Someone keeps calling me names in the kitchen, it is racist.",
    "A customer threatened to kill me on the phone.",
    "Dario fell off the ladder in hall 4 and isn't moving.",
    "There was a car crash on the way, I'm with the police.",
    "My house burned down, I won't be in.",
    "My husband left me and I haven't slept for days.",
    "I got a written warning from HR because of the outage.",
    "I'm pregnant and don't feel well, please cover for me.",
    "My daughter was taken to the emergency room.",
    "I relapsed and am going into rehab on Monday.",
)
EMBARRASSING = (
    "I dropped the wrong table. I'm so sorry, this is my fault.",
    "I sent the salary list to everybody by mistake.",
    "I fell asleep on call and missed four pages, I'm ashamed.",
    "I clicked on the phishing link, sorry, I feel stupid.",
    "I ran the script on production instead of staging. Sorry everyone.",
    "I have no idea what I am doing here and I am afraid to ask.",
    "I forgot to renew my visa and may not work until it is there.",
    "I can't pay my rent this month because payroll got it wrong.",
    "I smelled of alcohol and they sent me home, it won't happen again.",
    "I was yelling at Tom in the standup, I apologise to everyone.",
)
SORRY = "So sorry to hear that. Take the time you need, we take your tickets."


@pytest.mark.parametrize("text", [*PERSONAL, *EMBARRASSING])
def test_no_one_is_prompted_about_a_person_in_trouble_however_often_it_happens(
    ops: Ops, text: str
) -> None:
    for person in (ops.ana, ops.ben, ops.ana):
        ask_once(ops, text, by=person, answer=SORRY)
        ops.clock.time += DAY

    assert not ops.driver.calls("chat.postEphemeral")


@pytest.mark.parametrize("text", PERSONAL)
def test_no_one_is_prompted_about_a_matter_in_whose_thread_someone_is_in_trouble(
    ops: Ops, text: str
) -> None:
    # The first two threads have no answer, so that no one is prompted before the third.
    ask_once(ops, DISK[0])
    ops.clock.time += DAY
    ask_once(ops, DISK[1], by=ops.ana)
    ops.clock.time += DAY
    root = ops.ben.say(ops.ops, DISK[2])
    ops.ben.say(ops.ops, text, thread=root)
    ops.cleo.say(ops.ops, CLEANED, thread=root)
    settle(ops)

    assert not ops.driver.calls("chat.postEphemeral")


@pytest.mark.parametrize(
    "text",
    [
        "SEV1, checkout is down for everyone, join the bridge",
        "We have a full outage, all hands on deck",
        "Nobody can log in, we are declaring an incident",
    ],
)
def test_no_one_is_prompted_during_an_incident_and_for_an_hour_after(ops: Ops, text: str) -> None:
    say(ops, ops.ben, text)
    say(ops, ops.ana, ROLLBACK)
    assert not prompts(ops.ana, ops.ops)

    ops.clock.time += timedelta(hours=1)
    say(ops, ops.cleo, "From now on we always drain the node before a kernel upgrade.")

    assert len(prompts(ops.cleo, ops.ops)) == 1


def test_an_incident_in_another_channel_changes_nothing(ops: Ops) -> None:
    side = ops.driver.channel("side", members=[ops.ben])
    ops.driver.invite_bot(side, by=ops.ben)
    ops.ben.say(side, "SEV1, checkout is down for everyone, join the bridge")
    ops.drain()

    say(ops, ops.ana, ROLLBACK)

    assert len(prompts(ops.ana, ops.ops)) == 1
