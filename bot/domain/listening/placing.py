"""Placing a thread among the others: find similar ones, and group those near it again."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, Protocol, TypeVar

from bot.domain.entries import UserId
from bot.domain.listening.grouping import KEPT, NEAR, group_threads
from bot.domain.listening.likeness import Likeness, People, cosine
from bot.domain.listening.models import Models
from bot.domain.listening.profiles import Ids, Profile
from bot.domain.listening.rarity import Rarities, Rarity

Thread = TypeVar("Thread", bound=Hashable)
Links = Mapping[Thread, Mapping[Thread, float]]

# A thread is looked up by the rarest of its terms that others have, too, among the latest threads
# that have them. The rarest terms of all are of no use: in a long thread no other has them.
SOUGHT_TERMS: Final = 24
LATEST: Final = 150
# Of the threads found, those with the most weight in common are compared as a whole, and the most
# similar of these in full. More of either changed nothing in measurements.
COMPARED: Final = 40
CANDIDATES: Final = 16
# A matter that doesn't come back within this time isn't a routine.
REMEMBERED: Final = timedelta(days=120)


class Threads(Protocol[Thread]):
    """The threads heard so far: in memory, or in a database."""

    def replace(self, thread: Thread, profile: Profile) -> None:
        """Store a thread's profile, count its terms and its settler, and drop its links."""

    def counts(self, *parts: Collection[int]) -> tuple[int, Mapping[int, int]]:
        """Return how many threads there are, and in how many of them each term of parts occurs.

        The mapping is the same one each time, so it may have other terms too.
        """

    def settled(self, users: Collection[UserId]) -> Mapping[UserId, int]:
        """Return how many threads each person settled."""

    def sharing(self, terms: Mapping[int, float], since: datetime, most: int) -> list[Thread]:
        """Return the threads with the largest weight of terms in common, heaviest first."""

    def wholes(self, threads: Collection[Thread]) -> Mapping[Thread, Ids]:
        """Return all terms of each thread."""

    def profiles(self, threads: Collection[Thread]) -> Mapping[Thread, Profile]:
        """Return the profile of each thread."""

    def link(self, thread: Thread, likely: Mapping[Thread, float]) -> None:
        """Store how likely a thread is about the same matter as others."""

    def links(self, threads: Collection[Thread]) -> Links[Thread]:
        """Return the links of each thread."""

    def groups(self, threads: Collection[Thread]) -> Mapping[Thread, int]:
        """Return the group of each thread that is in one with others."""

    def members(self, groups: Collection[int]) -> Mapping[int, Sequence[Thread]]:
        """Return the threads of each group, in the order in which they began."""

    def closed(self, groups: Collection[int]) -> Collection[int]:
        """Return those of the groups whose matter was settled by a person, so they don't change."""

    def regroup(self, parts: Sequence[tuple[int | None, Sequence[Thread]]]) -> Mapping[Thread, int]:
        """Store new groups, `None` for one without a number yet; return each thread's number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placer(Generic[Thread]):
    """Places threads by the models. `join`: the mean likelihood from which groups are joined."""

    threads: Threads[Thread]
    rarity: Rarity
    models: Models
    join: float

    def place(self, thread: Thread, profile: Profile) -> Mapping[Thread, int]:
        """Store a thread, group those near it again, and return the groups that changed."""
        self.threads.replace(thread, profile)
        likely = self._likely(thread, profile)
        self.threads.link(thread, likely)
        near = [other for other, value in likely.items() if value >= NEAR]
        return self._regroup(thread, near)

    def _likely(self, thread: Thread, profile: Profile) -> dict[Thread, float]:
        total, counts = self.threads.counts(profile.whole)
        rarity = self.rarity.among(total, counts)
        shared = [term for term in profile.whole if counts.get(term, 0) > 1]
        candidates = self._candidates(thread, profile, rarity, shared)
        profiles = self.threads.profiles(candidates)
        self._count(one.whole for one in profiles.values())
        users = {profile.settler, *(other.settler for other in profiles.values())}
        likeness = Likeness(
            models=self.models,
            rarity=rarity,
            people=People(self.threads.settled(users), total),
        )
        likely = {
            other: likeness.probability(profile, profiles[other])
            for other in candidates
            if other in profiles
        }
        return {other: value for other, value in likely.items() if value >= KEPT}

    def _candidates(
        self, thread: Thread, profile: Profile, rarity: Rarities, shared: Sequence[int]
    ) -> list[Thread]:
        """Return the earlier threads that have most in common with a profile.

        `shared`: its terms that other threads have, too.
        """
        rarest = sorted(shared, key=lambda term: (-rarity[term], term))[:SOUGHT_TERMS]
        weights = {term: rarity[term] ** 2 for term in rarest}
        since = profile.at - REMEMBERED
        found = [
            other for other in self.threads.sharing(weights, since, COMPARED + 1) if other != thread
        ]
        wholes = self.threads.wholes(found)
        self._count(wholes.values())
        whole = {other: cosine(profile.whole, terms, rarity) for other, terms in wholes.items()}
        ranked = sorted(whole, key=whole.__getitem__, reverse=True)
        return ranked[:CANDIDATES]

    def _count(self, wholes: Iterable[Ids]) -> None:
        """Let the terms of threads be counted in the mapping that the rarities have."""
        self.threads.counts(*wholes)

    def _regroup(self, thread: Thread, near: Sequence[Thread]) -> Mapping[Thread, int]:
        """Group a thread and the groups of the threads near it again."""
        before = self.threads.groups([*near, thread])
        touched = sorted(set(before.values()))
        closed = set(self.threads.closed(touched)) if touched else set()
        if before.get(thread) in closed:
            return {}
        members = self.threads.members(touched) if touched else {}
        links = self.threads.links([thread]) if closed else {}
        for group in sorted(closed):
            likely = [links.get(thread, {}).get(other, 0.0) for other in members[group]]
            if sum(likely) / len(likely) >= self.join:
                return self.threads.regroup([(group, [*members[group], thread])])
        old = {other: group for group in touched for other in members[group] if group not in closed}
        alone = [other for other in near if other not in before]
        pool = list(dict.fromkeys([*old, *alone, thread]))
        if len(pool) == 1 and not before:
            return {}
        parts = group_threads(pool, self.threads.links(pool), self.join)
        return self.threads.regroup(list(_numbered(parts, old)))


def _numbered(
    parts: Iterable[Sequence[Thread]], old: Mapping[Thread, int]
) -> Iterable[tuple[int | None, Sequence[Thread]]]:
    """Yield each part with the number of the old group that most of it was in, if it's free."""
    taken: set[int] = set()
    for part in sorted(parts, key=len, reverse=True):
        votes = Counter(old[thread] for thread in part if thread in old)
        ranked = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
        number = next((group for group, _ in ranked if group not in taken), None)
        if len(part) == 1:
            number = None
        elif number is not None:
            taken.add(number)
        yield number, part
