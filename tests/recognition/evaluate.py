"""Evaluate listening, drafts and search: `make evaluate`.

Prints, from scratch and per team, with the team left out of all training and 90 % intervals: speech
acts, standing rules, gaps and prompts, drafts, what entries cover, and search; with and without
sentence embeddings. `python -m tests.recognition.evaluate RUST.jsonl` also trains on chat that we
may not ship. It takes some minutes. docs/recognition.md tells what the data are.
"""

import sys
from pathlib import Path

from bot.embedding import load_embedder
from tests.recognition import drafts, evaluate_listening, train_coverage, train_ranking
from tests.recognition.acts import measure_acts, render_figures
from tests.recognition.lesson import Lesson
from tests.recognition.train_listening import taught_by, train_without


def main(rust: Path | None) -> None:
    """Print all figures."""
    _title("Speech acts")
    sys.stdout.write(render_figures(measure_acts(rust)))
    recognizers = train_without(Lesson.prepare(rust), taught_by(rust))
    for embedder in (None, load_embedder()):
        _title(f"Gaps and prompts, {'with' if embedder else 'without'} embeddings")
        for figure in evaluate_listening.judge(
            evaluate_listening.listen_left_out(recognizers, embedder, rust)
        ):
            sys.stdout.write(f"{figure}\n")
    _title("Drafts, given the matters")
    drafts.main(recognizers)
    _title("What entries cover, without and with embeddings")
    train_coverage.main()
    _title("Search, without and with embeddings")
    train_ranking.main()


def _title(text: str) -> None:
    sys.stdout.write(f"\n{text}\n{'-' * len(text)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
