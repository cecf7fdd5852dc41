"""Where each group of features lies among the columns of the model."""

from typing import Final

from bot.domain.recognition.context import ROLES, SITUATIONS
from bot.domain.recognition.cues import CUES
from bot.domain.recognition.features import COLUMNS as TEXT_COLUMNS
from bot.domain.recognition.signs import SIGNS
from bot.domain.recognition.tokens import CODE

STEM_BITS: Final = 13
OPENING_BITS: Final = 12
# Each code and each cue has a column of its own for each role.
ROLE_COLUMNS: Final = len(CODE) + len(CUES)

STEMS_AT: Final = TEXT_COLUMNS
SITUATIONS_AT: Final = STEMS_AT + (1 << STEM_BITS)
ROLES_AT: Final = SITUATIONS_AT + len(SITUATIONS)
OPENING_AT: Final = ROLES_AT + len(ROLES) * ROLE_COLUMNS
SIGNS_AT: Final = OPENING_AT + (1 << OPENING_BITS)
# Each sign has a column of its own, and one for each role.
COLUMNS: Final = SIGNS_AT + len(SIGNS) * (1 + len(ROLES))
