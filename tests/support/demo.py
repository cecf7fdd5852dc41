"""The demo as tests start it."""

from bot.cli.demo.processes import Launch
from sandbox import Timing

# On a busy machine the bot may take longer than Slack waits, which says nothing of it.
PATIENT_LAUNCH = Launch(slack=Timing(ack_seconds=60, trigger_seconds=60), start_seconds=120)
