import contextlib
from dataclasses import dataclass, field
from datetime import datetime

from telegram.ext import BaseRateLimiter

from bot.application import build
from bot.context import Services
from bot.inbox import Inbox, InOrder
from bot.playground.server import BotApiServer
from bot.transport import AiohttpRequest
from config.gazetteer import load_families, load_names, load_speakers
from digests.conversation.comparisons import Comparisons
from digests.conversation.followups import Followups
from digests.conversation.latest import Latest
from digests.conversation.outlooks import Outlooks
from digests.conversation.presence import Presence
from digests.conversation.privacy import Privacy
from digests.conversation.proposals import Proposals
from digests.conversation.subscriptions import Subscriptions
from digests.conversation.topics import Topics
from digests.delivery.editions import next_edition
from digests.editing.positions import Speakers
from digests.filing.file_back import BackFiler
from digests.filing.own_words import OwnTopics
from digests.filing.registry import Registry
from digests.model.people import Address, ChatId
from digests.model.sources import Coverage, Ownership
from digests.model.stories import Alone, Brief, Digest, DigestId, Report, Section, Sentence, StoryId
from digests.model.topics import Term, Topic, TopicSlug
from tests.builders import NOON, article, outlet
from tests.fakes.stores import MemoryArchive, MemoryChats, MemoryDigests, MemoryPeople, MemoryUpdates


def topic(slug, title, *anchors):
    return Topic(
        slug=TopicSlug(slug),
        title=title,
        line=f"What happens about {title}.",
        background=f"The background of {title}.",
        questions=(),
        sides=(),
        anchors=tuple(Term(name=name, aliases=(name,)) for name in anchors),
    )


TOPICS = (
    topic("ukraine-talks", "Ukraine talks", "Talks held"),
    topic("china-russia", "China–Russia", "中俄"),
    topic("new-start", "New START", "СНВ-III"),
)


def brief(number, slug, *, reports=3, length=0, told=True):
    """A story of some independent outlets and one agency that repeats the first of them."""
    articles = [
        article(number * 100 + each, f"Envoys & ministers <meet> {number}.{each}", of=outlet(f"Herald {each}"))
        for each in range(1, reports)
    ]
    agency = article(number * 100, f"Talks held {number}", of=outlet("Agency", "RU", Ownership.STATE))
    sentence = Sentence(text="They met." + " And met" * (length // 8), article=articles[0].id, speaker="Herald 1")
    return Brief(
        story=StoryId(number),
        topic=TopicSlug(slug),
        headline=f"Envoys & ministers meet, round {number}",
        headline_by=None if told else "Agency",
        alone=None if told else Alone(vantage="RU", read=41),
        sentences=(sentence,) if told else (),
        reports=(
            *(Report(article=each, origin=each.outlet.name) for each in articles),
            Report(article=agency, origin="Herald 1"),
        ),
        independent_outlets=reports - 1,
    )


class Unlimited(BaseRateLimiter):
    """Lets everything through at once: tests ask more of a chat than a person would."""

    async def initialize(self):
        """Nothing to prepare."""

    async def shutdown(self):
        """Nothing to end."""

    async def process_request(self, callback, args, kwargs, endpoint, data, rate_limit_args):
        """Ask at once."""
        return await callback(*args, **kwargs)


@dataclass
class FakeEditor:
    """Writes as many stories as it is told to, and a new digest id each time."""

    stories: int = 2
    reports: int = 3
    length: int = 0
    told: bool = True
    asked: list = field(default_factory=list)

    async def compose(self, topics, window, *, most):
        self.asked.append((topics, window, most))
        briefs = tuple(
            brief(number, topics[0], reports=self.reports, length=self.length, told=self.told)
            for number in range(1, min(most, self.stories) + 1)
        )
        titles = {each.slug: each.title for each in TOPICS}
        return Digest(
            id=DigestId("digest" + "abcdefghij"[len(self.asked)] + "aaa"),
            window=window,
            sections=tuple(
                Section(topic=slug, title=titles[slug], briefs=briefs if slug == topics[0] else ()) for slug in topics
            ),
            coverage=Coverage(read=3, feeds=3),
        )


@dataclass
class Office:
    """The real application against the Bot API server, over stores in memory; `at` is its present."""

    server: BotApiServer
    at: datetime = NOON
    editor: FakeEditor = field(default_factory=FakeEditor)
    people: MemoryPeople = field(default_factory=MemoryPeople)
    digests: MemoryDigests = field(default_factory=MemoryDigests)
    archive: MemoryArchive = field(default_factory=MemoryArchive)
    updates: MemoryUpdates = field(default_factory=MemoryUpdates)
    application: object = None

    def __post_init__(self):
        self.chats = MemoryChats(self.people)

    def services(self):
        def clock():
            return self.at

        names = load_names()
        speakers = Speakers(names, load_speakers(names))
        registry = Registry(TOPICS, OwnTopics(names, load_families()))
        followups = Followups(self.digests, self.people, registry, lambda brief: brief.sentences * 2, clock)
        topics = Topics(TOPICS, self.archive, self.people, clock, registry)
        back_filer = BackFiler(self.archive, self.people, registry, clock)
        return Services(
            topics=topics,
            subscriptions=Subscriptions(self.people, topics, next_edition, clock),
            proposals=Proposals(self.people, topics, registry, back_filer, clock),
            latest=Latest(self.editor, self.digests, self.people, topics, clock),
            presence=Presence(self.people, self.chats, clock),
            privacy=Privacy(self.chats, back_filer, clock),
            followups=followups,
            comparisons=Comparisons(followups, self.archive, ()),
            outlooks=Outlooks(topics, self.archive, self.people, speakers, registry.match, clock),
        )

    @contextlib.asynccontextmanager
    async def built(self):
        """The bot from its start to its stop, asking for no updates."""
        application = build(
            token=self.server.token,
            api_url=self.server.url,
            services=self.services(),
            inbox=Inbox(self.updates),
            processor=InOrder(self.updates),
            limiter=Unlimited(),
            request=AiohttpRequest(),
            updates_request=AiohttpRequest(),
        )
        self.application = application
        async with application:
            await application.post_init(application)
            await application.start()
            try:
                yield application
            finally:
                await application.stop()

    @contextlib.asynccontextmanager
    async def running(self):
        """The bot from its start to its stop, polling; run it anew to restart it."""
        async with self.built() as application:
            await application.updater.start_polling(poll_interval=0)
            try:
                yield application
            finally:
                await application.updater.stop()

    async def subscription(self, room):
        return await self.people.get(Address(chat=ChatId(room.id)))
