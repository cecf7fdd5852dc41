"""Messages about which asking would hurt are told from harmless ones with the same words."""

import pytest

from bot.domain.recognition.acute import is_acute
from bot.domain.recognition.incident import is_incident

ACUTE = """
my dad passed away last night, I'll be out this week
I'm sorry to tell you that Tomas died on Saturday. he was one of us for eleven years
Her mother died this morning, please keep her phone quiet
The funeral is on Thursday, so I can't take the on-call
so sorry for your loss, Ana
So sorry to hear that. Take the time you need, we take your tickets.
get well soon!
don't be so hard on yourself, it happens to the best of us
our thoughts are with your family
we lost our daughter. I won't be online for a while
our colleague Piotr died yesterday in an accident
there was a death in the family, can someone take my tickets
we had a miscarriage. I need some days
my grandfather passed, flying home tonight
please send your condolences to Mei, her husband died
I don't want to alarm anyone but he talked about suicide
honestly some days I want to die
my wife was diagnosed with cancer on Monday
starting chemo next week, I'll be in and out
Dad had a heart attack, I'm leaving now
she's in hospital with pneumonia
they took my son to the ER, I have to go
He is in intensive care since Friday
my brother had a stroke, taking leave from today
I'm off sick today, fever of 39
calling in sick, sorry all
I have come down with something, back on Monday I hope
I'm not feeling well, going to lie down
I have covid, second time this year
my surgery is on the 14th, someone needs to take the rota
Jo is on sick leave until further notice
had a panic attack in the server room, going home
I was diagnosed with depression and will work half days
my kid is really sick, I'm at the doctor's
the scan results came back and it isn't good
I've handed in my notice this morning
Friday is my last day here, it was a pleasure
I'm resigning. Reasons in the letter
just so you hear it from me: I'm leaving the company at the end of March
after nine years I'm leaving, thank you all. I resigned yesterday
Marta gave her notice today
she's quitting, she told me at lunch
I quit. find someone else for the pager
Ben was fired this morning, his access has to go
they let half the team go, I'm still shaking
half the team was laid off an hour ago
I was made redundant after twelve years
we've all been let go
layoffs are being announced at ten, please be kind
my position has been eliminated
she was escorted out and he has been suspended
he's been sacked, nobody knows why
they're going to fire me over this, I'll lose my job
I got a disciplinary hearing because of Tuesday
I can't do this anymore
I can't take this any longer, every night the same
I'm completely burned out
honestly close to burnout here
I'm at my limit
I'm at the end of my rope
she's crying in the bathroom, can someone go to her
I was in tears after that call
I haven't slept in three days
I'm exhausted and I have nothing left
I'm so overwhelmed I can't think
I broke down after standup
he keeps harassing me in DMs
I want to report harassment by a customer
she's being bullied on that shift
he shouted at me in front of everyone
a customer threatened me at the desk
one of the drivers made a racist remark to Kofi
I was sexually assaulted at the party
I was in a car accident, I'm ok but the car isn't
Yusuf was hit by a forklift, ambulance is on its way
Anna broke her leg on the stairs at dock 3
someone collapsed at packing line 2, call an ambulance
he fell off the ladder and he's bleeding badly
family emergency, I have to drop everything
we're getting divorced and I need a few days
our house burned down last night
she isn't breathing properly, paramedics are here now
my flatmate was mugged and I'm with her at the police
the manager's role was made redundant today
I lost my mum on Sunday
my father-in-law is dying, I'm flying out tonight
Sad news: our former colleague Henrik passed
I need to be with my wife, she's in labour and something is wrong
my son was taken to hospital by ambulance
they found a lump and I have to get it checked
Got my biopsy results, it's malignant
I'm signed off for two weeks, doctor's orders
I'm stepping down as team lead, I can't go on like this
Today is my last day, thank you for everything
Unfortunately I've decided to leave the company
I've been let go, effective today
We're letting go of 30 people tomorrow
HR told me my contract won't be renewed
Lena has been dismissed, please remove her access
I'm done. I can't keep doing these nights
I cried after that meeting
haven't slept since Friday and I'm seeing things
I feel like I'm drowning in tickets
please stop shouting at me
he touched me and I don't feel safe
I've been assaulted on the way to work
there's been an accident at the dock, Tom is hurt
my husband left me and I can't focus
my house was broken into last night
my cat died this morning, sorry if I'm slow
I had a breakdown last week and I'm in treatment
he tried to hurt himself
my baby has a fever of 40, off to the doctor
I tested positive, staying home
"""
HARMLESS = """
sorry to hear that, can you send the log?
get well-formed XML from the API first
take the time to read the runbook
the service passed its health check
the deploy died halfway
node is sick, draining it
heart of the problem is the cache
hospital wifi on ward 5 is slow
he left early today
last week we shipped 40 orders
we lost connection to the vendor
cancel the order and file a ticket
fired up the new cluster, works
the export was killed by the oom killer
my shift ends at 8, then ana has it
the accident report form is in the wiki
printer in the emergency room is jammed
ER printer is out of toner
leaving the flag on for a week
quit the app and start again
can't take this ticket today, too much on
I can't do this without admin rights
operation timed out
the surgery theatre needs a new scanner
burn-in test finished
tears down the environment after each run
cry for help from the log rotation
backup is falling behind
the broken leg of the rack is fixed
he is dead right about the cache
the job was suspended
please dismiss the alert
attack surface review on friday
the server died again
kill the job and start it again
is this the way to make sure that we're quitting properly?
I'm dying to see it
sick of this alert
he left the channel
the alert fired twice last night
the trigger was fired by mistake
who fired off that script?
my laptop is dying
the process was terminated by the kernel
sev3 closed, nothing to do
disk died in node 4, replaced it
the battery passed away, may it rest in peace lol
the old VM finally died
zombie processes everywhere, killed the parent
killed his query, it held a lock
orphaned child processes were killed
the fan burned out in rack 2
the PSU is burnt out power supply, swap it
let go of the lock before you retry
we should let go of the old naming
leaving this here for the night shift
leaving us with two nodes until Monday
I left the bridge, ping me if anything
please resign the certificate with the new CA
we need to re-sign the packages
the connection pool is exhausted
inodes exhausted on web-03
memory limit reached on ledger-worker
we're at the limit of the plan, 500 seats
this is my last day of on-call, thank god
last day of the sprint tomorrow
the job is stuck, abort it
heart beat missing from agent 7
the heartbeat alarm is crying wolf again
I have actual tears, that's so funny lol
crashed again, same stack trace
the app crash report is attached
train model crash on step 400
sick dashboard, well done
this is insane, nice work
redundant links are both up
is the redundant PSU wired?
deadline is friday
dead letter queue is at 400
the doctor's portal is down
the hospital site has no wifi on level 3
patient 12 is in bed 4 according to the board
ICU want a mouse that isn't haunted
he is in the hospital network group already
ward 5 nurse wants to be called for her reset
can't log in anymore since the update
I can't reproduce this anymore
can't reach the API any longer from staging
the server can't take this load any longer with 2 workers
attached screenshot of the broken page
he broke the build again
she broke the build, revert please
hit me up when the deploy is done
the request hit us with 5xx
depressed the button, nothing happens. pressed again and it works
Oliver is out today, back tomorrow
I'm on holiday until Monday
I'm off, see you tomorrow
lost my session again
we lost the primary for two minutes
lost her badge, needs a new one
who should I tell if a user leaves the company?
what's the form for sick leave?
harassment training is due by Friday, link in the wiki
bus factor of one on that service, if rik is hit by a bus we are stuck
going through the accidental deletes now
the cat broke the keyboard
my dog ate the badge haha
aborted the migration halfway
suspended the account for too many attempts
the account was suspended
contract with the vendor was terminated
the license was terminated in may
his session got terminated
dismissed the popup and it came back
"""
HOT = """
sev1, all hands please
this is a SEV-1
the hub is down for everyone
checkout is down for everybody
prod is down
production is completely down
everything is down
we're down
we have a full outage
major outage in eu-west
nobody can log in
no one can pay right now
customers can't check out
war room is open
declaring an incident
opening a major incident, joining the bridge
incident bridge is up
all hands on deck
the whole site is unreachable
the network is down in the whole building
outage confirmed, paging the duty manager
all services are failing
nothing is working at all
we have been hacked
ransomware on two file servers
"""
CALM = """
for sev1s page the duty manager after 15 minutes
the outage last week cost us two hours
postmortem of the outage is in the wiki
did everybody get the invite for the all hands?
is it just me or is the hub down for everyone?
what do we do when everything is down?
the printer on 2 is down
sev1 is over, all clear
incident drill at two
who declares an incident?
the build is red
one runner is down, the other takes the load
write-up of the sev1 is done
my headset is dead
nothing works as well as coffee
if nobody can log in, call the vendor
"""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize("text", lines(ACUTE))
def test_a_person_in_trouble_is_noticed(text: str) -> None:
    assert is_acute(text)


@pytest.mark.parametrize("text", lines(HARMLESS))
def test_a_machine_in_trouble_is_not_acute(text: str) -> None:
    assert not is_acute(text)


@pytest.mark.parametrize("text", lines(HOT))
def test_the_hot_phase_of_an_incident_is_noticed(text: str) -> None:
    assert is_incident(text)


@pytest.mark.parametrize("text", lines(CALM))
def test_talk_about_incidents_is_not_one(text: str) -> None:
    assert not is_incident(text)


def test_code_and_quotes_are_not_what_the_author_says() -> None:
    assert not is_acute("> I was fired\nwho wrote that?")
    assert not is_acute("`my father died` is a fixture")
    assert not is_incident("```prod is down```")
