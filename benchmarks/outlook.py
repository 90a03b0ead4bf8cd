"""Comparisons and states of play of the replays, to be judged line by line: `--out FILE` gets each line once.

The figures count what was said. Of groups called silent, `contradicted` are those of which the replay holds, in the end, a
report of the story that was published before they were called so.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.data import figure, options
from benchmarks.lives import MONTHS, Life, life
from digests.editing.compare import Watch, compare, group, since
from digests.editing.outlook import REACH, outlook
from digests.filing.relevance import Relevance
from digests.model.articles import Article
from digests.model.comparisons import Comparison, Excerpt, Group
from digests.model.outlook import Outlook
from digests.model.stories import Brief, StoryId, Window
from digests.model.topics import TopicSlug

EVERY = 9  # hours
FIRST = 20
DAY = timedelta(hours=24)


class Reading:
    """What was said at the moments of one replay."""

    def __init__(self, here: Life) -> None:
        self._here = here
        self._relevance = Relevance(here.topics)
        self.lines: dict[str, None] = {}
        self.counted: Counter[str] = Counter()
        self.silent: list[tuple[StoryId, Group, datetime]] = []

    async def read(self, now: datetime) -> None:
        """Every topic's state of play, and every story of a digest of the last day."""
        for topic in self._here.topics:
            stories = await self._here.archive.stories(topic.slug, Window(start=now - REACH, end=now))
            drawn = outlook(
                stories, topic.slug, self._here.speakers, lambda each, slug=topic.slug: self._fit(each, slug), now
            )
            self._add(topic.slug, _state(drawn))
            self.counted["moments"] += 1
        digest = await self._here.composer.compose(
            [each.slug for each in self._here.topics], Window(start=now - DAY, end=now)
        )
        for brief in digest.briefs:
            told = await self._compared(brief, now)
            self._add(f"{brief.story} {brief.headline}", _comparison(told))
            self.silent += [(brief.story, each, now) for each in told.silent]
            self.counted["comparisons"] += 1

    async def contradicted(self) -> int:
        """How many were called silent on a story of which their group had published a report."""
        placed = await self._here.archive.placed_since(self._here.articles[0].published - DAY)
        return sum(
            any(
                story == told and group(report.article.outlet) is which and report.article.published <= now
                for report, told in placed
            )
            for story, which, now in self.silent
        )

    async def _compared(self, brief: Brief, now: datetime) -> Comparison:
        archive, begun = self._here.archive, since(brief.reports)
        topical = await archive.stories(brief.topic, Window(start=begun, end=now))
        watch = Watch(
            reports=tuple(report for report, _ in await archive.placed_since(begun)),
            topical=frozenset(
                match.article for story in topical for match in story.matches if match.topic == brief.topic
            ),
            feeds=self._here.feeds,
            states=await archive.feed_states(),
            gaps=await archive.gaps(begun),
            until=now,
        )
        return compare(brief.reports, watch)

    def _fit(self, article: Article, slug: TopicSlug) -> float:
        return max((match.score for match in self._relevance.match(article) if match.topic == slug), default=0.0)

    def _add(self, about: str, said: Iterator[tuple[str, str]]) -> None:
        for kind, line in said:
            written = f"{kind}\t{about}\t{line}"
            if written not in self.lines:
                self.lines[written] = None
                self.counted[kind] += 1


def _state(drawn: Outlook) -> Iterator[tuple[str, str]]:
    for position in drawn.positions:
        yield "positions", f"{position.side}\t{position.speaker}\t{_source(position.said)}"
    for named in drawn.ahead:
        yield "dates", f"{named.first} to {named.last}\t{named.words}\t{_source(named.said)}"
    for kind, found in (("agreed", drawn.agreed), ("differing", drawn.differing)):
        for excerpts in found:
            yield kind, " / ".join(map(_source, excerpts))


def _comparison(told: Comparison) -> Iterator[tuple[str, str]]:
    for side in told.sides:
        yield "sides", f"{side.group}\t{side.voices}\t{_source(side.headline)}"
        for quoted in side.quotations:
            yield "quotations", f"{side.group}\t{_source(quoted)}"
    for excerpts in told.differing:
        yield "compared-differing", " / ".join(map(_source, excerpts))
    for silent in told.silent:
        yield "silent", silent


def _source(excerpt: Excerpt) -> str:
    article = excerpt.article
    return f"{excerpt.text} | {article.outlet.name} {article.published:%d %b %H:%M} {article.url}"


async def main(data: Path) -> list[str]:
    """Both replays, a moment every few hours; returns what was said."""
    lines = []
    for month in MONTHS:
        async with life(data, month) as here:
            reading, hour = Reading(here), 0
            async for now in here.hours:
                hour += 1
                if hour >= FIRST and hour % EVERY == 0:
                    await reading.read(now)
            for kind, count in sorted(reading.counted.items()):
                figure(f"{month}.{kind}", count, "lines" if kind not in {"moments", "comparisons"} else "")
            figure(f"{month}.silent.contradicted", await reading.contradicted(), "")
            lines += [f"{month}\t{line}" for line in reading.lines]
    return lines


if __name__ == "__main__":
    arguments = options(__doc__).parse_args()
    said = asyncio.run(main(arguments.data))
    if arguments.out:
        arguments.out.write_text("\n".join(said) + "\n", encoding="utf-8")
