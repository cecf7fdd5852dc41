"""Cues: handwritten phrases that signal a speech act; each is one feature of the model.

A cue is one or more patterns over the tokens of `tokens.py`, a token per step:
`a|b` is either, `a?` may be missing, `~` is up to three tokens of the same sentence, `^` is the
start of a sentence (after an optional greeting, assent or mention), `<` is the start of the message
and `>` its end.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from bot.domain.recognition.tokens import CODE, SENTENCE

_DO: Final = (
    "act|skip|wait|go|try|stick|keep|leave|use|move|make|do|stop|call|hold|take|cover|adopt"
    "|close|run|have|ask|turn|swap|add|avoid|put|proceed|pick|not"
)
_ASKABLE: Final = (
    "act|take|look|check|help|review|ping|give|run|confirm|approve|handle|assist|weigh|step|pick"
    "|join|clarify|send|call|own|assign|add|follow|make|get|see|have|start|stop|move|reach|chime"
    "|share|kick|turn|jump|put|close|wake|talk"
)
_ANYBODY: Final = "anyone|someone|who|@t|role"

CUES: Final[Mapping[str, str]] = {
    # Deciding.
    "let us": f"^ let's just|please|all? {_DO}",
    "let us then": "then|so|and|but let's; let's ~ then|instead|when|for|until|first",
    "let's": "let's",
    "we decided": "we|i've|we've|team|role|they just|all|also|have|had? decided|agreed|voted; "
    "was|were|been decided|agreed; ^ decided|agreed on|to|with|not|that|.|@p",
    "decided": "decided|agreed|concluded|consensus|verdict|decision",
    "decision is": "^ the|our? decision|consensus|conclusion|verdict|resolution|outcome ~ is|"
    "was|to; decision|consensus|verdict from|of|made",
    "plan is": "plan ~ is; that's a|the plan; plan settled",
    "settled": "no opposition|objection|objections; unanimous|settled|hereby; voted to|for|against",
    "we will": "we'll ~ go|skip|keep|use|stick|hold|wait; we'll act|do; we won't act|do|take; "
    "we will|are not? going|act|keep|use|wait|skip|stop; we're not? going to|with",
    "go with": "go|going|went ahead|with|for; stick|sticking with; move|proceed|continue "
    "forward|with; ^ we're? going|sticking with",
    "then we": "^ then we|you|i act|do|go|skip|keep|use|wait|stop; ok|so|then we act|do|go|skip|"
    "keep|use; ok|so|then we are acting|going|keeping; ok|so|then we're acting|going|keeping",
    "ok then": "^ ok|yes|yeah|right|fine|sure then; ^ yes|yeah do|go|act|please; ok ~ then >",
    "for now": "for now|today|when; until further|when|then|we",
    "approve": "^ approved; i'm fine|ok|good with|for; fine|ok by|with me|us; go ahead and|with|>",
    "final": "final .|>; final decision|answer",
    # Standing rules.
    "from now on": "from now|here on|onto; going|moving forward; as of now|today|when; henceforth",
    "new rule": "^ new|the rule|policy|standard; rule ~ is; policy is|to|for|that",
    "rule word": "rule|rules|policy|policies|standard|procedure|default|mandatory|forbidden|"
    "allowed|permitted|required|exception",
    "we always": "we|you|nobody|everyone always|never|must|mustn't ~ act|use|do|go|page|call|"
    "ask|get|take|run|keep|check|wait|leave|w; no one|nobody act|may|can|should",
    "never do": "never|always act|use|do|go|page|ask|call|run|take|leave|wait|by|goes|go|w",
    "if then": "^ if|when|whenever|unless|until ~ ~ we|you|just|please|always|never act|page|ask|"
    "call|use|go|do|ping|escalate; if|when|whenever ~ ~ should|must|can always|just|still|never|"
    "ping|page|ask",
    "every is": "every|any|all ~ ~ must|needs|should|goes|go|always|gets|get|require|requires",
    "we usually": "we usually|normally|generally|only|currently act|do|don't|use|w|pick|have|go; "
    "we don't act|do|use|want",
    # Proposing, steering, and what one does oneself: not yet a decision of the group.
    "proposal": "maybe|perhaps; i'd say|propose|suggest|prefer|vote|like|rather; i propose|"
    "suggest|recommend; i|we should|could|can|might; how|what about|if; might|would be|make; my "
    "proposal",
    "i think": "i think|guess|believe|feel|hope|suppose; think we; seems|sounds like",
    "proposal asked": "should|do|can|could|are we|i ~ ~ ?; let's ~ ~ ?; ok with|to ~ ?; what|how "
    "if|about",
    "agenda": "let's start|begin|continue|wrap ~ meet|with|.|>; let's move|go ~ on|onto|next|"
    "through|over; let's see|say|hope|discuss|talk|get|know|look; meet .|>",
    "own step": "i|i'll|i'm|i've will|going|am|can|could|should|just|to? act|acting|acted|try|do|"
    "look|check|take|get|make|start|see|go|send",
    # Pulling somebody in.
    "cc": "cc ~ @p|@t|@all|w",
    "cc bare": "< w? cc @p|@t @p|@t? @p|@t? >; < @t|@p >",
    "team first": "< hi|hey|cheers|cc|w? @t|@all",
    "name first": "< hi|hey|cheers|w? @p",
    "can someone": f"can|could|would|will|may|should|if anyone|someone|who|@t ~ {_ASKABLE}|mind|"
    f"please; can|could|would|should the|a|an|any role|team ~ {_ASKABLE}; can|could we ~ get|"
    "have ~ anyone|someone|role|@p|on",
    "someone should": "someone|anyone|role|team ~ should|needs|need|must ~ act|look|take|check|"
    "wake|w",
    "can you": "can|could|would|will you|@p please|kindly|possibly|also|maybe|be|able|to? "
    f"{_ASKABLE}|mind|able",
    "can name": "@p|@t ~ can|could|would|will you|we|i|someone; @p|@t please|any|ping|help; @p|"
    "@t ~ please; @p|@t do|have|are|did you|w; please ~ @p|@t|@all >",
    "anyone up": "anyone|someone ~ up|free|around|available|here|willing|able|interested|want|"
    "wants; any volunteer|volunteers|role|team",
    "does anyone": "does|do|has|have|is|did anyone|someone|@p|@t|role ~",
    "please first": "^ please|kindly act|take|look|review|check|help|approve|confirm|assist|call"
    "|page|add|escalate|respond",
    "please act": "please|kindly ~ act|take|look|review|check|help|approve|confirm|assist|call|"
    "page|add|send|give|respond|escalate|jump|join|advise|weigh; act|review|help|approve|check ~ "
    "please",
    "look at": "take|have|get|give|need|another|any|some a|w|quick|another|second? look|eyes|"
    "review|hand; look into|at ~ ?; eyes on; second pair|eyes; weigh|chime|jump in|on",
    "need whom": "need|needs|want ~ eyes|review|hand|help|approval; need|needs|require|requires"
    "|waiting|wait|awaiting for|on|a|an|some|your|"
    "another? w? help|review|approval|permit|role|@p|@t|hand|eyes|someone|access|approve|sign|"
    "feedback",
    "need someone": f"need|needs|want|get ~ {_ANYBODY}|@p",
    "pinged": "pinged|paged|contacted ~ @p|@t|role|team|him|them|her|w; called ~ @p|@t|role|them"
    "; ping|page|contact|poke the|my|your? @p|@t|role|him|them|her|someone; acted a|an w? case|"
    "ticket ~ with; reached|reach|reaching out",
    "paging": "^ paging|pinging|adding|tagging|looping|calling|bringing|summon in? @p|@t|@all|"
    "role; ^ escalating; pinging|paging|tagging @p|@t|role",
    "escalate": "escalate|escalated|escalating|escalation|paging; page the|@p|@t|role",
    "loop in": "loop|looping|bring|pull|bringing|pulling|wake|chime ~ in|into|up ~ here|please|"
    "thread|.|role|>; get|add|call a|the|an? @p|@t|role|them|him ~ in|into|on",
    "who can": "who can|could|has|would|do|to act|help|give|look|take|we|i|handle|review|w|approve",
    "have to ask": "have|has|need|needs|should|must to? ask|ping|wait|reach|contact|get|talk|"
    "involve|call|escalate ~ @p|@t|role|w|for|with|to|from",
    "memory bell": "ring|rings a bell; remember|recall|familiar ?; any idea|thoughts|clue|ideas",
    "wrong and whom": "wrong ~ ~ @p|@t|@all|cc|someone|anyone; @t|@p|@all ~ ~ wrong",
    "wrong": "wrong; is|are wrong; not working|w; doesn't|don't|can't work|w|act|log|get|reach",
    "fyi": "fyi; heads-up|heads up; just for|to note|w|let; no action|needed",
    "thanks": "cheers; thanks|thank|welcome; great|good work|job|when|w",
    "done": "^ done|fine|good|great|worked|works|acted|finished|correct|right|sorry|same|back|"
    "still",
    # Moving a duty.
    "hand over": "handoff|handover; hand|handing|handed over|off; hand|handing|handed|pass|"
    "passing ~ over|on|off to; pass|passing ~ to @p|@t|role|when|role|team",
    "over to": "^ w|done? over|back to @p|@t|you|w|role; over to you|@p|@t; all yours; it's yours",
    "take over": "take|taking|took|takes over from|here|for|the|this|that|it|.|>; someone|you|i|"
    "@p|@t|to|can ~ take over; takeover; taking|take this|it|on? from; pick|picking ~ up from|"
    "where|for; from here >",
    "your turn": "your|his|her|my|our|@p|next turn|shift|slot|watch; up next; next up",
    "leave to": "leave|leaving|left ~ ~ to you|@p|@t|them|him|her|role|when; leave|leaving ~ "
    "with you|@p|@t; i'll let|have you|@p handle|take|act|do",
    "i am off": "i'm|i|am|heading|going|signing|sign|logging off|out|away; i'm|i'll ~ away; "
    "away until|when|for|now|today; ^ signing|logging|heading off|out|home",
    "who has it": "@p|@t|you has|have|had|takes|take|got the|my|our? pager|shift|watch; w has "
    "the pager|shift|watch; pager; @p will|is|be|takes ~ role|when",
    "can you run": "you|someone|anyone|@p ~ run|chair|cover|role|host|own|drive|babysit|watch|"
    "swap ~ meet|for|my|when|review|rest; cover ~ for|my|when|me; swap ~ me|shift|shifts|slot|"
    "when",
    "instead of me": "instead of me|my; in my place; while i'm away|out|off|on|w; if i can't .|"
    ">|make; when|time i leave|go; i need|have to go|leave|step|jump off|>|.|to|out|now|w|into"
    "; i have to run",
    "in charge": "assigned|reassigned|assign|reassign|"
    "reassigning|assigning|belongs|belong ~ to; will be role",
    "follow up": "@p|he|she|they|someone|who will|should|can|is ~ follow|take|handle|cover|run|"
    "look; ^ w will follow|take|handle|cover; @p follow",
    "no time": "no|not|don't|won't|any|have|out ~ time|bandwidth|capacity; i can't ~ today|when",
    # Asking what a record could answer.
    "how do": "how do|can|does|should|to|would|could|is|are; how long|many|often|much|w",
    "where is": "where|where's is|are|do|does|can|did|to|the|should|w; which w|doc|#c do|should|is",
    "what is the": "what's|what is? the|our|w procedure|process|policy|rule|way|plan|w|doc|"
    "standard",
    "what do we": "what do|does|should|happens|happened ~ ?; what w is|are; when|when's is|are|the",
    "why": "^ why; why is|are|do|does|did|was|isn't|not|we; any|the|what|a reason; know why",
    "is there": "is|are|was there ~ ~ ?; is|are there a|an|any",
    "is it": "^ is|are|was|were|can|does|did it|this|that|the|w|i|we|there ~ ~ ?",
    "do we": "do|does|did|have|has|can|are we|i ~ ~ ?; are|am we|i allowed|able|supposed|still",
    "know": "do|does|anyone|someone|you|happen|to know|remember|aware if|how|why|what|where|who|"
    "of|whether|about|the|when; don't|not know|sure if|how|where|who|what|whether",
    "is it known": "known issue|wrong|w; expected|supposed|intended|normal ~ ?; is|are ~ wrong ?"
    "; just me|for; wrong for|again|or ~ ?",
    "best way": "right|correct|best|proper|easy|good|usual|w way|process|procedure|place|person "
    "to|for|of|?; way|process|procedure|doc|place|steps to|for|of|on",
    "wonder": "wonder|wondering|curious; question|questions; i'm not sure; unclear",
    "who owns": "who|who's|whom own|owns|owner|maintain|maintains|responsible|handle|handles|"
    "role|knows|know; who is on|the? call|role; who's on|the? call|role; who|whom should|do|"
    "can|does|to i|we|one ask|contact|ping|reach|call|talk|page",
    "doc for": "doc ~ for|on|about|how; doc|acted ~ ?; was|were|it ever decided|agreed",
    "you mean": "you mean|think|tried|using ~ ?; did|do|are|have you w; what|which w? did|are you"
    "; is|was that|this w; by|with w you",
    "back question": "^ w? ?; or ~ ?; ^ really|huh|right|ok|so ~ ?; prefer ?",
    "mark": "?",
    "mark end": "? >",
}

_STOP: Final = CODE[SENTENCE] + CODE["?"]
# Tokens that may precede an act at the start of a sentence.
_BEFORE: Final = "@p @t @all ok yes yeah sure right so and but then well w cheers thanks +1"
_OPENING: Final = "".join(CODE[token] for token in _BEFORE.split())

MARKS: Final = {
    "^": f"(?:\\A|(?<=[{_STOP}]))[{_OPENING}]{{0,3}}",
    "<": "\\A",
    ">": f"[{CODE[SENTENCE]}]*\\Z",
    "~": f"[^{_STOP}]{{0,3}}",
}


def optional(step: str) -> bool:
    """Return whether a step may be missing."""
    return step.endswith("?") and step != "?" and not step.endswith("|?")


def _step(step: str) -> str:
    if step in MARKS:
        return MARKS[step]
    may_miss = optional(step)
    names = (step.removesuffix("?") if may_miss else step).split("|")
    codes = "".join(sorted({CODE[name] for name in names if name != ">"}))
    either = f"(?:[{codes}]|{MARKS['>']})" if ">" in names else f"[{codes}]"
    return either + "?" * may_miss


def pattern(phrases: str) -> str:
    """Return the regular expression of phrases, over codes."""
    return "|".join(
        "".join(_step(step) for step in phrase.split()) for phrase in phrases.split(";")
    )


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Return the compiled cues in the order of `CUES`; they match text made by `encoded`."""
    return tuple(re.compile(pattern(phrases)) for phrases in CUES.values())
