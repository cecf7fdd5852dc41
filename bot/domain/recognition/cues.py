"""Turns of phrase, written by hand, that give an act away; each is one feature of the recogniser.

A cue is one or more patterns over the tokens of `tokens.py`, a token per step:
`a|b` is either, `a?` may be missing, `~` is up to three tokens of the same sentence, `^` is the
head of a sentence (a greeting, assent or mention may stand before), `$` its end, `<` the head of
the message, `>` its end.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from bot.domain.recognition.tokens import KNOWN, SENTENCE, UNKNOWN

_DO: Final = (
    "act|skip|wait|go|try|stick|keep|leave|use|move|make|do|stop|call|hold|take|cover|start|drop"
    "|adopt|continue|close|run|have|ask|proceed|switch|turn|swap|add|avoid|send|put"
)
_ASKABLE: Final = (
    "act|take|look|check|help|review|ping|give|run|confirm|approve|handle|assist|weigh|step|pick"
    "|join|clarify|send|call|own|assign|add|follow|make|get|see|verify|have|start|stop|move|reach"
    "|chime|share|kick|turn|w"
)

CUES: Final[Mapping[str, str]] = {
    # Deciding.
    "let us": f"^ let's not? just? {_DO}; ^ then|so let's; let's ~ then; let's ~ for now",
    "let us all": "let's",
    "we decided": "we|i've|we've|team|role|had just|all|also? decided|agreed; was|were decided|agreed",
    "decided": "decided|agreed|concluded|decision|consensus|verdict|resolution|conclusion",
    "decision is": "decision|consensus|conclusion|verdict|resolution|outcome|plan ~ is|was|seems|.",
    "settled": "no opposition|objection|objections; unanimous|settled; voted to|for; agreed to|on|that",
    "we will": "we'll ~ then; we'll act|skip|go|keep|use|stick|wait|hold|do|move; we are|we're going"
    " with|to; we will act|go|keep|use|wait|skip|hold|move",
    "go with": "go|going|went ahead|with|for; stick|sticking with; go for it; move|proceed|continue"
    " forward|with|to",
    "ok then": "^ ok|alright|yes|yeah|right|fine|sure then; that's a|the plan; ok ~ then $",
    "for now": "for now|today|when; until further|when|then",
    "fine with it": "i'm fine|ok|good with|for; fine by|with me|us; approved",
    # Standing rules.
    "from now on": "from now|here on|onto; going|moving forward; as of now|today|when|0",
    "rule word": "rule|rules|policy|policies|standard|procedure|default|mandatory|forbidden|allowed"
    "|permitted|required|exception|sop",
    "always never": "always|never|must|mustn't act|use|do|go|page|call|ask|get|take|run|have|be|make"
    "|keep|check|wait|leave|let|start|stop|send; no one|nobody|we should|may ever|never",
    "if then": "if|when|whenever|unless|until ~ you|we|it|nobody ~ should|must|always|can|need|will"
    "|please; if|when|whenever ~ act|ping|page|call|ask|escalate|use",
    "we generally": "we usually|normally|w|always|never|don't|only|currently act|do|don't|use|w|pick"
    "|have; we don't|never|always|only act|do|use|want",
    # Doubt about a course: a proposal, not a decision.
    "proposal": "maybe|perhaps; i'd say|propose|suggest|prefer|vote|like|rather; i propose|suggest"
    "|recommend|think|guess|believe; should|could|can|do|shall we|i; what|how if|about; might|would"
    " be|make; we could|might|should",
    "proposal asked": "should|shall|do|can|could we ~ ?; let's ~ ?; what if; ok with|to ~ ?",
    "agenda": "let's start|move|get|begin|wrap|continue ~ meet|next|on|started|.; let's go through|to"
    "|over|on; let's see|say|hope|discuss|w ?; meet .; lets see",
    "own step": "i|i'll|i'm will|going|am|can|could|should? act|acting|try|do|look|check|take|open"
    "|get|to|make|start|see|go|ping|send|write",
    # Pulling somebody in.
    "cc": "cc ~ @p|@t|@all",
    "cc bare": "< w? cc @p|@t @p|@t? @p|@t? >; < @t|@p >",
    "cc word": "cc|chime|summon|loop|looping|tagging",
    "can someone": f"can|could|would|will|may|should|might|if anyone|someone|@t|role {_ASKABLE}|be|mind"
    "|please|w",
    "someone should": "someone|anyone|role|team should|needs|need|must|to|could|with|please",
    "can you": f"can|could|would|will|may you|@p|u please|kindly|possibly|also|maybe? {_ASKABLE}|be"
    "|mind|w",
    "can name": f"@p|@t can|could|would|will|may|please|mind|any|ping|help|{_ASKABLE}",
    "anyone": "^ anyone|someone|who; anyone|someone|who up|free|around|available|here|willing|able"
    "|interested|have|has|want|wants|can|could|in|from|who; any volunteer|volunteers|admin|role|takers",
    "does anyone": "does|do|has|have|is|did anyone|someone|@p|@t|you|role ~ ?",
    "please act": "please|kindly act|take|look|review|check|help|approve|confirm|assist|call|page|add"
    "|stop|send|give|respond|escalate; act|review|help|approve|check|look ~ please",
    "look at": "take|have|get|give|need a|another|some? w|quick? look|eyes|review|hand|check|w; look"
    " into|at; eyes on; second pair|eyes; weigh in|on; check on|this",
    "need whom": "need|needs|want|requires|require|require|waiting|wait|needing a|an|some|on|for|your"
    "|another|more? w? help|review|approval|permit|role|@p|@t|hand|eyes|someone|access|confirm|act"
    "|assist|ok|w",
    "pinged": "pinged|paged|paging|pinging|asked|contacted|escalated|escalating|called|calling|notify"
    "|raised|ping|page|escalate|contact|loop|pull|reached|reach|pulling ~ @p|@t|role|w|on|in|him|them"
    "|out|someone|anyone|to",
    "escalate": "escalate|escalated|escalating|escalation|paging|paged|page",
    "who can": "who can|could|has|have|is|owns|should|would|knows|do|to|handles|w",
    "have to ask": "have|has|need|needs|need|want|should|must to? ask|ping|wait|reach|contact|get|talk"
    "|check ~ @p|@t|role|w|for|with|to|from",
    "memory bell": "ring|rings a bell; remember|recall|thoughts|ideas|familiar; any idea|thoughts|clue",
    "wrong and whom": "wrong ~ ~ @p|@t|@all|cc|someone|anyone; @t|@p|@all ~ ~ wrong",
    "wrong": "wrong; is|are wrong; not working|w; doesn't|don't|can't work|w|act",
    "fyi": "fyi; heads-up|heads up; just for|to note|w|let; no w|action needed",
    "thanks": "cheers; thanks|thank|welcome",
    "done": "done|fine|good|great|worked|works|acted|finished|correct|right|sorry",
    # Moving a duty.
    "hand over": "handoff|handover|hand|handing|handed over|off|to|it|this|back|the?; pass|passing|give"
    "|giving ~ over|to you|@p|@t|role|him|her|the|when|off",
    "take over": "take|taking|took|takes ~ over|from|here; takeover|over from|to; pick|picking ~ up"
    " from|where|for|this",
    "your turn": "your|his|her|my|our|@p turn|rotation|shift|slot|when|watch|role; up next; next up",
    "leave to": "leave|leaving|left ~ to|with you|@p|@t|them|him; over to you|@p|@t|role|him; all yours"
    "; it's yours",
    "i am off": "i'm|i|i'll|am|heading|going|signing|sign|logging off|out|away|for|in|be|to ~"
    " away|when|now|.; away ~ until|when|for|now|today; i can't|won't|don't|not ~ today|when|time"
    "|bandwidth|make",
    "can you run": "@p|you|someone|anyone ~ run|chair|cover|handle|lead|host|own|role|drive|babysit"
    "|watch|swap|step ~ meet|for|it|me|while|my|the|when|this; cover ~ for|my|when",
    "instead of me": "for|instead|behalf me|of|my; in my; while i'm|i; if i can't; when i'm; i need|have"
    " to w|go|leave|step|run|jump",
    "in charge": "responsible for|to; owner|owns|own|ownership|assigned|reassigned|assign|reassign"
    "|reassigning|assigning to|of|this|it|by|now|is; be|is|are role|primary|secondary; will|to ~"
    " follow|followup up|on",
    "follow up": "@p|w|he|she|they will|should|is|can|to ~ follow|look|take|handle|act|cover|run",
    "not time": "no|not|don't|any|have|has|had|out ~ time|bandwidth|capacity",
    # Asking what a record could answer.
    "how do": "how|how's|where|where's do|can|does|should|is|are|to|would|could|i|we|one|the",
    "where is": "where|where's|which|what's|what|who|who's|when's|when|why is|are|the|our|does|do|did"
    "|can|to|i|we|w|should|would|was|isn't|right",
    "why": "why; is|any|the|what|a reason|w why|for|to|that; curious",
    "is there": "is|are|was there|it|this|that|these|they|the|w|we|our ~ ~ ?",
    "is there a": "is|are there|it|any a|an|any|already|some|w|way|known|possible|allowed|ok|expected",
    "do we": "do|does|did|have|has|are|can|should we|i|it|the|that|w|@p|you ~ ~ ?",
    "know": "do|does|anyone|someone|you|i|don't|happen|to|not know|sure|remember|aware|idea if|how|why"
    "|what|where|who|of|whether|about|the",
    "is it known": "known|expected|supposed|intended|documented|normal|correct|possible|allowed"
    "|permitted|safe ~ ?; is|are ~ wrong ?; wrong for|again ?",
    "best way": "right|correct|best|proper|easy|good|usual|w way|process|procedure|place|person|doc|w"
    " to|for|of|?; way|process|procedure|doc|place|steps to|for|of|on",
    "wonder": "wonder|wondering|curious|question|questions; not|i'm sure|unclear",
    "who owns": "who|who's|whom|whose ~ own|owns|owner|maintain|maintains|responsible|handle|handles"
    "|role|knows|know|ask|contact; whom|who should|do|can|to i|we|ask|contact|ping|reach",
    "doc": "doc ~ for|on|about|?|w; documented|written ~ ?",
    "you mean": "you mean|did|are|think|saw|say|said|tried|using|w ~ ?; did|do|are|have you; what|which"
    " w? do|did|are you; is that|this|it",
    "back question": "like ?; or ~ ?; really|so|and|what|why|huh|which|where|when|how|right|ok|sure|no ?",
    "mark": "?",
    "mark end": "? >",
}

# The code of a token is one character, so that a pattern is an ordinary regular expression.
_FIRST: Final = 0x4E00
_EXTRA: Final = (UNKNOWN, "@p", "@t", "#c", "url", "code", "0")
VOCABULARY: Final = tuple(dict.fromkeys((*sorted(set(KNOWN.values())), *_EXTRA)))
CODE: Final = {token: chr(_FIRST + index) for index, token in enumerate(VOCABULARY)}

_STOP: Final = CODE[SENTENCE] + CODE["?"]
_OPENING: Final = "".join(
    CODE[token]
    for token in "@p @t @all ok yes yeah sure right so and but then well w cheers thanks +1".split()
)


def _step(step: str) -> str:
    if step in ("^", "$", "<", ">", "~"):
        return {
            "^": f"(?:\\A|(?<=[{_STOP}]))[{_OPENING}]{{0,3}}",
            "$": f"(?=[{_STOP}]|\\Z)",
            "<": "\\A",
            ">": f"[{CODE[SENTENCE]}]*\\Z",
            "~": f"[^{_STOP}]{{0,3}}",
        }[step]
    optional = step.endswith("?") and step != "?" and not step.endswith("|?")
    names = step.removesuffix("?").split("|") if optional else step.split("|")
    codes = "".join(sorted({CODE[KNOWN.get(name, name)] for name in names}))
    return f"[{codes}]" + "?" * optional


def _pattern(phrases: str) -> str:
    return "|".join(
        "".join(_step(step) for step in phrase.split()) for phrase in phrases.split(";")
    )


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Return the compiled cues in the order of `CUES`; they match text made by `encode`."""
    return tuple(re.compile(_pattern(phrases)) for phrases in CUES.values())


def encode(tokens: list[str]) -> str:
    """Return tokens as a string of one character each."""
    return "".join([CODE[token] for token in tokens])
