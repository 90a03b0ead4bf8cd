"""What the conversation answers, before it is put into words."""

from dataclasses import dataclass
from datetime import datetime, time

from digests.model.comparisons import Comparison
from digests.model.outlook import Outlook
from digests.model.people import ChatId, Edition, Heading, Schedule
from digests.model.stories import Brief, Digest, Report, Sentence
from digests.model.topics import OwnWords, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLine:
    """A topic of the catalogue, how many stories it had in the last day, and whether the chat follows it."""

    topic: Topic
    stories: int
    followed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a chat stands: what it follows, when, and what comes next, seen at the moment `at`."""

    topics: tuple[Topic, ...]
    schedule: Schedule
    paused: str | None
    next: Edition | None
    at: datetime

    @property
    def held(self) -> bool:
        """Whether it is paused, without end or for a time."""
        return self.paused is not None or self.schedule.since > self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel that the bot posts to, managed from a private chat."""

    chat: ChatId
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A chat began or ceased to follow `topic`; not `new` where it was so before.

    `slots` are the times that came with the wish and now hold for the whole chat; empty where none came.
    """

    standing: Standing
    topic: Topic
    new: bool
    slots: tuple[time, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A topic in own words before it is followed: how many stories of the week it has, and the newest of them.

    `near` are reports that a wider reading would bring, `instead` is a shipped topic of which the words remind. `slots` are
    the times that came with the wish; `unheard` what of it stands in no report, where the whole has no story.
    """

    topic: Topic
    own: OwnWords
    slots: tuple[time, ...]
    followed: bool
    stories: int
    examples: tuple[Report, ...]
    near: tuple[Report, ...]
    instead: Topic | None
    unheard: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A digest and what stands above the copy of the chat that asked for it."""

    digest: Digest
    heading: Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """A digest of which one story is wanted, but no number that it has was given; `asked` is the one that was."""

    digest: Digest
    asked: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Story `number` of a digest, for a reader in `zone`, which he calls `city`; `why` it belongs to its topic, if known."""

    digest: Digest
    number: int
    zone: str
    city: str | None
    why: str | None = None

    @property
    def brief(self) -> Brief:
        """The story itself."""
        return self.digest.briefs[self.number - 1]

    @property
    def topic(self) -> str:
        """The title that it stands under."""
        return next(section.title for section in self.digest.sections if self.brief in section.briefs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A chosen story in full: up to ten sentences, each with its article; `originals` are the outlets' words for them."""

    chosen: Chosen
    sentences: tuple[Sentence, ...]
    originals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A chosen story as its groups tell it."""

    chosen: Chosen
    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class StateOfPlay:
    """A topic as a chat sees it, and where it stands; for a reader in `zone`."""

    line: TopicLine
    outlook: Outlook
    zone: str
