"""Running the checks, in the order in which to fix their faults."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from slack_sdk import WebClient

from bot.cli.doctor.findings import Finding, Verdict, fault, fine, format_findings
from bot.cli.doctor.installation import check_database, check_manifest, check_schedule
from bot.cli.doctor.known import Known
from bot.cli.doctor.slack import check_app_token, check_bot_token, check_channels
from bot.settings import SLACK_API, Mode, Settings, SettingsError, api_url, database_url

_IN_ENVIRONMENT = (
    "Set it in the environment, or in a file `.env` in the folder where you start `opslore`."
)


def doctor(
    env: Mapping[str, str],
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    manifest: Path | None = None,
) -> int:
    """Check everything that Opslore needs and print a line per check. Return 1 if there is a fault.

    It changes nothing in Slack or in the database, and raises nothing. `manifest`: check this file
    instead of the manifest of the package.
    """
    findings = []
    for finding in _examine(env, now, manifest):
        print(format_findings([finding]), flush=True)
        findings.append(finding)
    faults = sum(finding.verdict is Verdict.FAULT for finding in findings)
    print(f"\n{faults or 'No'} fault{'' if faults == 1 else 's'}.")
    return 1 if faults else 0


def _examine(
    env: Mapping[str, str], now: Callable[[], datetime], manifest: Path | None
) -> Iterator[Finding]:
    yield from _safely("environment", lambda: _environment(env))
    known = Known()
    client = WebClient(
        token=env.get("SLACK_BOT_TOKEN", "").strip(),
        base_url=api_url(env),
        timeout=10,
        retry_handlers=[],
    )
    yield from _safely("bot token", lambda: check_bot_token(client, known))
    app_token = env.get("SLACK_APP_TOKEN", "").strip()
    yield from _safely("app token", lambda: check_app_token(client, app_token, known, env))
    yield from _safely("manifest", lambda: check_manifest(manifest))
    yield from _safely("channels", lambda: check_channels(client, known))
    url = database_url(env)
    yield from _safely("database", lambda: check_database(url, known))
    yield from _safely("schedule", lambda: check_schedule(url, known, now()))


def _safely(check: str, look: Callable[[], list[Finding]]) -> list[Finding]:
    """Run a check, and report an error in it as a finding too."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - the user needs a diagnosis, not a traceback
        return [
            fault(
                check,
                f"The check itself failed: {type(error).__name__}: {str(error)[:200]}",
                "Fix the faults above first. If this check still fails, report it with this line.",
            )
        ]


def _environment(env: Mapping[str, str]) -> list[Finding]:
    try:
        settings = Settings.from_env(env)
    except SettingsError as error:
        return [_settings_fault(line) for line in error.user_text.splitlines()]
    if settings.mode is Mode.SOCKET:
        seen = "Socket Mode"
    else:
        seen = (
            f"HTTP mode, listening on {settings.host}:{settings.port}; point Slack's request URLs "
            "to /slack/events there"
        )
    if settings.slack_api_url != SLACK_API:
        seen += f"; the Web API is {settings.slack_api_url}"
    return [fine("environment", seen)]


def _settings_fault(line: str) -> Finding:
    """Return a fault of the settings: the first sentence is the fault, the rest is the fix."""
    problem, _, fix = line.partition(". ")
    return fault("environment", problem.rstrip(".") + ".", fix or _IN_ENVIRONMENT)
