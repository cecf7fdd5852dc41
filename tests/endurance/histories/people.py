"""The people of a random history, the texts they type, and the strategies that draw them."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from bot.domain.approval import ApprovalPolicy
from bot.domain.entries import ChannelId, UserId
from bot.domain.visibility import Person

OPS, SECRET = ChannelId("C-ops"), ChannelId("C-secret")
PEOPLE: Final = {
    person.name: person
    for person in (
        Person(id=UserId("U-ana"), name="ana", admin=True),
        Person(id=UserId("U-ben"), name="ben"),
        Person(id=UserId("U-cleo"), name="cleo"),
        Person(id=UserId("U-dan"), name="dan"),
        Person(id=UserId("U-gil"), name="gil", guest=True),
        Person(id=UserId("U-eve"), name="eve", stranger=True),
    )
}
MEMBERS: Final = ("ana", "ben", "cleo", "dan")
POLICIES: Final = (
    ApprovalPolicy(),
    ApprovalPolicy(approvals=2),
    ApprovalPolicy(self_approval=True),
    ApprovalPolicy(on=False),
)
MOST_ENTRIES: Final = 4

# Texts to redact. The first is shorter than the mark, so a redaction makes a long title longer.
# After a redaction, the last one leaves an invalid address.
ERASABLE: Final = ("Ozzy", "Kowalska", "Anna Smith", "https://wiki")
_TEXTS: Final = (None, "Call Ozzy.", "Call Kowalska.", "Call Anna Smith.", "Drain the node.")
# A text field, and texts that people type there.
TYPED: Final[dict[str, tuple[Any, ...]]] = {
    "title": ("Roll back", "Wait for Kowalska", "Ozzy " + "o" * 143),
    "trigger": _TEXTS,
    "rule": _TEXTS[1:],
    "condition": _TEXTS[1:],
    "runbook": (None, "https://wiki.example/ozzy", "https://runs.example/Kowalska"),
    "tags": (None, ["disk"], ["disk", "anna-smith"]),
    "owner": tuple(PEOPLE[name].id for name in MEMBERS),
    "backup": (None, *(PEOPLE[name].id for name in MEMBERS)),
    "raises": (None, "ESC-1", "ESC-2"),
    "levels": (None, [{"whom": [PEOPLE["ana"].id], "wait": 10}]),
}
WORDS: Final = ("kowalska", "ozzy", "drain", "disk", "back")

# Most acts are by people who are allowed to do them.
who_ = st.sampled_from((*MEMBERS, *MEMBERS, "gil", "eve"))
any_ = st.integers(0, 23)
changes_ = st.dictionaries(st.sampled_from(sorted(TYPED)), any_, min_size=0, max_size=3)
notes_ = st.sampled_from(("", "Said Kowalska.", "It failed once."))
comments_ = st.sampled_from(("Say why.", "Not without Ozzy."))
