"""The pass that makes a digest: it reads what was filed, and changes nothing."""

import asyncio
import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from digests.editing.condense import condense
from digests.editing.novelty import History, Shown
from digests.editing.ranking import rank, spread
from digests.editing.selection import ROOMS
from digests.model.articles import ArticleId
from digests.model.sources import Coverage, Feed, FeedSlug, FeedState, Gap
from digests.model.stories import Brief, Digest, DigestId, Length, Report, Section, Story, StoryId, Window
from digests.model.topics import Topic, TopicSlug
from digests.ports import ReadingArchive

_STALE = timedelta(hours=3)  # a feed last read longer before the window's end has a gap there, known or not
_NOTHING: Mapping[StoryId, frozenset[ArticleId]] = {}


class Composer:
    """Composes digests from the archive.

        stories of each topic ─► rank, one topic a story ─► drop what was had, or only its news
                              ─► spread over topics ─► condense ─► sections ─┬─► Digest
        nearest of quiet topics ────────────────────────────────────────────┤
        feed states and gaps ─► coverage ───────────────────────────────────┘

    `feeds` are those in service; disabled ones are left out here.
    """

    def __init__(self, archive: ReadingArchive, topics: Sequence[Topic], feeds: Sequence[Feed]) -> None:
        self._archive = archive
        self._titles = {topic.slug: topic.title for topic in topics}
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
        asked = tuple(dict.fromkeys(slug for slug in topics if slug in self._titles))
        stories = {slug: await self._archive.stories(slug, window) for slug in asked}
        briefs = await asyncio.to_thread(edit, stories, window, most, shown, length)
        sections = []
        for slug in asked:
            own = tuple(brief for brief in briefs if brief.topic == slug)
            nearest = None if own else await self._archive.latest_match(slug, window.start)
            sections.append(Section(topic=slug, title=self._titles[slug], briefs=own, nearest=nearest))
        coverage = covered(
            self._feeds, await self._archive.feed_states(), await self._archive.gaps(window.start), window
        )
        return Digest(
            id=_identity(window, sections, coverage), window=window, sections=tuple(sections), coverage=coverage
        )


def edit(
    stories: Mapping[TopicSlug, Sequence[Story]],
    window: Window,
    most: int,
    shown: Shown = _NOTHING,
    length: Length = Length.NORMAL,
) -> tuple[Brief, ...]:
    """Choose and condense, the weightiest first; pure, and the part that costs time."""
    history = History(shown)
    ranked = rank(stories, window.end)
    updates = {each.story.id: history.update(each.story, each.topic) for each in ranked if history.knows(each.story)}
    news = [each for each in ranked if each.story.id not in updates or updates[each.story.id]]
    return tuple(
        updates.get(each.story.id) or condense(each.story, each.topic, ROOMS[length]) for each in spread(news, most)
    )


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
    )


def _named(report: Report | None) -> ArticleId | None:
    return report.article.id if report else None
