"""The bot's life: wake, answer and deliver until it is told to stop, and stop without losing anything."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Updater

from bot import wiring
from bot.clock import machine_clock, program_clock
from bot.webhook import Reception, Webhook
from config.catalogue import in_use, load_feeds, load_topics
from config.settings import Settings
from digests.delivery.deliver import DRAIN
from digests.errors import ConfigurationError

_log = logging.getLogger(__name__)

PATIENCE_WITH_ANOTHER = timedelta(seconds=60)
ALLOWED = ["message", "callback_query", "my_chat_member"]
LONGEST_PAUSE = 60.0  # seconds between tries to reach Telegram at start

_UNKNOWN_TOKEN = "TELEGRAM_BOT_TOKEN=…: Telegram does not know this token; copy it again from @BotFather, or ask there for a new one."  # noqa: S105


class _Watch:
    """What ends the bot: a signal, a token that is not (or no longer) known, or another bot that asks with the same token."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.status = 0
        self._conflict_since: float | None = None
        self._conflict_last = 0.0

    def on_signal(self) -> None:
        self.ended.set()

    def on_unknown_token(self) -> None:
        """Called when Telegram stops knowing the token; the updater gives up asking then, without a word to us."""
        if not self.ended.is_set():
            _log.error("%s", _UNKNOWN_TOKEN)
            self._end()

    def on_polling_error(self, error: TelegramError) -> None:
        """Called by the updater, which goes on asking by itself."""
        now = asyncio.get_running_loop().time()
        if isinstance(error, Conflict):
            if self._conflict_since is None or now - self._conflict_last > PATIENCE_WITH_ANOTHER.total_seconds():
                _log.warning("Another bot asks Telegram with the same token; stop it, or this one stops in a minute.")
                self._conflict_since = now
            self._conflict_last = now
            if now - self._conflict_since >= PATIENCE_WITH_ANOTHER.total_seconds():
                _log.error("Another bot still asks Telegram with the same token; give each bot a token of its own.")
                self._end()
        else:
            _log.warning("Telegram could not be asked for updates, and will be asked again: %s", error)

    def _end(self) -> None:
        self.status = 1
        self.ended.set()


async def run(settings: Settings, *, listens: bool = True) -> int:
    """Be the bot until SIGTERM or SIGINT, and return the exit status: 0, or 1 where Telegram refused us.

    In webhook mode it takes updates in only where it `listens`; else another process does, and they share the inbox.
    Without a webhook it listens where PORT is set, for /healthz alone.

    Raises ConfigurationError for bad files or an unknown token, StorageBusy where another process has DATA_DIR.
    """
    clock = program_clock(settings.clock)
    if settings.clock is not None:
        _log.warning("REHEARSAL: the clock shows %s and runs %g times as fast.", clock(), settings.clock.speed)
    topics = load_topics(settings.topics_dir)
    feeds = in_use(load_feeds(settings.feeds_file), settings.jurisdiction)
    watch = _watching()
    async with wiring.bot(settings, topics, feeds, clock, watch.on_unknown_token) as bot:
        await _live(bot, watch, settings, listens=listens)
    return watch.status


async def take_in(settings: Settings) -> int:
    """Take updates in for workers who share the inbox, and do nothing else, until SIGTERM or SIGINT; the exit status."""
    watch = _watching()
    async with wiring.intake(settings) as (bot, take), AsyncExitStack() as life:
        if await _wake(bot.initialize, watch):
            life.push_async_callback(bot.shutdown)
            await life.enter_async_context(_listening(settings, bot, take, watch))
            _log.info("Ready: @%s, taking in.", bot.username)
            await watch.ended.wait()
            _log.info("Stopping.")
    return watch.status


def _watching() -> _Watch:
    watch = _Watch()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, watch.on_signal)
    return watch


@asynccontextmanager
async def _listening(
    settings: Settings, bot: Bot, take: Callable[[object], Awaitable[None]], watch: _Watch
) -> AsyncIterator[None]:
    """Listen at PORT, then tell Telegram where."""
    assert settings.webhook_url is not None, "otherwise Telegram is asked"
    assert settings.webhook_secret is not None, "a webhook has a secret"
    secret = settings.webhook_secret.get_secret_value()
    webhook = Webhook(url=settings.webhook_url, secret=secret, bot=bot, take=take)
    async with _reception(settings, watch, webhook):
        tell = partial(bot.set_webhook, settings.webhook_url, secret_token=secret, allowed_updates=ALLOWED)
        await _wake(tell, watch)
        yield


def _reception(settings: Settings, watch: _Watch, webhook: Webhook | None) -> Reception:
    return Reception(port=settings.port, healthy=lambda: not watch.ended.is_set(), webhook=webhook)


async def _live(bot: wiring.Bot, watch: _Watch, settings: Settings, *, listens: bool) -> None:
    application = bot.application
    async with AsyncExitStack() as life:
        if not await _wake(application.initialize, watch):
            return
        life.push_async_callback(application.shutdown)
        await bot.deliverer.settle()
        await application.start()
        life.push_async_callback(application.stop)
        brought = settings.webhook_url is not None
        await life.enter_async_context(bot.answering.by(_wait_for if brought else partial(_ask, watch=watch)))
        if brought and listens:
            await life.enter_async_context(_listening(settings, application.bot, bot.inbox.put, watch))
        elif listens and "port" in settings.model_fields_set:  # else two bots on a machine would want the same one
            await life.enter_async_context(_reception(settings, watch, None))
        await bot.jobs.start()
        life.push_async_callback(bot.jobs.stop)
        life.push_async_callback(_drain, bot)  # before its job: a tick broken off would leave claims behind
        if application.post_init is not None:
            await application.post_init(application)
        _log.info("Ready: @%s, %s.", application.bot.username, machine_clock().isoformat(timespec="seconds"))
        await watch.ended.wait()
        _log.info("Stopping.")


async def _drain(bot: wiring.Bot) -> None:
    """Claim and begin nothing more; what is being sent and answered has the same 20 s to end."""
    async with asyncio.TaskGroup() as group:
        group.create_task(bot.deliverer.stop())
        group.create_task(bot.handling.end(DRAIN))


async def _ask(updater: Updater, watch: _Watch) -> None:
    await updater.start_polling(allowed_updates=ALLOWED, error_callback=watch.on_polling_error, bootstrap_retries=-1)


async def _wait_for(_: Updater) -> None:
    """Telegram brings updates: there is nothing to ask."""


async def _wake(reach: Callable[[], Awaitable[object]], watch: _Watch) -> bool:
    """Do the first requests, again and again while Telegram cannot be reached; False where told to stop meanwhile.

    Raises ConfigurationError where Telegram does not know the token.
    """
    pause = 1.0
    while not watch.ended.is_set():
        try:
            await reach()
        except InvalidToken:
            raise ConfigurationError(_UNKNOWN_TOKEN) from None
        except TelegramError as error:
            _log.warning("Telegram cannot be reached, next try in %g s: %s", pause, error)
        else:
            return True
        try:
            async with asyncio.timeout(pause):
                await watch.ended.wait()
        except TimeoutError:
            pause = min(pause * 2, LONGEST_PAUSE)
    return False
