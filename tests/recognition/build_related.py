"""Build the table of related words: `python -m tests.recognition.build_related`.

Needs the extras `semantic` and `train`. Takes the words of the model's vocabulary, embeds each
alone, takes away what all have in common, and keeps the nearest others of each stem.
"""

from array import array
from pathlib import Path
from typing import Final
from zlib import compress

import numpy as np

import bot.domain
from bot.domain.related import NEAREST, TABLE
from bot.domain.stemming import stem
from bot.embedding import load_embedder
from bot.embedding.pieces import load_vocabulary

LEAST: Final = 0.35  # a lower likeness is chance
SHORTEST: Final = 3  # letters of a word


def main() -> None:
    """Write the table beside `bot.domain.related`."""
    embedder = load_embedder()
    if embedder is None:
        raise SystemExit("Install the extra first: pip install -e '.[semantic,train]'.")
    first: dict[str, str] = {}  # the vocabulary is sorted by frequency
    for word in load_vocabulary():
        if word.isascii() and word.isalpha() and len(word) >= SHORTEST:
            first.setdefault(stem(word), word)
    vectors = np.array(embedder.embed(list(first.values())), dtype=np.float32)
    vectors -= vectors.mean(axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    nearest, likeness = array("H"), bytearray()
    for place in range(len(vectors)):
        near = vectors @ vectors[place]
        near[place] = -1
        best = np.argsort(-near)[:NEAREST]
        nearest.extend(int(other) for other in best)
        likeness.extend(int(near[o] * 255) if near[o] >= LEAST else 0 for o in best)
    stems = "\n".join(first).encode()
    data = len(stems).to_bytes(4, "little") + stems + nearest.tobytes() + bytes(likeness)
    path = Path(next(iter(bot.domain.__path__))) / TABLE
    path.write_bytes(compress(data, 9))
    print(f"{len(first):,} stems, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
