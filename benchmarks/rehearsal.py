"""Days in a minute: three people follow three topics through the February replay, and each daily digest is counted.

The bot runs against the local Bot API server with TICK_EVERY=0.05 and GATHER_EVERY=0.5 at 3,600 times the pace of life. Fails
where an edition is missing, comes twice, is empty, or comes later than a tick and a gathering pass.
"""

import contextlib
import json
import re
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.data import figure, options
from benchmarks.processes import replay, running, said, settings, telegram

PEOPLE = {
    "Olena": ("kyiv", "Europe/Kyiv"),
    "Nora": ("new york", "America/New_York"),
    "Wei": ("shanghai", "Asia/Shanghai"),
}
TOPICS = ("ukraine talks", "china-russia", "new start")
DAYS = [date(2026, 2, day) for day in (2, 3, 4)]
BEGIN = datetime(2026, 2, 1, 18, tzinfo=UTC)
SPEED = 3600
TICK = 0.05


def main() -> None:
    """Rehearse, print figures, exit 1 where something was not as it should be."""
    parser = options(__doc__ or "")
    parser.add_argument("--keep", type=Path, help="a folder for the bot's data and log")
    arguments = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(exist_ok=True, parents=True)
        log = folder / "log"
        server = stack.enter_context(telegram())
        at = BEGIN.isoformat().replace("+00:00", "Z")
        more = ("--at", at, "--speed", str(SPEED), "--items", "400")
        feeds, clock = stack.enter_context(replay(arguments.data, folder, *more, month="replay-february"))
        env = settings(folder, server, feeds, clock, TICK_EVERY=str(TICK), GATHER_EVERY="0.5")
        bot = stack.enter_context(running(sys.executable, "-m", "bot", env=env, log=log))
        said(log, "Ready", bot)
        for person, (city, _) in PEOPLE.items():
            for topic in TOPICS:
                server.say(person, f"/subscribe {topic}")
            server.say(person, f"/timezone {city}")
            server.hears(person, "Next")
        present = datetime.fromisoformat(clock.split("=")[0])
        end = present + (datetime(2026, 2, 4, 23, 30, tzinfo=UTC) - BEGIN) / SPEED
        time.sleep(max(0.0, (end - datetime.now(UTC)).total_seconds()))
        sent = server.sent()
        bot.terminate()
        status = bot.wait(30)
        passes = [float(seconds) for seconds in re.findall(r"Gathered .*? in ([\d.]+) s", log.read_text())]
    if arguments.out:
        arguments.out.write_text(json.dumps(sent, ensure_ascii=False, indent=1))
    judge(sent, longest_pass=max(passes, default=0.0), status=status)


def judge(sent: list[dict[str, object]], *, longest_pass: float, status: int) -> None:
    """Count each person's editions by local date and say what is wrong."""
    found: dict[tuple[str, date], list[str]] = defaultdict(list)
    for message in sent:
        text = str(message["text"])
        heading = re.match(r"\w{3} (\d+) Feb, \d\d:\d\d (.+)", text)
        if heading:
            found[heading[2].split(" (")[0].lower(), date(2026, 2, int(heading[1]))].append(text)
    problems = []
    latest = timedelta()
    for city, zone in PEOPLE.values():
        for day in DAYS:
            texts = found[city, day]
            if len(texts) != 1:
                problems.append(f"{city} {day}: {len(texts)} digests")
            for text in texts:
                if "no new stories" in text:
                    problems.append(f"{city} {day}: empty")
                at = re.match(r"\w{3} \d+ Feb, (\d\d):(\d\d)", text)
                assert at is not None
                came = datetime(day.year, day.month, day.day, int(at[1]), int(at[2]), tzinfo=ZoneInfo(zone))
                latest = max(latest, came - datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo(zone)))
    allowed = timedelta(seconds=(TICK + longest_pass) * SPEED)
    if latest > allowed:
        problems.append(f"the latest came {latest} late, more than a tick and a pass ({allowed})")
    if status != 0:
        problems.append(f"the bot ended with status {status}")
    figure("rehearsal.editions", sum(len(texts) for texts in found.values()), "digests")
    figure("rehearsal.expected", len(PEOPLE) * len(DAYS), "digests")
    figure("rehearsal.latest", latest.total_seconds() / SPEED, "s")
    figure("rehearsal.longest_pass", longest_pass, "s")
    figure("rehearsal.problems", len(problems), "problems")
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
