"""Processes on loopback for the long runs: the replay, a Bot API server, the bot beside them, and what they weigh."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.data import existing

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
def replay(data: Path, folder: Path, *more: str, month: str = "replay") -> Iterator[tuple[str, str]]:
    """A replay server over DATA/`month`: its FEEDS_FILE and its CLOCK."""
    port = free_port()
    server = existing(data / "replay" / "serve.py")
    with running(
        sys.executable, str(server), "--port", str(port), "--as-published", "--data", str(existing(data / month)), *more
    ):
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


class Telegram:
    """The Bot API server's back door: what persons say, and what they were sent."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def say(self, person: str, text: str) -> None:
        """A person writes to the bot."""
        self._post("say", {"person": person, "text": text})

    def fail(self, fault: str, **order: object) -> None:
        """Order a fault for one of the next requests."""
        self._post("fail", {"fault": fault, **order})

    def hears(self, person: str, part: str, seconds: float = 20) -> dict[str, Any]:
        """Wait for a person's next message with `part` in it."""
        query = urllib.parse.urlencode({"person": person, "part": part, "seconds": seconds})
        answered: dict[str, Any] = json.loads(answer(f"{self.url}/control/hears?{query}", within=seconds))
        return answered

    def sent(self) -> list[dict[str, Any]]:
        """Every delivery so far, in order."""
        deliveries: list[dict[str, Any]] = json.loads(answer(f"{self.url}/control/sent"))
        return deliveries

    def _post(self, action: str, body: dict[str, object]) -> None:
        request = urllib.request.Request(
            f"{self.url}/control/{action}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            response.read()


@contextlib.contextmanager
def telegram(*more: str) -> Iterator[Telegram]:
    """A Bot API server that people can be played on."""
    port = free_port()
    with running(sys.executable, "-m", "bot.playground.server", "--port", str(port), *more):
        answer(f"http://127.0.0.1:{port}/control/sent")
        yield Telegram(port)


def settings(folder: Path, server: Telegram, feeds: str, clock: str, **more: str) -> dict[str, str]:
    """The bot's environment beside those servers; its data stands in `folder`/data."""
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": server.url,
        "DATA_DIR": str(folder / "data"),
        "FEEDS_FILE": feeds,
        "ALLOW_PRIVATE_FEEDS": "true",
        "CLOCK": clock,
        **more,
    }


def said(log: Path, word: str, bot: subprocess.Popen[bytes], within: float = 60) -> float:
    """When a word first stood in the log (monotonic seconds); ends the benchmark if the bot ended or the time passed."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and bot.poll() is None:
        if word in log.read_text(errors="replace"):
            return time.monotonic()
        time.sleep(0.01)
    sys.exit(f"the bot never said {word!r}:\n{log.read_text(errors='replace')[-2000:]}")
