"""When a state's media alone have told a story so far: said of few, and of none in doubt."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations

from digests.editing.compare import PATIENCE, Reach, broke, group, since
from digests.editing.positions import COUNTRY_OF_VANTAGE, Speakers
from digests.editing.voices import state_agency
from digests.editing.weights import Vector, likeness, matter, mean, vector, words
from digests.model.articles import Article
from digests.model.comparisons import Group
from digests.model.sources import Outlet
from digests.model.stories import Alone, Report, Story

_OUTLETS = 2  # that must have told it, neither after the other
_GROUPS = 3  # others, of which every feed that could show it was read
_TOGETHER = 0.2  # titles of two outlets less alike are hardly of one thing
_HINT = 0.4  # a title or opening even this like the story's may be of it
_LEAD = 200  # characters: about an opening sentence
_NAMED = 2  # who and what a title in another language must have in common with it to be taken for it


class Flags:
    """Decides whose story it is so far. Pure; `speakers` tell whose words a headline is."""

    def __init__(self, speakers: Speakers) -> None:
        self._speakers = speakers

    def suspected(self, story: Story, until: datetime) -> bool:
        """Whether it is worth looking at what else was told: two outlets of one state's media, hours ago, and nobody else.

        It must be that state's own word. What another government or body said or did is told at its home sooner or later.
        """
        whose = _vantage(story.reports)
        if whose is None or until - broke(story.reports) < PATIENCE or not _concur(story.reports):
            return False
        told = [report.article for report in story.reports]
        sides = frozenset[str]().union(*(self._speakers.sides(each.title, each.published.date()) for each in told))
        return sides == {COUNTRY_OF_VANTAGE.get(whose)}

    def alone(self, story: Story, told: Iterable[Report], reach: Reach) -> Alone | None:
        """Whose media alone tell a suspected story; `told` is everything since `compare.since` of its reports."""
        own = story.reports[0].article.outlet
        languages = {report.article.language for report in story.reports}
        begun = broke(story.reports)
        feeds = [feed for feed in reach.feeds if feed.enabled and feed.language in languages]
        followed = [feed for feed in feeds if reach.followed(feed, begun)]
        broken = {group(feed.outlet) for feed in feeds if feed not in followed}
        read: set[Group] = {group(feed.outlet) for feed in followed} - broken - {group(own)}
        if len(read) < _GROUPS:
            return None
        return None if self.echoed(story, told, reach.until) else Alone(vantage=own.vantage, read=len(followed))

    def echoed(self, story: Story, among: Iterable[Report], until: datetime) -> bool:
        """Whether any of these that is not of the state's own media may be of the story, by what it says and when."""
        own, begun = story.reports[0].article.outlet, since(story.reports)
        akin = _Akin([report.article for report in story.reports], self._speakers)
        others = [
            report.article
            for report in among
            if begun < report.article.published <= until and not _same_state(report.article.outlet, own)
        ]
        return any(map(akin, others))


class _Akin:
    """Whether an article of others may be of the story."""

    def __init__(self, story: Sequence[Article], speakers: Speakers) -> None:
        self._speakers = speakers
        self._languages = {each.language for each in story}
        self._middle = mean(vector(each.title) for each in story)
        self._matters: list[Vector] = [matter(each.title) for each in story]
        self._saying = [
            frozenset(words(person)) for each in story for person in speakers.persons(each.title, each.published.date())
        ]
        self._names = frozenset(name for each in story for name in speakers.named(each.title, each.published.date()))

    def __call__(self, other: Article) -> bool:
        if other.language not in self._languages:
            named = self._speakers.named(other.title, other.published.date())
            return len(named & self._names) >= min(_NAMED, len(self._names))
        # What one says at a time is told by others in other sentences of his.
        if any(person <= vector(other.title).keys() for person in self._saying):
            return True
        told = matter(other.title)
        return any(likeness(told, each) >= _HINT for each in self._matters) or any(
            likeness(vector(text), self._middle) >= _HINT for text in (other.title, other.text[:_LEAD])
        )


def _vantage(reports: Sequence[Report]) -> str | None:
    """The vantage of the one state whose media, and nobody else, report and are cited."""
    outlets = {report.article.outlet for report in reports}
    vantages = {each.vantage if each.state_media else None for each in outlets}
    if len(vantages) > 1:
        return None
    (vantage,) = vantages
    names = {each.name for each in outlets}
    own = all(report.origin in names or state_agency(report.origin) == vantage for report in reports)
    return vantage if own else None


def _concur(reports: Sequence[Report]) -> bool:
    """Whether two outlets tell the same, each in words of its own; grouping is not without fault."""
    own = [report for report in reports if report.origin == report.article.outlet.name]
    return any(
        one.origin != other.origin and likeness(vector(one.article.title), vector(other.article.title)) >= _TOGETHER
        for one, other in combinations(own, _OUTLETS)
    )


def _same_state(outlet: Outlet, own: Outlet) -> bool:
    return outlet.state_media and outlet.vantage == own.vantage
