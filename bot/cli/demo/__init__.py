"""`opslore demo`: sandbox and bot as two processes, a real chat, and the digest made of it."""

from bot.cli.demo.show import demo

__all__ = ["demo"]
