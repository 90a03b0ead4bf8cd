"""What a reader has not had yet: stories new to him, and of those that he knows only what is truly new."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from digests.editing.condense import head, vouching
from digests.editing.selection import Room, select
from digests.editing.titles import bare, reports
from digests.editing.voices import voice
from digests.editing.weights import familiar, words
from digests.model.articles import Article, ArticleId
from digests.model.stories import Brief, Report, Story, StoryId
from digests.model.topics import TopicSlug

Shown = Mapping[StoryId, AbstractSet[ArticleId]]

_NEW_TERMS = 3
_VOICES = 2  # so many origins must have a word before it is news without a figure
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

        New is a sentence with words that stood in none of the articles shown, and among them a figure, or two that
        another new voice has as well.
        """
        had = [report.article for report in story.reports if report.article.id in self._articles]
        later = [report for report in story.reports if report.article.id not in self._articles]
        news = _News(had, later)
        surest = min(voice(report, story.reports) for report in story.reports)
        leading = [
            report
            for report in later
            if voice(report, story.reports) is surest
            and reports(report.article.title)
            and news.brings(bare(report.article.title))
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


class _News:
    """Tells which sentences of later reports bring what earlier articles had not."""

    def __init__(self, earlier: Sequence[Article], later: Sequence[Report]) -> None:
        self._had = frozenset[str]().union(*(_terms(article) for article in earlier))
        by_origin: dict[str, set[str]] = {}
        for report in later:
            by_origin.setdefault(report.origin, set()).update(_terms(report.article))
        self._voices = Counter(term for terms in by_origin.values() for term in terms)

    def brings(self, sentence: str) -> bool:
        """Whether a sentence says what is new, by a figure or with another voice."""
        new = {term for term in words(sentence) if not familiar(term)} - self._had
        if len(new) < _NEW_TERMS:
            return False
        figure = any(term[0].isdigit() and len(term) > 1 for term in new)
        return figure or sum(self._voices[term] >= _VOICES for term in new) >= _VOICES


def _terms(article: Article) -> frozenset[str]:
    return frozenset(words(f"{article.title} {article.text}"))
