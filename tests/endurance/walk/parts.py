"""The parts of the walk, each with processes and a database of its own."""

from typing import Final

from tests.endurance.walk.a_year_later import a_year_later
from tests.endurance.walk.capture import capture
from tests.endurance.walk.cards import cards, histories
from tests.endurance.walk.commands import commands
from tests.endurance.walk.database_faults import database_faults
from tests.endurance.walk.deliveries import deliveries, replicas
from tests.endurance.walk.digests import digests
from tests.endurance.walk.drafts import drafts
from tests.endurance.walk.gaps import gaps
from tests.endurance.walk.inputs import inputs
from tests.endurance.walk.killed import killed
from tests.endurance.walk.meanwhile import meanwhile
from tests.endurance.walk.nudges import nudges
from tests.endurance.walk.outages import outages
from tests.endurance.walk.owners import owners
from tests.endurance.walk.people import people
from tests.endurance.walk.places import places, uninstalled
from tests.endurance.walk.prompts import at_home, prompts
from tests.endurance.walk.reviews import reviews
from tests.endurance.walk.stage import CLOCKED
from tests.endurance.walk.threads import threads
from tests.endurance.walk.walked import Part

# After so long an event that was not acknowledged comes again.
_SECONDS_6: Final = ("--ack-seconds", "6")
_SECONDS_12: Final = ("--ack-seconds", "12")
PARTS: Final = {
    "capture": Part(capture),
    "commands": Part(commands),
    "cards": Part(cards),
    "histories": Part(histories),
    "owners": Part(owners),
    "drafts": Part(drafts),
    "reviews": Part(reviews),
    "prompts": Part(prompts),
    "home": Part(at_home),
    "gaps": Part(gaps),
    "digests": Part(digests, CLOCKED),
    "nudges": Part(nudges, CLOCKED),
    "a year later": Part(a_year_later, CLOCKED),
    "inputs": Part(inputs),
    "meanwhile": Part(meanwhile),
    "people": Part(people),
    "places": Part(places),
    "threads": Part(threads),
    "deliveries": Part(deliveries),
    "replicas": Part(replicas, CLOCKED),
    "outages": Part(outages, sandbox=_SECONDS_6),
    "database": Part(database_faults, sandbox=_SECONDS_12),
    "killed": Part(killed, sandbox=_SECONDS_6),
    "uninstalled": Part(uninstalled),
}
