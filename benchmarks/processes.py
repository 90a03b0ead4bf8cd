"""Processes on loopback for the long runs: the replay, a Bot API server, the bot beside them, and what they weigh."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
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


def cpu(pid: int) -> float:
    """Seconds of processor that a process has used so far, its children not counted."""
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


class Telegram:
    """The Bot API server's back door: what persons say, and what they were sent."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def say(self, person: str, text: str) -> None:
        """A person writes to the bot."""
        self._post("say", {"person": person, "text": text})

    def crowd(self, count: int, text: str | None = None) -> list[int]:
        """So many people who know the bot, and write to it where `text` is given; their chats."""
        body: dict[str, object] = {"count": count} | ({} if text is None else {"text": text})
        chats: list[int] = self._post("crowd", body)["chats"]
        return chats

    def arrivals(self, start: int = 0) -> list[tuple[float, int, bool]]:
        """When messages and edits came, from number `start`: seconds since 1970, chat, whether they were taken."""
        found = json.loads(answer(f"{self.url}/control/arrivals?from={start}"))["arrivals"]
        return [(at, chat, taken) for at, chat, taken in found]

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

    def people(self) -> dict[str, int]:
        """The chats of all persons by their names."""
        state: dict[str, dict[str, int]] = json.loads(answer(f"{self.url}/control/state"))
        return state["people"]

    def _post(self, action: str, body: dict[str, object]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.url}/control/{action}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            answered: dict[str, Any] = json.loads(response.read())
        return answered


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


class Mortal:
    """The real bot, a process that is started again and again with the same command over the same stores."""

    def __init__(self, env: dict[str, str], folder: Path, *command: str) -> None:
        self._command = command
        self._env = {**os.environ, **env, "LOG_FORMAT": "json"}
        self.log = folder / "log"
        self.data = Path(env["DATA_DIR"])
        self.groups: list[int] = []
        self._from = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a process group of its own, children included."""
        self._from = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", *self._command],
                env=self._env,
                stdout=log,
                stderr=log,
                cwd=ROOT,
                start_new_session=True,
            )
        self.groups.append(self._process.pid)

    def lines(self) -> list[tuple[datetime, str]]:
        """What this run has logged."""
        with self.log.open("rb") as log:
            log.seek(self._from)
            text = log.read().decode()
        entries = [json.loads(line) for line in text.splitlines() if line.startswith("{") and line.endswith("}")]
        return [(datetime.fromisoformat(entry["at"]), entry["message"]) for entry in entries]

    def said(self, word: str, within: float = 60) -> datetime:
        """Wait for a line; when it was written. Ends the campaign where it does not come."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline and self.running():
            for at, line in self.lines():
                if line.startswith(word):
                    return at
            time.sleep(0.01)
        sys.exit(f"the bot never said {word!r}:\n{self.log.read_text()[-3000:]}")

    def running(self) -> bool:
        """Whether it lives."""
        return self._process is not None and self._process.poll() is None

    def kill(self, way: str) -> datetime:
        """End it by signal 9, the process alone or with its children; when it was dead."""
        assert self._process is not None
        if way == "group":
            os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()
        self._process.wait()
        return datetime.now(UTC)

    def stop(self) -> int:
        """End it as a supervisor does; its exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(60)

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    def orphans(self) -> list[int]:
        """Processes of the groups of killed bots that live on."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                state, _, group = stat.read_text().rpartition(")")[2].split()[:3]
                if int(group) in self.groups and state != "Z":
                    found.append(int(stat.parent.name))
        return found
