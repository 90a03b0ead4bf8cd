"""The state of play of a topic, from what was filed: pure decisions over its stories. Nothing in it is the bot's own word."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from digests.editing.compare import agreeing, differing
from digests.editing.positions import COUNTRY_OF_VANTAGE, Speakers
from digests.editing.quotable import quotable
from digests.editing.titles import bare, reports
from digests.editing.voices import Voice, voice
from digests.editing.weights import likeness, vector
from digests.model.articles import Article
from digests.model.comparisons import Excerpt
from digests.model.outlook import Appointment, Outlook, Position
from digests.model.stories import Report, Story
from digests.model.topics import TopicSlug
from digests.text.dates import ahead

REACH = timedelta(days=14)  # how far back a last position is looked for
_RECENT = timedelta(days=7)  # dates ahead that nobody has named for a week may have been put off
_FIGURES = timedelta(days=3)
_SIDES = 5
_DATES = 5
_STORIES = 10  # the most told ones, in whose reports figures are looked for
_SENTENCES = 3  # of a text's opening, in which positions are looked for
_ALIKE = 0.3
_LONGEST = 45  # words of an excerpt
_ZONES = {
    "UA": "Europe/Kyiv", "RU": "Europe/Moscow", "CN": "Asia/Shanghai", "HK": "Asia/Shanghai", "US": "America/New_York", "JP": "Asia/Tokyo",
    "IN": "Asia/Kolkata", "GB": "Europe/London", "FR": "Europe/Paris", "DE": "Europe/Berlin", "SG": "Asia/Singapore", "KR": "Asia/Seoul",
    "TR": "Europe/Istanbul", "QA": "Asia/Qatar", "PL": "Europe/Warsaw", "AU": "Australia/Sydney", "CA": "America/Toronto",
}  # fmt: skip

OnTopic = Callable[[Article], float]
"""How well an article fits the topic, 0 to 1; asked of a sentence alone."""


def outlook(stories: Sequence[Story], topic: TopicSlug, speakers: Speakers, on_topic: OnTopic, at: datetime) -> Outlook:
    """The state of play at `at`, of stories of the last REACH that have to do with the topic."""
    own = [(report, story) for story in stories for report in _matching(story, topic) if report.article.published <= at]
    fitting = _fitting(on_topic)
    told = sorted(stories, key=lambda story: -story.independent_outlets)
    fresh = [
        [each for each in story.reports if at - _FIGURES < each.article.published <= at] for story in told[:_STORIES]
    ]
    return Outlook(
        at=at,
        since=at - REACH,
        positions=tuple(_positions(own, speakers, fitting)),
        agreed=tuple(each for among in fresh for each in agreeing(among))[:3],
        differing=tuple(each for among in fresh for each in differing(among))[:3],
        ahead=_appointments(own, fitting, at),
    )


def local_day(article: Article) -> date:
    """The day on which an article was published where its outlet is; what it calls tomorrow is the day after."""
    zone = _ZONES.get(article.outlet.country)
    return article.published.astimezone(ZoneInfo(zone)).date() if zone else article.published.date()


def _matching(story: Story, topic: TopicSlug) -> Iterator[Report]:
    matched = {match.article for match in story.matches if match.topic == topic}
    yield from (report for report in story.reports if report.article.id in matched)


def _fitting(on_topic: OnTopic) -> Callable[[Article, str], bool]:
    def fits(article: Article, text: str) -> bool:
        return on_topic(replace(article, title=text, text="")) > 0

    return fits


# Positions -----------------------------------------------------------------------------------------------------------


def _positions(
    own: Sequence[tuple[Report, Story]], speakers: Speakers, fits: Callable[[Article, str], bool]
) -> Iterator[Position]:
    """The newest of each side; the sides that are heard most come first."""
    heard: Counter[str] = Counter()
    last: dict[str, Position] = {}
    for report, _ in sorted(own, key=lambda each: each[0].article.published, reverse=True):
        article = report.article
        for text in _statements(article) if article.language == "en" else ():
            speech = speakers.speech(text, local_day(article))
            if speech is None or _adversary(article, speech.side) or not fits(article, text):
                continue
            heard[speech.side] += 1
            said = Excerpt(text=text, article=article)
            last.setdefault(speech.side, Position(side=speakers.title(speech.side), speaker=speech.speaker, said=said))
    yield from (last[side] for side, _ in heard.most_common(_SIDES))


def _statements(article: Article) -> Iterator[str]:
    if reports(article.title):
        yield bare(article.title)
    yield from (each.text for each in quotable(article) if 0 <= each.place < _SENTENCES and each.words <= _LONGEST)


def _adversary(article: Article, side: str) -> bool:
    """Whether a government's outlet says what another government says."""
    outlet = article.outlet
    return outlet.state_media and COUNTRY_OF_VANTAGE.get(outlet.vantage) != side


# Dates ahead ---------------------------------------------------------------------------------------------------------


def _appointments(
    own: Sequence[tuple[Report, Story]], fits: Callable[[Article, str], bool], at: datetime
) -> tuple[Appointment, ...]:
    by_span: defaultdict[tuple[date, date], list[tuple[Report, Story, str, str]]] = defaultdict(list)
    for report, story in own:
        article = report.article
        if at - article.published > _RECENT:
            continue
        for text in _texts(article):
            for found in ahead(text, local_day(article)):
                if found.last > at.date() and fits(article, text):
                    by_span[found.first, found.last].append((report, story, text, text[found.start : found.end]))
    chosen: list[Appointment] = []
    for span in sorted(by_span, key=lambda span: (-_voices(by_span[span]), span)):
        named = _appointment(span, by_span[span])
        if not any(_same(named, other) for other in chosen):
            chosen.append(named)
    chosen.sort(key=lambda each: (max(each.first, at.date()), each.last))
    return tuple(chosen[:_DATES])


def _same(one: Appointment, other: Appointment) -> bool:
    """Whether two may be one thing under two dates: "Wednesday", and "4-5 February"."""
    together = one.first <= other.last and other.first <= one.last
    return together and likeness(vector(one.said.text), vector(other.said.text)) >= _ALIKE


def _voices(told: Iterable[tuple[Report, Story, str, str]]) -> int:
    return len({report.origin for report, _, _, _ in told})


def _texts(article: Article) -> Iterator[str]:
    if reports(article.title):
        yield bare(article.title)
    yield from (each.text for each in quotable(article) if each.place >= 0 and each.words <= _LONGEST)


def _appointment(span: tuple[date, date], told: Iterable[tuple[Report, Story, str, str]]) -> Appointment:
    """Told by the most independent voice, the newest of them, in the fewest words."""

    def merit(each: tuple[Report, Story, str, str]) -> tuple[Voice, bool, float, int]:
        report, story, text, _ = each
        return (
            voice(report, story.reports), report.article.language != "en", -report.article.published.timestamp(), len(text),
        )  # fmt: skip

    report, _, text, words = min(told, key=merit)
    return Appointment(first=span[0], last=span[1], words=words, said=Excerpt(text=text, article=report.article))
