"""Who says what about a story: pure decisions over its reports, and over what was read while it ran."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digests.editing.quotable import length, quotable
from digests.editing.titles import bare, plainness
from digests.editing.weights import likeness, mean, vector
from digests.model.articles import Article, ArticleId
from digests.model.comparisons import Comparison, Excerpt, Group, Side
from digests.model.sources import Feed, FeedSlug, FeedState, Gap, Outlet
from digests.model.stories import Report
from digests.text.counts import Count, comparable, counts, differ, same_terms, unambiguous

PATIENCE = timedelta(hours=4)  # before that nobody is late
_STALE = timedelta(hours=3)
_BEFORE = timedelta(hours=24)  # a group may have told it before the story's first report here
_HINT = 0.2  # a title even this like the story's may be of it: then nobody is called silent
_AKIN = 0.08  # a title less like the others than this is hardly of the story: it speaks for no group
_GROUPS, _VOICES = 2, 3  # that must have told a story before others are silent on it
_TOGETHER = timedelta(hours=6)  # figures farther apart are an old one and a new one
_QUOTATIONS = 2
_DIFFERENCES = 4
_SENTENCES = 8  # of an article, in which figures and quotations are looked for
_QUOTED = re.compile(r"“([^”]{8,160})”|\"([^\"]{8,160})\"|«([^»]{8,160})»|「([^」]{4,80})」")
_EUROPE = frozenset(
    "EU GB AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE NO CH".split()  # noqa: SIM905
)
_BY_VANTAGE = {"UA": Group.UKRAINE, "US": Group.AMERICA}
_BY_STATE = {"RU": Group.RUSSIAN_STATE, "CN": Group.CHINESE_STATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far the feeds were read until `until`."""

    feeds: Sequence[Feed]
    states: Mapping[FeedSlug, FeedState]
    gaps: Sequence[Gap]
    until: datetime

    def followed(self, feed: Feed, begun: datetime) -> bool:
        """Whether a feed was read to the end, without a gap, since `begun`."""
        state = self.states.get(feed.slug)
        if state is None or state.last_good is None or state.last_good < self.until - _STALE:
            return False
        return not any(
            gap.feed == feed.slug and gap.end > begun and (gap.start is None or gap.start < self.until)
            for gap in self.gaps
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Reach):
    """What was read around a story: every report since, and how far the feeds were read.

    `topical` are those articles that have to do with the story's topic.
    """

    reports: Sequence[Report]
    topical: frozenset[ArticleId]


def group(outlet: Outlet) -> Group:
    """The group of an outlet; independent Russian and Chinese ones are among the others."""
    if outlet.state_media and outlet.vantage in _BY_STATE:
        return _BY_STATE[outlet.vantage]
    if outlet.vantage in _EUROPE:
        return Group.EUROPE
    return _BY_VANTAGE.get(outlet.vantage, Group.OTHERS)


def since(reports: Sequence[Report]) -> datetime:
    """From when on a Watch of the story must hold everything."""
    return broke(reports) - _BEFORE


def broke(reports: Sequence[Report]) -> datetime:
    """When the first report of a story was published."""
    return min(report.article.published for report in reports)


def compare(reports: Sequence[Report], watch: Watch) -> Comparison:
    """A story's groups, those with most voices first, and the others last."""
    by_group: dict[Group, list[Report]] = {}
    for report in _akin(reports):
        by_group.setdefault(group(report.article.outlet), []).append(report)
    order = sorted(by_group, key=lambda each: (each is Group.OTHERS, -_voices(by_group[each]), each))
    return Comparison(
        sides=tuple(_side(each, by_group[each], reports) for each in order),
        differing=differing(reports),
        silent=tuple(_silent(reports, frozenset(group(report.article.outlet) for report in reports), watch)),
    )


def differing(reports: Sequence[Report]) -> tuple[tuple[Excerpt, ...], ...]:
    """Figures of different voices for the same thing that cannot both be right, told within hours of each other."""
    return tuple(
        _excerpts(alike) for alike in _alike(reports) if any(differ(one, two) for _, one in alike for _, two in alike)
    )[:_DIFFERENCES]


def agreeing(reports: Sequence[Report]) -> tuple[tuple[Excerpt, ...], ...]:
    """Figures for the same thing that voices of two groups at least give alike."""
    return tuple(
        _excerpts(alike)
        for alike in _alike(reports)
        if len({group(report.article.outlet) for report, _ in alike}) > 1
        and len({count.value for _, count in alike}) == 1
    )[:_DIFFERENCES]


Told = tuple[Report, Count]


def _alike(reports: Sequence[Report]) -> Iterator[tuple[Told, ...]]:
    """Figures that count the same, one a voice: its newest."""
    told = [(report, each) for report in _once(reports) for each in unambiguous(_counts(report.article))]
    while told:
        report, count = told[0]
        alike = [each for each in told if comparable(count, each[1]) and _near(report, each[0])]
        told = [each for each in told if each not in alike]
        yield tuple({each[0].origin: each for each in alike}.values())


def _excerpts(alike: Sequence[Told]) -> tuple[Excerpt, ...]:
    return tuple(Excerpt(text=count.words, article=report.article) for report, count in alike)


def _akin(reports: Sequence[Report]) -> list[Report]:
    """Without English titles that are unlike all others: grouping is not without fault. All, where none is like another."""
    titles = [vector(each.article.title) for each in reports]

    def akin(place: int) -> bool:
        return likeness(titles[place], mean(titles[:place] + titles[place + 1 :])) >= _AKIN

    own = [each for place, each in enumerate(reports) if each.article.language != "en" or akin(place)]
    return own or list(reports)


def _side(which: Group, own: Sequence[Report], among: Sequence[Report]) -> Side:
    middle = mean(vector(report.article.title) for report in among)

    def merit(report: Report) -> float:
        title = report.article.title
        value = plainness(title) * (0.3 + likeness(vector(bare(title)), middle))
        return value if report.article.language == "en" else value / 2

    # A group speaks for itself: where it has words of its own, not those that it passes on.
    speaking = [report for report in own if report.origin == report.article.outlet.name] or own
    best = max(speaking, key=merit)
    others = [text for report in among if group(report.article.outlet) is not which for text in _texts(report.article)]
    return Side(
        group=which,
        voices=_voices(own),
        headline=Excerpt(text=bare(best.article.title), article=best.article),
        quotations=_quotations(speaking, " ".join(others), bare(best.article.title)),
    )


def _quotations(own: Sequence[Report], elsewhere: str, headline: str) -> tuple[Excerpt, ...]:
    found: list[Excerpt] = []
    for report in own:
        for quoted in _quoted(report.article):
            fresh = quoted not in elsewhere and quoted not in headline
            if fresh and not any(same_terms(quoted, each.text) or quoted in each.text for each in found):
                found.append(Excerpt(text=quoted, article=report.article))
    found.sort(key=lambda each: each.text not in each.article.title)
    return tuple(found[:_QUOTATIONS])


def _quoted(article: Article) -> Iterator[str]:
    for text in _texts(article):
        for match in _QUOTED.finditer(text):
            words = next(each for each in match.groups() if each is not None).strip(" ,.")
            if 2 <= length(words) <= 25:
                yield words


def _texts(article: Article) -> list[str]:
    said = [each.text for each in quotable(article) if 0 <= each.place < _SENTENCES]
    return [bare(article.title), *said]


def _counts(article: Article) -> tuple[Count, ...]:
    return tuple({each.words: each for text in _texts(article) for each in counts(text)}.values())


def _once(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Each voice's own report of each text; what repeats another counts for nothing."""
    return tuple(report for report in reports if report.origin == report.article.outlet.name)


def _near(one: Report, other: Report) -> bool:
    return abs(one.article.published - other.article.published) <= _TOGETHER


def _voices(reports: Iterable[Report]) -> int:
    return len({report.origin for report in reports})


# Who is silent -------------------------------------------------------------------------------------------------------


def _silent(reports: Sequence[Report], heard: frozenset[Group], watch: Watch) -> Iterator[Group]:
    """Groups that had the time to report it, were read throughout, and show nothing that may be of it."""
    begun = broke(reports)
    if watch.until - begun < PATIENCE or len(heard) < _GROUPS or _voices(reports) < _VOICES:
        return
    languages = {report.article.language for report in reports}
    middle = mean(vector(report.article.title) for report in reports)
    for each in Group:
        feeds = [feed for feed in watch.feeds if feed.enabled and group(feed.outlet) is each]
        if each in heard or each is Group.OTHERS or not feeds:
            continue
        if any(feed.language not in languages or not watch.followed(feed, begun) for feed in feeds):
            continue
        own = [report.article for report in watch.reports if group(report.article.outlet) is each]
        # One event is told in many words, and grouping may miss it: a report on the topic may be of it.
        if not any(told.id in watch.topical or likeness(vector(told.title), middle) >= _HINT for told in own):
            yield each
