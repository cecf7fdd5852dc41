"""`opslore demo`: a sandbox and a bot with a real chat, up to the digest."""

from bot.cli.demo.show import demo

__all__ = ["demo"]
