"""A text is embedded once, as long as the cache remembers it."""

from collections.abc import Sequence

from bot.domain.embedding import Embedding, cosine
from bot.embedding.cache import EmbeddingCache


class Counting:
    """An embedder that counts the texts it gets."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        self.texts += texts
        return [(1.0, 0.0) if text < "m" else (0.0, 1.0) for text in texts]


def test_a_text_is_embedded_once() -> None:
    embedder = Counting()
    embeddings = EmbeddingCache(embedder)
    assert embeddings.count_missing(["a", "z"]) == 2

    [first, far] = embeddings.embed(["a", "z"])
    [second] = embeddings.embed(["a"])

    assert embedder.texts == ["a", "z"]
    assert embeddings.count_missing(["a", "b"]) == 1
    assert cosine(first, second) > 0.99 > cosine(first, far)


def test_the_oldest_texts_are_forgotten() -> None:
    embedder = Counting()
    embeddings = EmbeddingCache(embedder, most=2)
    embeddings.embed(["a", "b"])
    embeddings.embed(["a", "c"])

    assert embeddings.count_missing(["a", "b", "c"]) == 1
