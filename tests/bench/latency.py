"""Time from a message to its acknowledgment and to its prompt; sandbox and bot are processes."""

import threading
import time
from collections.abc import Iterator
from typing import Final

from bot.cli.demo.chat import Chat
from bot.cli.demo.processes import Running, running
from tests.bench.figures import Figure, percentile

_PROMPT_RATE: Final = 50
_PROMPT_SECONDS: Final = 15
_ACK_RATE: Final = 500
_ACK_SECONDS: Final = 8
_CHANNELS: Final = 15
_WRITERS: Final = 60
_TEXTS: Final = [message.text for message in Chat.load().messages]
_DECIDES: Final = (
    "From now on we always drain a node before we reboot it, decided with the team {}."
)


def latency() -> Iterator[Figure]:
    """Measure prompts first, then acknowledgments, each at its own rate."""
    with running() as demo:
        yield from _prompts(demo)
    with running() as demo:
        yield from _acknowledgments(demo)


def _prompts(demo: Running) -> Iterator[Figure]:
    """Send chat at the prompt rate, and in it messages that prompt, each by another person."""
    driver = demo.driver
    people = [driver.person(f"w{number}") for number in range(_WRITERS)]
    # Someone else writes the chat, because it sometimes prompts too.
    talker = driver.person("talker")
    members = [*people, talker]
    channels = [driver.channel(f"c{number}", members=members) for number in range(_CHANNELS)]
    for channel in channels:
        driver.invite_bot(channel, by=people[0])
    demo.settle()
    talk = threading.Thread(
        target=driver.load,
        args=(channels[0], _PROMPT_RATE, _PROMPT_SECONDS, [talker], _TEXTS),
    )
    talk.start()
    said: dict[str, float] = {}
    gap = (_PROMPT_SECONDS - 2) / _WRITERS
    for number, person in enumerate(people):
        said[str(person)] = time.time()
        person.say(channels[number % _CHANNELS], _DECIDES.format(number), wait=False)
        time.sleep(gap)
    talk.join()
    demo.settle()
    prompts = [call for call in driver.calls("chat.postEphemeral") if call["args"]["user"] in said]
    waits = [(call["at"] - said[call["args"]["user"]]) * 1000 for call in prompts]
    if len(waits) < _WRITERS // 2:
        raise RuntimeError(f"only {len(waits)} of {_WRITERS} messages prompted")
    print(f"  {len(waits)} prompts among {_PROMPT_RATE} messages a second")
    yield Figure("message to prompt, median", percentile(waits, 0.5), "ms")
    yield Figure("message to prompt, p99", percentile(waits, 0.99), "ms", 500)


def _acknowledgments(demo: Running) -> Iterator[Figure]:
    driver = demo.driver
    people = [driver.person(f"p{number}") for number in range(20)]
    channel = driver.channel("ops", members=people)
    driver.invite_bot(channel, by=people[0])
    # The first seconds fill the caches and connections of the bot and of the sandbox.
    driver.load(channel, _ACK_RATE / 5, 2, people, _TEXTS)
    demo.settle()
    began = time.perf_counter()
    took = driver.load(channel, _ACK_RATE, _ACK_SECONDS, people, _TEXTS)
    rate = len(took) / (time.perf_counter() - began)
    acked = [seconds * 1000 for seconds in took if seconds is not None]
    lost = len(took) - len(acked)
    print(
        f"  {len(acked)} of {len(took)} acknowledged, {rate:.0f} a second with the sandbox beside"
    )
    yield Figure("events not acknowledged", lost, "", 0)
    yield Figure(f"acknowledged at {_ACK_RATE} a second, median", percentile(acked, 0.5), "ms")
    yield Figure(f"acknowledged at {_ACK_RATE} a second, p99", percentile(acked, 0.99), "ms", 100)
