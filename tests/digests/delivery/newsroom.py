"""A newsroom of fakes around a Deliverer, in which people, servers and the process itself may fail."""

import asyncio
import inspect
from datetime import UTC, datetime, timedelta

from digests.delivery.agenda import OwnAgenda
from digests.delivery.deliver import Deliverer
from digests.model.people import MessageId, Notice, Part
from digests.model.sources import Coverage
from digests.model.stories import Brief, Digest, DigestId, Report, Section, StoryId
from digests.model.topics import TopicSlug
from tests.builders import article
from tests.fakes.ledger import MemoryLedger
from tests.fakes.stores import MemoryChats, MemoryPeople

MORNING = datetime(2026, 2, 4, 6, 0, tzinfo=UTC)  # 08:00 in Kyiv
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Hands:
    """A clock that somebody moves."""

    def __init__(self, now=MORNING):
        self.now = now

    def __call__(self):
        return self.now

    def passes(self, stretch):
        self.now += stretch


class Digests:
    def __init__(self):
        self.kept = {}
        self.saved = []
        self.messages = {}

    async def save_digest(self, digest):
        self.saved.append(digest.id)
        self.kept[digest.id] = digest

    async def digest(self, digest_id):
        return self.kept.get(digest_id)

    async def remember_message(self, address, message, digest_id, at):
        self.messages[address, message] = digest_id


class Composer:
    """Makes digests of `stories` stories; raises what stands in `failures` first."""

    def __init__(self, stories=2):
        self.stories = stories
        self.failures = []
        self.asked = []

    async def compose(self, topics, window, *, most=8, shown=None):
        self.asked.append((topics, window, shown))
        if self.failures:
            raise self.failures.pop(0)
        briefs = tuple(
            Brief(
                story=StoryId(number),
                topic=TopicSlug(topics[0]),
                headline=f"Story {number}",
                headline_by=None,
                sentences=(),
                reports=(Report(article=article(number * 10), origin="Northern Herald"),),
                independent_outlets=1,
            )
            for number in range(1, self.stories + 1)
        )
        return Digest(
            id=DigestId(f"digest{len(self.asked):04}"),
            window=window,
            sections=(Section(topic=topics[0], title="Talks", briefs=briefs),),
            coverage=Coverage(read=1, feeds=1),
        )


class OneDigest(Composer):
    """Makes one digest, which all readers get."""

    async def compose(self, topics, window, **more):
        if not self.asked:
            self.made = await super().compose(topics, window, **more)
        return self.made


class Messenger:
    """One story a message. `fate[chat]` holds what its sends meet, in order: an exception, or None for success.

    An exception marked by `arrives` is raised after the message was delivered. `turns` has for a chat what is awaited before
    a message to it begins.
    """

    def __init__(self, **fate):
        self.fate = {int(chat): list(ends) for chat, ends in fate.items()}
        self.delivered = []
        self.attempts = []
        self.gate = None
        self.turns = {}

    def parts(self, digest, heading):
        count = len(digest.briefs)
        numbers = [(number, number) for number in range(1, count + 1)] or [(0, 0)]
        return tuple(
            Part(digest=digest, heading=heading, number=number, of=len(numbers), first=first, last=last)
            for number, (first, last) in enumerate(numbers, start=1)
        )

    async def send(self, address, content, begin):
        if address.chat in self.turns:
            await self.turns[address.chat]()
        await begin()
        self.attempts.append((address.chat, content))
        if self.gate is not None and address.chat in self.gate:
            await self.gate[address.chat].wait()
        ends = self.fate.get(address.chat)
        end = ends.pop(0) if ends else None
        if end is not None and not getattr(end, "arrives", False):
            raise end
        self.delivered.append((address.chat, content))
        if end is not None:
            raise end
        return MessageId(len(self.delivered))

    def parts_for(self, chat):
        return [content.number for to, content in self.delivered if to == chat and isinstance(content, Part)]

    def notices_for(self, chat):
        return [content for to, content in self.delivered if to == chat and isinstance(content, Notice)]


class Killed(BaseException):
    """The process is gone."""


class Fate:
    """Says when the process dies: at the n-th step of all that it does with the world; later steps never happen."""

    def __init__(self, death=None):
        self.death = death
        self.steps = 0

    async def pause(self):
        self.steps += 1
        if self.death is not None and self.steps >= self.death:
            raise Killed


class Halt(Fate):
    """Says when the process is stopped: at the n-th step it waits until it is told to go on; meanwhile others live."""

    def __init__(self, at):
        super().__init__()
        self.at = at
        self.stopped = asyncio.Event()
        self.goes_on = asyncio.Event()

    async def pause(self):
        self.steps += 1
        if self.steps == self.at:
            self.stopped.set()
            await self.goes_on.wait()


class Mortal:
    """A port whose calls may be the process's last, before they take effect or before their answer is heard."""

    def __init__(self, port, fate):
        self.port = port
        self.fate = fate

    def __getattr__(self, name):
        method = getattr(self.port, name)
        if not inspect.iscoroutinefunction(method):
            return method

        async def call(*arguments, **more):
            await self.fate.pause()
            try:
                return await method(*arguments, **more)
            finally:
                await self.fate.pause()

        return call


class Newsroom:
    def __init__(self, *subscriptions, ledger=None, composer=None, learn=None, machine=None, **fate):
        self.clock = machine or Hands()
        self.people = MemoryPeople(*subscriptions)
        self.ledger = ledger or MemoryLedger(self.clock)
        self.chats = MemoryChats(self.people, self.ledger)
        self.digests = Digests()
        self.composer = composer or Composer()
        self.learn = learn or (lambda words: None)
        self.messenger = Messenger(**fate)

    def deliverer(self, fate=None):
        """A process over this newsroom."""
        fate = fate or Fate()
        return Deliverer(
            agenda=OwnAgenda(Mortal(self.people, fate)),
            people=Mortal(self.people, fate),
            chats=Mortal(self.chats, fate),
            ledger=Mortal(self.ledger, fate),
            digests=Mortal(self.digests, fate),
            composer=Mortal(self.composer, fate),
            learn=self.learn,
            messenger=Mortal(self.messenger, fate),
            clock=self.clock,
            machine_clock=self.clock,
        )

    async def lives_on(self, deliverer, minutes=15):
        """Ticks once a minute; the reports together."""
        reports = []
        for _ in range(minutes):
            reports.append(await deliverer.tick())
            self.clock.passes(MINUTE)
        return reports
