"""Several workers on one PostgreSQL, one of them killed every few seconds while everybody's digest is due.

Each kill is aimed at a worker that is in the state that was hit least, and it is started again at once; every fourth is
stopped until its lease has long lapsed, and then goes on. In the end what the server delivered is held against what was due
and against the ledger. Fails where a part came twice or was lost without its being known, where a claim lapsed though nobody
was killed or stopped, where an article was filed twice, where a story changed its number unsaid, or where a state was never hit.
"""

import contextlib
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import aftermath
from benchmarks.data import figure, options
from benchmarks.databases import database
from benchmarks.processes import Mortal, Telegram, replay, settings, telegram

DUE = datetime(2026, 2, 4, 6, 0, tzinfo=UTC)
TOPICS = ("ukraine-talks", "china-russia", "new-start")
MAY_NOT = "may not have arrived"
TURN = 60.0  # seconds that a takeover may take

# Whom to kill: workers that are in a state now, by the beginning of a claim's or lease's holder.
STATES = {
    "claimed": "SELECT holder FROM editions WHERE held AND digest IS NULL AND NOT done",
    "pending": "SELECT holder FROM editions JOIN deliveries ON edition = id WHERE held AND state = 'pending'",
    "sending": "SELECT holder FROM editions JOIN deliveries ON edition = id WHERE held AND state = 'sending'",
    "sent": "SELECT holder FROM editions JOIN deliveries ON edition = id WHERE held AND state = 'sent'",
    "gathering and filing": "SELECT holder FROM leases WHERE name = 'gathering and filing'",
    "answering": "SELECT holder FROM leases WHERE name = 'answering'",
}


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a campaign came to."""

    hit: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    stops: int = 0
    interrupted: set[int] = field(default_factory=set)
    left_sending: int = 0
    takeovers: list[float] = field(default_factory=list)
    fates: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    busiest: int = 0
    refused: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def figures(self) -> Iterator[tuple[str, float, str]]:
        """Name, value and unit of all that is counted."""
        yield "workers.kills", self.kills - self.stops, "kills"
        yield "workers.stops", self.stops, "stops past the lease"
        yield from ((f"workers.hit.{state.replace(' ', '_')}", self.hit[state], "kills") for state in STATES)
        yield "workers.left_sending", self.left_sending, "parts"
        fates = ("delivered", "doubtful", "doubtful_arrived", "notices", "twice", "lost", "lapsed", "postponed")
        yield from ((f"workers.editions.{fate}", self.fates[fate], "editions") for fate in fates)
        yield "workers.takeover_max", max(self.takeovers, default=0.0), "s"
        yield "workers.busiest_second", self.busiest, "messages"
        yield "workers.refused", self.refused, "429"
        yield "workers.rate", (self.fates["delivered"] / self.seconds if self.seconds else 0.0), "editions/s"
        yield "workers.problems", len(self.problems), "problems"


class Campaign:
    """Runs `workers` over a database in which all of `chats` are due, and kills one `kills` times."""

    def __init__(
        self, *, server: Telegram, env: dict[str, str], folder: Path, url: str, rng: random.Random, workers: int
    ) -> None:
        self._server = server
        self._rng = rng
        self._lease = float(env["WORKER_LEASE"])
        self._database = psycopg.connect(url, autocommit=True)
        self._workers = []
        for number in range(workers):
            (folder / str(number)).mkdir()
            self._workers.append(Mortal({**env, "DATABASE_URL": url}, folder / str(number), "worker"))
        self._outcome = Outcome()
        self._left: aftermath.Left | None = None

    def run(self, chats: list[int], kills: int, every: float, within: float) -> Outcome:
        """Kill every `every` seconds until all is delivered or nobody is to be killed any more; judge when all is done."""
        try:
            self._start(chats)
            begun, deadline = time.monotonic(), time.monotonic() + within
            while self._outcome.kills < kills and not self._all_done(len(chats)) and time.monotonic() < deadline:
                time.sleep(self._rng.uniform(0.5, 1.5) * every)
                self._kill()
            while not self._all_done(len(chats)) and time.monotonic() < deadline:
                time.sleep(0.2)
            self._outcome.seconds = time.monotonic() - begun
            time.sleep(1.0)  # what comes twice comes now
            for worker in self._workers:
                worker.said("Ready")
                if status := worker.stop():
                    self._outcome.problems.append(f"a worker ended with status {status}")
            self._look()
            self._judge(chats)
        finally:
            for worker in self._workers:
                if worker.running():
                    worker.kill("group")
            self._database.close()
        return self._outcome

    def _start(self, chats: list[int]) -> None:
        first, *others = self._workers
        first.start()
        first.said("Ready")
        with self._database.transaction():
            self._database.execute("UPDATE people_changes SET latest = latest + 1")
            self._database.cursor().executemany(
                "INSERT INTO people SELECT %s, 0, %s, latest FROM people_changes",
                [(chat, json.dumps(_follower(chat))) for chat in chats],
            )
        for worker in others:
            worker.start()
        for worker in others:
            worker.said("Ready")

    def _kill(self) -> None:
        outcome = self._outcome
        least = min(outcome.hit[state] for state in STATES)
        aim = self._rng.choice([state for state in STATES if outcome.hit[state] == least])
        victim = self._caught(aim) or self._rng.choice(self._workers)
        pid = victim.pid
        if outcome.kills % 4 == 3:
            os.kill(pid, signal.SIGSTOP)
            self._note(pid)
            time.sleep(self._lease * 1.5)
            os.kill(pid, signal.SIGCONT)
            outcome.stops += 1
        else:
            victim.kill(self._rng.choice(["process", "group"]))
            self._note(pid)
            victim.start()
            if self._left_a_duty(pid):
                outcome.takeovers.append(self._takeover(pid))
        outcome.kills += 1
        print(f"kill {outcome.kills}, aimed at {aim}: {dict(outcome.hit)}", file=sys.stderr, flush=True)
        self._look()

    def _caught(self, aim: str, within: float = 5.0) -> Mortal | None:
        """A worker stopped in a state: most last for a millisecond or two, so that it is looked again once it stands."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            found = self._database.execute(f"{STATES[aim]} LIMIT 1").fetchone()
            pid = int(found[0].partition("-")[0]) if found and found[0] else None
            for worker in self._workers:
                if worker.running() and worker.pid == pid:
                    os.kill(pid, signal.SIGSTOP)
                    if self._database.execute(f"{STATES[aim]} AND holder LIKE %s", (f"{pid}-%",)).fetchone():
                        return worker
                    os.kill(pid, signal.SIGCONT)
        return None

    def _note(self, pid: int) -> None:
        """What the dead worker held."""
        outcome, mine = self._outcome, f"{pid}-%"
        for state, query in STATES.items():
            outcome.hit[state] += bool(self._database.execute(f"{query} AND holder LIKE %s", (mine,)).fetchone())
        held = self._database.execute("SELECT id FROM editions WHERE held AND holder LIKE %s", (mine,))
        outcome.interrupted |= {number for (number,) in held}
        query = "SELECT count(*) FROM editions JOIN deliveries ON edition = id WHERE state = 'sending' AND held AND holder LIKE %s"
        outcome.left_sending += self._one(query, mine)

    def _left_a_duty(self, pid: int) -> bool:
        query = "SELECT count(*) FROM leases WHERE name = 'gathering and filing' AND holder LIKE %s"
        return bool(self._one(query, f"{pid}-%"))

    def _takeover(self, pid: int) -> float:
        """Seconds until somebody else gathers and files."""
        begun = time.monotonic()
        while self._left_a_duty(pid) and time.monotonic() < begun + TURN:
            time.sleep(0.02)
        return time.monotonic() - begun

    def _all_done(self, editions: int) -> bool:
        return self._one("SELECT count(*) FROM editions WHERE done") == editions

    def _one(self, query: str, *parameters: object) -> int:
        row = self._database.execute(query, parameters or None).fetchone()
        assert row is not None
        return int(row[0])

    def _look(self) -> None:
        """Hold the archive against itself and against how it was after the kill before."""
        left = _archive(self._database)
        self._outcome.problems += aftermath.archive_problems(left)
        if self._left is not None:
            self._outcome.problems += aftermath.changed_stories(self._left, left)
        self._left = left

    def _judge(self, chats: list[int]) -> None:
        outcome = self._outcome
        editions: Counter[int] = Counter()
        notices: Counter[int] = Counter()
        parts: dict[int, list[str]] = {chat: [] for chat in chats}
        for message in self._server.sent():
            if message["what"] == "sent" and message["chat"] in parts:
                if MAY_NOT in message["text"]:
                    notices[message["chat"]] += 1
                else:
                    editions[message["chat"]] += 1
                    parts[message["chat"]].append(re.sub(r"^.*\n", "", message["text"], count=1))
        ledger: dict[int, Counter[str]] = {}
        for chat, state in self._database.execute(
            "SELECT chat, state FROM editions LEFT JOIN deliveries ON edition = id AND part > 0"
        ):
            ledger.setdefault(chat, Counter())[state] += 1
        for chat in chats:
            states = ledger.get(chat, Counter[str]())
            fate = _fate(states, editions[chat], len(set(parts[chat])))
            outcome.fates[fate] += 1
            if fate in {"twice", "lost"}:
                outcome.problems.append(f"chat {chat}: {fate}, ledger {dict(states)}, {editions[chat]} messages")
            if notices[chat] > 1 or (notices[chat] and not states["uncertain"]):
                outcome.problems.append(f"chat {chat} was told {notices[chat]} times that it may not have arrived")
        outcome.fates["notices"] = sum(notices.values())
        logs = "".join(worker.log.read_text() for worker in self._workers)
        postponed = {int(chat) for chat in re.findall(r"for chat (\d+) waits: ", logs)}
        outcome.fates["postponed"] = len(postponed)
        outcome.reasons = Counter(re.findall(r"for chat \d+ waits: ([^\"]{0,60})", logs))
        again = self._database.execute("SELECT id, chat FROM editions WHERE token > 1").fetchall()
        lapsed = {number for number, chat in again if chat not in postponed} - outcome.interrupted
        outcome.fates["lapsed"] = len(lapsed)
        outcome.problems += [f"the claim on edition {number} lapsed and nobody was killed" for number in lapsed]
        arrivals = self._server.arrivals()
        outcome.refused = sum(not taken for _, _, taken in arrivals)
        outcome.busiest = _busiest([at for at, _, _ in arrivals])
        outcome.problems += [f"a takeover took {took:.0f} s" for took in outcome.takeovers if took >= TURN]
        for worker in self._workers:
            lines = (line for line in worker.log.read_text().splitlines() if line.startswith("{"))
            outcome.problems += [line[:500] for line in lines if '"traceback"' in line]


def _fate(states: Counter[str], messages: int, distinct: int) -> str:
    if messages > distinct or messages > states["sent"] + states["uncertain"]:
        return "twice"
    if states["uncertain"]:
        return "doubtful_arrived" if messages == states["sent"] + states["uncertain"] else "doubtful"
    return "delivered" if set(states) == {"sent"} and messages == states["sent"] else "lost"


def _busiest(times: list[float]) -> int:
    """The most that came in any second."""
    times, first, most = sorted(times), 0, 0
    for last, at in enumerate(times):
        while times[first] <= at - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def _follower(chat: int) -> dict[str, Any]:
    return {
        "chat": chat,
        "thread": 0,
        "topics": list(TOPICS),
        "slots": [DUE.strftime("%H:%M")],
        "zone": "UTC",
        "city": None,
        "days": list(range(7)),
        "since": (DUE - timedelta(hours=1)).isoformat(),
        "paused": None,
    }


def _archive(connection: psycopg.Connection[Any]) -> aftermath.Left:
    """The archive as it stands at one moment, in the form in which aftermath judges it."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")

        def ask(query: str) -> list[Any]:
            return connection.execute(query).fetchall()

        return aftermath.Left(
            under_way={},
            readers={},
            articles={number: tuple(json.loads(keys)) for number, keys in ask("SELECT id, keys FROM articles")},
            keys=frozenset(key for (key,) in ask("SELECT key FROM article_keys")),
            unfiled=frozenset(number for (number,) in ask("SELECT article FROM unfiled")),
            placements=dict(ask("SELECT article, story FROM placements")),
            matched=frozenset(number for (number,) in ask("SELECT article FROM matches")),
            moves=dict(ask("SELECT story, successor FROM story_moves")),
            unhandled=(),
            editions={},
            parts={},
            problems=(),
        )


def main() -> None:
    """Run a campaign over the February replay; exit 1 where something was not as it should be."""
    parser = options(__doc__ or "")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--editions", type=int, default=3_000)
    parser.add_argument("--rate", type=float, default=200.0, help="SEND_RATE, messages a second")
    parser.add_argument("--every", type=float, default=3.0, help="seconds between kills, more or less")
    parser.add_argument("--lease", type=float, default=5.0, help="WORKER_LEASE, seconds")
    parser.add_argument("--kills", type=int, default=1_000, help="at most; it ends when all is delivered")
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = random.randrange(1_000_000) if arguments.seed is None else arguments.seed
    figure("workers.seed", seed, "")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(database())
        limit = str(round(arguments.rate / 29.4 * 30))
        server = stack.enter_context(telegram("--latency", "0.06", "--limits", "--overall", limit))
        at = (DUE - timedelta(seconds=15)).isoformat().replace("+00:00", "Z")
        feeds, clock = stack.enter_context(
            replay(arguments.data, folder, "--at", at, "--speed", "1", "--items", "400", month="replay-february")
        )
        pace = {"SEND_RATE": str(arguments.rate), "WORKER_LEASE": str(arguments.lease), "TICK_EVERY": "1"}
        env = settings(folder, server, feeds, clock, **pace, GATHER_EVERY="5")
        campaign = Campaign(
            server=server, env=env, folder=folder, url=url, rng=random.Random(seed), workers=arguments.workers
        )
        within = arguments.editions / arguments.rate * 3 + 120
        outcome = campaign.run(server.crowd(arguments.editions), arguments.kills, arguments.every, within)
    outcome.problems += [f"no kill ever hit {state}" for state in STATES if not outcome.hit[state]]
    for each in outcome.figures():
        figure(*each)
    for reason, times in outcome.reasons.most_common(5):
        print(f"{times} editions waited: {reason}", file=sys.stderr)
    if outcome.problems:
        sys.exit("\n".join(outcome.problems[:50]))


if __name__ == "__main__":
    main()
