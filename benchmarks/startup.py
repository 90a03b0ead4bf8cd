"""How soon the bot is ready, and what it weighs alone and with its children after gathering the replay's feeds.

Starts a Bot API server and the replay of FOLDER on loopback, then the bot beside them, several times.
"""

import contextlib
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.data import figure, options
from benchmarks.processes import replay, running, said, settings, telegram, weight


def main() -> None:
    """Measure and print."""
    parser = options(__doc__ or "")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    ready, alone, tree = [], [], []
    for _ in range(arguments.runs):
        with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
            folder = Path(name)
            feeds, clock = stack.enter_context(replay(arguments.data, folder, "--at", "2026-01-05T12:00Z"))
            server = stack.enter_context(telegram())
            log = folder / "log"
            began = time.monotonic()
            env = settings(folder, server, feeds, clock)
            bot = stack.enter_context(running(sys.executable, "-m", "bot", env=env, log=log))
            ready.append(said(log, "Ready", bot) - began)
            said(log, "Filed", bot)
            one, all_ = weight(bot.pid)
            alone.append(one)
            tree.append(all_)
    figure("startup.ready.median", statistics.median(ready), "s")
    figure("startup.ready.max", max(ready), "s")
    figure("startup.process.max", max(alone), "MB")
    figure("startup.tree.max", max(tree), "MB")


if __name__ == "__main__":
    main()
