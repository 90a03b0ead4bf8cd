"""How soon the bot is ready, and what it weighs: the process alone, and with its children, over the replay's feeds.

Starts a Bot API server and the replay of FOLDER on loopback, then `python -m bot` beside them, several times.
"""

import contextlib
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.data import existing, figure, options

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "123456789:" + "A" * 35


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def running(
    *command: str, env: dict[str, str] | None = None, log: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended when the block is left."""
    with contextlib.ExitStack() as stack:
        out = stack.enter_context(log.open("ab")) if log else subprocess.DEVNULL
        process = subprocess.Popen(command, env={**os.environ, **(env or {})}, stdout=out, stderr=out, cwd=ROOT)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def answer(url: str, within: float = 15) -> bytes:
    """What a URL answers, once its server is up."""
    deadline = time.monotonic() + within
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return bytes(response.read())
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@contextlib.contextmanager
def replay(data: Path, folder: Path, *more: str) -> Iterator[tuple[str, str]]:
    """A replay server: its FEEDS_FILE and its CLOCK."""
    port = free_port()
    server = existing(data / "replay" / "serve.py")
    with running(sys.executable, str(server), "--port", str(port), "--as-published", *more):
        feeds = f"http://127.0.0.1:{port}/feeds.json"
        answer(feeds)
        listing = subprocess.run(
            [sys.executable, str(server.with_name("feeds_toml.py")), feeds], capture_output=True, check=True
        )
        file = folder / "feeds.toml"
        file.write_bytes(listing.stdout)
        yield str(file), json.loads(answer(f"http://127.0.0.1:{port}/clock"))["clock"]


def weight(pid: int) -> tuple[float, float]:
    """Resident MB of a process, and of it with all its descendants."""
    children: dict[int, list[int]] = {}
    resident: dict[int, float] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            text = status.read_text()
            one = int(status.parent.name)
            parent = re.search(r"^PPid:\s+(\d+)", text, re.MULTILINE)
            rss = re.search(r"^VmRSS:\s+(\d+)", text, re.MULTILINE)
            children.setdefault(int(parent[1]) if parent else 0, []).append(one)
            resident[one] = int(rss[1]) / 1024 if rss else 0.0
    pending, total = [pid], 0.0
    while pending:
        one = pending.pop()
        total += resident.get(one, 0.0)
        pending.extend(children.get(one, ()))
    return resident.get(pid, 0.0), total


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
            port = free_port()
            stack.enter_context(running(sys.executable, "-m", "bot.playground.server", "--port", str(port)))
            answer(f"http://127.0.0.1:{port}/control/sent")
            log = folder / "log"
            env = {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_API_URL": f"http://127.0.0.1:{port}",
                "DATA_DIR": str(folder / "data"),
                "FEEDS_FILE": feeds,
                "ALLOW_PRIVATE_FEEDS": "true",
                "CLOCK": clock,
            }
            began = time.monotonic()
            bot = stack.enter_context(running(sys.executable, "-m", "bot", env=env, log=log))
            ready.append(seen(log, "ready", bot) - began)
            seen(log, "gathered", bot)
            one, all_ = weight(bot.pid)
            alone.append(one)
            tree.append(all_)
    figure("startup.ready.median", statistics.median(ready), "s")
    figure("startup.ready.max", max(ready), "s")
    figure("startup.process.max", max(alone), "MB")
    figure("startup.tree.max", max(tree), "MB")


def seen(log: Path, word: str, bot: subprocess.Popen[bytes]) -> float:
    """When a word stood in the log first; ends the benchmark if the bot ended or a minute passed."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and bot.poll() is None:
        if word in log.read_text(errors="replace"):
            return time.monotonic()
        time.sleep(0.01)
    sys.exit(f"the bot never said {word!r}:\n{log.read_text(errors='replace')[-2000:]}")


if __name__ == "__main__":
    main()
