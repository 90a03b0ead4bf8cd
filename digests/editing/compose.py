"""The pass that makes a digest: it reads what was filed, and changes nothing."""

import asyncio
import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digests.editing.compare import Reach, since
from digests.editing.condense import aside, condense, joined
from digests.editing.flags import Flags
from digests.editing.novelty import ECHO, History, Shown
from digests.editing.positions import Speakers
from digests.editing.ranking import Affair, Ranked, rank, spread
from digests.editing.selection import ROOMS
from digests.model.articles import ArticleId
from digests.model.sources import Coverage, Feed, FeedSlug, FeedState, Gap
from digests.model.stories import Alone, Brief, Digest, DigestId, Length, Report, Section, Story, StoryId, Window
from digests.model.topics import Topic, TopicSlug
from digests.ports import ReadingArchive

_STALE = timedelta(hours=3)  # a feed last read longer before the window's end has a gap there, known or not
_NOTHING: Mapping[StoryId, frozenset[ArticleId]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a digest of some topics and a window is made of, whoever reads it: stories, the weightiest first.

    `past` are stories of the days before, which those of the window may repeat. `nearest` is what a topic's quiet line
    may name. `alone` are stories that one state's media tell and nobody else. `articles` are those of all stories, past
    ones too.
    """

    window: Window
    titles: Mapping[TopicSlug, str]
    ranked: tuple[Ranked, ...]
    past: tuple[Story, ...]
    nearest: Mapping[TopicSlug, Report | None]
    alone: Mapping[StoryId, Alone]
    coverage: Coverage
    articles: frozenset[ArticleId]

    def concerning(self, shown: Shown) -> Shown:
        """That part of what a reader has had that makes a difference here."""
        stories = {each.story.id for each in self.ranked}
        return {
            story: articles
            for story, articles in shown.items()
            if story in stories or not self.articles.isdisjoint(articles)
        }


class Composer:
    """Composes digests from the archive.

        draft    stories of each topic ─► rank, one topic a story ─┐
                 those of the days before ─────────────────────────┤
                 nearest of each topic ────────────────────────────┤
                 feed states and gaps ─► coverage ─────────────────┤
                 what else was told ─► alone (where it may be so) ─┴─► Draft
        fit      Draft ─► drop what was had, or only its news ─► spread over topics ─► condense ─► sections ─► Digest

    `feeds` are those in service; disabled ones are left out here. `press.py` drafts once for many readers.
    """

    def __init__(
        self, archive: ReadingArchive, topics: Iterable[Topic], feeds: Sequence[Feed], speakers: Speakers
    ) -> None:
        self._archive = archive
        self._flags = Flags(speakers)
        self._topics = topics
        self._feeds = tuple(feed for feed in feeds if feed.enabled)

    async def compose(
        self,
        topics: Sequence[TopicSlug],
        window: Window,
        *,
        most: int = 8,
        shown: Shown = _NOTHING,
        length: Length = Length.NORMAL,
    ) -> Digest:
        """A digest of at most `most` stories over all topics, sections in the order asked.

        `shown` is what the reader has had: such stories come back only as updates. A topic that has left the catalogue
        is left out. Raises StorageError.
        """
        draft = await (self.draft(topics, window) if shown else self._draft(topics, window, past=()))
        return await asyncio.to_thread(fit, draft, most, shown, length)

    async def draft(self, topics: Sequence[TopicSlug], window: Window) -> Draft:
        """Read and rank what a digest of these topics may bring. Raises StorageError."""
        return await self._draft(topics, window, await self._past(topics, window))

    def _titles(self) -> dict[TopicSlug, str]:
        return {topic.slug: topic.title for topic in self._topics}

    async def _past(self, topics: Sequence[TopicSlug], window: Window) -> tuple[Story, ...]:
        before = Window(start=window.start - ECHO, end=window.start)
        known = self._titles()
        asked = [slug for slug in topics if slug in known]
        found = [await self._archive.stories(slug, before) for slug in asked]
        return tuple(story for stories in found for story in stories)

    async def _draft(self, topics: Sequence[TopicSlug], window: Window, past: tuple[Story, ...]) -> Draft:
        known = self._titles()
        titles = {slug: known[slug] for slug in topics if slug in known}
        stories = {slug: await self._archive.stories(slug, window) for slug in titles}
        ranked = await asyncio.to_thread(rank, stories, window.end)
        states = await self._archive.feed_states()
        return Draft(
            window=window,
            titles=titles,
            ranked=ranked,
            past=past,
            nearest={slug: await self._archive.latest_match(slug, window.start) for slug in titles},
            alone=await self._alone(ranked, states, window.end),
            coverage=covered(self._feeds, states, await self._archive.gaps(window.start), window),
            articles=frozenset(
                report.article.id for story in (*(each.story for each in ranked), *past) for report in story.reports
            ),
        )

    async def _alone(
        self, ranked: Sequence[Ranked], states: Mapping[FeedSlug, FeedState], until: datetime
    ) -> dict[StoryId, Alone]:
        suspected = await asyncio.to_thread(self._suspected, ranked, until)
        if not suspected:
            return {}
        begun = min(since(story.reports) for story in suspected)
        told = [report for report, _ in await self._archive.placed_since(begun)]
        reach = Reach(feeds=self._feeds, states=states, gaps=await self._archive.gaps(begun), until=until)
        found = await asyncio.to_thread(lambda: [self._flags.alone(story, told, reach) for story in suspected])
        return {story.id: alone for story, alone in zip(suspected, found, strict=True) if alone}

    def _suspected(self, ranked: Sequence[Ranked], until: datetime) -> list[Story]:
        """Where it is worth reading what else was told: no other story of the same topics may be the same."""
        reports = [report for each in ranked for report in each.story.reports]
        return [
            each.story
            for each in ranked
            if self._flags.suspected(each.story, until) and not self._flags.echoed(each.story, reports, until)
        ]


def fit(draft: Draft, most: int, shown: Shown = _NOTHING, length: Length = Length.NORMAL) -> Digest:
    """Choose and condense for one reader; pure, and the part that costs time."""
    history = History(shown, (*(each.story for each in draft.ranked), *draft.past))
    updates = {
        each.story.id: history.update(each.story, each.topic) for each in draft.ranked if history.knows(each.story)
    }
    affairs = _news(draft.ranked, updates, history)
    told, left = affairs[:most], affairs[most:]
    briefs = [
        replace(brief, alone=draft.alone.get(brief.story))
        for brief in (updates.get(each.lead.story.id) or _told(each, length) for each in told)
    ]
    sections = []
    for slug, title in draft.titles.items():
        own = tuple(brief for brief in briefs if brief.topic == slug)
        nearest = None if own else draft.nearest[slug]
        over = sum(each.lead.topic == slug for each in left)
        sections.append(Section(topic=slug, title=title, briefs=own, nearest=nearest, left=over))
    identity = _identity(draft.window, sections, draft.coverage)
    return Digest(id=identity, window=draft.window, sections=tuple(sections), coverage=draft.coverage)


def _news(ranked: Sequence[Ranked], updates: Mapping[StoryId, Brief | None], history: History) -> tuple[Affair, ...]:
    """The affairs that have something for this reader."""
    news = [
        each
        for each in ranked
        if (updates[each.story.id] if each.story.id in updates else not history.repeats(each.story))
    ]
    return spread(news, apart=updates.keys())


def _told(affair: Affair, length: Length) -> Brief:
    lead = affair.lead
    brief = condense(joined(lead.story, [each.story for each in affair.same]), lead.topic, ROOMS[length])
    begun = min(report.article.published for report in brief.reports)
    return replace(brief, beside=tuple(aside(each.story, each.topic, begun) for each in affair.beside))


def covered(
    feeds: Sequence[Feed], states: Mapping[FeedSlug, FeedState], gaps: Iterable[Gap], window: Window
) -> Coverage:
    """What the small print may claim of a window.

    A feed counts as read if it was read well after the window's start. An outlet is unreached where none of its feeds
    was, and truncated where one that was has a gap in the window or was last read hours before its end.
    """
    last = {feed.slug: states[feed.slug].last_good for feed in feeds if feed.slug in states}
    read = {slug: at for slug, at in last.items() if at is not None and at > window.start}
    holes = {gap.feed for gap in gaps if gap.end > window.start and (gap.start is None or gap.start < window.end)}
    reached = {feed.outlet.name for feed in feeds if feed.slug in read}
    broken = {
        feed.outlet.name
        for feed in feeds
        if feed.slug in read and (feed.slug in holes or read[feed.slug] < window.end - _STALE)
    }
    return Coverage(
        read=len(read),
        feeds=len(feeds),
        unreached=tuple(sorted({feed.outlet.name for feed in feeds} - reached)),
        truncated=tuple(sorted(broken)),
    )


def _identity(window: Window, sections: Sequence[Section], coverage: Coverage) -> DigestId:
    """The same content has the same id; of other content it differs."""
    said = [
        (section.topic, [_said(brief) for brief in section.briefs], _named(section.nearest)) for section in sections
    ]
    content = repr((window.start.isoformat(), window.end.isoformat(), said, coverage))
    digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=10).digest()
    return DigestId(base64.b32encode(digest).decode("ascii").lower()[:10])


def _said(brief: Brief) -> tuple[object, ...]:
    return (
        brief.story,
        brief.update,
        brief.headline,
        [(sentence.article, sentence.text) for sentence in brief.sentences],
        [(report.article.id, report.origin) for report in brief.reports],
        brief.alone,
        [(each.headline, [report.article.id for report in each.reports]) for each in brief.beside],
    )


def _named(report: Report | None) -> ArticleId | None:
    return report.article.id if report else None
