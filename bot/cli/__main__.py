"""The `opslore` command: reads the environment and `.env`, and runs one subcommand."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final

from dotenv import find_dotenv, load_dotenv

from bot.cli.listen.options import add_options as add_listen_options
from bot.domain.errors import OpsloreError, UnavailableError

_COMMANDS: Final = {
    "run": "run the bot",
    "demo": "show Opslore at work, without a Slack account",
    "listen": "read a Slack export: what keeps coming back, who answers it, what to write down",
    "doctor": "check tokens, scopes, manifest, channels, database and schedule",
    "digest": "print what each channel's digest would say now",
    "audit": "verify the audit log, or list who did what",
    "redact": "remove a text, read from standard input, everywhere it is stored",
    "db": "bring the database up to date, or back it up",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    arguments = _parser().parse_args(argv)
    load_dotenv(find_dotenv(usecwd=True))
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except OpsloreError as error:
        print(error.user_text, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader closed the pipe, as `head` does. Python must not flush the rest into it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="opslore", description="A Slack bot that records how your team works."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run in (("run", _run), ("doctor", _doctor)):
        _add_command(commands, name).set_defaults(run=run)
    demo = _add_command(commands, "demo")
    demo.add_argument(
        "--exit", action="store_true", help="exit after the digest, also in a terminal"
    )
    demo.set_defaults(run=_demo)
    listen = _add_command(commands, "listen")
    add_listen_options(listen)
    listen.set_defaults(run=_listen)
    digest = _add_command(commands, "digest")
    digest.add_argument(
        "--dry-run", action="store_true", help="print it without posting or storing it"
    )
    digest.add_argument("--channel", help="the ID of one channel (default: all)")
    digest.set_defaults(run=_digest)
    _add_audit(_add_command(commands, "audit"))
    redact = _add_command(commands, "redact")
    redact.add_argument(
        "--why", required=True, help="the reason, for the audit log (without the text)"
    )
    redact.add_argument("--entry", help="only in this entry, like DEC-12 (default: everywhere)")
    redact.add_argument("--team", help="the ID of the workspace, if there are several")
    redact.add_argument(
        "--yes", action="store_true", help="redact it (default: only count the places)"
    )
    redact.set_defaults(run=_redact)
    db = _add_command(commands, "db")
    db.add_argument(
        "act",
        choices=("upgrade", "backup"),
        help="`upgrade` brings the tables up to date; `backup` copies a SQLite database",
    )
    db.add_argument("path", nargs="?", help="the file to write the backup to")
    db.set_defaults(run=_db)
    return parser


def _add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str
) -> argparse.ArgumentParser:
    words = _COMMANDS[name]
    return commands.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")


def _add_audit(audit: argparse.ArgumentParser) -> None:
    acts = audit.add_subparsers(required=True, metavar="COMMAND")
    verify = acts.add_parser("verify", help="find rows and acts that were changed by hand")
    verify.add_argument("--head", help="the hash of an act, which you noted earlier")
    verify.set_defaults(run=_audit_verify)
    listed = acts.add_parser("list", help="list who did what, and when")
    listed.add_argument("--entry", help="only acts on this entry, like DEC-12")
    listed.add_argument("--since", help="only acts since this date, like 2026-03-01 (UTC)")
    listed.add_argument("--actor", help="only acts of this user ID; `opslore` for jobs")
    listed.add_argument("--json", action="store_true", help="print one JSON object per line")
    listed.set_defaults(run=_audit_list)
    for act in (verify, listed):
        act.add_argument("--team", help="the ID of one workspace (default: all)")


# A command imports its modules when it runs, so that it doesn't slow down the start of the others.


def _run(_: argparse.Namespace) -> int:
    # Imports create no garbage, and collecting it would take a tenth of the start-up.
    gc.disable()
    from bot.cli.garbage import keep_imports
    from bot.cli.run import run
    from bot.settings import Settings

    keep_imports()
    gc.enable()
    return run(Settings.from_env(os.environ))


def _demo(arguments: argparse.Namespace) -> int:
    try:
        from bot.cli.demo import demo
    except ModuleNotFoundError as error:
        raise UnavailableError(
            f"The demo needs {error.name}. Install it with: pip install 'opslore[sandbox]'"
        ) from error
    return demo(stay=False if arguments.exit else None)


def _listen(arguments: argparse.Namespace) -> int:
    from bot.cli.listen.command import listen
    from bot.cli.listen.hearing import make_ear
    from bot.cli.listen.taking import open_taking

    with open_taking(arguments.into, os.environ, semantic=arguments.semantic) as taking:
        return listen(
            arguments,
            lambda entries, people: make_ear(entries, people, semantic=arguments.semantic),
            taking,
        )


def _doctor(_: argparse.Namespace) -> int:
    from bot.cli.doctor import doctor
    from bot.log import set_up

    # The doctor prints each fault with its fix, so the libraries' logs would only repeat it.
    set_up("CRITICAL", "text")
    return doctor(os.environ)


def _digest(arguments: argparse.Namespace) -> int:
    from bot.cli.digest import print_digests
    from bot.settings import Settings, SettingsError

    if not arguments.dry_run:
        raise SettingsError(
            "`opslore run` posts digests on schedule. To print them now, add `--dry-run`. "
            "To post one now, type `/lore digest now` in its channel."
        )
    return print_digests(Settings.from_env(os.environ), arguments.channel)


def _audit_verify(arguments: argparse.Namespace) -> int:
    from bot.cli.audit import verify
    from bot.settings import database_url

    return verify(database_url(os.environ), arguments.team, arguments.head)


def _audit_list(arguments: argparse.Namespace) -> int:
    from bot.cli.audit import print_acts
    from bot.settings import database_url

    return print_acts(
        database_url(os.environ),
        arguments.team,
        entry=arguments.entry,
        since=arguments.since,
        actor=arguments.actor,
        as_json=arguments.json,
    )


def _redact(arguments: argparse.Namespace) -> int:
    from bot.cli.redact import redact
    from bot.settings import database_url

    return redact(
        database_url(os.environ),
        team=arguments.team,
        entry=arguments.entry,
        why=arguments.why,
        sure=arguments.yes,
    )


def _db(arguments: argparse.Namespace) -> int:
    from bot.settings import database_url
    from storage.backup import backup
    from storage.migrate import upgrade

    url = database_url(os.environ)
    if arguments.act == "upgrade":
        upgrade(url)
        print("The database is up to date.")
    else:
        print(f"Backed up to {backup(url, arguments.path)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
