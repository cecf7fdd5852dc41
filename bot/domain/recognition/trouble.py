"""Phrases that name a person's trouble, by its kind, for `acute.py`."""

from typing import Final

# Names that phrases use; one may use those below it.
NAMES: Final = {
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

DEATH: Final = r"""
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
(colleague|coworker|teammate|employee)( \w+)? (has )?(died|passed)(?! (the|a|on)\b)
(sad|terrible|heartbreaking) news
(sorry to|sad news|sadly|heartbroken|terrible news|bad news).{0,60} died(?! again)
miscarriage|miscarried|stillborn|terminally ill|hospice|palliative
suicid(e|al)
(took|taken|take|taking) OWN own life
kill(ing)? myself
self[- ]harm\w*
end it all
want(ed)? to die
"""
ILLNESS: Final = r"""
cancer|tumou?rs?|chemo(therapy)?|heart attack|leuk(a?e)mia
mental(ly)? (health|ill\w*)
SOMEONE(WAS)? (had )?a (mild |minor |bad |massive )?stroke
(SOMEONE(WAS)?|been|got|was) (diagnosed|hospitali[sz]ed)(?! (the|a|an|this|it|that)\b)
SOMEONE(WAS)? (\w+ )?(in|into|to|at) (the )?HOSPITAL\
(?! (site|network|wifi|desk|it|system|portal|group))
(took|taking|rushed|rushing|drove|visit(ing)?) (WHOSE (\w+ )?KIN|him|her|me)\
( \w+)? (to|in) (the )?HOSPITAL
ambulance (took|for|came for) (WHOSE|him|her|me)
WHOSE (\w+ )?(surgery|operation|biopsy|illness|dialysis|seizure|scan results)
scan results (are|came) back
(with|have|from|my|his|her|severe|of) depression
(PERSON|is|feel\w*|been) (\w+ )?depressed
(nervous|mental) breakdown
(i|he|she) had a breakdown
(in|into) labou?r
(found|feel|felt) a lump
malignant|metastas\w+
doctor's orders
signed off (sick|for (a|two|three|\d+) (weeks?|months?)|by (my|the) doctor)
(he's|she's|i'm|is|am) in treatment
panic attacks?
"""
# Only in a short message: a handover may say in passing that someone is off sick.
UNWELL: Final = r"""
(off|out|home|called in|calling in|phoned in) (sick|ill)
sick (leave|day|today|note)
(PERSON|WHOSE (\w+ )?KIN (is|are)) (\w+ )?(sick|ill|unwell|poorly|feverish)(?! (of|at)\b)
(come|came|coming|gone|going) down with
not feeling (well|great|good)
feel(ing)? (really |very |so )?(ill|sick|unwell|poorly|rotten|awful|terrible)(?! (of|about)\b)
(i have|i've|has|got|have) (a |the )?(fever|flu|covid|migraine|pneumonia|norovirus|food poisoning)
tested positive
throwing up
(PERSON|WHOSE (\w+ )?KIN is) (\w+ )?pregnant
"""
LEAVING: Final = r"""
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
(decided|going|planning|want|wants) to leave (the|this|my|her|his) (company|team|job|firm)
(i'm|i am|he's|she's|is) stepping down
OWN contract (won't|will not|isn't|is not) (be |being )?renewed
farewell (party|drinks|card)
"""
DISMISSAL: Final = r"""
laid off|lay-?offs?|job cuts|made redundant|redundancies
(lose|losing|lost) (OWN|our) jobs?
(SOMEONEWAS|has|have|been|being|was|were)( all)? let go(?! of\b)
let (half|most|some|many|all|\d+) (of )?(the|our|us) ?(team|people|staff)? ?go
SOMEONEWAS (fired|sacked|dismissed|terminated|suspended|escorted out)
(fired|sacked) (me|him|her|us)
(get|getting|be|being) (fired|sacked)
letting (go of )?(\d+|half|many|several|some) (of )?(the |our )?(people|staff|team|colleagues?)
fire me (over|for|because)
put on (a )?pip
performance improvement plan
disciplinary (hearing|meeting|action|procedure)
terminated OWN
OWN (position|role|job|contract) (is|was|has been|is being|got) (eliminated|cut|terminated|ended)
wrongful dismissal
laying off (half|most|some|many|all|everyone|\d+|the (\w+ ){0,3}(team|people|staff)|people|staff)
out of a job
OWN contract (is|was|has|will|won't|isn't|wasn't)( not)?( been| be)? (renewed|extended)
(written|formal|final) warning (from|by) (hr|OWN)
"""
DESPAIR: Final = r"""
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
i can't (keep doing|go on|stop crying|breathe)
i('m| am| feel like i'm) drowning
i've had enough
done with (this (job|place|life)|life)
i(?:'m| am) (so|really|very) (scared|ashamed|lonely|hopeless)(?! (to|of|that|it)\b)
i (\w+ )?cry (at|in|on|every|all) \w+
i('ve| have)? (\w+ )?relapsed
(going|go|am|back) (in|into|to) rehab
"""
HARM: Final = r"""
harass(ed|es|ing|ment|er)?
bullied|being bullied|bullying (me|him|her|us)|workplace bullying
(sexual(ly)?|verbally|physically|domestic) (assault|abus|violen|attack|threat)\w*
(assaulted|groped|stalked|stalking) (me|him|her|us|by|at|in)
mugged|burgled|evicted
(threatened|shouted at|screamed at|yelled at|attacked|touched) (me|him|her|us)
racist|sexist|homophobic|transphobic|antisemitic|grievance
discriminat(ed|ion)
stop (shouting|yelling|screaming) at
SOMEONEWAS (assaulted|robbed|beaten|mugged|threatened|followed home)
(don't|doesn't|didn't) feel safe
(hurt|harm|harmed|cut) (himself|herself|themselves|myself)
(husband|wife|partner|boyfriend|girlfriend) (has )?(left|is leaving|leaves) me
(house|flat|apartment|home|car) was broken into
hostile (work\w*|environment)
divorc(e|ed|ing)
custody (hearing|of)
house (is |was |has )?(burn|flood)\w*
(shouts|screams|yells) at (me|him|her|us)
threaten(ed|s|ing) to (kill|hurt|hit|beat|rape|shoot|stab) (me|him|her|us)
"""
ACCIDENT: Final = r"""
(car|bike|bicycle|road|traffic|motorbike|motorcycle|skiing|climbing|workplace|forklift|train|bus|bad|serious\
|terrible|horrible) (accident|crash)(?! (report|dump|loop))
SOMEONE(WAS)? (had|been in|in) an? (\w+ )?accident
(been|was|got|were) (hit|run over|knocked down) by (a|the) (\w+ )?\
(car|truck|lorry|van|forklift|bike|tram|train)
(broke|broken|fractured|crushed|injured|hurt) OWN LIMB
SOMEONE(WAS)? (\w+ )?(collapsed|fainted|unconscious|passed out|bleeding|injured|badly hurt)\
(?! (the|a|rows?)\b)
(been|was) an accident (at|on|with|in)
\w+ (is|was|got|are) (badly |seriously )?hurt(?! by)
fell (off|from|down) (a|the|OWN) (ladder|stairs|roof|bike|scaffold\w*|dock)
(called|calling|call) (an|the) ambulance
ambulance is (on|coming|here)
not breathing
bleeding (badly|heavily)
paramedics? (is|are)
(family|personal) emergency
"""

# Others console someone, so the thread is about their trouble, whatever its opening says.
CONSOLING: Final = r"""
    (so|very|really|terribly|deeply) sorry (to hear|for you|about your)
    sorry for your loss|(my|our|sincere|deepest) condolences
    take (all |all of )?the time you need|take good care of yourself|look after yourself
    get well( soon)?(?!-)|(a )?(speedy|full) recovery|feel better soon
    (it|that|this) happens to (all of us|everyone|everybody|anyone|the best( of us)?)
    don't (beat yourself up|be (so |too )?hard on yourself|blame yourself|be ashamed)
    (our |my )?thoughts are with (you|him|her|them|WHOSE family)|thinking of you
"""
