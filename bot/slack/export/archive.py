"""The files of an export: a zip file, or the folder that it was unpacked to.

Nothing is unpacked to the disk, so a file's name can't lead anywhere. Nothing is read beyond a
limit, so a file that grows when it's unpacked can't fill the memory.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from bot.domain.errors import InvalidInputError

# Bytes of one file. The chat of a busy channel's day takes a hundredth of this.
LARGEST: Final = 64 << 20
_MEGABYTE: Final = 1 << 20
# Zip stores the mode of a Unix file in the upper half.
_MODE_BITS: Final = 16
# Slack packs in these ways. Others unpack a block as a whole, whatever its size.
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class UnreadableError(Exception):
    """A file of the export can't be read; the text says why."""


class Archive(Protocol):
    """The files of an export. `sizes`: the bytes that each takes on the disk, by its name."""

    sizes: Mapping[str, int]

    def read(self, name: str) -> bytes:
        """Return the content of a file.

        Raises:
            UnreadableError: it's damaged, encrypted, too large or gone.
        """
        ...


@contextmanager
def open_archive(path: Path, *, largest: int = LARGEST) -> Iterator[Archive]:
    """Open a zip file or a folder. `largest`: the bytes of a file that is still read.

    Raises:
        InvalidInputError: the path is neither.
    """
    if path.is_dir():
        yield _Folder(path, largest)
        return
    try:
        opened = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise InvalidInputError(f"There is no file {path}.") from error
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InvalidInputError(
            f"{path} can't be read as a zip file ({error}). Name the zip file that Slack gave you, "
            "or the folder that you unpacked it to."
        ) from error
    with opened:
        yield _Zip(opened, largest)


class _Zip:
    """The files of a zip file."""

    def __init__(self, opened: zipfile.ZipFile, largest: int) -> None:
        self._opened, self._largest = opened, largest
        self.sizes: Mapping[str, int] = {
            info.filename: info.compress_size
            for info in opened.infolist()
            if not info.is_dir() and not stat.S_ISLNK(info.external_attr >> _MODE_BITS)
        }

    def read(self, name: str) -> bytes:
        if self._opened.getinfo(name).compress_type not in _METHODS:
            raise UnreadableError("it's packed in a way that Slack doesn't use")
        try:
            # The sizes that a zip file states may be wrong, so the limit is kept while reading.
            with self._opened.open(name) as file:
                content = file.read(self._largest + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise UnreadableError(f"it's damaged ({error})") from error
        except (RuntimeError, NotImplementedError) as error:
            raise UnreadableError(f"it can't be unpacked ({error})") from error
        return _checked(content, self._largest)


@dataclass(frozen=True, slots=True)
class _FolderFile:
    path: Path
    size: int


class _Folder:
    """The files below a folder. Links are left out, because they may lead out of it."""

    def __init__(self, folder: Path, largest: int) -> None:
        self._largest = largest
        self._files = {
            path.relative_to(folder).as_posix(): _FolderFile(path, path.stat().st_size)
            for path in _files_below(folder)
        }
        self.sizes: Mapping[str, int] = {name: file.size for name, file in self._files.items()}

    def read(self, name: str) -> bytes:
        try:
            with self._files[name].path.open("rb") as file:
                content = file.read(self._largest + 1)
        except (OSError, KeyError) as error:
            raise UnreadableError(f"it can't be opened ({error})") from error
        return _checked(content, self._largest)


def _files_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            yield from (file for file in sorted(path.iterdir()) if _is_plain(file))
        elif path.is_file():
            yield path


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _checked(content: bytes, largest: int) -> bytes:
    if len(content) > largest:
        raise UnreadableError(f"it's larger than {largest // _MEGABYTE} MB")
    return content
