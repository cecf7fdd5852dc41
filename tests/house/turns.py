"""Count the turns of phrase that make a reader stop, in all that people read in this project.

`python -m tests.house.turns [FOLDER]` prints each of them, and how many there are in 10,000 words.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDERS: Final = ("bot", "storage", "sandbox", "templates", "tests", "docs", ".")
# A sentence whose subject is a clause. Questions begin the same way and are fine.
_CLAUSE: Final = re.compile(
    r"(?:^|(?<=[.!?:;]\s)|(?<=[-*|(]\s))(?:(?:Of|To|For|From|By|With) )?"
    r"(?:What|Who|Whom|Whose|Whoever|whom|what|whose)\b[^.!?]*(?:[.!]|$)"
)
_TURNS: Final = re.compile(
    r"\b(?:anew|meanwhile|(?-i:is none|are none)|bears|leads? on|leaves? word|(?:its|the) mend|"
    r"one who|those who|whoever|whomever|nobody|by now|can not|besides|thereof|therein)\b"
    r"|\bstands?\b(?! (?:for|in)\b|-)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_CODE: Final = re.compile(r"`[^`]*`|```.*?```|https?://\S+", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn of phrase, and where it is."""

    path: Path
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The turns in the texts of a folder, and how many words these texts have."""

    turns: tuple[Turn, ...]
    words: int


def count(folder: str) -> Count:
    """Count the turns and words below a folder of the project; `.` is its top level alone."""
    found, words = [], 0
    for path, line, text in texts(ROOT / folder if folder != "." else ROOT):
        words += len(_WORD.findall(text))
        found += [Turn(path=path, line=line, words=turn) for turn in turns(text)]
    return Count(turns=tuple(found), words=words)


def texts(folder: Path) -> Iterator[tuple[Path, int, str]]:
    """Yield each docstring, comment, template text and paragraph, with its file and line."""
    for path in sorted(folder.rglob("*") if folder != ROOT else folder.glob("*.md")):
        if "__pycache__" in path.parts or "vendor" in path.parts or not path.is_file():
            continue
        if path.suffix == ".py":
            yield from ((path, line, text) for line, text in _of_python(path))
        elif path.suffix == ".md":
            yield from ((path, line, text) for line, text in _of_markdown(path))
        elif path.suffix == ".j2":
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                for text in re.findall(r'"([^"]* [^"]*)"|\{#(.*?)#\}', line):
                    yield path, number, " ".join(text)


def turns(text: str) -> list[str]:
    """Return the turns in a text, without what is code in it."""
    plain = " ".join(_CODE.sub("x", text).split())
    return [found[0][:60] for found in (*_CLAUSE.finditer(plain), *_TURNS.finditer(plain))]


def _of_python(path: Path) -> Iterator[tuple[int, str]]:
    source = path.read_text("utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(
            node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ) and (text := ast.get_docstring(node)):
            yield getattr(node, "lineno", 1), text
    block: list[str] = []
    first = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            first = first if block else token.start[0]
            block.append(token.string.lstrip("# "))
        elif block and token.type not in (tokenize.NL, tokenize.NEWLINE):
            yield first, " ".join(block)
            block = []
    if block:
        yield first, " ".join(block)


def _of_markdown(path: Path) -> Iterator[tuple[int, str]]:
    number = 1
    for paragraph in re.split(
        r"(\n\s*\n)", re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    ):
        if paragraph.strip():
            yield number, paragraph
        number += paragraph.count("\n")


def main(folders: list[str]) -> None:
    """Print the turns in these folders, or in all."""
    counted = [count(folder) for folder in folders or FOLDERS]
    found = [turn for each in counted for turn in each.turns]
    words = sum(each.words for each in counted)
    print(*found, sep="\n")
    print(f"{len(found)} in {words} words: {10_000 * len(found) / words:.1f} in 10,000")


if __name__ == "__main__":
    main(sys.argv[1:])
