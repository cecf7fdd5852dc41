"""`opslore doctor`: what stands between Opslore and its work, and the mend of each fault."""

from bot.cli.doctor.examine import doctor

__all__ = ["doctor"]
