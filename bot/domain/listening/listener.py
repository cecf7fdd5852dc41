"""Listening to chat from its beginning to its end, in memory, as the running bot would."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heappop, heappush

from bot.domain.embedding import Embedder, pack
from bot.domain.entries import ChannelId
from bot.domain.listening import prompting
from bot.domain.listening.ahead import ReadAhead
from bot.domain.listening.asking import asking_probability
from bot.domain.listening.budget import PER_HUNDRED, Budget
from bot.domain.listening.conversation import Conversation, Said
from bot.domain.listening.coverage import Cover, Weights
from bot.domain.listening.covers import Covers
from bot.domain.listening.found_gap import FoundGap, rank_matter
from bot.domain.listening.heard import Heard, hear, name_stems
from bot.domain.listening.history import History
from bot.domain.listening.matters import (
    Occurrence,
    find_answerer,
    is_recurring,
    likelihoods_among,
    matter_probability,
)
from bot.domain.listening.models import Models, shipped_models
from bot.domain.listening.placing import Placer
from bot.domain.listening.profiles import make_profile
from bot.domain.listening.prompting import Candidate
from bot.domain.listening.rarity import Background, Rarity, shipped_background
from bot.domain.listening.threads import Archive, HeardThread, HeardThreads, MemoryArchive, Root
from bot.domain.listening.weighing import weigh_question
from bot.domain.ranking import EntryText
from bot.domain.recognition import Reading, read
from bot.domain.thread_evidence import ThreadEvidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The probabilities from which something is done.

    `named`: that an entry covers a thread whose messages name it; `named_message`: that it also
    covers the message. `covered`: as `named`, for the threads of a gap.
    """

    shown: float = prompting.SHOWN
    covered: float = prompting.COVERED
    named: float = 0.7
    named_message: float = 0.45
    doubtful: float = prompting.DOUBTFUL


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPrompt:
    """A prompt that the running bot would have shown. `gap`: the group of threads it is about."""

    candidate: Candidate
    root: Root
    at: datetime
    gap: int | None


class Listener:
    """Hears messages in the order of time, and groups, covers and prompts as the bot would."""

    def __init__(
        self,
        *,
        names: Collection[str] = (),
        entries: Mapping[str, EntryText] | None = None,
        embedder: Embedder | None = None,
        models: Models | None = None,
        background: Background | None = None,
        thresholds: Thresholds | None = None,
        cover_weights: Weights | None = None,
        archive: Archive | None = None,
    ) -> None:
        self._names = frozenset(names)
        self._stems = name_stems(names)
        self._embedder = embedder
        self._covers = Covers(entries or {}, embedder, cover_weights)
        self._models = shipped_models() if models is None else models
        self._bars = thresholds or Thresholds()
        self._history: History[Root] = History()
        self._rarity = Rarity(shipped_background() if background is None else background)
        self._placer = Placer(
            threads=self._history,
            rarity=self._rarity,
            models=self._models,
            join=prompting.JOIN if embedder is None else prompting.JOIN_BY_MEANING,
        )
        self._threads = HeardThreads(archive or MemoryArchive())
        self._cover_of: dict[Root, Cover] = {}
        # The gaps that nothing changes any more, and the threads that are in them.
        self._over: list[FoundGap] = []
        self._over_roots: set[Root] = set()
        self._settling: list[tuple[datetime, Root]] = []
        self._incidents: dict[ChannelId, datetime] = {}
        self._budgets: defaultdict[ChannelId, Budget] = defaultdict(Budget)
        self._asked: set[Root] = set()
        self.prompts: list[ShownPrompt] = []

    def hear(self, said: Said, ahead: ReadAhead | None = None) -> Reading:
        """Hear one message, settle the threads that are quiet by then, and return its reading.

        `ahead`: what was read in it already.
        """
        self._settle_until(said.at)
        self._forget_until(said.at)
        root = (said.channel, said.root)
        thread = self._threads.open(root, said.at)
        heard = self._read(said, thread, ahead)
        reading = heard.reading
        if reading.incident:
            self._incidents[said.channel] = said.at
        self._budgets[said.channel] = self._budgets[said.channel].hear(1, PER_HUNDRED)
        if root not in self._over_roots:
            thread.add(said, heard)
            thread.has_settled = False
            wait = prompting.QUIET * (not reading.closes)
            heappush(self._settling, (said.at + wait, root))
        return reading

    def _read(self, said: Said, thread: HeardThread, ahead: ReadAhead | None) -> Heard:
        if ahead is not None and ahead.before == len(thread.said):
            heard = ahead.heard
        else:
            # The process that reads ahead had forgotten the thread, or this listener has.
            heard = hear(said, read(said, thread.said), self._stems)
        if self._embedder is None:
            return heard
        return replace(heard, meaning=pack(self._embedder.embed([said.text])[0]))

    def finish(self) -> None:
        """Settle all threads, because nothing more will be heard."""
        self._settle_until(None)

    def covered_by(self, root: Root) -> Mapping[str, str]:
        """Return the key of the entry that covers a thread's messages, by their timestamps."""
        cover = self._agreed_cover(root)
        if cover is None or cover.probability < self._bars.named:
            return {}
        thread = self._threads[root]
        chances = self._covers.of_messages(self._conversation(thread), cover)
        return {
            said.ts: cover.key
            for said, chance in zip(thread.said, chances, strict=True)
            if chance >= self._bars.named_message
        }

    def gap_of(self, root: Root) -> int | None:
        """Return the number of the gap that a thread belongs to."""
        return self._gap_numbers().get(root)

    def gaps(self) -> list[FoundGap]:
        """Return the recurring matters, those that come up most first."""
        found = [gap for number in self._history.all_groups if (gap := self._gap(number))]
        return sorted([*self._over, *found], key=lambda gap: (-gap.rank * gap.probability, gap.id))

    def weigh(self, question: str) -> ThreadEvidence:
        """Return what the threads that were heard say about a question."""
        return weigh_question(question, self._history, self._covers_of, self._rarity)

    def _agreed_cover(self, root: Root) -> Cover | None:
        """Return the best cover of a thread, surer if others of its group agree."""
        cover = self._cover_of.get(root)
        group = self._history.groups([root]).get(root)
        if cover is None or group is None:
            return cover
        others = [other for other in self._history.members([group])[group] if other != root]
        return cover.agree(self._covers_of(others).values())

    def _covers_of(self, roots: Collection[Root]) -> Mapping[Root, Cover]:
        return {root: self._cover_of[root] for root in roots if root in self._cover_of}

    def _gap_numbers(self) -> Mapping[Root, int]:
        return {root: gap.id for gap in self.gaps() for root in gap.roots}

    def _gap(self, number: int) -> FoundGap | None:
        roots = self._history.all_groups[number]
        occurrences = self._occurrences(roots)
        if len(roots) < 2 or not is_recurring(occurrences):  # noqa: PLR2004 - it came back
            return None
        likelihoods = likelihoods_among(roots, self._history.links(roots))
        probability = matter_probability(self._models, occurrences, likelihoods)
        if probability < self._bars.shown:
            return None
        return FoundGap(
            id=number,
            roots=tuple(roots),
            probability=probability,
            rank=rank_matter(occurrences),
            answerer=find_answerer(occurrences),
            entry=self._covering(roots),
            named=self._names,
            threads=self._threads,
        )

    def _covering(self, roots: Collection[Root]) -> str | None:
        """Return the entry that covers most threads of a group."""
        covers = self._covers_of(roots).values()
        keys = Counter(cover.key for cover in covers if cover.probability >= self._bars.covered)
        most = max(keys, key=keys.__getitem__, default=None)
        return most if most is not None and 2 * keys[most] > len(roots) else None

    def _forget_until(self, now: datetime) -> None:
        """Drop what isn't needed of threads that are old, so that years of chat fit in memory."""
        self._threads.put_to_rest(now)
        for root in self._threads.pop_old(now):
            if root in self._over_roots:
                continue
            if unchanging := self._history.fade(root):
                self._end(unchanging)
            else:
                self._threads.remember(root, now)

    def _end(self, roots: Sequence[Root]) -> None:
        """Store the gap that threads are, or forget them, because nothing regroups them again."""
        group = self._history.groups(roots).get(roots[0])
        gap = None if group is None else self._gap(group)
        agreed = {root: cover for root in roots if (cover := self._agreed_cover(root))}
        self._history.remove(roots)
        self._cover_of.update(agreed)
        self._asked.difference_update(roots)
        if gap is not None:
            self._over.append(gap)
            self._over_roots.update(roots)
            return
        needless = [root for root in roots if not self.covered_by(root)]
        self._threads.forget(needless)
        for root in needless:
            self._cover_of.pop(root, None)

    def _settle_until(self, now: datetime | None) -> None:
        while self._settling and (now is None or self._settling[0][0] <= now):
            at, root = heappop(self._settling)
            thread = self._threads[root]
            last = thread.said[-1]
            is_quiet = at >= last.at + prompting.QUIET or thread.heard[-1].reading.closes
            if not thread.has_settled and is_quiet:
                thread.has_settled = True
                self._settle(root, thread, at)

    def _settle(self, root: Root, thread: HeardThread, now: datetime) -> None:
        if prompting.is_small_talk(thread.heard):
            return
        conversation = self._conversation(thread)
        self._set_cover(root, self._covers.find(conversation))
        self._covers.count(conversation)
        self._placer.place(root, make_profile(root[0], thread.heard))
        group = self._history.groups([root]).get(root)
        threads = [root] if group is None else self._history.members([group])[group]
        candidate = self._candidate(root, thread, threads, now)
        if candidate is None or not self._budgets[root[0]].allows:
            return
        self._budgets[root[0]] = self._budgets[root[0]].spend()
        self._asked.update(threads)
        self.prompts.append(ShownPrompt(candidate=candidate, root=root, at=now, gap=group))

    def _set_cover(self, root: Root, cover: Cover | None) -> None:
        if cover is None:
            self._cover_of.pop(root, None)
        else:
            self._cover_of[root] = cover

    def _candidate(
        self, root: Root, thread: HeardThread, group: Sequence[Root], now: datetime
    ) -> Candidate | None:
        """Return the best prompt about a thread that has just settled; None if none is worth it."""
        if prompting.hurts(thread.heard) or prompting.is_hot(self._incidents.get(root[0]), now):
            return None
        if self._asked.intersection(group):
            return None
        cover = self._cover_of.get(root)
        if cover is not None and cover.probability >= self._bars.doubtful:
            return None
        best = prompting.standing_rule(thread.heard)
        if len(group) > 1 and not self._was_covered(group):
            ordered = [*(other for other in group if other != root), root]
            occurrences = self._occurrences(ordered)
            likelihoods = likelihoods_among(ordered, self._history.links(ordered))
            comes_back = prompting.recurrence(
                occurrences,
                matter=matter_probability(self._models, occurrences, likelihoods),
                right=asking_probability(self._models, occurrences, likelihoods),
            )
            best = comes_back or best
        return best

    def _was_covered(self, roots: Sequence[Root]) -> bool:
        covers = self._covers_of(roots).values()
        return any(cover.probability >= self._bars.covered for cover in covers)

    def _occurrences(self, roots: Sequence[Root]) -> list[Occurrence]:
        return [Occurrence(messages=tuple(self._threads[root].heard)) for root in roots]

    def _conversation(self, thread: HeardThread) -> Conversation:
        return Conversation(messages=tuple(thread.said), named=self._names)
