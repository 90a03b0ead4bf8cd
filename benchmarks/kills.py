"""kill -9 at random moments of gathering, filing and delivery, then a restart: nothing lost, nothing twice.

Readers with up to six digests a day in many zones follow three topics while everybody writes commands. After each kill
the data folder is read (aftermath.py): what was under way, and whether it is whole. At the end what the server delivered
is held against what was due. Fails where something was lost, doubled or torn, or where a state was never hit.
"""

import contextlib
import html
import json
import random
import re
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import aftermath
from benchmarks.data import figure, options
from benchmarks.processes import Mortal, Telegram, answer, replay, settings, telegram
from config.catalogue import load_feeds

CITIES = ("Kyiv", "New York", "Shanghai", "London", "Delhi", "Tokyo", "Los Angeles", "Warsaw")
TOPICS = ("ukraine talks", "china-russia", "new start")
GATHER_EVERY = 0.3
PATIENCE = 8.0  # seconds
BEGIN = "2026-02-01T12:00:00Z"
SPEED = 1800
STATES = ("gathering", *aftermath.STATES)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a campaign came to."""

    hit: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    tally: aftermath.Tally = field(default_factory=aftermath.Tally)
    left_sending: int = 0
    said: int = 0
    answered_twice: int = 0
    problems: list[str] = field(default_factory=list)

    def figures(self) -> Iterator[tuple[str, int, str]]:
        """Name, value and unit of all that is counted."""
        yield from ((f"kills.{way}", self.ways[way], "kills") for way in ("process", "group"))
        yield from ((f"kills.hit.{state}", self.hit[state], "kills") for state in STATES)
        yield from ((f"kills.editions.{name}", getattr(self.tally, name), "") for name in aftermath.Tally.__slots__)
        yield "kills.left_sending", self.left_sending, "parts"
        yield "kills.commands", self.said, "commands"
        yield "kills.answered_twice", self.answered_twice, "commands"
        yield "kills.problems", len(self.problems), "problems"


class Crowd:
    """Readers, who get digests and now and then change their mind about a topic, and askers, who only ask."""

    def __init__(self, server: Telegram, rng: random.Random, readers: int, askers: int) -> None:
        self._server = server
        self._rng = rng
        self.readers = [f"Reader {number}" for number in range(readers)]
        self.askers = [f"Asker {number}" for number in range(askers)]
        self.asked: list[str] = []
        self.said: Counter[str] = Counter()
        self._quiet = threading.Event()

    def subscribe(self) -> None:
        """Everybody chooses a city, up to six times of day, then topics; returns when all is confirmed."""
        for number, reader in enumerate(self.readers):
            # Full hours: a heading that names none of the times missed is then always of the newest of them.
            hours = sorted(self._rng.sample(range(24), 6 if number % 4 else 2))
            self._say(reader, f"/timezone {CITIES[number % len(CITIES)]}")
            self._say(reader, "/time " + " ".join(f"{hour:02}:00" for hour in hours))
            for topic in TOPICS:
                self._say(reader, f"/subscribe {topic}")
        for reader in self.readers:
            for _ in range(2 + len(TOPICS)):
                self._server.hears(reader, "")

    def talk(self) -> None:
        """Say something several times a second until told to be quiet, and leave every topic followed."""
        changed: set[str] = set()
        while not self._quiet.wait(self._rng.uniform(0.05, 0.4)):
            if self._rng.random() < 0.3:
                reader = self._rng.choice(self.readers)
                self._say(reader, f"/{'subscribe' if reader in changed else 'unsubscribe'} {TOPICS[-1]}")
                changed ^= {reader}
            elif self._rng.random() < 0.2:
                self._say(self._rng.choice(self.askers), "/latest")
            else:
                self.asked.append(f"nosuch{len(self.asked)}")
                self._say(self._rng.choice(self.askers), f"/topics {self.asked[-1]}")
        for reader in changed:
            self._say(reader, f"/subscribe {TOPICS[-1]}")

    def hush(self) -> None:
        """No more words."""
        self._quiet.set()

    def _say(self, person: str, text: str) -> None:
        self._server.say(person, text)
        self.said[person] += 1


class Campaign:
    """Kills a bot `kills` times and judges what became of it. `shown` names the keys of all that the feeds show now.

    `patience` is how many seconds a bot that is left alone may take to deliver what is due.
    """

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
        self._patience = patience
        self._server = server
        self._bot = Mortal(env, folder)
        self._rng = rng
        self._shown = shown
        present, _, rest = env["CLOCK"].partition("=")
        replayed, _, speed = rest.partition("*")
        self._present, self._replayed = datetime.fromisoformat(present), datetime.fromisoformat(replayed)
        self._speed = float(speed)
        self._awake: list[tuple[datetime, datetime]] = []
        self._interrupted: Counter[str] = Counter()
        self._outcome = Outcome()
        self._left: aftermath.Left | None = None

    def run(self, kills: int, *, readers: int = 16, askers: int = 6) -> Outcome:
        """Subscribe everybody, kill again and again while they talk, drain, judge."""
        crowd = Crowd(self._server, self._rng, readers, askers)
        try:
            self._bot.start()
            self._bot.said("Ready")
            crowd.subscribe()
            with ThreadPoolExecutor(1) as executor:
                talking = executor.submit(crowd.talk)
                try:
                    for _ in range(kills):
                        self._kill()
                        self._bot.start()
                finally:
                    crowd.hush()
                talking.result()
            shown = self._shown()
            horizon = self._drain()
            self._check(crowd, shown, horizon)
        finally:
            if self._bot.running():
                self._bot.kill("group")
        return self._outcome

    def _kill(self) -> None:
        """One kill: aimed at what was hit least, or at no matter what; then look at what it left."""
        # A doubt comes of a kill while something was being sent, and lasts until the next tick.
        doubtful = self._left is not None and self._left.under_way["sending"]
        states = [state for state in STATES if state != "doubt" or doubtful]
        least = min(self._outcome.hit[state] for state in states)
        aim = self._rng.choice([state for state in states if self._outcome.hit[state] == least])
        if self._outcome.ways.total() % 3 == 2:
            time.sleep(self._rng.uniform(0.0, 6.0))
        else:
            self._bot.said("Ready")
            if aim != "gathering":
                self._see(aftermath.STATES[aim])
            # Most states last for a millisecond or a few, a pass for most of a second.
            time.sleep(self._rng.uniform(0.0, 0.5) if aim == "gathering" else self._rng.random() ** 8 * 0.02)
        way = self._rng.choice(["process", "group"])
        at = self._bot.kill(way)
        self._outcome.ways[way] += 1
        left = aftermath.read(self._bot.data)
        self._note(at, left)
        found = ", ".join(f"{len(things)} {state}" for state, things in left.under_way.items() if things)
        print(f"kill {self._outcome.ways.total()}, of the {way}, aimed at {aim}: {found}", file=sys.stderr, flush=True)
        self._left = left

    def _see(self, query: str, within: float = 10) -> None:
        """Wait until a query over the live database finds something."""
        database = sqlite3.connect(f"file:{self._bot.data / aftermath.DATABASE}?mode=ro", uri=True)
        deadline = time.monotonic() + within
        try:
            while time.monotonic() < deadline and database.execute(query).fetchone() is None:
                time.sleep(0.0005)
        finally:
            database.close()

    def _note(self, at: datetime, left: aftermath.Left) -> None:
        lines = self._bot.lines()
        self._note_awake(at, lines)
        desk = [(when, line.split()[0]) for when, line in lines if line.startswith(("Ready", "Gathered", "Filed"))]
        last = desk[-1] if desk else None
        # Gathering begins with the bot's life, and then within an interval of the end of the last filing.
        rests = timedelta(seconds=0 if last and last[1] == "Ready:" else GATHER_EVERY)
        self._outcome.hit["gathering"] += bool(last and last[1] != "Gathered" and at >= last[0] + rests)
        for state, things in left.under_way.items():
            former = self._left.under_way[state] if self._left is not None else frozenset()
            self._outcome.hit[state] += bool(things - former)
        self._outcome.left_sending += len(left.under_way["sending"])
        self._interrupted.update(left.unhandled)
        self._look(left)

    def _note_awake(self, at: datetime, lines: list[tuple[datetime, str]]) -> None:
        filed = next((when for when, line in lines if line.startswith("Filed")), None)
        if filed is not None:
            self._awake.append((self._clock(filed), self._clock(at)))

    def _look(self, left: aftermath.Left) -> None:
        self._outcome.problems += left.problems
        if self._left is not None:
            self._outcome.problems += aftermath.changed_stories(self._left, left)
            self._outcome.problems += aftermath.changed_people(self._left, left)

    def _drain(self) -> datetime:
        """Leave the bot alone until it has nothing more to do, then stop it; up to when everything must be delivered."""
        self._bot.said("Filed")
        time.sleep(self._patience)
        end = datetime.now(UTC)
        for rest in ("unfiled", "editions WHERE NOT done", "updates WHERE NOT handled"):
            self._see(f"SELECT 1 WHERE NOT EXISTS (SELECT * FROM {rest})", within=90)
        status = self._bot.stop()
        self._note_awake(end, self._bot.lines())
        if status != 0:
            self._outcome.problems.append(f"the bot ended with status {status}")
        return self._clock(end - timedelta(seconds=self._patience))

    def _check(self, crowd: Crowd, shown: set[str], horizon: datetime) -> None:
        outcome, former = self._outcome, self._left
        left = aftermath.read(self._bot.data)
        self._look(left)
        sent = aftermath.understand(self._server.sent(), left, self._replayed.year)
        patience = timedelta(seconds=self._patience) * self._speed
        outcome.tally, problems = aftermath.judge(left, sent, horizon, self._awake, patience)
        outcome.problems += [*sent.problems, *problems]
        outcome.problems += [f"the feeds show {key}, and it was never stored" for key in shown - left.keys]
        if former is not None and (waiting := former.unfiled & left.unfiled):
            outcome.problems.append(f"{len(waiting)} articles were never filed")
        outcome.problems += [f"{text!r} was never handled" for text in left.unhandled]
        outcome.problems += [
            f"chat {chat} follows {each.topics}"
            for chat, each in left.readers.items()
            if len(each.topics) < len(TOPICS)
        ]
        self._check_answers(crowd, sent)
        # A child whose parent is killed while it starts complains on standard error, but not in the log.
        log = (line for line in self._bot.log.read_text().splitlines() if line.startswith("{"))
        outcome.problems += [f"{line[:200]} … {line[-1500:]}" for line in log if '"traceback"' in line]
        deadline = time.monotonic() + 15
        while (orphans := self._bot.orphans()) and time.monotonic() < deadline:
            time.sleep(0.1)
        outcome.problems += [f"process {each} outlived its bot" for each in orphans]

    def _check_answers(self, crowd: Crowd, sent: aftermath.Sent) -> None:
        """Every command was answered, and twice only where a kill came before it was noted as handled."""
        outcome = self._outcome
        outcome.said = crowd.said.total()
        heard = [text for texts in sent.answers.values() for text in texts]
        echoed = Counter(word for text in heard for word in re.findall("“(nosuch\\d+)”", text))
        for word in crowd.asked:
            if not echoed[word]:
                outcome.problems.append(f"/topics {word} was never answered")
            elif echoed[word] > 1:
                outcome.answered_twice += 1
                if echoed[word] > 1 + self._interrupted[f"/topics {word}"]:
                    outcome.problems.append(f"/topics {word} was answered {echoed[word]} times")
        people = self._server.people()
        for person, said in crowd.said.items():
            if len(sent.answers.get(people[person], ())) < said:
                outcome.problems.append(f"{person} said {said} things and heard fewer answers")

    def _clock(self, at: datetime) -> datetime:
        return self._replayed + (at - self._present) * self._speed


def shown_keys(feeds: Path) -> set[str]:
    """Under which names the archive must know what the feeds show now: the feeds' own ids of all entries that say a word."""
    keys = set()
    for feed in load_feeds(feeds):
        for item in re.findall(r"<item>.+?</item>", answer(feed.url).decode(), re.DOTALL):
            told = "".join(re.findall(r"<(?:title|description)>(.*?)</", item, re.DOTALL))
            guid = re.search(r"<guid[^>]*>(.+?)</guid>", item)
            if guid and re.sub(r"<[^>]*>", "", html.unescape(told)).strip():
                keys.add(f"guid:{feed.slug}:{html.unescape(guid[1])}")
    return keys


def main() -> None:
    """Run a campaign over the February replay; exit 1 where something was not as it should be."""
    parser = options(__doc__ or "")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--keep", type=Path, help="a folder for the bot's data and log")
    arguments = parser.parse_args()
    seed = random.randrange(1_000_000) if arguments.seed is None else arguments.seed
    figure("kills.seed", seed, "")
    with contextlib.ExitStack() as stack:
        folder = arguments.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(exist_ok=True, parents=True)
        server = stack.enter_context(telegram("--latency", "0.06"))
        more = ("--at", BEGIN, "--speed", str(SPEED), "--items", "400")
        feeds, clock = stack.enter_context(replay(arguments.data, folder, *more, month="replay-february"))
        env = settings(folder, server, feeds, clock, TICK_EVERY="0.05", GATHER_EVERY=str(GATHER_EVERY))
        campaign = Campaign(
            server=server, env=env, folder=folder, rng=random.Random(seed), shown=lambda: shown_keys(Path(feeds))
        )
        outcome = campaign.run(arguments.kills)
        if arguments.out:
            arguments.out.write_text(json.dumps(server.sent(), ensure_ascii=False, indent=1))
    outcome.problems += [f"no kill ever hit {state}" for state in STATES if not outcome.hit[state]]
    for each in outcome.figures():
        figure(*each)
    if outcome.problems:
        sys.exit("\n".join(outcome.problems[:50]))


if __name__ == "__main__":
    main()
