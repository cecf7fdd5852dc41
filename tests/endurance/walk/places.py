"""Channels that removed the bot, or were archived, deleted, renamed, or given another id."""

from typing import Final

from sandbox.forms import View
from sandbox.seen import Channel, Message
from tests.endurance.walk.stage import ROLLBACK, RULE, ActionRefusedError, Walk

_INVITE: Final = "/invite @Opslore"
_WANTS_A_PLACE: Final = ("record", "share DEC-1", "watch", "watch on", "digest now")


def places(walk: Walk) -> None:
    """Check a channel's data, and the messages in it and about it, after each change."""
    walk.without_review()
    _removed(walk)
    for private in (False, True):
        _archived(walk, private=private)
        _left(walk, private=private)
        _deleted(walk, private=private)
    _renumbered(walk)
    _renamed(walk)
    _owner_left(walk)


def uninstalled(walk: Walk) -> None:
    """Check that an uninstalled bot sends nothing, stays up, and shuts down cleanly."""
    walk.driver.fail("chat.postMessage", "ratelimited", times=1, retry_after=3)
    walk.save(walk.form(walk.ana, "/lore record decision"), {"Title": "Too late", RULE: "We wait."})
    walk.until(lambda: walk.driver.calls("chat.postMessage")[1:])  # after its greeting
    walk.driver.uninstall()
    # It is logged once for everything that still waits, because none of it can ever be sent.
    walk.alarms.add("token_not_accepted")
    walk.until(lambda: {"app_uninstalled", "tokens_revoked"} <= _taken(walk))
    walk.saw("app_uninstalled and tokens_revoked", "acknowledged")
    for word in ("uninstalled", "tokens_revoked"):
        walk.until(lambda each=word: each in walk.bot.said())  # type: ignore[misc] # bound now
        walk.saw(f"the log says {word}", _lines(walk, word)[0])
    walk.until(lambda: _lines(walk, "token_not_accepted"))
    walk.saw("a card that was still waiting", _lines(walk, "token_not_accepted")[0])
    walk.settled()
    posts = len(walk.driver.messages(walk.ops))
    try:
        walk.ana.slash(walk.ops, "/lore help")
    except ActionRefusedError as refused:
        walk.saw("/lore after uninstalling, Slack's answer", refused)
    else:
        raise AssertionError("a command of an app that was removed")
    walk.ana.say(walk.ops, ROLLBACK)
    walk.settled()
    assert walk.bot.running
    page = walk.bot.page("/healthz")
    assert page is not None
    assert page.status_code == 200, page.text
    walk.saw("/healthz after uninstalling", f"{page.status_code} {page.text}")
    assert len(walk.driver.messages(walk.ops)) == posts + 1, "it still posts"
    walk.saw("the channel after uninstalling", "only messages by people")
    assert walk.bot.stop() == 0
    walk.saw("shut down", "status 0")


def _taken(walk: Walk) -> set[str]:
    return {each["type"] for each in walk.driver.deliveries() if each["acked"]}


def _lines(walk: Walk, word: str) -> list[str]:
    return [line for line in walk.bot.said().splitlines() if word in line]


def _removed(walk: Walk) -> None:
    place = _place(walk, "removed")
    card = _recorded(walk, place, "Roll back in removed")
    root = walk.ana.say(place, "Who restarts the gateway?")
    open_form = walk.form(walk.ana, "/lore record decision", channel=place)
    key = card.text.partition("@")[0]
    walk.driver.remove_bot(place)
    for line in _WANTS_A_PLACE:
        answer = walk.ask(walk.ana, f"/lore {line.replace('DEC-1', key)}", _INVITE, channel=place)
        assert answer.view is None
        walk.saw(f"/lore {line} where it was removed", answer.words())
    for line in (key, "find roll back", f"history {key}"):
        walk.saw(
            f"/lore {line} where it was removed",
            walk.ask(walk.ana, f"/lore {line}", key, channel=place).words(),
        )
    walk.save(open_form, {"Title": "Saved too late for a card", RULE: "We wait."})
    walk.saw("form saved then", walk.told(walk.ana, "is saved, but its card").words())
    before = len(walk.ben.ephemerals(place))
    walk.press(walk.ben, "History", card)
    [said] = walk.until(lambda: walk.ben.ephemerals(place)[before:])
    assert "recorded by ana" in said.words()
    walk.saw("History of a card there", said.words())
    walk.press(walk.ben, "Still accurate", card)
    walk.saw("Still accurate of a card there", walk.told(walk.ben, "is still accurate").words())
    before = len(walk.ana.dms())
    assert not isinstance(walk.ana.shortcut("Record this thread", place, root, seconds=0), View)
    walk.saw("shortcut there", _direct(walk, before, "can't record an entry here", _INVITE))
    walk.driver.invite_bot(place, by=walk.ana)
    _listens(walk, place, "invited again")


def _archived(walk: Walk, *, private: bool) -> None:
    kind = "private" if private else "public"
    place = _place(walk, f"archived-{kind}", private=private)
    card = _recorded(walk, place, f"Roll back in archived {kind}")
    key = card.text.partition("@")[0]
    walk.driver.archive(place)
    walk.saw(
        f"show of an archived {kind} channel's",
        walk.ask(walk.ana, f"/lore {key}", "due: its channel is archived").words(),
    )
    walk.save(walk.form(walk.ana, f"/lore edit {key}"), {RULE: "We roll forward."})
    walk.saw(f"edit then ({kind})", walk.told(walk.ana, f"{key}@2 is in force").words())
    walk.settled()
    walk.driver.unarchive(place)
    _listens(walk, place, f"{kind} channel brought back")
    shown = walk.ask(walk.ana, f"/lore {key}", "revision 2", "We roll forward.").words()
    assert "its channel is archived" not in shown, shown
    walk.saw(f"entry of a {kind} channel brought back", shown)
    again = walk.arrives("We roll forward.", "revision 2", "Use it", channel=place)
    assert again.ts == card.ts
    walk.saw("its card there", again.words())


def _left(walk: Walk, *, private: bool) -> None:
    kind = "private" if private else "public"
    place = _place(walk, f"left-{kind}", private=private)
    card = _recorded(walk, place, f"Roll back in left {kind}")
    walk.driver.remove_bot(place)
    walk.until(lambda: ("group_left" if private else "channel_left") in _taken(walk))
    walk.ask(walk.ana, "/lore watch", _INVITE, channel=place)
    _seen_by_dan(walk, f"left {kind}", card, private=private)


def _deleted(walk: Walk, *, private: bool) -> None:
    kind = "private" if private else "public"
    place = _place(walk, f"deleted-{kind}", private=private)
    card = _recorded(walk, place, f"Roll back in deleted {kind}")
    form = walk.form(walk.ana, "/lore record decision", channel=place)
    walk.driver.delete_channel(place)
    walk.until(lambda: ("group_deleted" if private else "channel_deleted") in _taken(walk))
    before = len(walk.ana.dms())
    walk.save(form, {"Title": f"Saved for a deleted {kind}", RULE: "We wait."})
    words = _direct(walk, before, "is saved, but its card", "channel not found")
    walk.saw(f"form saved for a deleted {kind} channel", words)
    _seen_by_dan(walk, f"deleted {kind}", card, private=private)


def _seen_by_dan(walk: Walk, which: str, card: Message, *, private: bool) -> None:
    """Check that the channel's entries have the same readers as before, and no others."""
    key = card.text.partition("@")[0]
    words = f"There is no {key} that you can see" if private else f"Roll back in {which}"
    answer = walk.ask(walk.dan, f"/lore {key}", words)
    found = walk.ask(walk.dan, f"/lore find roll back {which}").words()
    assert (f"Roll back in {which}" in found) is not private, found
    walk.saw(f"entry of a {which} channel, for someone else", answer.words())


def _renumbered(walk: Walk) -> None:
    place = _place(walk, "moving")
    card = _recorded(walk, place, "Roll back in moving")
    key = card.text.partition("@")[0]
    moved = Channel(walk.driver.change_channel_id(place), "moving")
    walk.ask(walk.ana, "/lore find moving", key, channel=moved)
    walk.save(walk.form(walk.ana, f"/lore edit {key}", channel=moved), {RULE: "We roll forward."})
    again = walk.arrives("Roll back in moving", "revision 2", "We roll forward.", channel=moved)
    assert again.ts == card.ts
    walk.saw("card in a channel with another id", again.words())
    _listens(walk, moved, "another id")


def _renamed(walk: Walk) -> None:
    place = _place(walk, "old-name")
    _recorded(walk, place, "Roll back in renamed")
    walk.driver.rename_channel(place, "new-name")
    _recorded(walk, place, "Roll forward in renamed")
    walk.ask(walk.ana, "/lore watch", "#new-name", "2 entries", channel=place)
    _listens(walk, place, "renamed")


def _owner_left(walk: Walk) -> None:
    place = _place(walk, "owners")
    _recorded(walk, place, "Roll back in owners")
    walk.driver.leave(walk.ana, place)
    walk.until(lambda: "member_left_channel" in _taken(walk))
    walk.ask(walk.ben, "/lore digest now", "on its way", channel=place)
    digest = walk.arrives("Owner gone", "Roll back in owners", channel=place)
    walk.saw("owner who left the channel", digest.words())
    walk.press(walk.ben, "Take over", digest)
    struck = walk.arrives("Owner changed by ben", channel=place)
    walk.saw("Take over", struck.words())


def _direct(walk: Walk, before: int, *parts: str) -> str:
    """Return Ana's direct message that contains these words. The first `before` don't count."""

    def look() -> list[str]:
        said = [each.words() for each in walk.ana.dms()[before:]]
        return [words for words in said if all(part in words for part in parts)]

    return walk.until(look)[0]


def _place(walk: Walk, name: str, *, private: bool = False) -> Channel:
    place = walk.driver.channel(name, private=private, members=[walk.ana, walk.ben])
    walk.driver.invite_bot(place, by=walk.ana)
    walk.arrives("Opslore", channel=place)
    return place


def _recorded(walk: Walk, place: Channel, title: str) -> Message:
    view = walk.form(walk.ana, "/lore record decision", channel=place)
    walk.save(view, {"Title": title, RULE: "We roll back."})
    return walk.card(title, place)


def _listens(walk: Walk, place: Channel, how: str) -> None:
    words = walk.ask(walk.ana, "/lore watch", "listening", channel=place).words()
    assert "not listening" not in words, words
    walk.saw(f"/lore watch: {how}", words)
