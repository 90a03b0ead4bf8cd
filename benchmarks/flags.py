"""Whether it is true when a story is said to be told by one state's media alone, and when a group is called silent.

Both replays are lived through. Every few hours each topic's digest of the last day is composed, and all its stories are
compared. `flags` are shown stories with the line; `all` are the same claims of any story of the replay, on a topic or not,
so that there are more to judge; `silent` are groups that /compare calls silent. A claim is counted once a story, and once
more each time that it is made of other articles. It is suspect where an article of somebody whom it denies stands in the
same story in the end, or has a title much like one of the story's: `before` of those that were published by then, `later`
of the others. `--out FILE` gets every claim with the nearest titles, for a person to judge.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.data import figure, options
from benchmarks.lives import MONTHS, Life, life
from digests.editing.compare import Reach, Watch, compare, group, since
from digests.editing.flags import Flags
from digests.editing.weights import likeness, vector
from digests.model.articles import Article, ArticleId
from digests.model.stories import Brief, Report, Story, StoryId, Window

EVERY = 2  # hours
FIRST = 8
DAY = timedelta(hours=24)
STORY = timedelta(hours=72)
ALIKE = 0.5
NEAREST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What was said of a story at a moment, and whose report would make it wrong."""

    kind: str
    what: str
    at: datetime
    articles: tuple[Article, ...]
    denies: Callable[[Article], bool]


class Reading:
    """What was claimed at the moments of one replay."""

    def __init__(self, here: Life) -> None:
        self._here = here
        self._flags = Flags(here.speakers)
        self.counted: Counter[str] = Counter()
        self.claims: dict[tuple[str, str, frozenset[ArticleId]], Claim] = {}

    async def read(self, now: datetime) -> None:
        """Compose, compare, and look at every story that runs."""
        archive = self._here.archive
        states = await archive.feed_states()
        told = await archive.placed_since(now - STORY - DAY)
        reach = Reach(feeds=self._here.feeds, states=states, gaps=await archive.gaps(now - STORY - DAY), until=now)
        for topic in self._here.topics:
            digest = await self._here.composer.compose([topic.slug], Window(start=now - DAY, end=now))
            for brief in digest.briefs:
                self.counted["shown"] += 1
                if brief.alone:
                    self.counted["flags"] += 1
                    self._claim_alone("flags", brief.reports, now)
                await self._compare(brief, told, reach)
        for story in _running(told, now):
            self.counted["running"] += 1
            if self._flags.suspected(story, now) and self._flags.alone(story, [each for each, _ in told], reach):
                self.counted["all"] += 1
                self._claim_alone("all", story.reports, now)

    async def _compare(self, brief: Brief, told: Iterable[tuple[Report, StoryId]], reach: Reach) -> None:
        begun = since(brief.reports)
        stories = await self._here.archive.stories(brief.topic, Window(start=begun, end=reach.until))
        watch = Watch(
            reports=[report for report, _ in told if report.article.published > begun],
            topical=frozenset(each.article for story in stories for each in story.matches if each.topic == brief.topic),
            feeds=reach.feeds,
            states=reach.states,
            gaps=reach.gaps,
            until=reach.until,
        )
        self.counted["compared"] += 1
        for which in compare(brief.reports, watch).silent:
            self.counted["silent"] += 1
            self._claim(
                "silent", which, brief.reports, reach.until, lambda other, which=which: group(other.outlet) is which
            )

    def _claim_alone(self, kind: str, reports: tuple[Report, ...], now: datetime) -> None:
        own = reports[0].article.outlet
        self._claim(
            kind,
            own.vantage,
            reports,
            now,
            lambda other: not (other.outlet.state_media and other.outlet.vantage == own.vantage),
        )

    def _claim(
        self, kind: str, what: str, reports: tuple[Report, ...], now: datetime, denies: Callable[[Article], bool]
    ) -> None:
        articles = tuple(report.article for report in reports)
        claim = Claim(kind=kind, what=what, at=now, articles=articles, denies=denies)
        self.claims.setdefault((kind, what, frozenset(each.id for each in articles)), claim)


def _running(told: Iterable[tuple[Report, StoryId]], now: datetime) -> Iterator[Story]:
    by_story: dict[StoryId, list[Report]] = {}
    for report, story in told:
        by_story.setdefault(story, []).append(report)
    for story, reports in by_story.items():
        if reports[-1].article.published > now - DAY:
            yield Story(id=story, reports=tuple(reports))


def judged(
    claim: Claim, entries: Iterable[Article], stories: Mapping[ArticleId, StoryId]
) -> tuple[dict[str, bool], list[str]]:
    """Whether anything published before, or later, makes the claim suspect; and the nearest titles of either time."""
    titles = [vector(each.title) for each in claim.articles]
    own = {stories[each.id] for each in claim.articles}
    begun = min(each.published for each in claim.articles) - DAY
    near = sorted(
        (
            (max(likeness(vector(each.title), title) for title in titles), stories[each.id] in own, each)
            for each in entries
            if each.published > begun and claim.denies(each)
        ),
        key=lambda found: (-found[0], found[2].id),
    )
    suspect, lines = {}, []
    for when, found in (
        ("before", [each for each in near if each[2].published <= claim.at]),
        ("later", [each for each in near if each[2].published > claim.at]),
    ):
        suspect[when] = any(same or like >= ALIKE for like, same, _ in found)
        named = dict.fromkeys((*found[:NEAREST], *(each for each in found if each[1])))
        lines += [f"  {when} {like:.2f}{' same story' if same else ''}\t{_line(each)}" for like, same, each in named]
    return suspect, lines


def _line(article: Article) -> str:
    return f"{article.published:%d %b %H:%M}\t{article.outlet.name}\t{article.title}"


async def main(data: Path) -> list[str]:
    """Both replays, a moment every few hours; returns every claim with what is nearest to it."""
    lines = []
    for month in MONTHS:
        async with life(data, month) as here:
            reading, hour = Reading(here), 0
            async for now in here.hours:
                hour += 1
                if hour >= FIRST and hour % EVERY == 0:
                    await reading.read(now)
            placed = await here.archive.placed_since(here.articles[0].published - DAY)
        stories = {report.article.id: story for report, story in placed}
        entries = [report.article for report, _ in placed]
        suspects: Counter[str] = Counter()
        for claim in reading.claims.values():
            suspect, nearest = judged(claim, entries, stories)
            suspects[claim.kind] += 1
            suspects.update(f"{claim.kind}.{when}" for when, found in suspect.items() if found)
            lines.append(f"{month}\t{claim.kind}\t{claim.what}\t{claim.at:%d %b %H:%M}")
            lines += [f"  told\t{_line(each)}" for each in claim.articles]
            lines += nearest
        counted = reading.counted
        for kind, among in (("flags", "shown"), ("all", "running"), ("silent", "compared")):
            figure(f"{month}.{among}", counted[among], "stories at moments")
            figure(f"{month}.{kind}", counted[kind], "claims at moments")
            figure(f"{month}.{kind}.share", counted[kind] / max(1, counted[among]), "ratio")
            figure(f"{month}.{kind}.different", suspects[kind], "claims")
            for when in ("before", "later"):
                figure(f"{month}.{kind}.suspect.{when}", suspects[f"{kind}.{when}"], "claims")
    return lines


if __name__ == "__main__":
    arguments = options(__doc__).parse_args()
    said = asyncio.run(main(arguments.data))
    if arguments.out:
        arguments.out.write_text("\n".join(said) + "\n", encoding="utf-8")
