"""Which stories a digest brings, in which order: independent voices, vantage points, freshness, fit to the topic."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digests.editing.titles import reports
from digests.editing.voices import Voice, voice
from digests.editing.weights import Vector, likeness, mean, vector
from digests.model.stories import Story, StoryId
from digests.model.topics import TopicSlug

_THIN = 0.2  # the least fit: one weak report of many is no story of the topic
_STATE = 0.4  # what a government's voice counts beside an independent one
_HALF_LIFE = timedelta(hours=18)
_ALONE = {Voice.INDEPENDENT: 3, Voice.UNCLEAR: 1, Voice.STATE: 1}  # stories of a single voice that a topic may bring
_SAME = 0.75  # stories whose titles are on the whole this like each other are told once


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A story under the one topic that it fits best, and its weight there."""

    story: Story
    topic: TopicSlug
    weight: float


def rank(stories: Mapping[TopicSlug, Sequence[Story]], end: datetime) -> tuple[Ranked, ...]:
    """All stories worth telling at `end`, the weightiest first, each once; a topic asked for earlier wins a tie.

    Left out are stories that hardly touch the topic, and those in which nobody reports: round-ups, live pages, comment.
    """
    best: dict[StoryId, Ranked] = {}
    for topic, found in stories.items():
        for story in found:
            value = fit(story, topic)
            if value < _THIN or not any(reports(report.article.title) for report in story.reports):
                continue
            if story.id not in best or value > fit(story, best[story.id].topic):
                best[story.id] = Ranked(story=story, topic=topic, weight=_weight(story, end) * (0.5 + value))
    return tuple(sorted(best.values(), key=lambda each: (-each.weight, each.story.id)))


def told(stories: Sequence[Story], topic: TopicSlug, end: datetime) -> int:
    """How many stories a digest of the topic alone would have at `end`, were it as long as it may be."""
    ranked = rank({topic: stories}, end)
    return len(spread(ranked, len(ranked)))


def fit(story: Story, topic: TopicSlug) -> float:
    """How well a story fits a topic, 0 to 1: the mean score of its voices, each counted once by its best report."""
    scores = {match.article: match.score for match in story.matches if match.topic == topic}
    by_origin: dict[str, float] = {}
    for report in story.reports:
        by_origin[report.origin] = max(by_origin.get(report.origin, 0.0), scores.get(report.article.id, 0.0))
    return sum(by_origin.values()) / len(by_origin)


def spread(ranked: Sequence[Ranked], most: int) -> tuple[Ranked, ...]:
    """At most `most` stories in the order given, the first of every topic before the second of any.

    Of stories that have nearly the same title the first stays. What a single voice says comes only a few times a topic,
    a government's once: a digest is not filled up.
    """
    leads: list[Ranked] = []
    others: list[Ranked] = []
    titles: list[Vector] = []
    alone: Counter[tuple[TopicSlug, Voice]] = Counter()
    for each in ranked:
        # The mean of its titles, not any of them: of a widely told story one title or another is like everything.
        own = mean(vector(report.article.title) for report in each.story.reports)
        if any(likeness(own, other) >= _SAME for other in titles):
            continue
        if each.story.independent_outlets == 1:
            whose = min(voice(report, each.story.reports) for report in each.story.reports)
            if alone[each.topic, whose] == _ALONE[whose]:
                continue
            alone[each.topic, whose] += 1
        titles.append(own)
        (others if any(lead.topic == each.topic for lead in leads) else leads).append(each)
    return tuple((leads + others)[:most])


def _weight(story: Story, end: datetime) -> float:
    voices: dict[str, float] = {}
    for report in story.reports:
        heard = _STATE if voice(report, story.reports) is Voice.STATE else 1.0
        voices[report.origin] = max(voices.get(report.origin, 0.0), heard)
    vantages = len({report.article.outlet.vantage for report in story.reports})
    age = max(timedelta(0), end - story.newest)
    return (math.log2(1 + sum(voices.values())) + 0.5 * math.log2(vantages)) * math.exp2(-age / _HALF_LIFE)
