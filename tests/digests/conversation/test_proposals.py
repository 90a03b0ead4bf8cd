"""Proposals of own words to many people at a time."""

import asyncio
import threading
from datetime import timedelta

from config.gazetteer import load_families, load_names
from digests.conversation.proposals import Proposals
from digests.conversation.topics import Topics
from digests.filing.file_back import FRESH, BackFiler
from digests.filing.own_words import OwnTopics
from digests.filing.registry import Registry
from digests.model.articles import ArticleId
from digests.model.people import Address, ChatId
from digests.model.stories import Placement, StoryId
from digests.ports import Filing, Gathering
from tests.builders import NOON, article
from tests.fakes.stores import MemoryArchive, MemoryPeople


class Archive(MemoryArchive):
    """Counts how often the week is read, and whether two ever look at it at a time."""

    def __init__(self):
        super().__init__()
        self.read = 0
        self.looking = []
        self.crowded = False

    async def placed_since(self, since):
        self.read += 1
        return Watched(self, await super().placed_since(since))


class Watched:
    """Articles; whoever looks at them waits a little for another who might."""

    def __init__(self, archive, placed):
        self.archive, self.placed = archive, placed

    def __iter__(self):
        mine, others = threading.Event(), tuple(self.archive.looking)
        self.archive.looking.append(mine)
        for each in others:
            self.archive.crowded = True
            each.set()
        mine.wait(0.02)
        yield from self.placed
        self.archive.looking.remove(mine)


class World:
    """One article of a week, and whoever asks."""

    def __init__(self):
        self.now = NOON
        self.archive, people = Archive(), MemoryPeople()
        registry = Registry((), OwnTopics(load_names(), load_families()))
        self.back = BackFiler(self.archive, people, registry, lambda: self.now)
        topics = Topics((), self.archive, people, lambda: self.now, registry)
        self.proposals = Proposals(people, topics, registry, self.back, lambda: self.now)

    async def tell(self, number, title):
        news = article(number, title, published=self.now)
        await self.archive.save_gathering(Gathering(states=(), gaps=(), articles=(news,)))
        place = Placement(article=ArticleId(number), story=StoryId(number), origin="Herald")
        await self.archive.save_filing(Filing(filed=(news.id,), matches=(), placements=(place,), moved={}))

    async def ask(self, chat):
        return (await self.proposals.propose(Address(chat=ChatId(chat)), "rare earths")).stories


async def test_whoever_asks_at_the_same_time_shares_one_reading_of_the_week_and_has_his_turn():
    world = World()
    await world.tell(1, "Rare earths found")
    assert await asyncio.gather(*(world.ask(chat) for chat in range(4))) == [1] * 4
    assert world.archive.read == 1
    assert not world.archive.crowded


async def test_what_is_shown_is_a_minute_old_at_most_and_kept_no_longer_than_until_the_next_pass():
    world = World()
    await world.tell(1, "Rare earths found")
    assert await world.ask(11) == 1
    await world.tell(2, "Rare earths sold")
    world.now += FRESH - timedelta(seconds=1)
    assert await world.ask(12) == 1
    world.now += timedelta(seconds=1)
    assert await world.ask(13) == 2
    await world.tell(3, "Rare earths lost")
    await world.back.refresh()
    assert await world.ask(14) == 3
