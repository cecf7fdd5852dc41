"""The parts of the walk, each with its own processes and database."""

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
from tests.endurance.walk.nudges import nudges
from tests.endurance.walk.outages import outages
from tests.endurance.walk.owners import owners
from tests.endurance.walk.people import people
from tests.endurance.walk.places import places, uninstalled
from tests.endurance.walk.play import Part
from tests.endurance.walk.prompts import at_home, prompts
from tests.endurance.walk.reviews import reviews
from tests.endurance.walk.stage import CLOCKED
from tests.endurance.walk.stale import stale
from tests.endurance.walk.threads import threads

# An event that was not acknowledged comes again after this long.
_SECONDS_6: Final = ("--ack-seconds", "6")
_SECONDS_12: Final = ("--ack-seconds", "12")
PARTS: Final = {
    "capture": Part(play=capture),
    "commands": Part(play=commands),
    "cards": Part(play=cards),
    "histories": Part(play=histories),
    "owners": Part(play=owners),
    "drafts": Part(play=drafts),
    "reviews": Part(play=reviews),
    "prompts": Part(play=prompts),
    "home": Part(play=at_home),
    "gaps": Part(play=gaps),
    "digests": Part(play=digests, command=CLOCKED),
    "nudges": Part(play=nudges, command=CLOCKED),
    "a year later": Part(play=a_year_later, command=CLOCKED),
    "inputs": Part(play=inputs),
    "stale": Part(play=stale),
    "people": Part(play=people),
    "places": Part(play=places),
    "threads": Part(play=threads),
    "deliveries": Part(play=deliveries),
    "replicas": Part(play=replicas, command=CLOCKED),
    "outages": Part(play=outages, sandbox=_SECONDS_6),
    "database": Part(play=database_faults, sandbox=_SECONDS_12),
    "killed": Part(play=killed, sandbox=_SECONDS_6),
    "uninstalled": Part(play=uninstalled),
}
