"""`opslore doctor`: checking an installation, and saying how to fix each fault."""

from bot.cli.doctor.examine import doctor

__all__ = ["doctor"]
