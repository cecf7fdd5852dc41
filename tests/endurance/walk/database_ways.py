"""Ways to break a database from outside the bot, each with its repair."""

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, make_url, text

from tests.endurance.walk.stage import Walk
from tests.support.processes import BotProcess

Mend = Callable[[], None]
Breaks = Callable[[Walk], Mend]
Ways = Mapping[str, Breaks]

_MIB: Final = 1024 * 1024
_SIZES: Final = {"sqlite": 32, "postgresql": 96}


@contextmanager
def small_disk(kind: str, owner: str = "root") -> Iterator[Path | None]:
    """Mount a separate file system, so that no other is filled; None if mounting isn't allowed."""
    place = Path(tempfile.mkdtemp(prefix="opslore-disk-"))
    place.chmod(0o755)
    disk = place / "disk"
    disk.mkdir()
    try:
        user = pwd.getpwnam(owner).pw_uid
        options = f"size={_SIZES[kind]}m,mode=0700,uid={user}"
        if os.geteuid() or not _did("mount", "-t", "tmpfs", "-o", options, "opslore", str(disk)):
            yield None
            return
        try:
            yield disk
        finally:
            assert _did("umount", str(disk)), f"{disk} is still in use"
    finally:
        shutil.rmtree(place)


def _did(*command: str) -> bool:
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - one of ours
    return done.returncode == 0


def _filled(disk: Path) -> Mend:
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (_MIB, 4096, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue
    return ballast.unlink


@contextmanager
def sqlite_ways(walk: Walk) -> Iterator[tuple[Walk, Ways]]:
    """Yield the ways, and a walk with its bot on a disk that can be filled."""
    with small_disk("sqlite") as disk:
        if disk is None:
            yield walk, {"locked": _sqlite_locked}
            return
        assert walk.bot.stop() == 0
        url = f"sqlite:///{disk}/opslore.db"
        moved = replace(walk, database_url=url, bot=BotProcess(walk.environment, url, walk.folder))
        try:
            moved.bot.start().until_ready()
            yield (
                moved,
                {
                    "locked": _sqlite_locked,
                    "full": lambda _: _filled(disk),
                    "read-only": lambda walk: _sqlite_read_only(walk, disk),
                },
            )
            assert moved.bot.stop() == 0, "it ended with another status than 0"
        finally:
            if moved.bot.running:
                moved.bot.kill()


def _sqlite_locked(walk: Walk) -> Mend:
    holder = sqlite3.connect(str(make_url(walk.database_url).database), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    def mend() -> None:
        holder.rollback()
        holder.close()

    return mend


def _sqlite_read_only(walk: Walk, disk: Path) -> Mend:
    """Remount the disk without the bot, since an open file would keep the disk writable."""
    walk.bot.kill()
    assert _did("mount", "-o", "remount,ro", str(disk))
    walk.bot.start().until_ready()

    def mend() -> None:
        walk.bot.stop()
        assert _did("mount", "-o", "remount,rw", str(disk))
        walk.bot.start().until_ready()

    return mend


@contextmanager
def postgresql_ways(walk: Walk) -> Iterator[tuple[Walk, Ways]]:
    """Yield the ways, and a walk with the bot's tables on a disk that can be filled."""
    ways = {"locked": _locked, "read-only": _read_only, "away": _away}
    owner = pwd.getpwuid(Path(_setting(walk, "data_directory")).stat().st_uid).pw_name
    name = make_url(walk.database_url).database
    with small_disk("postgresql", owner) as disk:
        if disk is None:
            yield walk, ways
            return
        assert walk.bot.stop() == 0
        _admin(walk, f"CREATE TABLESPACE small_{name} LOCATION '{disk}'")
        try:
            _admin(walk, f"ALTER DATABASE {name} SET TABLESPACE small_{name}")
            walk.bot.start().until_ready()
            yield walk, {"full": lambda _: _filled(disk), **ways}
            assert walk.bot.stop() == 0, "it ended with another status than 0"
        finally:
            if walk.bot.running:
                walk.bot.kill()
            _cut(walk)
            _admin(walk, f"ALTER DATABASE {name} SET TABLESPACE pg_default")
            _admin(walk, f"DROP TABLESPACE small_{name}")


def _locked(walk: Walk) -> Mend:
    """Lock every table in another session."""
    engine = create_engine(walk.database_url)
    holder = engine.connect()
    tables = holder.execute(
        text("SELECT string_agg(tablename, ', ') FROM pg_tables WHERE schemaname = 'public'")
    ).scalar_one()
    holder.execute(text(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE"))

    def mend() -> None:
        holder.close()
        engine.dispose()

    return mend


def _read_only(walk: Walk) -> Mend:
    name = make_url(walk.database_url).database
    _admin(walk, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    _cut(walk)
    # A connection being opened at that moment may have missed it.
    _cut(walk)

    def mend() -> None:
        _admin(walk, f"ALTER DATABASE {name} RESET default_transaction_read_only")
        _cut(walk)

    return mend


def _away(walk: Walk) -> Mend:
    """Cut the connections and let no new one in."""
    name = make_url(walk.database_url).database
    _admin(walk, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    _cut(walk)
    return lambda: _admin(walk, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def _cut(walk: Walk) -> None:
    name = make_url(walk.database_url).database
    _admin(
        walk,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "  # noqa: S608 - a name of ours
        f"WHERE datname = '{name}'",
    )


def _setting(walk: Walk, name: str) -> str:
    engine = create_engine(walk.database_url)
    with engine.connect() as connection:
        found = connection.execute(text(f"SHOW {name}")).scalar_one()
    engine.dispose()
    return str(found)


def _admin(walk: Walk, statement: str) -> None:
    url = make_url(walk.database_url).set(database="postgres")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as admin:
        admin.execute(text(statement))
    engine.dispose()
