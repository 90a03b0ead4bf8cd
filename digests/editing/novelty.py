"""What a reader has not had yet: stories new to him, and of those that he knows only what is truly new."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta

from digests.editing.condense import head, heading
from digests.editing.news import News
from digests.editing.selection import Room, select
from digests.editing.titles import bare, reports
from digests.editing.voices import voice
from digests.editing.weights import likeness, matter, mean
from digests.model.articles import ArticleId
from digests.model.stories import Brief, Story, StoryId
from digests.model.topics import TopicSlug

Shown = Mapping[StoryId, AbstractSet[ArticleId]]

_SAME_MATTER = 0.5
ECHO = timedelta(hours=60)  # after it the same words are of another occasion: each round of talks is "productive"
_ROOM = Room(sentences=2, words=60)


class History:
    """What a reader has had: stories, each with the articles that stood in it when it was shown.

    `past` are stories as they are now, of the days that `shown` covers; what is missing in it cannot be held against others.
    """

    def __init__(self, shown: Shown, past: Iterable[Story] = ()) -> None:
        self._stories = frozenset(shown)
        self._articles = frozenset[ArticleId]().union(*shown.values())
        self._past = tuple(
            had
            for story in {story.id: story for story in past}.values()
            if (had := [report.article for report in story.reports if report.article.id in self._articles])
        )

    def knows(self, story: Story) -> bool:
        """Whether the reader has had the story, under its own number or as articles that have moved into it since."""
        return story.id in self._stories or any(report.article.id in self._articles for report in story.reports)

    def repeats(self, story: Story) -> bool:
        """Whether a story that the reader does not know says what another said that he had in the last days.

        Outlets tell one thing in many words, and grouping may take it for two: then it has the same matter and nothing new.
        """
        now = [report.article for report in story.reports if reports(report.article.title)]
        begun = min(report.article.published for report in story.reports)
        middle = mean(matter(article.title) for article in now)
        return any(
            begun - max(article.published for article in had) < ECHO
            and likeness(middle, mean(matter(article.title) for article in had)) >= _SAME_MATTER
            and not any(map(News(had, now).brings, (bare(article.title) for article in now)))
            for had in self._past
        )

    def update(self, story: Story, topic: TopicSlug) -> Brief | None:
        """What is new in a known story, told only by reports that he has not had; None rather than a repetition.

        Only sentences of reports on the topic that bring news stand in it. Explainers, comment and live pages bring none.
        """
        had = [report for report in story.reports if report.article.id in self._articles]
        matched = {match.article for match in story.matches if match.topic == topic}
        later = [
            report
            for report in story.reports
            if report.article.id in matched - self._articles and reports(report.article.title)
        ]
        if not later:
            return None
        news = News([report.article for report in had], [report.article for report in later])
        surest = min(voice(report, story.reports) for report in story.reports)
        leading = [
            report
            for report in later
            if voice(report, story.reports) is surest and news.brings(bare(report.article.title))
        ]
        top = head(story, leading or had or story.reports, topic)
        headline, by = heading(top, story.reports)
        told = select(story.reports, headline, _ROOM, among=later)
        sentences = tuple(sentence for sentence in told if news.brings(sentence.text))
        if not leading and not sentences:
            return None
        return Brief(
            story=story.id,
            topic=topic,
            headline=headline,
            headline_by=by,
            lead=top.article.id,
            sentences=sentences,
            reports=story.reports,
            independent_outlets=story.independent_outlets,
            update=True,
        )
