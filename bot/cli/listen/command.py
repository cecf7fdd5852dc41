"""`opslore listen`: read an export, let the listener hear it, and write the results."""

import sys
from argparse import Namespace
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bot.cli.listen.entries import RecordedEntry, read_entries, read_queries
from bot.cli.listen.heard import Ear
from bot.cli.listen.interrupt import interruptible
from bot.cli.listen.page import write_page
from bot.cli.listen.progress import Progress
from bot.cli.listen.reading import Heard, Period, hear_export
from bot.cli.listen.report import Results, make_report
from bot.cli.listen.results import (
    check_folder,
    matter_line,
    message_line,
    search_line,
    write_lines,
    written,
)
from bot.cli.listen.taking import Taking, describe
from bot.cli.listen.tally import Tally
from bot.cli.listen.wording import count
from bot.domain.errors import InvalidInputError
from bot.slack.export.faults import Faults
from bot.slack.export.people import People
from bot.slack.export.reading import Export, open_export

_PAGE: Final = "opslore-report.html"
_INTERRUPTED: Final = 130  # the exit status of a command that Ctrl-C ended
_DAY: Final = timedelta(days=1)
_FAULTS: Final = 10  # that are printed; the page has more

# Makes the listener for the entries that are recorded and the people of an export.
MakeEar = Callable[[Sequence[RecordedEntry], People], Ear]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """The files to write; None for one that isn't wanted."""

    page: Path
    json: Path | None
    search: Path | None


def listen(options: Namespace, make_ear: MakeEar, taking: Taking | None = None) -> int:
    """Read the export and write the page and the other files. Return the exit status.

    `taking`: takes the gaps over into the database of a workspace.

    Raises:
        InvalidInputError: an option, or a file that it names, is wrong; nothing was written.
    """
    outputs, period = _outputs(options), Period(since=options.since, until=options.until)
    entries = read_entries(options.entries) if options.entries else ()
    queries = read_queries(options.queries) if options.queries else ()
    channels = _channels(options.channels)
    with open_export(options.export, wanted=_wanted(channels, period)) as export:
        _require_channels(channels, export)
        if taking:
            taking.check(export.people)
        ear = make_ear(entries, export.people)
        heard = _hear(export, ear, period)
        results = Results(
            heard=heard,
            tally=_write_messages(ear, outputs.json),
            matters=ear.matters(),
            entries=len(entries),
        )
        if outputs.search:
            with written(outputs.search) as file:
                write_lines(file, (search_line(ear, query) for query in queries))
        with written(outputs.page) as file:
            write_page(make_report(options.export.name, export, results), file)
        _say_faults(export)
        print(f"The page is {outputs.page}. It opens in a browser and needs no network.")
        if not heard.is_complete:
            return _INTERRUPTED
        return _take_over(export, period, taking) if taking else 0


def _take_over(export: Export, period: Period, taking: Taking) -> int:
    """Take the gaps over, and say what was taken. Return the exit status."""
    # Its faults were named when it was read.
    again = replace(export, faults=Faults())
    with interruptible() as interrupt:
        account = taking.take(again, period, interrupt)
    for line in describe(taking, account, export.channel_names):
        print(line)
    return 0 if account.is_complete else _INTERRUPTED


def _outputs(options: Namespace) -> Outputs:
    if bool(options.queries) != bool(options.search):
        raise InvalidInputError("--queries and --search belong together: name both files.")
    outputs = Outputs(
        page=options.html or options.export.absolute().parent / _PAGE,
        json=options.json,
        search=options.search,
    )
    taken = {path.resolve() for path in (options.export, options.entries, options.queries) if path}
    for path in (outputs.page, outputs.json, outputs.search):
        if path is None:
            continue
        check_folder(path)
        if path.resolve() in taken:
            raise InvalidInputError(f"{path} is named twice. Name another file to write.")
        taken.add(path.resolve())
    return outputs


def _channels(text: str | None) -> frozenset[str]:
    names = (name.strip().removeprefix("#") for name in (text or "").split(","))
    return frozenset(name for name in names if name)


def _wanted(channels: frozenset[str], period: Period) -> Callable[[str, date], bool]:
    """Return whether to open a channel's file of a day, which is a day in its own time zone."""

    def is_wanted(channel: str, day: date) -> bool:
        near = (day - _DAY, day, day + _DAY)
        return (not channels or channel in channels) and any(map(period.includes, near))

    return is_wanted


def _require_channels(channels: frozenset[str], export: Export) -> None:
    if missing := sorted(channels - set(export.layout.channels)):
        raise InvalidInputError(
            f"No chat was found in {', '.join(missing)}. Check --channels, --since and --until."
        )


def _hear(export: Export, ear: Ear, period: Period) -> Heard:
    progress = Progress(total=sum(map(export.size, export.layout.days)))
    with interruptible() as interrupt:
        heard = hear_export(export, ear, period=period, interrupt=interrupt, progress=progress)
        if heard.messages == 0:
            _say_faults(export)
            raise InvalidInputError("It holds no message that a person wrote in this time.")
        progress.say(f"Read {heard.messages:,} messages. Looking for what came back.")
        ear.finish()
    return heard


def _write_messages(ear: Ear, path: Path | None) -> Tally:
    """Count the verdicts, and write a line for each and for each matter if there is a path."""
    tally = Tally()
    verdicts = tally.watch(ear.verdicts())
    if path is None:
        deque(verdicts, maxlen=0)
        return tally
    with written(path) as file:
        write_lines(file, map(message_line, verdicts))
        write_lines(file, map(matter_line, ear.matters()))
    return tally


def _say_faults(export: Export) -> None:
    faults = export.faults
    if not faults.total:
        return
    print(f"{count(faults.total, 'fault')} in the export, skipped:", file=sys.stderr)
    for fault in faults.shown[:_FAULTS]:
        print(f"  {fault}", file=sys.stderr)
    if faults.total > _FAULTS:
        print(f"  and {faults.total - _FAULTS:,} more", file=sys.stderr)
