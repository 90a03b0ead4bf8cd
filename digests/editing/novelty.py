"""What a reader has not had yet: stories new to him, and of those that he knows only what is truly new."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from digests.editing.condense import head, vouching
from digests.editing.news import News
from digests.editing.selection import Room, select
from digests.editing.titles import bare, reports
from digests.editing.voices import voice
from digests.model.articles import ArticleId
from digests.model.stories import Brief, Story, StoryId
from digests.model.topics import TopicSlug

Shown = Mapping[StoryId, AbstractSet[ArticleId]]

_ROOM = Room(sentences=2, words=60)


class History:
    """What a reader has had: stories, each with the articles that stood in it when it was shown."""

    def __init__(self, shown: Shown) -> None:
        self._stories = frozenset(shown)
        self._articles = frozenset[ArticleId]().union(*shown.values())

    def knows(self, story: Story) -> bool:
        """Whether the reader has had the story, under its own number or as articles that have moved into it since."""
        return story.id in self._stories or any(report.article.id in self._articles for report in story.reports)

    def update(self, story: Story, topic: TopicSlug) -> Brief | None:
        """What is new in a known story, told only by reports that he has not had; None rather than a repetition.

        Only sentences of reports on the topic that bring news stand in it. Explainers, comment and live pages bring none.
        """
        had = [report.article for report in story.reports if report.article.id in self._articles]
        matched = {match.article for match in story.matches if match.topic == topic}
        later = [
            report
            for report in story.reports
            if report.article.id in matched - self._articles and reports(report.article.title)
        ]
        news = News(had, [report.article for report in later])
        surest = min(voice(report, story.reports) for report in story.reports)
        leading = [
            report
            for report in later
            if voice(report, story.reports) is surest and news.brings(bare(report.article.title))
        ]
        top = head(story, leading or story.reports, topic)
        headline = bare(top.article.title)
        told = select(story.reports, headline, _ROOM, among=later)
        sentences = tuple(sentence for sentence in told if news.brings(sentence.text))
        if not leading and not sentences:
            return None
        return Brief(
            story=story.id,
            topic=topic,
            headline=headline,
            headline_by=vouching(top, story.reports),
            sentences=sentences,
            reports=story.reports,
            independent_outlets=story.independent_outlets,
            update=True,
        )
