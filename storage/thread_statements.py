"""The statements of `storage.threads`.

They are built once, because building a statement takes longer than running it.
"""

from functools import cache
from typing import Any, Final

from sqlalchemy import BigInteger, Select, and_, bindparam, delete, func, select, union_all

from bot.domain.listening.placing import LATEST, SOUGHT_TERMS
from storage.aggregate import TEAM, insert, table_of
from storage.tables.listening import GapRow, ThreadLinkRow, ThreadRow, ThreadTermRow

ROOTS, TERMS = table_of(ThreadRow), table_of(ThreadTermRow)
LINKS, GAPS = table_of(ThreadLinkRow), table_of(GapRow)


def _of_threads(table: Any, *columns: Any) -> Select[Any]:  # noqa: ANN401 - a table and its columns
    return select(*columns).where(
        table.c.team_id == TEAM,
        table.c.channel == bindparam("channel"),
        table.c.thread_ts.in_(bindparam("threads", expanding=True)),
    )


WHOLES: Final = _of_threads(ROOTS, ROOTS.c.thread_ts, ROOTS.c.terms, ROOTS.c.at)
BEGUN: Final = _of_threads(ROOTS, ROOTS.c.thread_ts, ROOTS.c.at)
LIKELY: Final = _of_threads(LINKS, LINKS.c.thread_ts, LINKS.c.other_ts, LINKS.c.probability)
# A gap that was deleted because it was too old is still in its threads.
GROUPS: Final = _of_threads(ROOTS, ROOTS.c.thread_ts, ROOTS.c.gap_id).join(
    GAPS, and_(GAPS.c.team_id == ROOTS.c.team_id, GAPS.c.id == ROOTS.c.gap_id)
)
_OF_THREAD: Final = tuple(
    (
        table.c.team_id == TEAM,
        table.c.channel == bindparam("channel"),
        table.c.thread_ts == bindparam("thread"),
    )
    for table in (ROOTS, TERMS, LINKS)
)
COUNTED: Final = select(ROOTS.c.settler, ROOTS.c.terms).where(*_OF_THREAD[0])
FORGET_TERMS: Final = delete(TERMS).where(*_OF_THREAD[1])
LINKED: Final = select(LINKS.c.other_ts).where(*_OF_THREAD[2])
MEMBERS: Final = select(ROOTS.c.gap_id, ROOTS.c.thread_ts, ROOTS.c.at).where(
    ROOTS.c.team_id == TEAM,
    ROOTS.c.channel == bindparam("channel"),
    ROOTS.c.gap_id.in_(bindparam("gaps", expanding=True)),
)
# Weights are summed as whole numbers, whose sum is the same in any order. They are at most 1.
WHOLE: Final = 2**40


@cache
def store_thread(dialect: str) -> Any:  # noqa: ANN401 - an insert of either database
    """Insert a thread, or replace its terms and who settled it."""
    statement = insert(dialect, ThreadRow)
    new = {name: statement.excluded[name] for name in ("at", "settler", "terms")}
    keys = ["team_id", "channel", "thread_ts"]
    return statement.on_conflict_do_update(index_elements=keys, set_=new)


@cache
def store_links(dialect: str) -> Any:  # noqa: ANN401 - an insert of either database
    """Insert links, or replace how likely they are."""
    statement = insert(dialect, ThreadLinkRow)
    new = {name: statement.excluded[name] for name in ("probability", "at")}
    keys = ["team_id", "channel", "thread_ts", "other_ts"]
    return statement.on_conflict_do_update(index_elements=keys, set_=new)


@cache
def sharing(count: int) -> Any:  # noqa: ANN401 - a select
    """Select the threads that have most of so many terms, among the latest with each of them."""
    latest = [
        select(TERMS.c.thread_ts, TERMS.c.at)
        .where(
            TERMS.c.team_id == TEAM,
            TERMS.c.channel == bindparam("channel"),
            TERMS.c.term == bindparam(f"t{at}"),
            TERMS.c.at >= bindparam("since"),
        )
        .order_by(TERMS.c.at.desc())
        .limit(LATEST)
        .subquery()
        for at in range(min(count, SOUGHT_TERMS))
    ]
    parts = (
        select(part.c.thread_ts, part.c.at, bindparam(f"w{at}", type_=BigInteger).label("weight"))
        for at, part in enumerate(latest)
    )
    found = union_all(*parts).subquery()
    return (
        select(found.c.thread_ts)
        .group_by(found.c.thread_ts)
        .order_by(func.sum(found.c.weight).desc(), func.min(found.c.at), found.c.thread_ts)
        .limit(bindparam("most"))
    )
