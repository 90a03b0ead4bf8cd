"""What a reader gets twice, and what he misses: labelled pairs of stories, and readers who live through the replays.

`--out FILE` gets a line for each update that such a reader was sent, beside what he had had before, to be judged by eye.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from benchmarks.data import figure, options
from benchmarks.lives import MONTHS, life
from digests.editing.compose import Composer
from digests.editing.novelty import History
from digests.editing.weights import Vector, likeness, vector
from digests.model.articles import Article, ArticleId
from digests.model.sources import FeedSlug, Outlet, Ownership
from digests.model.stories import Brief, Report, Story, StoryId, Window
from digests.model.topics import Match, TopicSlug

PAIRS = Path(__file__).with_name("novelty.txt")
SHOWN, TOPIC = StoryId(1), TopicSlug("any")
LANGUAGES = {
    "укр": "uk",
    "Сус": "uk",
    "Інт": "uk",
    "Укр": "uk",
    "Инт": "ru",
    "РБК": "ru",
    "Ком": "ru",
    "Вед": "ru",
    "新华社": "zh",
}
MEMORY = timedelta(days=7)
ALIKE = 0.6  # headlines this like each other may tell one thing twice: to be judged by eye
HABITS = {"morning and evening": (6, 18), "noon": (12,), "thrice": (5, 11, 17)}  # hours of the day, UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A story as it was shown, what came later, and whether that is an update."""

    set: str
    update: bool
    kind: str
    shown: tuple[Article, ...]
    later: tuple[Article, ...]


def pairs(text: str) -> Iterator[Pair]:
    """The labelled pairs of novelty.txt."""
    for block in text.split("\n\n"):
        head, *rows = [line for line in block.strip().splitlines() if not line.startswith("#")] or [""]
        if rows:
            name, answer, kind = head.split()
            made = [_article(number, row[2:], later=row[0] == "+") for number, row in enumerate(rows, 1)]
            split = next(number for number, row in enumerate(rows) if row[0] == "+")
            yield Pair(
                set=name, update=answer == "yes", kind=kind, shown=tuple(made[:split]), later=tuple(made[split:])
            )


def _article(number: int, row: str, *, later: bool) -> Article:
    name, title, text, *_ = (*map(str.strip, row.split("|")), "", "")
    published = datetime(2026, 2, 4, 8 + number + 12 * later, tzinfo=UTC)
    ownership = Ownership.STATE if name in {"TASS", "Xinhua", "新华社", "RT", "Sputnik", "BelTA"} else Ownership.PRIVATE
    return Article(
        id=ArticleId(number),
        keys=(str(number),),
        feed=FeedSlug(name),
        outlet=Outlet(name=name, country="INT", ownership=ownership, vantage="INT"),
        title=title,
        text=text,
        url="",
        published=published,
        first_seen=published,
        language=LANGUAGES.get(name[:3], "en"),
    )


def told(pair: Pair) -> Brief | None:
    """What the product tells a reader of the first part when the second has come."""
    every = (*pair.shown, *pair.later)
    story = Story(
        id=SHOWN,
        reports=tuple(Report(article=each, origin=each.outlet.name) for each in every),
        matches=tuple(Match(topic=TOPIC, article=each.id, score=1.0, why="") for each in every),
    )
    history = History({SHOWN: frozenset(each.id for each in pair.shown)})
    return history.update(story, TOPIC)


def main() -> None:
    """Score the pairs, then let readers live."""
    parser = options(__doc__ or "", needs_data=False)
    parser.add_argument("--set", choices=("dev", "held"), help="only this set, and list what was told wrong")
    asked = parser.parse_args()
    every = [pair for pair in pairs(PAIRS.read_text(encoding="utf-8")) if asked.set in {None, pair.set}]
    _score(every, listed=asked.set is not None)
    if asked.data:
        out = asked.out.open("w", encoding="utf-8") if asked.out else None
        for month in MONTHS:
            asyncio.run(_live(asked.data, month, out))


def _score(every: list[Pair], *, listed: bool) -> None:
    tally: Counter[tuple[str, bool, bool]] = Counter()
    for pair in every:
        brief = told(pair)
        tally[pair.set, pair.update, brief is not None] += 1
        if listed and pair.update != (brief is not None):
            print(f"# {'missed' if pair.update else 'false'}: {pair.kind}: {pair.later[0].title}")
    for name in sorted({pair.set for pair in every}):
        right, false, missed = tally[name, True, True], tally[name, False, True], tally[name, True, False]
        figure(f"novelty.{name}.pairs", sum(count for key, count in tally.items() if key[0] == name), "pairs")
        figure(f"novelty.{name}.precision", right / max(1, right + false), "ratio")
        figure(f"novelty.{name}.recall", right / max(1, right + missed), "ratio")


@dataclass(slots=True)
class _Reader:
    """What he was sent: stories with their articles, the words that stood there, and what came twice."""

    shown: dict[StoryId, tuple[datetime, frozenset[ArticleId]]]
    words: dict[str, datetime]
    headlines: list[tuple[Vector, str]]
    sent: int = 0
    updates: int = 0
    twice: int = 0
    alike: int = 0


async def _live(data: Path, month: str, out: TextIO | None) -> None:
    """Readers of all topics get their digests at their hours; nothing that one had may come to him again."""
    readers = {name: _Reader(shown={}, words={}, headlines=[]) for name in HABITS}
    async with life(data, month) as replay:
        topics = tuple(topic.slug for topic in replay.topics)
        async for now in replay.hours:
            for name, hours in HABITS.items():
                if now.hour in hours:
                    since = now - timedelta(hours=24 // len(hours))
                    await _read(readers[name], replay.composer, topics, Window(start=since, end=now), out)
    for name, reader in readers.items():
        figure(f"novelty.{month}.{name}.stories", reader.sent, "stories")
        figure(f"novelty.{month}.{name}.updates", reader.updates, "stories")
        figure(f"novelty.{month}.{name}.twice", reader.twice, "lines")
        figure(f"novelty.{month}.{name}.alike", reader.alike, "stories")


async def _read(
    reader: _Reader, composer: Composer, topics: tuple[TopicSlug, ...], window: Window, out: TextIO | None
) -> None:
    now = window.end
    shown = {story: articles for story, (at, articles) in reader.shown.items() if at > now - MEMORY}
    digest = await composer.compose(topics, window, shown=shown)
    for brief in digest.briefs:
        reader.sent += 1
        reader.updates += brief.update
        lines = [brief.headline, *(sentence.text for sentence in brief.sentences)]
        again = [line for line in lines if reader.words.get(line, now - MEMORY) > now - MEMORY]
        reader.twice += len(again)
        reader.words |= dict.fromkeys(lines, now)
        above = vector(brief.headline)
        near = [old for vector_of, old in reader.headlines if likeness(above, vector_of) >= ALIKE]
        reader.alike += bool(near) and not brief.update
        if out and near and not brief.update:
            out.write(f"\n{now:%d %b %H:%M} ALIKE {brief.headline}\n    = {near[0]}\n")
        reader.headlines.append((above, brief.headline))
        had = frozenset[ArticleId]().union(*shown.values())
        if out and brief.update:
            _note(out, brief, had, window)
        articles = frozenset(report.article.id for report in brief.reports)
        reader.shown[brief.story] = (now, articles | reader.shown.get(brief.story, (now, frozenset()))[1])


def _note(out: TextIO, brief: Brief, had: frozenset[ArticleId], window: Window) -> None:
    out.write(f"\n{window.end:%d %b %H:%M} {brief.topic} UPDATE {brief.headline_by or ''} {brief.headline}\n")
    out.writelines(f"    . {sentence.text} ({sentence.speaker})\n" for sentence in brief.sentences)
    for report in brief.reports:
        mark = "=" if report.article.id in had else "+"
        out.write(f"    {mark} {report.article.outlet.name}: {report.article.title}\n")


if __name__ == "__main__":
    main()
