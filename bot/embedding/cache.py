"""A cache of embeddings, in memory only: they are gone when the process ends."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Final

from bot.domain.embedding import Embedder, Embedding, pack, unpack

# An embedding takes about 600 bytes with its key, so all of them 30 MB.
MOST: Final = 50_000


class EmbeddingCache:
    """An `Embedder` that remembers the embeddings of the texts that it saw last."""

    def __init__(self, embedder: Embedder, most: int = MOST) -> None:
        self._embedder = embedder
        self._most = most
        # By the hash of the text, so that no text stays in memory for it.
        self._packed: OrderedDict[int, bytes] = OrderedDict()
        self._lock = Lock()

    def count_missing(self, texts: Sequence[str]) -> int:
        """Return how many of the texts would have to be embedded, about 10 ms each."""
        with self._lock:
            return sum(hash(text) not in self._packed for text in texts)

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        """Return one embedding for each text, in their order."""
        with self._lock:
            known = {text: self._packed.get(hash(text)) for text in texts}
        missing = [text for text, packed in known.items() if packed is None]
        new = dict(zip(missing, map(pack, self._embedder.embed(missing)), strict=True))
        complete = {text: packed or new[text] for text, packed in known.items()}
        with self._lock:
            for text, packed in complete.items():
                self._packed[hash(text)] = packed
                self._packed.move_to_end(hash(text))
            while len(self._packed) > self._most:
                self._packed.popitem(last=False)
        return [unpack(complete[text]) for text in texts]
