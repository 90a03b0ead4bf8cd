"""SIGTERM at random moments, once or twice, while Telegram's answers take long: the bot ends in time, in doubt of nothing.

The crowd of benchmarks.kills follows topics and writes commands, each of which is answered after `--latency` seconds, so that
handlers and deliveries are always under way. Each stop is aimed at what was hit least. After each, the folder is read: nothing
is being sent, nothing is in doubt, no claim is held; at the end all is held against what was due. Fails where the bot took 25 s
or longer, ended otherwise than with status 0, or where a state was never hit.
"""

import contextlib
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import aftermath
from benchmarks.data import figure, options
from benchmarks.kills import BEGIN, GATHER_EVERY, Campaign, shown_keys
from benchmarks.processes import Telegram, replay, settings, telegram

SPEED = 600  # slower than kills: with answers that take a second a chat gets less done
ASKERS = 12  # enough that none of them asks more than one may in a minute
AT_MOST = 25.0  # seconds
PATIENCE = 20.0  # seconds, of which each answer takes one
STATES = ("starting", "gathering", "claimed", "pending", "sending", "updates")


class Stops(Campaign):
    """Ends the bot as a supervisor does, again and again; for the rest as Campaign."""

    def __init__(
        self,
        *,
        server: Telegram,
        env: dict[str, str],
        folder: Path,
        rng: random.Random,
        shown: Callable[[], set[str]],
        patience: float = PATIENCE,
    ) -> None:
        super().__init__(server=server, env=env, folder=folder, rng=rng, shown=shown, patience=patience)
        self.took: list[float] = []
        self.times: Counter[str] = Counter()

    def figures(self) -> Iterator[tuple[str, float, str]]:
        """Name, value and unit of all that is counted."""
        outcome = self._outcome
        yield from ((f"stops.{times}", self.times[times], "stops") for times in ("once", "twice"))
        yield from ((f"stops.hit.{state}", outcome.hit[state], "stops") for state in STATES)
        yield "stops.slowest", max(self.took, default=0.0), "s"
        yield from ((f"stops.editions.{name}", getattr(outcome.tally, name), "") for name in aftermath.Tally.__slots__)
        yield "stops.problems", len(outcome.problems), "problems"

    def _kill(self) -> None:
        outcome = self._outcome
        least = min(outcome.hit[state] for state in STATES)
        aim = self._rng.choice([state for state in STATES if outcome.hit[state] == least])
        if aim == "starting":
            time.sleep(self._rng.uniform(0.0, 1.0))
        else:
            self._bot.said("Ready")
            if aim == "gathering":
                time.sleep(self._rng.uniform(0.0, GATHER_EVERY))
            else:
                self._see(aftermath.STATES[aim])
        self._hit()
        listened = self._listens()
        at, took, status = self._end()
        self._note_awake(at, self._bot.lines())
        self.took.append(took)
        left = aftermath.read(self._bot.data)
        if not listened and status == -signal.SIGTERM:
            status = 0  # the interpreter itself was being loaded, and ended as the system ends what does not listen
        self._judge(took, status, left)
        self._interrupted.update(left.unhandled)
        self._look(left)
        self._left = left
        print(f"stop {len(self.took)}, aimed at {aim}: {took:.1f} s, {dict(outcome.hit)}", file=sys.stderr, flush=True)

    def _listens(self) -> bool:
        """Whether the process has said what becomes of a SIGTERM."""
        status = Path(f"/proc/{self._bot.pid}/status").read_text()
        caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:"))
        return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)

    def _hit(self) -> None:
        """Note what is under way right before the signal."""
        lines = [line.split()[0] for _, line in self._bot.lines() if line.startswith(("Ready", "Gathered", "Filed"))]
        if not lines:
            self._outcome.hit["starting"] += 1
            return
        self._outcome.hit["gathering"] += lines[-1] != "Filed"
        database = sqlite3.connect(f"file:{self._bot.data / aftermath.DATABASE}?mode=ro", uri=True)
        with contextlib.closing(database):
            for state in set(STATES) & set(aftermath.STATES):
                self._outcome.hit[state] += database.execute(aftermath.STATES[state]).fetchone() is not None

    def _end(self) -> tuple[datetime, float, int]:
        """Tell it to stop, once or twice: when it was told, how many seconds it took, and how it ended."""
        twice = self._rng.random() < 0.5
        self.times["twice" if twice else "once"] += 1
        told, begun = datetime.now(UTC), time.monotonic()
        if twice:
            os.kill(self._bot.pid, signal.SIGTERM)
            time.sleep(self._rng.uniform(0.0, 0.6))
        status = self._bot.stop()
        return told, time.monotonic() - begun, status

    def _judge(self, took: float, status: int, left: aftermath.Left) -> None:
        stop = len(self.took)
        if took >= AT_MOST:
            self._outcome.problems.append(f"stop {stop} took {took:.1f} s")
        if status != 0:
            self._outcome.problems.append(f"stop {stop} ended with status {status}")
        for state in ("sending", "doubt"):
            if left.under_way[state]:
                self._outcome.problems.append(f"stop {stop} left {sorted(left.under_way[state])} in {state}")
        database = sqlite3.connect(f"file:{self._bot.data / aftermath.DATABASE}?mode=ro", uri=True)
        with contextlib.closing(database):
            (held,) = database.execute("SELECT count(*) FROM editions WHERE held").fetchone()
        if held:
            self._outcome.problems.append(f"stop {stop} left {held} claims held")


def main() -> None:
    """Run a campaign over the February replay; exit 1 where something was not as it should be."""
    parser = options(__doc__ or "")
    parser.add_argument("--stops", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--latency", type=float, default=1.0, help="seconds that an answer of Telegram takes")
    arguments = parser.parse_args()
    seed = random.randrange(1_000_000) if arguments.seed is None else arguments.seed
    figure("stops.seed", seed, "")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(telegram("--latency", str(arguments.latency)))
        more = ("--at", BEGIN, "--speed", str(SPEED), "--items", "400")
        feeds, clock = stack.enter_context(replay(arguments.data, folder, *more, month="replay-february"))
        env = settings(folder, server, feeds, clock, TICK_EVERY="0.05", GATHER_EVERY=str(GATHER_EVERY))
        campaign = Stops(
            server=server, env=env, folder=folder, rng=random.Random(seed), shown=lambda: shown_keys(Path(feeds))
        )
        outcome = campaign.run(arguments.stops, askers=ASKERS)
    outcome.problems += [f"no stop ever hit {state}" for state in STATES if not outcome.hit[state]]
    for each in campaign.figures():
        figure(*each)
    if outcome.problems:
        sys.exit("\n".join(outcome.problems[:50]))


if __name__ == "__main__":
    main()
