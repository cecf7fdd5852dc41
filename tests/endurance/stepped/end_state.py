"""The final state of the database and the channel, compared with the expected one."""

from collections import Counter
from collections.abc import Iterator, Mapping

from bot.domain.entries import Key, TeamId, UserId
from bot.domain.revisions import Content
from sandbox.seen import Message
from storage.store import Store
from tests.endurance.stepped.flows import WAITS, End, Team, proposals, told


def faults_of(store: Store, team: Team, key: str, end: End) -> list[str]:
    """Return every difference as text, for the entry with this key."""
    looked_at = (_stored(store, team, key, end), _seen(team, key, end), _cards(team, key, end))
    return [f"{key}: {one}" for faults in looked_at for one in faults]


def audit_faults(store: Store, team: Team) -> list[str]:
    """Check that every change has its row in the audit and that nothing was changed since then."""
    with store.read(_workspace(team)) as tx:
        fault = tx.audit.verify().fault
    return [] if fault is None else [f"the audit: {fault}"]


def _stored(store: Store, team: Team, key: str, end: End) -> Iterator[str]:
    parsed = Key.parse(key)
    assert parsed is not None
    with store.read(_workspace(team)) as tx:
        entry = tx.entries.get(parsed)
        assert entry is not None
        found = sorted(tx.proposals.of(entry.id, ended=True), key=lambda one: one.id)
        waiting = [
            draft
            for who in (team.ben, team.cleo)
            for draft in tx.form_drafts.waiting_for(UserId(who.id), 999)
        ]
        acts = Counter(one.action for one in tx.audit.acts(entry=parsed))
    number = max(end.announced, default=1)
    if entry.revision.number != number:
        yield f"revision {entry.revision.number} is in force instead of {number}"
    if entry.retired is not end.retired:
        yield f"retired is {entry.retired}"
    yield from _differing("in force", entry.content, end.says)
    if tuple(one.state for one in found) != end.states:
        yield f"proposals: {[one.state.value for one in found]}"
    elif found:
        yield from _differing("proposed", found[-1].revision.content, end.typed or end.says)
    for draft in waiting:
        if draft.entry == entry.id and draft.kept:
            yield f"a form is left unsaved: {draft.values}"
    for act, times in (("in_force", len(end.announced)), ("approved", len(end.announced))):
        if acts[act] != times:
            yield f"the audit has {acts[act]} rows of {act} instead of {times}"


def _seen(team: Team, key: str, end: End) -> Iterator[str]:
    said = team.hands.driver.messages(team.hands.channel)
    expected = {f"{key}@{number}": 1 for number in end.announced}
    for where, messages in (("the channel", said), ("Dan's messages", team.dan.dms())):
        times = Counter(one.text.split()[0] for one in messages if _announces(one, key))
        if times != expected:
            yield f"announced in {where}: {dict(times)}"
    asked = len(told(team.ben, key, WAITS))
    if asked != end.asked:
        yield f"Ben is asked {asked} times instead of {end.asked}"
    heard = [one.text for who in (team.ben, team.cleo) for one in who.ephemerals()]
    if end.answer and not any(end.answer.format(key) in one for one in heard):
        yield f"no one got the answer {end.answer.format(key)}"
    yield from (f"said of a change: {one}" for one in heard if f"{key} says the same" in one)


def _cards(team: Team, key: str, end: End) -> Iterator[str]:
    said = team.hands.driver.messages(team.hands.channel)
    cards = proposals(team, key)
    if len(cards) != len(end.cards):
        yield f"{len(cards)} cards of proposals instead of {len(end.cards)}"
    for card, words in zip(cards, end.cards, strict=False):
        if words not in card.words() or "Approve" in card.buttons():
            yield f"a card says {card.words()!r}"
    own = [one for one in said if one.words().startswith(f"{key}  ")]
    if len(own) != 1:
        yield f"{len(own)} cards of the entry"
    for words in end.says.values():
        if own and not end.retired and words not in own[0].words():
            yield f"its card says {own[0].words()!r}"


def _workspace(team: Team) -> TeamId:
    return TeamId(team.hands.driver.workspace()["team_id"])


def _announces(message: Message, key: str) -> bool:
    return message.text.startswith(f"{key}@") and (
        " is in force: " in message.text or " is retired: " in message.text
    )


def _differing(what: str, content: Content, says: Mapping[str, str]) -> Iterator[str]:
    for name, words in says.items():
        if content.text(name) != words:
            yield f"{what}, {name} is {content.text(name)!r}"
