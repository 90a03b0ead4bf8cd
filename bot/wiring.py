"""The only module that picks adapters: it builds the newsroom and the bot from settings, and takes them down again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot import application
from bot.clock import machine_clock
from bot.context import BotApplication, Services
from bot.inbox import Inbox, InOrder
from bot.jobs import Jobs
from bot.messenger import TelegramMessenger
from bot.newsdesk import Newsdesk
from bot.pacing import Pacing
from bot.transport import AiohttpRequest, UpdatesRequest
from config.settings import Settings
from digests.adapters.data_folder import DataFolder
from digests.adapters.embedded_chats import EmbeddedChats
from digests.adapters.feed_http import HttpFetcher
from digests.adapters.feed_parser import FeedParser
from digests.adapters.sqlite.archive import SqliteArchive
from digests.adapters.sqlite.chats import SqliteChats
from digests.adapters.sqlite.database import Database
from digests.adapters.sqlite.digests import SqliteDigests
from digests.adapters.sqlite.inbox import SqliteInbox
from digests.adapters.sqlite.ledger import SqliteLedger
from digests.adapters.tinydb_people import TinyPeople
from digests.conversation.followups import Followups
from digests.conversation.latest import Latest
from digests.conversation.presence import Presence
from digests.conversation.privacy import Privacy
from digests.conversation.subscriptions import Subscriptions
from digests.conversation.topics import Topics
from digests.delivery.agenda import OwnAgenda
from digests.delivery.deliver import Deliverer
from digests.delivery.editions import next_edition
from digests.delivery.turns import OwnTurns
from digests.editing.compose import Composer
from digests.editing.condense import expand
from digests.editing.press import Press
from digests.filing.file import Filer
from digests.filing.relevance import Relevance
from digests.gathering.gather import Gatherer
from digests.model.sources import Feed
from digests.model.topics import Topic
from digests.ports import Clock

LONGEST_PASS = 90.0  # seconds
KEPT = timedelta(days=21)  # articles; a story is looked back on for at most two weeks
DIGESTS_KEPT = timedelta(days=8)  # numbers bind to a digest for seven
UPDATES_KEPT = timedelta(days=2)  # Telegram repeats one for at most a day


def data_folder(path: Path) -> DataFolder:
    """The lock on DATA_DIR; raises StorageBusy where another process has it."""
    return DataFolder(path)


@asynccontextmanager
async def newsdesk(
    settings: Settings,
    topics: Sequence[Topic],
    feeds: Sequence[Feed],
    clock: Clock,
    database: Path | str,
    *,
    longest: float = LONGEST_PASS,
) -> AsyncIterator[Newsdesk]:
    """Gathering (for at most `longest` seconds a pass), filing and composing over a file, or over ":memory:"."""
    async with Database(database) as opened, _desk(settings, topics, feeds, clock, opened, longest) as desk:
        yield desk


@asynccontextmanager
async def _desk(
    settings: Settings,
    topics: Sequence[Topic],
    feeds: Sequence[Feed],
    clock: Clock,
    database: Database,
    longest: float,
) -> AsyncIterator[Newsdesk]:
    async with HttpFetcher(allow_private=settings.allow_private_feeds) as fetcher, FeedParser() as parser:
        archive = SqliteArchive(database)
        yield Newsdesk(
            archive=archive,
            gatherer=Gatherer(feeds, fetcher, parser, archive, clock, longest=longest),
            filer=Filer(archive, Relevance(topics).match, clock),
            composer=Composer(archive, topics, feeds),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """Everything that bot/service.py starts and stops."""

    application: BotApplication
    inbox: Inbox
    deliverer: Deliverer
    jobs: Jobs


@asynccontextmanager
async def bot(
    settings: Settings,
    topics: Sequence[Topic],
    feeds: Sequence[Feed],
    clock: Clock,
    folder: DataFolder,
    on_unknown_token: Callable[[], None],
) -> AsyncIterator[Bot]:
    """The whole bot over the embedded stores of a folder that this process holds."""
    assert settings.telegram_bot_token is not None, "without a token there is no bot"
    async with (
        Database(folder.database) as database,
        _desk(settings, topics, feeds, clock, database, LONGEST_PASS) as desk,
        TinyPeople(folder.people) as people,
        AsyncExitStack() as connections,
    ):
        request, updates_request = AiohttpRequest(), UpdatesRequest(on_unknown_token)
        for each in (request, updates_request):
            # The application closes them, too, but not where it never came to be initialised.
            connections.push_async_callback(each.shutdown)
        chats = EmbeddedChats(SqliteChats(database), people)
        await chats.settle()
        digests = SqliteDigests(database)
        updates = SqliteInbox(database, machine_clock)
        catalogue = Topics(topics, desk.archive, people, clock)
        inbox = Inbox(updates)
        built = application.build(
            token=settings.telegram_bot_token.get_secret_value(),
            api_url=settings.telegram_api_url,
            services=Services(
                topics=catalogue,
                subscriptions=Subscriptions(people, catalogue, next_edition, clock),
                latest=Latest(desk.composer, digests, people, catalogue, clock),
                followups=Followups(digests, people, expand, clock),
                presence=Presence(people, chats, clock),
                privacy=Privacy(chats, clock),
            ),
            inbox=inbox,
            processor=InOrder(updates),
            limiter=Pacing(OwnTurns(asyncio.get_running_loop().time), settings.send_rate),
            request=request,
            updates_request=updates_request,
        )
        ledger = SqliteLedger(database, machine_clock)
        deliverer = Deliverer(
            agenda=OwnAgenda(people),
            people=people,
            chats=chats,
            ledger=ledger,
            digests=digests,
            composer=Press(desk.composer),
            messenger=TelegramMessenger(built.bot),
            clock=clock,
            machine_clock=machine_clock,
        )

        async def housekeeping() -> None:
            await chats.settle()
            await ledger.prune(clock() - DIGESTS_KEPT)
            await digests.prune(clock() - DIGESTS_KEPT)
            await desk.archive.prune(clock() - KEPT)
            await updates.prune(machine_clock() - UPDATES_KEPT)

        jobs = Jobs(
            gather=desk.gather_and_file,
            tick=deliverer.tick,
            housekeeping=housekeeping,
            gather_every=settings.gather_every,
            tick_every=settings.tick_every,
            machine_clock=machine_clock,
        )
        yield Bot(application=built, inbox=inbox, deliverer=deliverer, jobs=jobs)
