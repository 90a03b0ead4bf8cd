"""Digests to be read by a person: readers of different habits live through a replay, and what each was sent is written down.

`--out FOLDER` gets one page a digest: the message as it was sent, then each story with its articles as the outlets wrote
them, so that whoever reads can check every line. The figures only count; the judging is the reader's.
"""

import asyncio
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.data import figure, options
from benchmarks.processes import Telegram, replay, running, said, settings, telegram
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.digests import SqliteDigests
from digests.model.stories import Brief, Digest, DigestId

SPEED = 3600
WITHIN = {
    "replay": (datetime(2026, 1, 1, 18, tzinfo=UTC), datetime(2026, 1, 5, 23, tzinfo=UTC)),
    "replay-february": (datetime(2026, 2, 1, 6, tzinfo=UTC), datetime(2026, 2, 5, 8, tzinfo=UTC)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """A reader: what they follow, where they live, when they read (local times)."""

    name: str
    topics: tuple[str, ...]
    city: str
    times: str


HABITS = (
    Habit(name="Olena", topics=("ukraine talks", "china-russia", "new start"), city="kyiv", times="08:00 18:30"),
    Habit(name="Nora", topics=("new start",), city="new york", times="07:00"),
    Habit(name="Wei", topics=("china-russia", "ukraine talks"), city="shanghai", times="12:00 21:00"),
    Habit(name="Paul", topics=("ukraine talks",), city="london", times="09:30"),
    Habit(name="Rita", topics=("ukraine talks", "new start"), city="tokyo", times="06:45"),
)


def main() -> None:
    """Play both replays, or the one asked for."""
    parser = options(__doc__ or "")
    parser.add_argument("--month", choices=sorted(WITHIN), action="append", help="which replay; both unless told")
    arguments = parser.parse_args()
    if arguments.out is None:
        parser.error("--out names the folder for the pages")
    arguments.out.mkdir(parents=True, exist_ok=True)
    for month in arguments.month or sorted(WITHIN):
        pages = items = 0
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            sent = _live(arguments.data, folder, month)
            for page, text in asyncio.run(_pages(folder / "data" / "cablegram.sqlite", sent)):
                pages += 1
                items += page.count("\n## ")
                (arguments.out / f"{month}-{pages:02}-{text}.md").write_text(page)
        figure(f"reading.{month}.digests", pages, "digests")
        figure(f"reading.{month}.items", items, "stories")


def _live(data: Path, folder: Path, month: str) -> list[dict[str, Any]]:
    """Everything that was sent while the replay's days passed."""
    begin, end = WITHIN[month]
    log = folder / "log"
    with telegram() as server:
        more = ("--at", begin.isoformat().replace("+00:00", "Z"), "--speed", str(SPEED), "--items", "400")
        with replay(data, folder, *more, month=month) as (feeds, clock):
            env = settings(folder, server, feeds, clock, TICK_EVERY="0.05", GATHER_EVERY="0.5")
            with running(sys.executable, "-m", "bot", env=env, log=log) as bot:
                said(log, "Ready", bot)
                for habit in HABITS:
                    _settle(server, habit)
                present = datetime.fromisoformat(clock.split("=")[0])
                time.sleep(max(0.0, (present + (end - begin) / SPEED - datetime.now(UTC)).total_seconds()))
                return server.sent()


def _settle(server: Telegram, habit: Habit) -> None:
    for topic in habit.topics:
        server.say(habit.name, f"/subscribe {topic}")
    server.say(habit.name, f"/time {habit.times}")
    server.say(habit.name, f"/timezone {habit.city}")
    server.hears(habit.name, "Next")


async def _pages(database: Path, sent: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """A page for each digest that was sent, with a word for its file's name."""
    shown: dict[str, str] = {}
    for message in sent:
        text = str(message["text"])
        for data in message.get("data") or ():
            if named := re.match(r"more:(\w+):", data):
                shown.setdefault(named[1], "")
                if text not in shown[named[1]]:
                    shown[named[1]] += text + "\n"
    async with Database(database) as opened:
        store = SqliteDigests(opened)
        pages = []
        for key, text in shown.items():
            digest = await store.digest(DigestId(key))
            assert digest is not None, f"digest {key} was sent and is not kept"
            pages.append((_page(text, digest), f"{digest.window.end:%d-%H%M}"))
    return pages


def _page(text: str, digest: Digest) -> str:
    stories = "\n".join(_story(number, brief) for number, brief in enumerate(digest.briefs, 1))
    return f"```\n{text}```\n\n{stories}"


def _story(number: int, brief: Brief) -> str:
    outlets = {report.article.id: report.article.outlet.name for report in brief.reports}
    lines = [f"## {number} · {brief.topic}: {brief.headline}{' (update)' if brief.update else ''}", ""]
    lines += [f"- {sentence.text} ({sentence.speaker}; {outlets[sentence.article]})" for sentence in brief.sentences]
    for report in brief.reports:
        article = report.article
        outlet = article.outlet
        whose = f"{outlet.name}, {outlet.country} {outlet.ownership}"
        counted = "" if report.origin == outlet.name else f", counted as {report.origin}"
        lines += ["", f"{whose}{counted}, {article.published:%d %b %H:%M}Z: **{article.title}**", article.text]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
