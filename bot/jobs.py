"""APScheduler's ticks; a job is a listener whose event is the minute. Due times are rows."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.deps import Deps
from bot.domain.errors import UnavailableError
from bot.usecases.causes import look_for_causes
from bot.usecases.channel_list import Directory, meet_channels
from bot.usecases.digest import build_due_digests, plan_digests
from bot.usecases.nudges import build_due_nudges, plan_nudges
from bot.usecases.upkeep import forget_old

log = logging.getLogger(__name__)

_MINUTE: Final = 60
_HOUR: Final = 3_600
_DAY: Final = 86_400


def scheduler(deps: Deps) -> BackgroundScheduler:
    """The jobs, not yet started. It stores nothing: what is due stands in the database."""
    made = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
    duties = (
        (look_around, _HOUR),
        (post_digests, _MINUTE),
        (send_nudges, _MINUTE),
        (forget, _DAY),
    )
    for job, seconds in duties:
        # A run that was missed is made up for at once, however late.
        made.add_job(
            job,
            IntervalTrigger(seconds=seconds),
            args=(deps,),
            misfire_grace_time=None,
            # By the machine's clock, whatever the bot's own says.
            next_run_time=datetime.now(UTC) + timedelta(seconds=1),
        )
    return made


def hurry(jobs: BackgroundScheduler) -> None:
    """Run every job at once; from there on they tick as before."""
    for job in jobs.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))


def look_around(deps: Deps) -> None:
    """Compare what Opslore knows of channels and people with what Slack says, and plan nudges."""
    try:
        directory = Directory(deps.people.mine, deps.people.describe)
        meet_channels(deps.store, deps.team, directory, now=deps.now())
        known = deps.known_unhurried
        # A deactivation is not listened for: its event, `user_change`, comes with every status.
        look_for_causes(
            deps.store, deps.team, known=known, afresh=deps.known_afresh, now=deps.now()
        )
        plan_nudges(deps.store, deps.team, known=known, now=deps.now())
    except UnavailableError as error:
        log.warning("channels_not_compared", extra={"why": type(error.__cause__).__name__})


def post_digests(deps: Deps) -> None:
    """Plan the next digest of each channel, and build those whose time has come."""
    try:
        plan_digests(deps.store, deps.team, now=deps.now())
        built = build_due_digests(deps.store, deps.team, known=deps.known, now=deps.now())
        for digest in built:
            log.info("digest_built", extra={"team": deps.team, "digest": digest})
        if built:
            deps.wake()
    except UnavailableError as error:
        log.warning("digests_not_looked_at", extra={"why": type(error.__cause__).__name__})


def send_nudges(deps: Deps) -> None:
    """Build the nudges whose time has come."""
    try:
        built = build_due_nudges(deps.store, deps.team, known=deps.known, now=deps.now())
        for nudge in built:
            log.info("nudge_built", extra={"team": deps.team, "nudge": nudge})
        if built:
            deps.wake()
    except UnavailableError as error:
        log.warning("nudges_not_looked_at", extra={"why": type(error.__cause__).__name__})


def forget(deps: Deps) -> None:
    """Drop what is only kept against repetition, once nothing can repeat it any more."""
    try:
        forget_old(deps.store, deps.team, now=deps.now())
    except UnavailableError as error:
        log.warning("not_forgotten", extra={"why": type(error.__cause__).__name__})
