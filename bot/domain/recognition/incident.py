"""Messages of an incident's hot phase, when people have no time for questions."""

from typing import Final

from bot.domain.recognition.phrasebook import has_hint, hint_at, join_phrases, simplify

_NAMES: Final = {
    "EVERYONE": r"everyone|everybody|all( users| customers| sites| of us)?|the whole \w+",
    "WHOLE": (
        r"everything|prod|production|all (services|systems|sites|regions)|the (whole |entire )?"
        r"(site|website|platform|app|api|network|system|cluster|building|warehouse|hospital"
        r"|data ?cent(er|re))"
    ),
    "DOWN": r"down|offline|unreachable|dead|dark|gone|out|unavailable|on fire",
}
_HOT: Final = join_phrases(
    r"""
    sev[- ]?[01]
    (p0|p1) (incident|declared|open)
    all hands on deck
    DOWN (for|at) EVERYONE
    WHOLE('s| is| are| went| just went| has gone)( \w+)? DOWN
    (total|full|complete|major|massive|global|widespread|site-?wide) (outage|blackout)
    outage (in progress|ongoing|right now|now|confirmed|declared)
    we have an outage
    we('re| are) (completely |totally |fully |hard )?(down|offline)
    (declar\w+|opening|opened|raising|raised|starting|we have) (an? |the )?(major )?incident
    incident (bridge|commander|call|declared|is (open|live))
    war ?room
    (join|get on|hop on|dial into) the (bridge|incident)
    bridge is (open|up)
    (no ?one|nobody) (at all )?(can|is able to) \
(log ?in|work|access|reach|pay|order|check ?out|connect|get in)
    customers (can't|cannot|are unable to)
    nothing (is working|works) (at all|for anyone|anywhere)
    all (customers|users|sites|services|regions)( are)? (affected|impacted|failing)
    ransomware
    we('ve| have) been (hacked|breached)
    evacuat(e|ing|ion)(?! (drill|plan|route))
    fire in the
    """,
    names=_NAMES,
)
# Each phrase above has one of these words, or another form of it.
_HINTS: Final = hint_at(
    """
    sev sev0 sev1 p0 p1 deck down offline unreachable dead dark gone out unavailable fire outage
    blackout incident war warroom bridge one nobody noone customers nothing affected impacted
    failing ransomware hacked breached evacuate
    """
)
# Told afterwards, asked in general, practiced, or a rule for such a time.
_CALM: Final = join_phrases(
    r"""
    (?<!\w)^\W*(if|when|whenever|who|how|what|should)
    yesterday
    last (week|month|night|year|time|quarter|\w+day)
    (a|two|three) (weeks?|months?|years?) ago
    post-?mortem|retro(spective)?|drill|exercise|game ?day|simulat\w+|template|runbook
    write-?up|policy
    review of|from now on|next time|whenever|in case|just me
    if (we|the|it|a|you|there)
    for (a |every )?sev[- ]?\ds?
    is over|was over|resolved|all clear|stood down|stand down|closed|back up|recovered
    when (we|the|is|do|does|a)
    who (do|does|should|gets)
    how (do|long|does)
    what (do|is|counts)
    should (we|i)
    would (be|have)
    """
)


def is_incident(text: str) -> bool:
    """Return whether a message belongs to the hot phase of an incident."""
    plain = simplify(text)
    if not has_hint(plain, _HINTS):
        return False
    return _HOT.search(plain) is not None and _CALM.search(plain) is None
