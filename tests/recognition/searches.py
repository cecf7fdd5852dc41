"""The searches that ranking is learned from and judged by: entries, and questions with answers."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from bot.domain.embedding import Embedder
from bot.domain.ranking import Document, EntryText, mend, read_document
from bot.domain.search_terms import split_words

DATA: Final = Path(__file__).parent / "data"
TEAMS: Final = ("harbor", "parcel", "ledger", "ward")
RUNBOOKS: Final = "runbooks"
# More searches over the teams' entries, in other words, that nothing is learned from.
CHECK: Final = "search_check.json"
_MAIN: Final = {
    "decision": ("trigger", "rule"),
    "handoff": ("trigger", "payload"),
    "escalation": ("condition", "levels"),
}
# The titles of pages that don't say what they are about; their path does.
_EMPTY_TITLES: Final = {"Symptoms", "Reason", "Steps to check", "Troubleshooting", "Quick start"}
_NAME: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-_/]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A question, and the keys of the entries that answer it; none if nothing does."""

    question: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The entries of one team, and the searches over them."""

    name: str
    texts: Mapping[str, EntryText]
    searches: tuple[Search, ...]

    @property
    def words(self) -> Counter[str]:
        """The words of all entries, each with how often it occurs."""
        return Counter(
            part
            for text in self.texts.values()
            for passage in text.passages
            for _, parts in split_words(passage)
            for part in parts
        )

    def documents(self, embedder: Embedder | None) -> list[Document]:
        """Return the entries as search compares them."""
        return [read_document(key, text, embedder) for key, text in self.texts.items()]

    def mended(self) -> tuple[Search, ...]:
        """Return the searches with their slips mended."""
        words = self.words
        return tuple(
            Search(question=mend(search.question, words), answers=search.answers)
            for search in self.searches
        )


@cache
def load(name: str, other_queries: str | None = None) -> Library:
    """Return the library of a team, or of the runbooks. `other_queries`: a file of searches."""
    library = _load_runbooks() if name == RUNBOOKS else _load_team(name)
    if other_queries is None:
        return library
    rows = json.loads((DATA / other_queries).read_text())[name]
    return replace(library, searches=tuple(_read_searches(rows)))


def entry_text(entry: Mapping[str, Any]) -> EntryText:
    """Return the text of an entry as the data hold it, by field."""
    fields = {name: flatten(value) for name, value in entry["fields"].items()}
    trigger, rule = _MAIN[entry["kind"]]
    other = (value for name, value in fields.items() if name not in (trigger, rule, "severity"))
    return EntryText(
        title=entry["title"],
        trigger=fields.get(trigger, ""),
        rule=fields.get(rule, ""),
        other="\n".join(other),
    )


def flatten(value: object) -> str:
    """Return the text of a value: a text, or a list or mapping of values."""
    if isinstance(value, Mapping):
        return " ".join(map(flatten, value.values()))
    if isinstance(value, list):
        return "\n".join(map(flatten, value))
    return str(value)


def _load_team(name: str) -> Library:
    folder = DATA / "ops-chat" / name
    entries = json.loads((folder / "entries.json").read_text())
    queries = json.loads((folder / "queries.json").read_text())
    return Library(
        name=name,
        texts={entry["key"]: entry_text(entry) for entry in entries},
        searches=tuple(_read_searches(queries)),
    )


def _read_searches(rows: Iterable[Mapping[str, Any]]) -> Iterable[Search]:
    for row in rows:
        answers = frozenset([row["answer"]] if row["answer"] else [])
        yield Search(question=row["q"], answers=answers)


def _load_runbooks() -> Library:
    with gzip.open(DATA / "runbooks.jsonl.gz", "rt") as file:
        pages = [json.loads(line) for line in file]
    queries = json.loads((DATA / "runbook_queries.json").read_text())
    return Library(
        name=RUNBOOKS,
        texts=dict(_read_pages(pages)),
        searches=tuple(
            Search(question=it["q"], answers=frozenset(it["answers"])) for it in queries
        ),
    )


def _read_pages(pages: Iterable[Mapping[str, str]]) -> Iterable[tuple[str, EntryText]]:
    for page in pages:
        name = _NAME.sub(" ", page["id"].split(":", 1)[1].split("/", 1)[-1])
        title = page["title"]
        says_it = title in _EMPTY_TITLES or title.replace(" ", "").lower() in page["id"].lower()
        text = re.sub(r"https?://\S+", "", page["text"])
        yield (
            page["id"],
            EntryText(
                title=name if says_it else f"{title} {name}",
                trigger=text[:500],
                rule=text[500:1500],
                other=text[1500:],
            ),
        )
