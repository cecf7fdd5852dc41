"""Sentence embeddings, for the parts that listen; see `bot.domain.embedding`."""

from bot.domain.embedding import Embedder, Embedding, cosine, pack, unpack

__all__ = ["Embedder", "Embedding", "cosine", "pack", "unpack"]
