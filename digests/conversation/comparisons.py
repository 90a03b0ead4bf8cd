"""Who says what about a story of a digest that a person has before him."""

import asyncio
from collections.abc import Sequence

from digests.conversation.followups import About, Followups
from digests.editing.compare import Watch, compare, since
from digests.model.answers import Compared, Contents
from digests.model.sources import Feed
from digests.model.stories import Window
from digests.ports import ReadingArchive


class Comparisons:
    """Holds a story's groups against each other, and against what was read while it ran."""

    def __init__(self, followups: Followups, archive: ReadingArchive, feeds: Sequence[Feed]) -> None:
        self._followups = followups
        self._archive = archive
        self._feeds = tuple(feeds)

    async def of(self, about: About) -> Compared | Contents:
        """The story's comparison as of its digest; the digest's contents without a number that it has.

        Raises PersonError where there is no digest to speak of.
        """
        chosen = await self._followups.sources(about)
        if isinstance(chosen, Contents):
            return chosen
        reports = chosen.brief.reports
        begun = since(reports)
        placed = await self._archive.placed_since(begun)
        until, topic = chosen.digest.window.end, chosen.brief.topic
        topical = await self._archive.stories(topic, Window(start=begun, end=until))
        watch = Watch(
            reports=tuple(report for report, _ in placed),
            topical=frozenset(match.article for story in topical for match in story.matches if match.topic == topic),
            feeds=self._feeds,
            states=await self._archive.feed_states(),
            gaps=await self._archive.gaps(begun),
            until=until,
        )
        return Compared(chosen=chosen, comparison=await asyncio.to_thread(compare, reports, watch))
