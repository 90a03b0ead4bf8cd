"""Everybody's digest is due at 08:00: how fast it goes out, how late, what it costs, and how long others wait for an answer.

The real bot, over the February replay, in front of the local Bot API server with Telegram's limits. First 1,800 readers at
the true SEND_RATE, then ten times as many at ten times the rate, then answers to people from a server that is 80 ms away;
last what a change of a subscription costs in TinyDB. Fails where a limit was broken, or an edition came twice or never.
"""

import asyncio
import contextlib
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from benchmarks.data import figure, options
from benchmarks.processes import Telegram, cpu, replay, running, said, settings, telegram
from digests.adapters.tinydb_people import TinyPeople
from digests.model.people import Address, ChatId, Schedule, Subscription
from digests.model.topics import TopicSlug

TOPICS = tuple(TopicSlug(slug) for slug in ("ukraine-talks", "china-russia", "new-start"))
DUE = datetime(2026, 2, 4, 6, 0, tzinfo=UTC)  # 08:00 in Kyiv
BEFORE = timedelta(seconds=30)
TRUE_RATE = 29.4
AWAY = 0.08  # seconds to the server and back, where answers are measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """What went out to readers, from when it was due (seconds since 1970)."""

    due: float
    arrivals: tuple[tuple[float, int, bool], ...]
    cpu: float
    waits: tuple[float, ...]

    def figures(self, name: str, rate: float) -> Iterator[tuple[str, float, str]]:
        """Name, value and unit of all that is measured."""
        late = sorted(at - self.due for at, _, taken in self.arrivals if taken)
        yield f"{name}.sent", len(late), "digests"
        yield f"{name}.rate", (len(late) - 1) / (late[-1] - late[0]), "digests/s"
        yield f"{name}.of_the_limit", (len(late) - 1) / (late[-1] - late[0]) / rate, ""
        yield f"{name}.first", late[0], "s late"
        yield f"{name}.p50", late[len(late) // 2], "s late"
        yield f"{name}.p99", late[int(len(late) * 0.99)], "s late"
        yield f"{name}.last", late[-1], "s late"
        yield f"{name}.busiest_second", self.busiest(), "messages"
        yield f"{name}.refused", sum(not taken for _, _, taken in self.arrivals), "429"
        yield f"{name}.cpu", self.cpu / len(late) * 1000, "ms/digest"
        if self.waits:
            yield f"{name}.latest_max", max(self.waits), "s"

    def busiest(self) -> int:
        """The most that came in any second."""
        times, first, most = [at for at, _, _ in self.arrivals], 0, 0
        for last, at in enumerate(times):
            while times[first] <= at - 1.0:
                first += 1
            most = max(most, last - first + 1)
        return most


def wave(data: Path, readers: int, rate: float) -> Wave:
    """Deliver to so many readers at once while somebody asks for /latest every few seconds."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(telegram("--limits", "--overall", str(round(rate / TRUE_RATE * 30))))
        chats = server.crowd(readers)
        (folder / "data").mkdir()
        asyncio.run(subscribe(folder / "data" / "people.json", chats))
        at = (DUE - BEFORE).isoformat().replace("+00:00", "Z")
        feeds, clock = stack.enter_context(
            replay(data, folder, "--at", at, "--speed", "1", "--items", "400", month="replay-february")
        )
        present, _, rest = clock.partition("=")
        due = (datetime.fromisoformat(present) + (DUE - datetime.fromisoformat(rest.split("*")[0]))).timestamp()
        env = settings(folder, server, feeds, clock, SEND_RATE=str(rate), GATHER_EVERY="3600", TICK_EVERY="1")
        log = folder / "log"
        bot = stack.enter_context(running(sys.executable, "-m", "bot", env=env, log=log))
        said(log, "Filed", bot, within=90)
        time.sleep(max(0.0, due - time.time()))
        used = cpu(bot.pid)
        asker = Asker(server)
        stack.callback(asker.stop)
        asker.start()
        arrived: list[tuple[float, int, bool]] = []
        deadline = time.monotonic() + readers / rate * 2 + 30
        readers_chats = set(chats)
        while len({chat for _, chat, _ in arrived} & readers_chats) < readers and time.monotonic() < deadline:
            time.sleep(0.5)
            arrived += server.arrivals(len(arrived))
        used = cpu(bot.pid) - used
        asker.stop()
        time.sleep(2.0)  # what comes twice comes now
        arrived += server.arrivals(len(arrived))
        bot.terminate()
        status = bot.wait(30)
    check(Counter(chat for _, chat, taken in arrived if taken and chat in readers_chats), chats, status)
    return Wave(due=due, arrivals=tuple(arrived), cpu=used, waits=tuple(asker.waits))


def check(sent: Counter[int], chats: list[int], status: int) -> None:
    """End the benchmark where somebody got nothing or something twice: nobody's digest has two parts here."""
    lost = [chat for chat in chats if not sent[chat]]
    twice = [chat for chat, times in sent.items() if times > 1]
    if lost or twice or status:
        sys.exit(f"{len(lost)} readers got nothing, {len(twice)} got something twice; the bot ended with {status}.")


class Asker(threading.Thread):
    """Asks for /latest again and again, and notes how long the answer takes."""

    def __init__(self, server: Telegram) -> None:
        super().__init__(daemon=True)
        self.waits: list[float] = []
        self._server = server
        self._enough = threading.Event()

    def run(self) -> None:
        """Ask until told to stop."""
        while not self._enough.wait(2.0):
            asked = time.monotonic()
            self._server.say("Asker", "/latest ukraine talks")
            self._server.hears("Asker", "UKRAINE TALKS")
            self.waits.append(time.monotonic() - asked)

    def stop(self) -> None:
        """Ask no more."""
        self._enough.set()
        if self.is_alive():
            self.join(30)


async def subscribe(file: Path, chats: list[int]) -> None:
    """Let everybody follow all topics at 08:00 in Kyiv."""
    async with TinyPeople(file) as people:
        await asyncio.gather(*(people.put(reader(chat)) for chat in chats))


def reader(chat: int) -> Subscription:
    schedule = Schedule(since=DUE - timedelta(hours=1), zone="Europe/Kyiv", city="Kyiv")
    return Subscription(address=Address(chat=ChatId(chat)), topics=TOPICS, schedule=schedule)


def answers(data: Path, people: int) -> float:
    """Answers a second to people who have all written before the bot woke."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(telegram("--latency", str(AWAY)))
        server.crowd(people, "/help")
        at = DUE.isoformat().replace("+00:00", "Z")
        feeds, clock = stack.enter_context(
            replay(data, folder, "--at", at, "--speed", "1", "--items", "1", month="replay-february")
        )
        env = settings(folder, server, feeds, clock, SEND_RATE="1000", GATHER_EVERY="3600", TICK_EVERY="3600")
        stack.enter_context(running(sys.executable, "-m", "bot", env=env, log=folder / "log"))
        deadline = time.monotonic() + 90
        while len(server.arrivals()) < people and time.monotonic() < deadline:
            time.sleep(0.2)
        times = sorted(at for at, _, _ in server.arrivals())
    if len(times) < people:
        sys.exit(f"{people - len(times)} people were not answered.")
    # The first hundred came while it woke.
    return (people - 100) / (times[-1] - times[99])


async def changes(subscribers: int, times: int = 20) -> float:
    """Milliseconds that one change of a subscription takes until it is on disk, the median."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "people.json"
        await subscribe(file, list(range(1, subscribers + 1)))
        async with TinyPeople(file) as people:
            moments = [time.perf_counter()]
            for chat in range(1, times + 1):
                await people.put(
                    Subscription(address=Address(chat=ChatId(chat)), topics=(), schedule=reader(1).schedule)
                )
                moments.append(time.perf_counter())
        return sorted(after - before for before, after in pairwise(moments))[times // 2] * 1000


def main() -> None:
    """Measure, and exit 1 where a limit was broken."""
    parser = options(__doc__ or "")
    parser.add_argument("--only", choices=["true", "fast", "answers", "tinydb"], help="one of the four alone")
    parser.add_argument("--readers", type=int, default=1_800)
    parser.add_argument("--faster", type=float, default=10.0, help="by how much, with as many times the readers")
    arguments = parser.parse_args()
    broken = []
    for name, faster in (("true", 1.0), ("fast", arguments.faster)):
        if arguments.only in {None, name}:
            rate = TRUE_RATE * faster
            found = wave(arguments.data, round(arguments.readers * faster), rate)
            for each in found.figures(f"delivery.{name}", rate):
                figure(*each)
            if found.busiest() > 30 * faster or not all(taken for _, _, taken in found.arrivals):
                broken.append(name)
    if arguments.only in {None, "answers"}:
        figure("delivery.answers", answers(arguments.data, 3_000), "updates/s")
    if arguments.only in {None, "tinydb"}:
        for subscribers in (1_000, 5_000):
            figure(f"delivery.tinydb.{subscribers}", asyncio.run(changes(subscribers)), "ms/change")
    if broken:
        sys.exit(f"a limit was broken: {', '.join(broken)}")


if __name__ == "__main__":
    main()
