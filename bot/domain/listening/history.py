"""The threads heard so far, in memory."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import count, islice
from typing import Generic

from bot.domain.entries import UserId
from bot.domain.listening.placing import LATEST, Links, Thread, Threads
from bot.domain.listening.profiles import Ids, Profile


class History(Threads[Thread], Generic[Thread]):
    """Threads by their profiles, with an index of their terms, their links and groups."""

    def __init__(self) -> None:
        self._profiles: dict[Thread, Profile] = {}
        self._counts: Counter[int] = Counter()
        self._settled: Counter[UserId] = Counter()
        # The latest threads that have a term, by numbers, because these are hashed fastest.
        self._having: defaultdict[int, list[int]] = defaultdict(list)
        self._number_of: dict[Thread, int] = {}
        self._thread_of: dict[int, Thread] = {}
        self._numbers = count(1)
        self._begun: dict[Thread, datetime] = {}
        self._links: defaultdict[Thread, dict[Thread, float]] = defaultdict(dict)
        self._group: dict[Thread, int] = {}
        self._members: dict[int, list[Thread]] = {}
        self._last = 0

    @property
    def all_groups(self) -> Mapping[int, Sequence[Thread]]:
        """The threads of each group of two or more."""
        return self._members

    def replace(self, thread: Thread, profile: Profile) -> None:
        """Store a thread's profile, count its terms and its settler, and drop its links."""
        self.forget(thread)
        self._profiles[thread] = profile
        self._counts.update(profile.whole)
        self._settled[profile.settler] += 1
        self._begun[thread] = profile.at
        number = self._number_of[thread] = next(self._numbers)
        self._thread_of[number] = thread
        for term in profile.whole:
            having = self._having[term]
            having.append(number)
            del having[:-LATEST]

    def forget(self, thread: Thread) -> None:
        """Drop a thread's profile, counts and links; its group stays."""
        profile = self._profiles.pop(thread, None)
        if profile is not None:
            self._drop(thread, profile)
        for other in self._links.pop(thread, {}):
            del self._links[other][thread]

    def _drop(self, thread: Thread, profile: Profile) -> None:
        """Drop what is known of a thread by its terms."""
        self._counts.subtract(profile.whole)
        self._settled[profile.settler] -= 1
        number = self._number_of.pop(thread)
        del self._thread_of[number]
        for term in profile.whole:
            if not self._counts[term]:
                del self._counts[term]
            having = self._having[term]
            if number in having:
                having.remove(number)
            if not having:
                del self._having[term]

    def fade(self, thread: Thread) -> Sequence[Thread]:
        """Drop the profile of a thread that is too old to be compared.

        Return the threads that nothing regroups any more: the thread if it's alone, its whole
        group if all others faded before, and none otherwise.
        """
        profile = self._profiles.pop(thread, None)
        if profile is not None:
            self._drop(thread, profile)
        group = self._group.get(thread)
        together = [thread] if group is None else self._members[group]
        return together if self._profiles.keys().isdisjoint(together) else []

    def remove(self, threads: Collection[Thread]) -> None:
        """Remove threads that faded, with their links and their group."""
        for thread in threads:
            self._members.pop(self._group.pop(thread, 0), None)
            self._begun.pop(thread, None)
            for other in self._links.pop(thread, {}):
                del self._links[other][thread]

    def counts(self, *parts: Collection[int]) -> tuple[int, Mapping[int, int]]:  # noqa: ARG002 - a database returns only these
        """Return how many threads there are, and in how many of them each term occurs."""
        return len(self._profiles), self._counts

    def settled(self, users: Collection[UserId]) -> Mapping[UserId, int]:  # noqa: ARG002 - as above
        """Return how many threads each person settled."""
        return self._settled

    def sharing(self, terms: Mapping[int, float], since: datetime, most: int) -> list[Thread]:
        """Return the threads with the largest weight of terms in common, heaviest first."""
        weights: dict[int, float] = {}
        weight_of = weights.get
        for term, weight in terms.items():
            for number in self._having.get(term, ()):
                weights[number] = weight_of(number, 0.0) + weight
        heaviest = sorted(weights, key=weights.__getitem__, reverse=True)
        threads = map(self._thread_of.__getitem__, heaviest)
        recent = (thread for thread in threads if self._profiles[thread].at >= since)
        return list(islice(recent, most))

    def wholes(self, threads: Collection[Thread]) -> Mapping[Thread, Ids]:
        """Return all terms of each thread."""
        return {thread: self._profiles[thread].whole for thread in threads}

    def profiles(self, threads: Collection[Thread]) -> Mapping[Thread, Profile]:
        """Return the profile of each thread."""
        return {thread: self._profiles[thread] for thread in threads if thread in self._profiles}

    def link(self, thread: Thread, likely: Mapping[Thread, float]) -> None:
        """Store how likely a thread is about the same matter as others."""
        for other, value in likely.items():
            self._links[thread][other] = self._links[other][thread] = value

    def links(self, threads: Collection[Thread]) -> Links[Thread]:  # noqa: ARG002 - as above
        """Return the links of each thread."""
        return self._links

    def groups(self, threads: Collection[Thread]) -> Mapping[Thread, int]:
        """Return the group of each thread that is in one with others."""
        return {thread: self._group[thread] for thread in threads if thread in self._group}

    def members(self, groups: Collection[int]) -> Mapping[int, Sequence[Thread]]:
        """Return the threads of each group, in the order in which they began."""
        return {group: self._members[group] for group in groups}

    def closed(self, groups: Collection[int]) -> Collection[int]:  # noqa: ARG002 - no one settles gaps here
        """Return no group: people settle gaps only in the running bot."""
        return ()

    def regroup(self, parts: Sequence[tuple[int | None, Sequence[Thread]]]) -> Mapping[Thread, int]:
        """Store new groups, `None` for one without a number yet; return each thread's number."""
        for thread in [thread for _, part in parts for thread in part]:
            group = self._group.pop(thread, None)
            self._members.pop(group or 0, None)
        changed: dict[Thread, int] = {}
        for number, part in parts:
            if len(part) > 1:
                if number is None:
                    self._last += 1
                group = self._last if number is None else number
                self._members[group] = sorted(part, key=self._begun.__getitem__)
                changed.update(dict.fromkeys(part, group))
        self._group.update(changed)
        return changed
