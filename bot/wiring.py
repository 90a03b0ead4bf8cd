"""Beside stores.py the only module that picks adapters: it builds the newsroom and the bot from settings, and takes them down again."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from bot import application, stores
from bot.answering import Answering
from bot.context import BotApplication
from bot.front_desk import services
from bot.inbox import Inbox, InOrder
from bot.jobs import Jobs
from bot.messenger import TelegramMessenger
from bot.newsdesk import Archive, Newsdesk
from bot.owner import Owner
from bot.pacing import Pacing
from bot.rounds import delivering, rounds
from bot.transport import AiohttpRequest, UpdatesRequest
from config.gazetteer import load_families, load_names, load_speakers
from config.settings import Settings
from digests.adapters.children import Children
from digests.adapters.feed_http import HttpFetcher
from digests.adapters.feed_parser import FeedParser
from digests.adapters.page_http import HttpPages
from digests.adapters.page_reader import PageText
from digests.delivery.deliver import Deliverer
from digests.editing.compose import Composer
from digests.editing.positions import Speakers
from digests.editing.read_pages import PagePass, followed, in_full
from digests.errors import StorageBusy
from digests.filing.file import Filer
from digests.filing.file_back import BackFiler
from digests.filing.own_words import OwnTopics
from digests.filing.registry import Registry
from digests.gathering.gather import Gatherer
from digests.model.sources import Feed
from digests.model.topics import Topic
from digests.ports import Clock
from digests.text.names import Names

LONGEST_PASS = 90.0  # seconds


@asynccontextmanager
async def newsdesk(
    settings: Settings, topics: Sequence[Topic], feeds: Sequence[Feed], clock: Clock, *, longest: float = LONGEST_PASS
) -> AsyncIterator[Newsdesk]:
    """Gathering (for at most `longest` seconds a pass), filing and composing over what the settings name.

    Raises StorageBusy where another process does that already.
    """
    async with stores.opened(settings) as kept:
        if not kept.begin_pass():
            message = "A worker gathers into this database: ask the bot, or stop its workers first."
            raise StorageBusy(message)
        names = load_names()
        async with _desk(settings, names, _registry(topics, names), feeds, clock, kept.archive, longest) as desk:
            yield desk


@asynccontextmanager
async def passing_newsdesk(
    settings: Settings, topics: Sequence[Topic], feeds: Sequence[Feed], clock: Clock
) -> AsyncIterator[Newsdesk]:
    """The same over a database that nobody keeps."""
    names = load_names()
    async with (
        stores.passing_archive() as archive,
        _desk(settings, names, _registry(topics, names), feeds, clock, archive, LONGEST_PASS) as desk,
    ):
        yield desk


def _registry(topics: Sequence[Topic], names: Names) -> Registry:
    return Registry(topics, OwnTopics(names, load_families()))


@asynccontextmanager
async def _desk(
    settings: Settings,
    names: Names,
    registry: Registry,
    feeds: Sequence[Feed],
    clock: Clock,
    archive: Archive,
    longest: float,
) -> AsyncIterator[Newsdesk]:
    async with (
        HttpFetcher(allow_private=settings.allow_private_feeds) as fetcher,
        HttpPages(allow_private=settings.allow_private_feeds) as pages,
        Children() as children,
    ):
        yield Newsdesk(
            archive=archive,
            clock=clock,
            gatherer=Gatherer(feeds, fetcher, FeedParser(children), archive, clock, longest=longest),
            pages=PagePass(feeds, pages, PageText(children), archive, clock) if in_full(feeds) else None,
            filer=Filer(archive, registry.match, names, clock),
            composer=Composer(archive, registry, feeds, Speakers(names, load_speakers(names))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """Everything that bot/service.py starts and stops."""

    application: BotApplication
    inbox: Inbox
    processor: InOrder
    answering: Answering
    deliverer: Deliverer
    jobs: Jobs


@asynccontextmanager
async def bot(
    settings: Settings,
    topics: Sequence[Topic],
    feeds: Sequence[Feed],
    clock: Clock,
    on_unknown_token: Callable[[], None],
) -> AsyncIterator[Bot]:
    """The whole bot over the stores that the settings name. Raises as `stores.opened` does."""
    assert settings.telegram_bot_token is not None, "without a token there is no bot"
    names = load_names()
    registry = _registry(topics, names)
    async with (
        stores.opened(settings) as kept,
        _desk(settings, names, registry, feeds, clock, kept.archive, LONGEST_PASS) as desk,
        AsyncExitStack() as connections,
    ):
        request, updates_request = AiohttpRequest(), UpdatesRequest(on_unknown_token)
        for each in (request, updates_request):
            # The application closes them, too, but not where it never came to be initialised.
            connections.push_async_callback(each.shutdown)
        await kept.chats.settle()
        back_filer = BackFiler(kept.archive, kept.people, registry, clock)
        answering = partial(kept.held, stores.UPDATES)
        inbox = Inbox(kept.updates, answering=answering)
        processor = InOrder(inbox)
        built = application.build(
            token=settings.telegram_bot_token.get_secret_value(),
            api_url=settings.telegram_api_url,
            services=services(kept, desk, topics, feeds, names, registry, back_filer, clock),
            inbox=inbox,
            processor=processor,
            limiter=Pacing(kept.turns, settings.send_rate),
            request=request,
            updates_request=updates_request,
        )
        owner = Owner(built.bot, settings.admin_ids)
        deliverer = delivering(kept, desk, registry.learn, TelegramMessenger(built.bot, on_unknown_token), clock)
        whole_desk = replace(desk, before_filing=back_filer.refresh, followed=partial(followed, kept.people))
        yield Bot(
            application=built,
            inbox=inbox,
            processor=processor,
            answering=Answering(built, inbox, answering),
            deliverer=deliverer,
            jobs=rounds(settings, kept, whole_desk, back_filer, deliverer, owner, clock),
        )
