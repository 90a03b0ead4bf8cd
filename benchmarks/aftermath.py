"""What a killed bot left behind, and what must never be: read from copies of its files and from the server's own log.

Knows the bot by its files, its log and what people were sent; it uses none of its stores, which are what is tried here.
"""

import json
import re
import shutil
import sqlite3
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

DATABASE = "cablegram.sqlite"
OVERDUE = timedelta(hours=12)
_GIVEN_WAY = frozenset({"the next edition covers it", "half a day late"})

# What a kill may interrupt, each thing under a name of its own, so that what an earlier kill left is not counted anew.
STATES = {
    "filing": "SELECT article FROM unfiled",
    "claimed": "SELECT id, token FROM editions WHERE held AND NOT done AND digest IS NULL",
    "pending": "SELECT edition, part FROM deliveries WHERE state = 'pending'",
    "sending": "SELECT edition, part FROM deliveries WHERE state = 'sending'",
    "sent": "SELECT edition, part FROM deliveries JOIN editions ON edition = id WHERE state = 'sent' AND NOT done",
    "doubt": "SELECT edition, part FROM deliveries AS d WHERE state = 'uncertain'"
    " AND NOT EXISTS (SELECT * FROM deliveries WHERE edition = d.edition AND part = 0)",
    "updates": "SELECT id FROM updates WHERE NOT handled",
}

_HEADING = re.compile(r"\w{3} (\d+) (\w{3}), (\d\d):(\d\d) .+?(?: \(due (\d\d):(\d\d); .*)?\n")
_CONTINUED = re.compile(r"\((\d+)/\d+\)\n")
_MAY_NOT = "digest may not have arrived."
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_BUTTON = re.compile(r"(?:more|show):([a-z2-7]{10})(?::|$)")

Slot = tuple[int, str, str]
"""Chat, local date and time of day: what names an edition, as the ledger writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What people.json says of one chat."""

    topics: tuple[str, ...]
    slots: tuple[str, ...]
    zone: str
    since: datetime

    def due(self, until: datetime) -> Iterator[tuple[datetime, str, str]]:
        """Moment, date and time of every slot after `since` and up to `until`, in order."""
        zone = ZoneInfo(self.zone)
        day = self.since.astimezone(zone).date()
        while day <= until.astimezone(zone).date():
            for slot in sorted(self.slots):
                at = datetime.combine(day, time.fromisoformat(slot), zone).astimezone(UTC)
                if self.since < at <= until:
                    yield at, day.isoformat(), time.fromisoformat(slot).isoformat()
            day += timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What stood in the data folder at one moment when nobody was running."""

    under_way: Mapping[str, frozenset[tuple[int, ...]]]
    readers: Mapping[int, Reader]
    articles: Mapping[int, tuple[str, ...]]
    keys: frozenset[str]
    unfiled: frozenset[int]
    placements: Mapping[int, int]
    matched: frozenset[int]
    moves: Mapping[int, int]
    unhandled: tuple[str, ...]
    editions: Mapping[Slot, tuple[bool, str | None]]
    parts: Mapping[tuple[Slot, int], tuple[str, int | None, str]]
    problems: tuple[str, ...]


def read(folder: Path) -> Left:
    """Read a data folder through a copy, so that the next start finds it as the kill left it."""
    with tempfile.TemporaryDirectory() as scratch:
        for name in (DATABASE, f"{DATABASE}-wal"):
            if (folder / name).exists():
                shutil.copy(folder / name, scratch)
        database = sqlite3.connect(Path(scratch) / DATABASE)
        try:
            return _read(database, folder)
        finally:
            database.close()


def _read(database: sqlite3.Connection, folder: Path) -> Left:
    def ask(query: str) -> list[Any]:
        return database.execute(query).fetchall()

    problems = [f"integrity_check: {row}" for (row,) in ask("PRAGMA integrity_check") if row != "ok"]
    problems += [f"foreign_key_check: {row}" for row in ask("PRAGMA foreign_key_check")]
    updates = [json.loads(body) for (body,) in ask("SELECT body FROM updates WHERE NOT handled")]
    editions = ask("SELECT id, chat, day, slot, done, digest FROM editions")
    slots = {number: (chat, day, slot) for number, chat, day, slot, _, _ in editions}
    left = Left(
        under_way={state: frozenset(ask(query)) for state, query in STATES.items()},
        readers=_people(folder, problems),
        articles={number: tuple(json.loads(keys)) for number, keys in ask("SELECT id, keys FROM articles")},
        keys=frozenset(key for (key,) in ask("SELECT key FROM article_keys")),
        unfiled=frozenset(number for (number,) in ask("SELECT article FROM unfiled")),
        placements=dict(ask("SELECT article, story FROM placements")),
        matched=frozenset(number for (number,) in ask("SELECT article FROM matches")),
        moves=dict(ask("SELECT story, successor FROM story_moves")),
        unhandled=tuple(update.get("message", {}).get("text", "") for update in updates),
        editions={slots[number]: (bool(done), digest) for number, _, _, _, done, digest in editions},
        parts={
            (slots[number], part): (state, message, reason or "")
            for number, part, state, message, reason in ask(
                "SELECT edition, part, state, message, reason FROM deliveries"
            )
        },
        problems=(),
    )
    return replace(left, problems=(*problems, *archive_problems(left)))


def _people(folder: Path, problems: list[str]) -> dict[int, Reader]:
    """The readers of people.json, which must be whole whenever it is looked at."""
    try:
        documents = json.loads((folder / "people.json").read_bytes())["subscriptions"].values()
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError) as error:
        problems.append(f"people.json is not whole: {error!r}")
        return {}
    return {
        each["chat"]: Reader(
            topics=tuple(each["topics"]),
            slots=tuple(each["slots"]),
            zone=each["zone"] or "UTC",
            since=datetime.fromisoformat(each["since"]),
        )
        for each in documents
    }


def archive_problems(left: Left) -> Iterator[str]:
    """Gathering and filing are all or nothing: an article stands once, and waits or is filed, never both or neither."""
    for key, times in Counter(key for keys in left.articles.values() for key in set(keys)).items():
        if times > 1 and not key.startswith("title:"):
            yield f"{times} articles are stored under {key}"
    placed = left.placements.keys()
    yield from (f"article {each} waits and is filed" for each in left.unfiled & placed)
    yield from (f"article {each} waits and has a topic" for each in left.unfiled & left.matched)
    yield from (f"article {each} neither waits nor is filed" for each in left.articles.keys() - left.unfiled - placed)


def changed_stories(before: Left, after: Left) -> Iterator[str]:
    """Stories that got another id although their articles stayed together and no move is recorded."""
    members: defaultdict[int, set[int]] = defaultdict(set)
    for article, story in before.placements.items():
        members[story].add(article)
    living = set(after.placements.values())
    for story, articles in members.items():
        if story not in living and articles & after.placements.keys() and story not in after.moves:
            yield f"story {story} has ceased and nothing says where it went"
    yield from (
        f"story {old} has moved to {new}, which is none" for old, new in after.moves.items() if new not in living
    )
    yield from (f"story {old} has moved and lives" for old in after.moves.keys() & living)
    yield from (f"article {each} was filed and is not any more" for each in before.placements.keys() - after.placements)
    yield from (f"article {each} was stored and is not any more" for each in before.articles.keys() - after.articles)


def changed_people(before: Left, after: Left) -> Iterator[str]:
    """People who vanished, or whose schedule changed though they never asked for it."""
    for chat, reader in before.readers.items():
        now = after.readers.get(chat)
        if now is None:
            yield f"chat {chat} is no longer among the people"
        elif (now.slots, now.zone, now.since) != (reader.slots, reader.zone, reader.since) or len(now.topics) < 2:
            yield f"chat {chat} was {reader} and is {now}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The server's log, read as what a reader would take it for. `parts` counts how often each part of each edition came."""

    parts: Counter[tuple[Slot, int]]
    messages: Mapping[int, tuple[Slot, int]]
    notices: Counter[tuple[int, str]]
    answers: Mapping[int, tuple[str, ...]]
    problems: tuple[str, ...]


def understand(sent: Iterable[Mapping[str, Any]], left: Left, year: int) -> Sent:
    """Tell editions, notices and answers apart. A heading says which edition it is; the ledger is asked only where none stands."""
    planned = {(slot[0], digest): slot for slot, (_, digest) in left.editions.items() if digest}
    parts: Counter[tuple[Slot, int]] = Counter()
    messages: dict[int, tuple[Slot, int]] = {}
    notices: Counter[tuple[int, str]] = Counter()
    answers: defaultdict[int, list[str]] = defaultdict(list)
    problems = []
    for message in sent:
        chat, text, reader = message["chat"], message["text"], left.readers.get(message["chat"])
        if message["what"] != "sent":
            continue
        digest = next((found[1] for each in message["data"] if each and (found := _BUTTON.match(each))), None)
        heading, continued = _HEADING.match(text), _CONTINUED.match(text)
        if _MAY_NOT in text:
            notices[chat, str(digest)] += 1
        elif heading and reader and reader.topics:
            part = _slot(chat, reader, heading, year), 1
            if digest and planned.get((chat, digest)) != part[0]:
                problems.append(f"chat {chat} was sent {text[:60]!r}, by the ledger {planned.get((chat, digest))}")
            parts[part] += 1
            messages[message["message"]] = part
        elif continued and digest and (chat, digest) in planned:
            part = planned[chat, digest], int(continued[1])
            parts[part] += 1
            messages[message["message"]] = part
        else:
            answers[chat].append(text)
    return Sent(
        parts=parts,
        messages=messages,
        notices=notices,
        answers={chat: tuple(texts) for chat, texts in answers.items()},
        problems=tuple(problems),
    )


def _slot(chat: int, reader: Reader, heading: re.Match[str], year: int) -> Slot:
    """The edition that a heading is of: the slot that it names as missed, else the newest before it."""
    at = datetime(year, _MONTHS.index(heading[2]) + 1, int(heading[1]), int(heading[3]), int(heading[4]), tzinfo=UTC)
    missed = time(int(heading[5]), int(heading[6])) if heading[5] else None
    times = [missed] if missed else [time.fromisoformat(slot) for slot in reader.slots]
    days: list[date] = [at.date(), at.date() - timedelta(days=1)]
    slots = [datetime.combine(day, slot, UTC) for day in days for slot in times]
    newest = max(slot for slot in slots if slot <= at)
    return chat, newest.date().isoformat(), newest.time().isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of the editions that fell due; `untold` are doubtful ones whose reader did not get the notice either."""

    due: int = 0
    delivered: int = 0
    doubtful_arrived: int = 0
    doubtful_missing: int = 0
    untold: int = 0
    superseded: int = 0
    parts: int = 0
    notices: int = 0


def judge(
    left: Left, sent: Sent, until: datetime, awake: Iterable[tuple[datetime, datetime]], patience: timedelta
) -> tuple[Tally, list[str]]:
    """Hold what was delivered against what was due up to `until`, and the ledger against both.

    `awake` are the spans in which the bot delivered. An edition may give way to its reader's next one, or to half a day,
    only where the bot was not awake for as long as `patience` at a stretch before.
    """
    problems = [f"{part} was delivered {times} times" for part, times in sent.parts.items() if times > 1]
    problems += [
        f"the notice of {digest} was sent {times} times" for digest, times in sent.notices.items() if times > 1
    ]
    spans = tuple(awake)
    counts: Counter[str] = Counter(parts=len(sent.parts), notices=sum(sent.notices.values()))
    for chat, reader in left.readers.items():
        # An edition that fell due shortly before the end may have given way to one that fell due shortly after.
        slots = list(reader.due(until + OVERDUE)) if len(reader.topics) > 1 else []
        for number, (at, day, slot) in enumerate(slots):
            if at > until:
                break
            following = slots[number + 1][0] if number + 1 < len(slots) else until + OVERDUE
            last_call = min(following, at + OVERDUE)
            chance = any(min(end, last_call) - max(begin, at) >= patience for begin, end in spans)
            fate = _fate((chat, day, slot), left, sent)
            counts["due"] += 1
            counts[fate] += 1
            digest = left.editions.get((chat, day, slot), (True, None))[1]
            counts["untold"] += fate.startswith("doubtful") and not sent.notices[chat, str(digest)]
            if fate == "lost" or (fate == "superseded" and chance):
                problems.append(f"{day} {slot} was due to chat {chat} at {at:%d %H:%M} UTC and is {fate}")
    problems += _ledger_problems(left, sent)
    return Tally(**{name: counts[name] for name in Tally.__slots__}), problems


def _fate(edition: Slot, left: Left, sent: Sent) -> str:
    states = {part: state for (slot, part), (state, _, _) in left.parts.items() if slot == edition and part}
    if not states:
        done = left.editions.get(edition, (True, None))[0]
        return "superseded" if done and not sent.parts[edition, 1] else "lost"
    arrived = [bool(sent.parts[edition, part]) for part in states]
    if "uncertain" in states.values():
        return "doubtful_arrived" if all(arrived) else "doubtful_missing"
    if all(state == "refused" for state in states.values()):
        covered = all(left.parts[edition, part][2] in _GIVEN_WAY for part in states)
        return "superseded" if covered and not any(arrived) else "lost"
    return "delivered" if all(arrived) and set(states.values()) == {"sent"} else "lost"


def _ledger_problems(left: Left, sent: Sent) -> Iterator[str]:
    for (edition, part), (state, message, _) in left.parts.items():
        if state == "sent" and sent.messages.get(message or 0) != (edition, part):
            yield f"by the ledger {edition}, part {part}, was sent as message {message}; the server knows better"
        if state in {"pending", "refused"} and sent.parts[edition, part]:
            yield f"by the ledger {edition}, part {part}, is {state}; the server delivered it"
        if state == "sending":
            yield f"{edition}, part {part}, is still being sent"
    yield from (f"{edition} was delivered, part {part}, and the ledger has no such part"
                for edition, part in sent.parts if (edition, part) not in left.parts)  # fmt: skip
