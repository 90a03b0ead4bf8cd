"""Beside stores.py the only module that picks adapters: it builds the newsroom and the bot from settings, and takes them down again."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

import telegram

from bot import application, stores
from bot.answering import Answering
from bot.clock import machine_clock
from bot.context import BotApplication, Services
from bot.inbox import Inbox, InOrder
from bot.jobs import Jobs
from bot.messenger import TelegramMessenger
from bot.newsdesk import Archive, Newsdesk, Shift
from bot.pacing import Pacing
from bot.transport import AiohttpRequest, UpdatesRequest
from config.gazetteer import load_families, load_names, load_speakers
from config.settings import Settings
from digests.adapters.feed_http import HttpFetcher
from digests.adapters.feed_parser import FeedParser
from digests.conversation.comparisons import Comparisons
from digests.conversation.followups import Followups
from digests.conversation.latest import Latest
from digests.conversation.outlooks import Outlooks
from digests.conversation.presence import Presence
from digests.conversation.privacy import Privacy
from digests.conversation.proposals import Proposals
from digests.conversation.subscriptions import Subscriptions
from digests.conversation.topics import Topics
from digests.delivery.agenda import OwnAgenda
from digests.delivery.deliver import Deliverer
from digests.delivery.editions import next_edition
from digests.editing.compose import Composer
from digests.editing.condense import expand
from digests.editing.positions import Speakers
from digests.editing.press import Press
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
TAKEOVER = 15.0  # seconds within which a worker sees that gathering is its duty now


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
    async with HttpFetcher(allow_private=settings.allow_private_feeds) as fetcher, FeedParser() as parser:
        yield Newsdesk(
            archive=archive,
            gatherer=Gatherer(feeds, fetcher, parser, archive, clock, longest=longest),
            filer=Filer(archive, registry.match, names, clock),
            composer=Composer(archive, registry, feeds),
        )


@asynccontextmanager
async def intake(settings: Settings) -> AsyncIterator[tuple[telegram.Bot, Callable[[object], Awaitable[None]]]]:
    """A bot that can be spoken to, and what stores an update in the inbox that workers share."""
    from bot.shared_stores import intake as shared_inbox

    assert settings.telegram_bot_token is not None, "without a token there is no bot"
    assert settings.database_url is not None, "an embedded inbox is another process's"
    token, api = settings.telegram_bot_token.get_secret_value(), settings.telegram_api_url
    request, updates_request = AiohttpRequest(), AiohttpRequest()
    async with shared_inbox(settings.database_url.get_secret_value()) as updates, AsyncExitStack() as connections:
        for each in (request, updates_request):
            connections.push_async_callback(each.shutdown)
        bot = telegram.Bot(token, f"{api}/bot", f"{api}/file/bot", request, updates_request)
        yield bot, Inbox(updates, answering=lambda: False).put


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """Everything that bot/service.py starts and stops."""

    application: BotApplication
    inbox: Inbox
    handling: InOrder
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
    registry, speakers = _registry(topics, names), Speakers(names, load_speakers(names))
    async with (
        stores.opened(settings) as kept,
        _desk(settings, names, registry, feeds, clock, kept.archive, LONGEST_PASS) as desk,
        AsyncExitStack() as connections,
    ):
        request, updates_request = AiohttpRequest(), UpdatesRequest(on_unknown_token)
        for each in (request, updates_request):
            # The application closes them, too, but not where it never came to be initialised.
            connections.push_async_callback(each.shutdown)
        people, digests, chats = kept.people, kept.digests, kept.chats
        await chats.settle()
        followups = Followups(digests, people, expand, clock)
        catalogue = Topics(topics, desk.archive, people, clock, registry)
        back_filer = BackFiler(desk.archive, people, registry, clock)
        answering = partial(kept.held, stores.UPDATES)
        inbox = Inbox(kept.updates, answering=answering)
        handling = InOrder(inbox)
        built = application.build(
            token=settings.telegram_bot_token.get_secret_value(),
            api_url=settings.telegram_api_url,
            services=Services(
                topics=catalogue,
                subscriptions=Subscriptions(people, catalogue, next_edition, clock),
                proposals=Proposals(people, catalogue, registry, desk.archive, back_filer, clock),
                latest=Latest(desk.composer, digests, people, catalogue, clock),
                followups=followups,
                comparisons=Comparisons(followups, desk.archive, feeds),
                outlooks=Outlooks(catalogue, desk.archive, people, speakers, registry.match, clock),
                presence=Presence(people, chats, clock),
                privacy=Privacy(chats, clock),
            ),
            inbox=inbox,
            processor=handling,
            limiter=Pacing(kept.turns, settings.send_rate),
            request=request,
            updates_request=updates_request,
        )
        deliverer = Deliverer(
            agenda=OwnAgenda(people),
            people=people,
            chats=chats,
            ledger=kept.ledger,
            digests=digests,
            composer=Press(desk.composer),
            messenger=TelegramMessenger(built.bot),
            clock=clock,
            machine_clock=machine_clock,
        )

        async def housekeeping() -> None:
            await kept.prune(clock())

        async def tick() -> object:
            if kept.shared:
                await deliverer.settle()
            return await deliverer.tick()

        shift = Shift(
            replace(desk, before_filing=back_filer.refresh), kept.begin_pass, settings.gather_every, machine_clock
        )
        jobs = Jobs(
            gather=shift.gather,
            tick=tick,
            housekeeping=housekeeping,
            gather_every=min(settings.gather_every, TAKEOVER) if kept.shared else settings.gather_every,
            tick_every=settings.tick_every,
            machine_clock=machine_clock,
        )
        yield Bot(
            application=built,
            inbox=inbox,
            handling=handling,
            answering=Answering(built, inbox, answering),
            deliverer=deliverer,
            jobs=jobs,
        )
