"""What is told: a Story of several outlets' reports, a Brief of it, a Digest of briefs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from digests.model.articles import Article, ArticleId
from digests.model.sources import Coverage
from digests.model.topics import Match, TopicSlug

StoryId = NewType("StoryId", int)
DigestId = NewType("DigestId", str)  # ten characters of a–z and 2–7, so that it fits into a button


class Length(StrEnum):
    """How much a reader wishes to read of a story: a sentence, two or three, four and more."""

    SHORT = "short"
    NORMAL = "normal"
    LONG = "long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where filing put an article: its story, and the independent voice that it counts as.

    `origin` is the outlet's own name, or the name of the agency or outlet whose text it reprints or whom it cites;
    "Chinese state media" where it names none of them.
    """

    article: ArticleId
    story: StoryId
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An article as part of a story; `origin` as in Placement."""

    article: Article
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The reports of one event, oldest first, and which of them belong to which topics."""

    id: StoryId
    reports: tuple[Report, ...]
    matches: tuple[Match, ...] = ()

    @property
    def independent_outlets(self) -> int:
        """Outlets after reprints and citations are folded into the one they repeat; state media count too."""
        return len({report.origin for report in self.reports})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence that stands in the article, and who says it: the outlet's name, or the outlet and its speaker."""

    text: str
    article: ArticleId
    speaker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """That state media of one vantage alone have told a story so far, of `read` feeds that would have shown another's report."""

    vantage: str
    read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Another story of a brief's affair, told in a line: an `earlier` stage, or the same in other words."""

    headline: str
    headline_by: str | None
    earlier: bool
    lead: ArticleId
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A story condensed. `sentences` trace to articles of `reports`, which holds every article that tells it.

    `headline_by` names the outlet to be put in front of the headline ("TASS: …") where no independent outlet reports
    the story; else None. `update` says that the reader has had the story and only what is new in it stands here. `alone`
    stands where nobody but one state's media tells it, and never in doubt. `lead` is the article whose title is the
    headline; None in what was stored before it was noted. `beside` are other stories of the same affair.
    """

    story: StoryId
    topic: TopicSlug
    headline: str
    headline_by: str | None
    sentences: tuple[Sentence, ...]
    reports: tuple[Report, ...]
    independent_outlets: int
    update: bool = False
    alone: Alone | None = None
    lead: ArticleId | None = None
    beside: tuple[Aside, ...] = ()

    @property
    def articles(self) -> frozenset[ArticleId]:
        """All that a reader has had who was shown it."""
        reports = (*self.reports, *(report for aside in self.beside for report in aside.reports))
        return frozenset(report.article.id for report in reports)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One topic's part of a digest, best story first.

    Where it has none, `nearest` is the latest earlier story of the topic, if the archive holds one: the honest quiet
    line names it. `left` counts the stories for which there was no room.
    """

    topic: TopicSlug
    title: str
    briefs: tuple[Brief, ...]
    nearest: Report | None = None
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The stretch of time that a digest covers: after `start`, up to and with `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Briefs by topic, with no reader in it; numbers 1 … n run through all sections in order."""

    id: DigestId
    window: Window
    sections: tuple[Section, ...]
    coverage: Coverage

    @property
    def briefs(self) -> tuple[Brief, ...]:
        """All briefs in the order of their numbers: number n is briefs[n - 1]."""
        return tuple(brief for section in self.sections for brief in section.briefs)
