"""The imports of the bot before Slack says hello. `python -m tests.bench starting` measures it."""

import subprocess
import sys
from typing import Final

# Each takes long to import. They are for PostgreSQL, HTTP mode, upgrades, jobs, texts, secrets and
# drafts of entries.
_LATER: Final = (
    "alembic",
    "apscheduler",
    "bot.domain.listening.drafts",
    "bot.domain.listening.levels",
    "bot.domain.listening.titles",
    "detect_secrets",
    "jinja2",
    "numpy",
    "onnxruntime",
    "psycopg",
    "sqlalchemy.dialects.postgresql",
    "waitress",
)
_LOADED: Final = f"""
import sys, bot.cli.run
print(*(module for module in {_LATER} if module in sys.modules))
"""


def test_a_start_on_sqlite_imports_nothing_that_only_others_need() -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _LOADED], check=True, capture_output=True, text=True
    )

    assert done.stdout.split() == []
