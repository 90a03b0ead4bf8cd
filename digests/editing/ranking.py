"""Which stories a digest brings, in which order: independent voices, vantage points, freshness, fit to the topic."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from digests.editing.condense import telling
from digests.editing.titles import reports
from digests.editing.voices import Voice, voice
from digests.editing.weights import likeness, matter, mean, vector
from digests.model.stories import Report, Story, StoryId
from digests.model.topics import TopicSlug

_THIN = 0.2  # the least fit: one weak report of many is no story of the topic
_THIN_ALONE = 0.6  # of what one voice tells, shared by more: half a sentence of background makes no story of the topic
_STATE = 0.4  # what a government's voice counts beside an independent one
_HALF_LIFE = timedelta(hours=12)
_ALONE = {Voice.INDEPENDENT: 3, Voice.UNCLEAR: 1, Voice.STATE: 1}  # stories of a single voice that a topic may bring
_REPEATED = 0.75  # and at the same stage the same event
_NEAR = 0.42  # stories whose titles and whose matter are on the whole this like each other are of one affair
_NEAR_OFFICIAL = 0.32  # so is what only a government's or an unclear voice tells beside others
_AKIN = 0.65  # so are those whose titles are this like each other and tell of different stages
_SAME = 0.52  # what is this like an affair of which enough is told says little more
_TOLD_TOGETHER = 3  # stories of an affair: more lines below a headline are not read, and say little that is new
_NOBODY: frozenset[StoryId] = frozenset()

# How far a meeting, a visit, an attack … has got, in the words of headlines; what is over comes after what has begun.
_STAGES = (
    re.compile(
        r"\b(?:ahead of|set (?:for|to)|to (?:host|hold|take|begin|resume|attend)|delay|postpone|reschedul|schedul|next week|"
        r"planned|upcoming|eve of|heads? to)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:begin|began|start|open|kick|arriv|lands?\b|gather|resum|launch|under ?way|meets?\b|holds?\b)",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?:ends?|ended|wraps?|wrapped|finish|over)\b|\bconclu", re.IGNORECASE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A story under the one topic that it fits best, and its weight there."""

    story: Story
    topic: TopicSlug
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Affair:
    """A story, others that tell the `same` in nearly the same words, and those `beside` it: stages of it, or akin to it."""

    lead: Ranked
    same: tuple[Ranked, ...] = ()
    beside: tuple[Ranked, ...] = ()


def rank(stories: Mapping[TopicSlug, Sequence[Story]], end: datetime) -> tuple[Ranked, ...]:
    """All stories worth telling at `end`, the weightiest first, each once; a topic asked for earlier wins a tie.

    Left out are stories that hardly touch the topic, and those in which nobody reports: round-ups, live pages, comment.
    """
    best: dict[StoryId, Ranked] = {}
    for topic, found in stories.items():
        for story in found:
            value = fit(story, topic)
            least = max(_THIN, _THIN_ALONE / story.independent_outlets)
            if value < least or not any(reports(report.article.title) for report in story.reports):
                continue
            if story.id not in best or value > fit(story, best[story.id].topic):
                own = telling(story, topic)
                best[story.id] = Ranked(story=story, topic=topic, weight=_weight(own, end) * (0.5 + value))
    return tuple(sorted(best.values(), key=lambda each: (-each.weight, each.story.id)))


def told(stories: Sequence[Story], topic: TopicSlug, end: datetime) -> int:
    """How many stories a digest of the topic alone would have at `end`, were it as long as it may be."""
    return len(spread(rank({topic: stories}, end)))


def fit(story: Story, topic: TopicSlug) -> float:
    """How well a story fits a topic, 0 to 1: the mean score of its voices, each counted once by its best report."""
    scores = {match.article: match.score for match in story.matches if match.topic == topic}
    by_origin: dict[str, float] = {}
    for report in story.reports:
        by_origin[report.origin] = max(by_origin.get(report.origin, 0.0), scores.get(report.article.id, 0.0))
    return sum(by_origin.values()) / len(by_origin)


def spread(ranked: Sequence[Ranked], apart: Collection[StoryId] = _NOBODY) -> tuple[Affair, ...]:
    """The affairs that may be told, in the order given, the first of every topic before the second of any.

    A story that is of an affair with a weightier one stands beside it; those `apart` stand alone, and what is akin to
    one of them says nothing more. What a single voice says comes only a few times a topic, a government's once: a
    digest is not filled up.
    """
    leads: list[_Gathered] = []
    others: list[_Gathered] = []
    alone: Counter[tuple[TopicSlug, Voice]] = Counter()
    for each in ranked:
        own = _Gathered(each)
        kin = None if each.story.id in apart else next((one for one in (*leads, *others) if one.takes(own)), None)
        if kin is not None and not kin.closed and len(kin.members) < _TOLD_TOGETHER:
            kin.members.append(own)
            continue
        if kin is not None and (own.alone or kin.nearness(own) >= _SAME):
            continue
        if own.alone:
            whose = min(voice(report, each.story.reports) for report in own.reports)
            if alone[each.topic, whose] == _ALONE[whose]:
                continue
            alone[each.topic, whose] += 1
        own.closed = each.story.id in apart
        (others if any(lead.first.topic == each.topic for lead in leads) else leads).append(own)
    return tuple(each.affair() for each in (*leads, *others))


class _Gathered:
    """An affair as it comes together; `first` is its weightiest story."""

    def __init__(self, first: Ranked) -> None:
        self.first = first
        self.members = [self]
        self.closed = False
        self.reports = telling(first.story, first.topic)
        titles = [report.article.title for report in self.reports]
        # The mean of its titles, not any of them: of a widely told story one title or another is like everything.
        self.title = mean(map(vector, titles))
        self.matter = mean(map(matter, titles))
        self.stage = _stage(titles)
        self.alone = len({report.origin for report in self.reports}) == 1

    def takes(self, other: "_Gathered") -> bool:
        if other.first.topic != self.first.topic:
            return False
        official = other.alone and not self.alone and not other.independent()
        stages = {self.stage, other.stage}
        return self.nearness(other) >= (_NEAR_OFFICIAL if official else _NEAR) or (
            likeness(self.title, other.title) >= _AKIN and len(stages) == 2 and None not in stages
        )

    def nearness(self, other: "_Gathered") -> float:
        """How like they are in their titles, and in those without the parties that are always in it."""
        return (likeness(self.title, other.title) + likeness(self.matter, other.matter)) / 2

    def affair(self) -> Affair:
        """The latest stage leads where an independent voice tells of it, else the weightiest story."""
        further = [each for each in self.members if (each.stage or 0) > (self.stage or 0) and each.independent()]
        lead = max(further, key=lambda each: (each.stage or 0, each.first.weight), default=self)
        others = [each for each in self.members if each is not lead]
        return Affair(
            lead=lead.first,
            same=tuple(each.first for each in others if each.repeats(lead)),
            beside=tuple(each.first for each in others if not each.repeats(lead)),
        )

    def repeats(self, lead: "_Gathered") -> bool:
        return self.stage == lead.stage and likeness(self.title, lead.title) >= _REPEATED

    def independent(self) -> bool:
        return any(
            reports(report.article.title) and voice(report, self.reports) is Voice.INDEPENDENT
            for report in self.reports
        )


def _stage(titles: Sequence[str]) -> int | None:
    """The stage of which most of the titles tell, the later one of two; None where none tells of one."""
    told = Counter(stage for title in titles for stage in _stages(title))
    return max(told, key=lambda stage: (told[stage], stage), default=None)


def _stages(title: str) -> Iterator[int]:
    return (stage for stage, pattern in enumerate(_STAGES) if pattern.search(title))


def _weight(told: Sequence[Report], end: datetime) -> float:
    voices: dict[str, float] = {}
    for report in told:
        heard = _STATE if voice(report, told) is Voice.STATE else 1.0
        voices[report.origin] = max(voices.get(report.origin, 0.0), heard)
    vantages = len({report.article.outlet.vantage for report in told})
    age = max(timedelta(0), end - max(report.article.published for report in told))
    return (math.log2(1 + sum(voices.values())) + 0.5 * math.log2(vantages)) * math.exp2(-age / _HALF_LIFE)
