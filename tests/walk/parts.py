"""The parts of the walk, each with processes and a database of its own."""

from typing import Final

from tests.walk.a_year_later import a_year_later
from tests.walk.capture import capture
from tests.walk.cards import cards, histories
from tests.walk.commands import commands
from tests.walk.database_faults import database_faults
from tests.walk.deliveries import deliveries, replicas
from tests.walk.digests import digests
from tests.walk.drafts import drafts
from tests.walk.gaps import gaps
from tests.walk.inputs import inputs
from tests.walk.killed import killed
from tests.walk.meanwhile import meanwhile
from tests.walk.nudges import nudges
from tests.walk.outages import outages
from tests.walk.owners import owners
from tests.walk.people import people
from tests.walk.places import places, uninstalled
from tests.walk.prompts import at_home, prompts
from tests.walk.reviews import reviews
from tests.walk.stage import CLOCKED
from tests.walk.threads import threads
from tests.walk.walked import Part

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
