"""Messages about which asking would hurt: illness, death, leaving, dismissal, harm, despair.

The phrases name a person's trouble. A word alone (died, fired, sick, leaving) isn't enough, because
servers die, alerts fire, and people leave channels.
"""

import re
from typing import Final

from bot.domain.recognition.phrasebook import has_hint, hint_at, join_phrases, simplify

_NAMES: Final = {
    "SOMEONE": (
        r"i|he|she|they|we|you|someone|somebody|people|half (of )?the team|WHOSE (\w+ )?KIN"
        r"|(our|my|a|the|former) (\w+ )?(colleagues?|coworkers?|boss|manager|teammates?|team lead)"
    ),
    "WHOSE": r"my|his|her|their|our|your|[a-z]+'s",
    "OWN": "my|his|her|their",
    "KIN": (
        r"father|mother|dad|mum|mom|parents?|grand(father|mother|pa|ma|dad|mum|parents?)|nana?|gran"
        r"|brother|sister|wife|husband|partner|spouse|fianc[eé]e?|boyfriend|girlfriend|son|daughter"
        r"|child|kids?|children|baby|toddler"
        r"|aunt|uncle|cousin|niece|nephew|(best |old |close )?friend"
        r"|flatmate|neighbou?r|family|dog|cat|pet"
        r"|(mother|father|brother|sister|parents?)[- ]in[- ]law"
    ),
    "WAS": (
        r"('ve|'s|'re|'m| (has|have|had|was|were|got|gets|is|are|am|being))"
        r"( just| all| being| been| also| both| now)*"
    ),
    "PERSON": r"i'm|i am|he's|he is|she's|she is|they're|they are|we're|we are",
    "HOSPITAL": r"hospital|icu|intensive care|a&e|emergency room|er|emergency",
    "LIMB": r"leg|arm|wrist|ankle|hip|back|neck|collarbone|foot|hand|shoulder|ribs?|nose|knee",
}

_DEATH: Final = r"""
passed away
passing of
no longer with us
funerals?
condolences
sorry for your loss
bereave\w*
in mourning
grieving
memorial service
WHOSE (\w+ )?KIN( has| have| just| suddenly)* (died|passed)
WHOSE (\w+ )?KIN is dying
(he|she) (has |just |suddenly )*died
(death|loss) of (WHOSE )?(\w+ )?KIN
(lost|losing|bury|buried|burying) WHOSE (\w+ )?KIN
death in the family
(colleague|coworker|teammate|employee)( \w+)? (has )?died
(sorry to|sad news|sadly|heartbroken|terrible news|bad news).{0,60} died(?! again)
miscarriage|miscarried|stillborn|terminally ill|hospice|palliative
suicid(e|al)
(took|taken|take|taking) OWN own life
kill(ing)? myself
self[- ]harm\w*
end it all
want(ed)? to die
"""
_ILLNESS: Final = r"""
cancer|tumou?rs?|chemo(therapy)?|heart attack|leuk(a?e)mia
mental(ly)? (health|ill\w*)
SOMEONE(WAS)? (had )?a (mild |minor |bad |massive )?stroke
(SOMEONE(WAS)?|been|got|was) (diagnosed|hospitali[sz]ed)
SOMEONE(WAS)? (\w+ )?(in|into|to|at) (the )?HOSPITAL\
(?! (site|network|wifi|desk|it|system|portal|group))
(took|taking|rushed|rushing|drove|visit(ing)?) (WHOSE (\w+ )?KIN|him|her|me)\
( \w+)? (to|in) (the )?HOSPITAL
ambulance (took|for|came for) (WHOSE|him|her|me)
WHOSE (\w+ )?(surgery|operation|biopsy|illness|dialysis|seizure|scan results)
scan results (are|came) back
(with|have|from|my|his|her|severe|of) depression
(PERSON|is|feel\w*|been) (\w+ )?depressed
nervous breakdown
panic attacks?
"""
# Only in a short message: a handover may say in passing that someone is off sick.
_UNWELL: Final = r"""
(off|out|home|called in|calling in|phoned in) (sick|ill)
sick (leave|day|today|note)
(PERSON|WHOSE (\w+ )?KIN (is|are)) (\w+ )?(sick|ill|unwell|poorly|feverish)(?! (of|at)\b)
(come|came|coming|gone|going) down with
not feeling (well|great|good)
feel(ing)? (really |very |so )?(ill|sick|unwell|poorly|rotten|awful|terrible)(?! (of|about)\b)
(i have|i've|has|got|have) (a |the )?(fever|flu|covid|migraine|pneumonia|norovirus|food poisoning)
tested positive
throwing up
"""
_LEAVING: Final = r"""
resign(ed|ing|ation|s)?(?! (the|all|these|those|every|with|it|them)\b)
(hand|handed|handing|put|give|gave|giving|given) in OWN notice
(gave|given|giving|handed in|hand in|on) OWN notice
gardening leave
(OWN|[a-z]+'s) last (day|week|shift)(?! (on|of) )
leaving (the (company|firm|organi[sz]ation|job|department)|after \w+ years)
leaving us(?! (with|in|no)\b)
left the (company|firm)
(i|we) (have )?quit(?! (the|it|out)\b)
(i'm|i am|he's|she's) (quitting|retiring|resigning)(?! (the|out|proper\w*)\b)
farewell (party|drinks|card)
"""
_DISMISSAL: Final = r"""
laid off|lay-?offs?|job cuts|made redundant|redundancies
(lose|losing|lost) (OWN|our) jobs?
(SOMEONEWAS|has|have|been|being|was|were)( all)? let go(?! of\b)
let (half|most|some|many|all|\d+) (of )?(the|our|us) ?(team|people|staff)? ?go
SOMEONEWAS (fired|sacked|dismissed|terminated|suspended|escorted out)
(fired|sacked) (me|him|her|us)
(get|getting|be|being) (fired|sacked)
fire me (over|for|because)
put on (a )?pip
performance improvement plan
disciplinary (hearing|meeting|action|procedure)
terminated OWN
OWN (position|role|job|contract) (is|was|has been|is being|got) (eliminated|cut|terminated|ended)
wrongful dismissal
"""
_DESPAIR: Final = r"""
i (just )?(can't|cannot|can not) (do|take|cope with|handle|deal with|bear|stand) (this|it|that)\
 (\w+ )?(any ?more|any longer|much longer)
i (just )?(can't|cannot|can not) (cope|go on|keep doing this)
(PERSON|is|are|feel(ing)?|getting|completely|totally|so) (\w+ )?burn(ed|t|ing)[- ]?out\
(?! (bulb|fan|psu|power))
burn-?out
(at|reached|past|near|close to) OWN (limit|breaking point|wit'?s'? end)
end of OWN (rope|tether|strength)
(?<!if )(PERSON|i|she|he|\w+'s) (\w+ )?(crying|sobbing|in tears|weeping)
(crying|cried|sobbing) (in|at|on) (the|OWN) \w+
(i|she|he) (just |have |nearly )?(cried|broke down|burst into tears)
(haven't|have not|hasn't|didn't) sle(pt|ep) (in|for|since|at all|a wink)
no sleep (in|for)
PERSON (\w+ )?\
(exhausted|overwhelmed|drained|desperate|falling apart|breaking down|a wreck|at rock bottom)
hate my life
done with (this (job|place|life)|life)
i(?:'m| am) (so|really|very) (scared|ashamed|lonely|hopeless)(?! (to|of|that|it)\b)
"""
_HARM: Final = r"""
harass(ed|es|ing|ment|er)?
bullied|being bullied|bullying (me|him|her|us)|workplace bullying
(sexual(ly)?|verbally|physically|domestic) (assault|abus|violen|attack|threat)\w*
(assaulted|groped|stalked|stalking) (me|him|her|us|by|at|in)
mugged|burgled|evicted
(threatened|shouted at|screamed at|yelled at|attacked|touched) (me|him|her|us)
racist|sexist|homophobic|transphobic|antisemitic|grievance
discriminat(ed|ion)
hostile (work\w*|environment)
divorc(e|ed|ing)
custody (hearing|of)
house (is |was |has )?(burn|flood)\w*
"""
_ACCIDENT: Final = r"""
(car|bike|bicycle|road|traffic|motorbike|motorcycle|skiing|climbing|workplace|forklift|train|bus|bad|serious\
|terrible|horrible) (accident|crash)(?! (report|dump|loop))
SOMEONE(WAS)? (had|been in|in) an? (\w+ )?accident
(been|was|got|were) (hit|run over|knocked down) by (a|the) (\w+ )?\
(car|truck|lorry|van|forklift|bike|tram|train)
(broke|broken|fractured|crushed|injured|hurt) OWN LIMB
SOMEONE(WAS)? (\w+ )?(collapsed|fainted|unconscious|passed out|bleeding|injured|badly hurt)\
(?! (the|a|rows?)\b)
fell (off|from|down) (a|the|OWN) (ladder|stairs|roof|bike|scaffold\w*|dock)
(called|calling|call) (an|the) ambulance
ambulance is (on|coming|here)
not breathing
bleeding (badly|heavily)
paramedics? (is|are)
(family|personal) emergency
"""
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

# Each phrase above has one of these words, or another form of it.
_HINTS: Final = hint_at(
    """
    passed passing longer funeral condolences loss bereave mourning grieving memorial died dying
    death lost losing bury buried miscarriage stillborn terminally hospice palliative suicide life
    kill killing self end die cancer tumor tumour chemo chemotherapy attack leukemia leukaemia
    mental mentally stroke diagnosed hospital icu intensive a&e er emergency ambulance surgery
    operation biopsy illness dialysis seizure scan depression depressed breakdown panic sick ill
    unwell poorly feverish come came coming gone going feeling feel fever flu covid migraine
    pneumonia norovirus poisoning positive throwing resign notice gardening last leaving left quit
    quitting retiring farewell laid lay layoff job jobs redundant let fired fire sacked dismissed
    terminated suspended escorted pip performance disciplinary position role contract wrongful can
    cannot cope burn burned burning burnt burnout limit breaking wit rope tether strength
    crying sobbing tears weeping
    cried broke slept sleep exhausted overwhelmed drained desperate falling wreck bottom hate scared
    ashamed lonely hopeless harass bullied bullying sexual sexually verbally physically domestic
    assaulted groped stalked stalking mugged burgled evicted threatened shouted screamed yelled
    attacked touched racist sexist homophobic transphobic antisemitic grievance discriminated
    hostile divorce custody house accident crash hit run knocked broken fractured crushed injured
    hurt collapsed fainted unconscious bleeding fell ambulance breathing paramedic
    """
)
_ACUTE: Final = join_phrases(
    *(_DEATH, _ILLNESS, _LEAVING, _DISMISSAL, _DESPAIR, _HARM, _ACCIDENT), names=_NAMES
)
_MILD: Final = join_phrases(_UNWELL, names=_NAMES)
_SHORT: Final = 120  # characters
# A name before the verb; it has a capital, unlike most things that are fired.
_NAMED: Final = re.compile(
    r"\b(?!Alert|Alarm|Trigger|Event|Hook|Webhook|Job|Rule|Page|It|That|This|Timer|Script|Query)"
    r"[A-Z][a-z]+ (?:was|got|has been|is being) (?:just )?(?:fired|sacked|laid off|let go)\b"
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
