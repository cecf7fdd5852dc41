"""Messages about which asking would hurt: illness, death, leaving, dismissal, harm, despair.

The phrases name a person's trouble. A word alone (died, fired, sick, leaving) isn't enough, because
servers die, alerts fire, and people leave channels.
"""

import re
from typing import Final

from bot.domain.recognition.phrasebook import has_hint, hint_at, join_phrases, simplify
from bot.domain.recognition.trouble import (
    ACCIDENT,
    CONSOLING,
    DEATH,
    DESPAIR,
    DISMISSAL,
    HARM,
    ILLNESS,
    LEAVING,
    NAMES,
    UNWELL,
)

# Said of machines, of a policy, or as a joke.
_HARMLESS: Final = join_phrases(
    r"""
    bus factor|post-?mortem|sick leave policy|cancer research
    (form|template|workflow|process) (for|of) (\w+ )?(resign|sick)\w*
    how (do|does|to) .{0,40}sick
    resignation (form|template|workflow)
    (harassment|first aid|bullying) training
    mental health (day|training|week|app)
    lol|haha+|lmao
    """
)
_LAUGHED: Final = re.compile(r":joy:|:rofl:|:laughing:|\U0001f602|\U0001f923")

# Each phrase has one of these words, or another form of it.
_HINTS: Final = hint_at(
    """
    passed passing longer funeral condolences loss bereave mourning grieving memorial died dying
    death lost losing bury buried miscarriage stillborn terminally hospice palliative suicide
    life kill killing self end die cancer tumor tumour chemo chemotherapy attack leukemia
    leukaemia mental mentally stroke diagnosed hospital icu intensive a&e er emergency ambulance
    surgery operation biopsy illness dialysis seizure scan depression depressed breakdown panic
    sick ill unwell poorly feverish come came coming gone going feeling feel fever flu covid
    migraine pneumonia norovirus poisoning positive throwing pregnant resign notice gardening
    last leaving left quit quitting retiring farewell laid lay laying layoff renewed extended
    written formal final job jobs redundant let fired fire sacked dismissed terminated suspended
    escorted pip performance disciplinary position role contract wrongful can cannot cope burn
    burned burning burnt burnout limit breaking wit rope tether strength crying sobbing tears
    weeping cry relapsed rehab shouts screams yells threatens cried broke slept sleep exhausted
    overwhelmed drained desperate falling wreck bottom hate scared ashamed lonely hopeless
    harass bullied bullying sexual sexually verbally physically domestic assaulted groped
    stalked stalking mugged burgled evicted threatened shouted screamed yelled attacked touched
    racist sexist homophobic transphobic antisemitic grievance discriminated hostile divorce
    custody house accident crash hit run knocked broken fractured crushed injured hurt sad
    heartbreaking labour labor lump malignant metastasis doctor signed treatment decided going
    planning want stepping letting done drowning enough shouting yelling robbed beaten followed
    safe harm cut himself herself collapsed fainted unconscious bleeding fell ambulance
    breathing paramedic sorry time yourself well recovery better happens ashamed thoughts
    thinking
    """
)
_ACUTE: Final = join_phrases(
    *(DEATH, ILLNESS, LEAVING, DISMISSAL, DESPAIR, HARM, ACCIDENT, CONSOLING), names=NAMES
)
_MILD: Final = join_phrases(UNWELL, names=NAMES)
_SHORT: Final = 120  # characters
# A name before the verb; it has a capital, unlike most things that are fired.
_NAMED: Final = re.compile(
    r"\b(?!Alert|Alarm|Trigger|Event|Hook|Webhook|Job|Rule|Page|It|That|This|Timer|Script|Query)"
    r"[A-Z][a-z]+ (?:was|got|has been|is being) (?:just )?(?:fired|sacked"
    r"|laid off|let go|dismissed)\b"
    r"(?! (?:off|by|up|twice|again|at|when|from|on))"
)


def is_acute(text: str) -> bool:
    """Return whether a message is about a person's illness, death, dismissal or the like."""
    plain = simplify(text)
    if not has_hint(plain, _HINTS):
        return False
    is_hurt = _ACUTE.search(plain) or (len(plain) <= _SHORT and _MILD.search(plain))
    if not is_hurt and _NAMED.search(text) is None:
        return False
    return _HARMLESS.search(plain) is None and _LAUGHED.search(plain) is None
