"""A story becomes a Brief: the plainest headline of an independent outlet, and what others add to it."""

from collections.abc import Sequence
from datetime import datetime

from digests.editing.selection import MORE, ROOMS, Room, select
from digests.editing.titles import bare, dates_itself, plainness, reports, trimmed, unspoken
from digests.editing.voices import Voice, voice
from digests.editing.weights import likeness, mean, vector
from digests.model.articles import ArticleId
from digests.model.stories import Aside, Brief, Length, Report, Sentence, Story
from digests.model.topics import TopicSlug

_OFF_TOPIC = 0.6
_AKIN = 0.45
_STALE = 0.75
_OTHER_LANGUAGE = 0.5


def condense(story: Story, topic: TopicSlug, room: Room = ROOMS[Length.NORMAL]) -> Brief:
    """The brief of a story under a topic; it has no sentence where nothing adds to the headline."""
    own = telling(story, topic)
    on_topic = matching(story, own, topic)
    leading = head(story, on_topic, topic)
    headline, by = heading(leading, own)
    return Brief(
        story=story.id,
        topic=topic,
        headline=headline,
        headline_by=by,
        lead=leading.article.id,
        sentences=select(own, headline, room, among=on_topic),
        reports=own,
        independent_outlets=len({report.origin for report in own}),
    )


def joined(story: Story, others: Sequence[Story]) -> Story:
    """Stories as one, under the first one's name."""
    every = (story, *others)
    return Story(
        id=story.id,
        reports=tuple(sorted((each for one in every for each in one.reports), key=lambda each: each.article.published)),
        matches=tuple(match for one in every for match in one.matches),
    )


def aside(story: Story, topic: TopicSlug, before: datetime) -> Aside:
    """A story in a line beside another of the same affair, which began at `before`."""
    own = telling(story, topic)
    leading = head(story, matching(story, own, topic), topic)
    headline, by = heading(leading, own)
    return Aside(
        headline=headline,
        headline_by=by,
        earlier=min(report.article.published for report in own) < before,
        lead=leading.article.id,
        reports=own,
    )


def expand(brief: Brief) -> tuple[Sentence, ...]:
    """Up to ten sentences of a brief's story, at most 120 words of an article."""
    return select(brief.reports, brief.headline, MORE)


def telling(story: Story, topic: TopicSlug) -> tuple[Report, ...]:
    """The reports that tell the story as one of the topic: those that match it, and those with a title like theirs.

    Grouping is not without fault, and a story may touch the topic in a few of its reports only. Whoever speaks in a
    title does not make it like another's. Explainers, comment and live pages tell nothing where others report. All of them
    where no report is said to match.
    """
    matched = _matched(story, topic)
    if not matched:
        return story.reports
    middle = mean(vector(unspoken(report.article.title)) for report in story.reports if report.article.id in matched)
    own = tuple(
        report
        for report in story.reports
        if report.article.id in matched or likeness(vector(unspoken(report.article.title)), middle) >= _AKIN
    )
    own = tuple(report for report in own if reports(report.article.title)) or own
    on_topic = matching(story, own, topic)
    # Where the topic is a government's alone, what others report beside it is another matter.
    free = any(voice(report, story.reports) is Voice.INDEPENDENT for report in on_topic)
    return own if free else on_topic


def matching(story: Story, among: Sequence[Report], topic: TopicSlug) -> tuple[Report, ...]:
    """Those of `among` that match the topic themselves; all of them where none does."""
    matched = _matched(story, topic)
    return tuple(report for report in among if report.article.id in matched) or tuple(among)


def _matched(story: Story, topic: TopicSlug) -> frozenset[ArticleId]:
    return frozenset(match.article for match in story.matches if match.topic == topic)


def head(story: Story, among: Sequence[Report], topic: TopicSlug) -> Report:
    """The report of `among` whose title stands above the story.

    Of the most independent voices the plainest and most central, one that is on the topic, in English.
    """
    middle = mean(vector(report.article.title) for report in story.reports)
    matched = _matched(story, topic)

    def merit(report: Report) -> float:
        article = report.article
        value = plainness(article.title) * (0.3 + likeness(vector(bare(article.title)), middle))
        value *= 1.0 if article.id in matched else _OFF_TOPIC
        value *= _STALE if dates_itself(article.title) else 1.0
        return value if article.language == "en" else value * _OTHER_LANGUAGE

    surest = min(voice(report, story.reports) for report in among)
    return max((report for report in among if voice(report, story.reports) is surest), key=merit)


def heading(leading: Report, among: Sequence[Report]) -> tuple[str, str | None]:
    """The headline of a report, and the outlet to be named in front of it; None where it is independent."""
    if voice(leading, among) is Voice.INDEPENDENT:
        return bare(leading.article.title), None
    return trimmed(leading.article.title), leading.article.outlet.name
