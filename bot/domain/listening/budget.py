"""The budget of prompts: a rate per messages heard in a channel."""

from dataclasses import dataclass
from typing import Final, Self

# Prompts for each 100 messages that are heard in a channel, unless the workspace sets another.
PER_HUNDRED: Final = 3.0
# A quiet week saves up no more than this many prompts.
_MOST: Final = 3.0


@dataclass(frozen=True, slots=True)
class Budget:
    """The prompts that a channel may still be shown; a new channel may be shown one."""

    left: float = 1.0

    def hear(self, messages: int, per_hundred: float = PER_HUNDRED) -> Self:
        """Return the budget after so many messages."""
        return type(self)(min(_MOST, self.left + messages * per_hundred / 100))

    @property
    def allows(self) -> bool:
        """Whether a prompt may be shown."""
        return self.left >= 1

    def spend(self) -> Self:
        """Return the budget after a prompt."""
        return type(self)(self.left - 1)
