"""The jobs that run every minute. Due times are rows in the database."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.deps import Deps
from bot.domain.errors import UnavailableError
from bot.usecases.review.digest import build_due_digests, plan_missing_digests
from bot.usecases.review.due_reasons import list_homes, update_due_reasons
from bot.usecases.review.nudges import build_due_nudges, plan_nudges
from bot.usecases.settings.channel_list import Directory, refresh_channels
from bot.usecases.upkeep.duties import do_duty
from bot.usecases.upkeep.retention import forget_old

log = logging.getLogger(__name__)

# Jobs run every minute. One process does the rarer duties for all.
_MINUTE: Final = 60
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


def scheduler(deps: Deps) -> BackgroundScheduler:
    """Return the scheduler of the jobs, not started yet. It stores nothing itself."""
    made = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
    soon = _scheduler_time() + timedelta(seconds=1)
    for job in (look_hourly, post_digests, send_nudges, forget_daily):
        # However late, a missed run starts at once.
        made.add_job(
            job,
            IntervalTrigger(seconds=_MINUTE),
            args=(deps,),
            misfire_grace_time=None,
            next_run_time=soon,
        )
    # Slack sends no events for what happened while this process was down.
    made.add_job(meet, DateTrigger(soon), args=(deps,), misfire_grace_time=None)
    return made


def hurry(jobs: BackgroundScheduler) -> None:
    """Run every job at once, then every minute as before."""
    for job in jobs.get_jobs():
        job.modify(next_run_time=_scheduler_time())


def meet(deps: Deps) -> None:
    """Update what Opslore knows about channels from Slack."""
    try:
        directory = Directory(mine=deps.people.mine, describe=deps.people.describe)
        refresh_channels(deps.store, deps.team, directory, now=deps.now())
    except UnavailableError as error:
        log.warning("channels_not_compared", extra={"why": type(error.__cause__).__name__})


def look_hourly(deps: Deps) -> None:
    """Run `look_around` if no process did within the last hour."""
    _do(deps, "look_around", look_around, _HOUR)


def look_around(deps: Deps) -> bool:
    """Update what Opslore knows about channels and people from Slack, and plan nudges.

    Returns whether Slack and the database answered.
    """
    try:
        directory = Directory(mine=deps.people.mine, describe=deps.people.describe)
        refresh_channels(deps.store, deps.team, directory, now=deps.now())
        known = deps.find_readers(list_homes(deps.store, deps.team))
        # This finds deactivations too. Their event, `user_change`, also comes with every status.
        update_due_reasons(
            deps.store,
            deps.team,
            describe=known,
            describe_afresh=deps.find_reader_uncached,
            now=deps.now(),
        )
        plan_nudges(deps.store, deps.team, describe=known, now=deps.now())
    except UnavailableError as error:
        log.warning("channels_not_compared", extra={"why": type(error.__cause__).__name__})
        return False
    return True


def post_digests(deps: Deps) -> None:
    """Plan the next digest of each channel, and build those whose time has come."""
    try:
        plan_missing_digests(deps.store, deps.team, now=deps.now())
        built = build_due_digests(deps.store, deps.team, describe=deps.find_reader, now=deps.now())
        for digest in built:
            log.info("digest_built", extra={"team": deps.team, "digest": digest})
        if built:
            deps.wake()
    except UnavailableError as error:
        log.warning("digests_not_looked_at", extra={"why": type(error.__cause__).__name__})


def send_nudges(deps: Deps) -> None:
    """Build the nudges whose time has come."""
    try:
        built = build_due_nudges(deps.store, deps.team, describe=deps.find_reader, now=deps.now())
        for nudge in built:
            log.info("nudge_built", extra={"team": deps.team, "nudge": nudge})
        if built:
            deps.wake()
    except UnavailableError as error:
        log.warning("nudges_not_looked_at", extra={"why": type(error.__cause__).__name__})


def forget_daily(deps: Deps) -> None:
    """Run `forget` if no process did within the last day."""
    _do(deps, "forget", forget, _DAY)


def forget(deps: Deps) -> bool:
    """Delete the rows that prevent repetition, once nothing can be repeated.

    Returns whether the database answered.
    """
    try:
        forget_old(deps.store, deps.team, now=deps.now())
    except UnavailableError as error:
        log.warning("not_forgotten", extra={"why": type(error.__cause__).__name__})
        return False
    return True


def _do(deps: Deps, name: str, duty: Callable[[Deps], bool], every: timedelta) -> None:
    try:
        do_duty(deps.store, deps.team, name, lambda: duty(deps), every=every, now=deps.now())
    except UnavailableError as error:
        log.warning("duty_not_done", extra={"duty": name, "why": type(error.__cause__).__name__})


def _scheduler_time() -> datetime:
    """Return the machine's time. APScheduler uses it even if `deps.now` is another clock."""
    return datetime.now(UTC)  # noqa: TID251 - as said
