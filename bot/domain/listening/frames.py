"""The words around what a sentence is about: joining words, frames of questions, trailing words."""

import re
from typing import Final

_EDGE: Final = " \t,.;:!?-–—*_~>\"“”'|="
_SOMEONE: Final = (
    "(?:any(?:one|body)|some(?:one|body)|we|you|u|i|they|one of (?:you|us)|one|people|folks)"
    r"(?: else)?(?: (?:from|in|at|of) \w+)?"
)
_COURTESY: Final = (
    r"(?:\s+(?:please|pls|just|kindly|possibly|maybe|perhaps|also|already|still|usually|normally"
    r"|simply|quickly|then|ever|actually))*"
)
_AUX: Final = (
    "(?:can|could|may|might|should|shall|would|will|do|does|did|must|have|has|had|is|are|am|was)"
)
_WE: Final = "(?:i|we)"
_SAYS: Final = (
    "(?:would like|wants?|wanted|needs?|(?:is|are) asking|asks?|asked|says?|said|tells?|told"
    "|reports?|reported|writes?|wrote|rang|rings|called|mentioned|claims?|swears?|complains?"
    "|is saying|keeps? (?:saying|asking))"
)
_EXPERIENCES: Final = (
    "(?:need(?:ed)?|want(?:ed)?|like|love|get(?:ting)?|got|see(?:ing)?|saw|receiv(?:e|ed|ing)|have"
    "|had|has|having|notic(?:e|ed|ing)|think|believe|guess|assume|wonder(?:ing)?|know|found|find"
    "|hear|heard|look(?:ed|ing)?|try(?:ing)?|tried|run(?:ning)?|hit(?:ting)?|keep|kept|been|wish"
    "|hope|mean|expect|forgot|use[ds]?|start(?:ed)?|ask(?:ed|ing)?"
    "|decided?|agreed?|plan(?:ned)?|have to)"
)
_POSSIBLE: Final = (
    "(?:normal|expected|possible|ok|okay|allowed|fine|known|correct|right|true|usual|safe|a way"
    "|any way|way|one|someone|something|anything|an?)"
)
_JOINING: Final = re.compile(
    r"(?:(?:and|but|so|because|ever since|since|cos|if|when|while|occasionally|sometimes|recently"
    r"|lately|previously|usually|often|that|which|who|then|now|well|also|just|still"
    r"|again|maybe|perhaps|anyway|btw|fyi|as|or|though|although|until|till|unless|ok|okay|yes"
    r"|yep|nope|yeah|sorry|sry|please|pls|oh|today|yesterday|hm+|for the record"
    r"|(?:no|right|look|(?:quick )?question|one more|another one|remember|reminder|note|update"
    r"|heads.?up|decision|policy|rule|rule of thumb|new rule)(?=\s*[,:!-]|\s*$)"
    r"|unfortunately|apparently|currently|meanwhile|turns out|seems"
    r"|it (?:seems|looks|appears|turns out)(?: like| that| as if)?)[\s,:!-]+)+",
    re.IGNORECASE,
)
_HOW: Final = re.compile(
    r"\bhow (?:to|(?:do|can|could|should|would) (?:i|we|you|u|one))\b"
    r"|\b(?:a|any|some|no) (?:\w+ ){0,2}way (?:to|(?:that )?(?:i|we|you|u|one) (?:can|could))\b",
    re.IGNORECASE,
)
_FRAMES: Final = tuple(
    re.compile(frame, re.IGNORECASE)
    for frame in (
        # "does anyone know how", "could someone tell me whether"
        (
            rf"{_AUX}(?:n'?t)?\s+{_SOMEONE}{_COURTESY}\s+(?:know|tell|remember|say|confirm|explain|advise"
            r"|remind|let)\b(?:\s+(?:me|us))?(?:\s+know)?"
            r"(?:\s+(?:what|how|if|whether|why|where|who|when|that|of|about))?\s+"
        ),
        # "can you help me with", "could someone take a look at"
        (
            rf"{_AUX}(?:n'?t)?\s+{_SOMEONE}{_COURTESY}\s+(?:help|look|check"
            r"|(?:take|have) a look|see|assist|get(?! hold)|be so kind)\b(?:\s+(?:me|us))?"
            r"(?:\s+(?:at|into|to|with|on|whether|if|out))?\s+"
        ),
        # "what do we do with", "how should I proceed if"
        (
            rf"(?:what|how)\s+{_AUX}\s+{_SOMEONE}{_COURTESY}\s+(?:do|handle|proceed|deal|treat|make)\b"
            r"(?:\s+(?:about|with|for|in|when|if|here|now))*\s*"
        ),
        # "who do we call", "where is", "how long do we"
        (
            r"(?:what(?:'s| is| are)?|where(?:'s| is| are)?|who(?:m|'s| is| are)?|when|why|which"
            rf"|how(?: long| many| much| come)?)\s+(?:{_AUX}(?:n'?t)?\s+)?"
            rf"(?:{_SOMEONE}{_COURTESY}\s+)?"
        ),
        # "is there a good way to", "any way that I can"
        (
            r"(?:(?:is|was|isn'?t) (?:there|this|that|it) )?(?:a|any|some|no) (?:\w+ ){0,2}way"
            rf" (?:to|(?:that )?{_WE} (?:can|could)|(?:that )?(?:you|u|one) (?:can|could))\s+"
        ),
        # "is it possible to", "whether it's possible to"
        (
            r"(?:(?:if|whether) )?(?:is|was|isn'?t|if|whether) (?:it|this|that)(?:'s| is)?"
            r"(?: at all)? possible(?: to| that| for \w+ to)?\s+"
        ),
        # "is it normal that", "is there a way to", "ok if I"
        (
            rf"(?:is|are|was|isn'?t)\s+(?:it|this|that|there)\s+(?:also\s+)?(?:a\s+)?{_POSSIBLE}?\b"
            r"(?:\s+(?:that|to|if|for|when|thing|issue|where|which))*\s*"
        ),
        rf"(?:ok|okay|fine|possible|alright)\s+(?:if|to|for)\s+(?:{_SOMEONE}\s+)?",
        # "does anyone have experience with", "is anyone able to", "anyone else having problems"
        (
            rf"(?:{_AUX}(?:n'?t)?\s+)?{_SOMEONE}\s+(?:has|have|had|having|seeing|able to|got)\b"
            r"(?:\s+(?:any|an?|good|the))*(?:\s+(?:experience|ideas?|recommendations?|luck))?"
            r"(?:\s+(?:with|for|on|about|of|in))?\s+"
        ),
        # "saying that", of an error
        r"(?:saying|stating|warning|telling (?:me|us))(?: that)?\s+",
        # "any chance you could also", "not sure if this is the right place to"
        rf"any chance(?: that)?(?: {_SOMEONE})?(?: {_AUX})?{_COURTESY}\s+",
        r"(?:i'?m |i am )?not sure (?:if|whether|that) (?:this|it) is (?:\w+ ){0,5}(?:to )?",
        # "may I", "would someone please"
        rf"{_AUX}(?:n'?t)?\s+{_SOMEONE}{_COURTESY}\s+",
        # "I need to", "we are seeing", "I'd like"
        (
            rf"{_WE}(?:'d|'m|'ve|'re| would| am| are| was| were| have| had| do)?(?:n'?t)?"
            r"(?:\s+(?:not|just|really|also|still|already|currently|again|always))*\s+(?:been\s+)?"
            rf"{_EXPERIENCES}\b(?:\s+(?:to|that|if|whether|at|for|into|about|getting|seeing|been|like))*"
            r"\s+"
        ),
        (
            rf"{_WE}(?:'m|'ve|'re|'ll|'d)?(?:\s+(?:am|are|was|were|have|had|will|would|can|could|do|did"
            r"|just|also|still|already|really|not))*\s+"
        ),
        # "marketing would like", "the nurse of ward 5 says that"
        (
            rf"(?:[\w'.&-]+\s+){{1,4}}{_SAYS}(?:\s+(?:me|us|him|her|them))?"
            r"(?:\s+(?:to know|to have|to|that|for|about|if|whether|why|how|what|when))?\s+"
        ),
        # "getting weird errors", "trying to open it", "running into a strange issue"
        (
            r"(?:getting|seeing|having|receiving|noticing|experiencing|encountering|facing|hitting"
            r"|finding(?: that)?|running into|(?:trying|attempting|hoping|planning|looking) to"
            r"|(?:would (?:like|love)|want(?:s|ed)?|need(?:s|ed)?|hope[ds]?|wish(?:es|ed)?|tried"
            r"|plan(?:ned)?|been trying|is there) to|using(?= (?:the|an?|my)\b)"
            r"|looking (?:for|at|into)|wondering(?: (?:if|how|whether|why|what))?|working on"
            r"|(?:not |un)?able to(?= (?:see|find) that))\s+"
        ),
        # "the following error", "any documentation", "another mystery parcel"
        (
            r"(?:(?:the|this|that) (?:following|same|below)|any(?: other| more| new)?"
            r"|some(?: kind of)?|(?:yet )?another|the fact that|looks like|sounds like"
            r"|a (?:bit of|lot of|few|couple of|kind of|ton of|bunch of)"
            r"|a question (?:about|on|regarding)|regarding|concerning"
            r"|(?:the |an |my )?(?:issue|problem|trouble) (?:is )?that)\s+"
        ),
        # "there is", "it was", "let's"
        r"(?:thats|theres|heres|whats|there(?:'s| is| are| was| were| has been| have been))\s+",
        (
            r"(?:he|she|they|it|this|that)(?:'s|'re|'ve|'ll|'d)?\s+(?:(?:is|are|was|were|has|have|had"
            r"|says?|said|told|tells|will|would|does|do|did|asks?|wants?)\s+)?"
            r"(?:(?:me|us|that|to|he|she|they|it)\s+)*"
        ),
        r"(?:let'?s|let us|please|pls|kindly|time to|need to|want to|going to|gonna)\s+",
    )
)
_UNITS: Final = (
    r"(?:h(?:ou)?rs?|h|m|min(?:ute)?s?|d(?:ays?)?|w(?:eeks?)?|months?|am|pm|%|s|sec(?:ond)?s?)"
)
_TIME: Final = (
    rf"(?:(?:\d[\d:.,]*|an?|two|three|four|five|ten|few|half an)\s*{_UNITS}?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:\s+(?:morning|night|evening))?"
    r"|yesterday|today|tonight|midnight|noon"
    r"|(?:this |the |last )?(?:morning|night|week|weekend|evening|lunch))"
)
_DATE: Final = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day\s+)?(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?(?:\s+of)?"
    r"(?:\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?)?(?:\s+\d{4})?"
)
_TRAILING: Final = re.compile(
    r"(?:^|[\s,]+)(?:@[\w.+-]+|please|pls|plz|thanks|thank you|thx|again|today|tonight|now"
    r"|right now|yesterday|tomorrow|this (?:morning|week|afternoon|evening|month|time)"
    r"|last (?:night|week|month|time)"
    r"|already|too|here|there|either|though|lol|btw|anyone|someone|somebody|any ?ideas?|as usual"
    r"|as well|ofc|of course|for now|once more|so far|at all|and|or|but|so|if|because|the|a|an|of"
    r"|to|for|in|on|at|with|from|by|is|are|was|that|which|who|since|until|till|up to|about|than|as"
    r"|it|its|their|his|her|my|our|your|also|just|still"
    r"|(?:since|from|at|around|about|by|before|after|until|till|for|in|on|every)\s+(?:the\s+)?"
    rf"(?:last\s+)?(?:~|about\s+|around\s+)?{_TIME}"
    rf"|(?:on|since|from|until|till|by|as of)\s+{_DATE}"
    r"|\d[\d:.,]*\s*(?:%|h|am|pm|min|minutes|days?|hours?|times))$",
    re.IGNORECASE,
)

# In characters. Loose words at the end are looked for here, so that a long text takes no longer.
_END: Final = 80


# A quotation mark at the edge of a word, unlike an apostrophe.
_LONE_QUOTE: Final = re.compile(r"(?<!\w)['’‘](?=\w)|(?<=\W)['’‘](?!\w)")
# An article or owner before what a title names: "the helpdesk", "my kernel".
_DETERMINER: Final = re.compile(
    r"(?:the|an?|my|our|your|his|her|their|its"
    r"|(?:this|these)(?!\s+(?:is|was|are|were|has|have|had|can\w*|could|did|do|will|would|should|may|might"
    r"|must|seems?|\w+s|\w+n't)\b))\s+(?=\w)",
    re.IGNORECASE,
)


def is_filler(text: str) -> bool:
    """Return whether a text holds nothing but marks and joining words."""
    plain = text.strip(_EDGE)
    return not plain or _JOINING.fullmatch(f"{plain} ") is not None


def strip_joining(text: str) -> str:
    """Return a clause without the words that join it to what was said before."""
    return _without(_JOINING, text)


def strip_frames(clause: str) -> str:
    """Return a clause without the frames of questions, wishes and reports at its start.

    A clause that asks how to do something starts with "how to".
    """
    text = clause
    while True:
        for frame in (_JOINING, *_FRAMES):
            if (rest := _without(frame, text)) != text:
                text = rest
                break
        else:
            break
    removed = clause[: len(clause) - len(text)]
    asks_how = _HOW.search(f"{removed.strip()} to" if text.startswith("to ") else removed)
    return f"how to {text.removeprefix('to ')}" if asks_how else text


def strip_determiner(text: str) -> str:
    """Return a phrase without an article or owner at its start."""
    return _without(_DETERMINER, text)


def strip_trailing(text: str) -> str:
    """Return a clause without times, courtesies and loose words at its end."""
    text = " ".join(text.split()).strip(_EDGE)
    while (cut := _TRAILING.search(text, max(0, len(text) - _END))) and cut.start() > 0:
        text = text[: cut.start()].strip(_EDGE)
    if len(marks := _LONE_QUOTE.findall(text)) == 1:
        text = text.replace(marks[0], "")
    if text.count("(") != text.count(")"):
        text = text.split("(")[0] if "(" in text else text.replace(")", "")
    return text.replace('"', "").strip(_EDGE)


def _without(frame: re.Pattern[str], text: str) -> str:
    """Return a text without a frame at its start; the text if nothing else is in it."""
    match = frame.match(text)
    rest = text[match.end() :].strip(_EDGE) if match else text
    return rest or text
