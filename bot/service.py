"""The bot's life: wake, answer and deliver until it is told to stop, and stop without losing anything."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Updater

from bot import wiring
from bot.clock import machine_clock, program_clock
from bot.intake import intake
from bot.pacing import pause_of
from bot.webhook import Reception, Webhook
from config.catalogue import in_use, load_feeds, load_topics
from config.settings import Settings
from digests.delivery.deliver import DRAIN
from digests.errors import ConfigurationError

_log = logging.getLogger(__name__)

PATIENCE_WITH_ANOTHER = timedelta(seconds=60)
ALLOWED = ["message", "callback_query", "my_chat_member"]
LONGEST_PAUSE = 60.0  # seconds between tries to reach Telegram at start
LEAST = 1.0  # of them, however long other things took to end

_UNKNOWN_TOKEN = "TELEGRAM_BOT_TOKEN=…: Telegram does not know this token; copy it again from @BotFather, or ask there for a new one."  # noqa: S105


class _Watch:
    """What ends the bot: a signal, a token that is not (or no longer) known, or another bot that asks with the same token."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self.status = 0
        self._ended_at = 0.0
        self._conflict_since: float | None = None
        self._conflict_last = 0.0

    def on_signal(self) -> None:
        """Called for the first signal, and for those of the impatient."""
        if not self.ended.is_set():
            self._end(0)

    def left(self) -> float:
        """Seconds that answers which are under way have to end, once the bot was told to stop."""
        return max(LEAST, self._ended_at + DRAIN - asyncio.get_running_loop().time())

    def on_unknown_token(self) -> None:
        """Called when Telegram stops knowing the token; the updater gives up asking then, without a word to us."""
        if not self.ended.is_set():
            _log.error("%s", _UNKNOWN_TOKEN)
            self._end(1)

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
                self._end(1)
        else:
            _log.warning("Telegram could not be asked for updates, and will be asked again: %s", error)

    def _end(self, status: int) -> None:
        self.status = status
        self._ended_at = asyncio.get_running_loop().time()
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
    async with intake(settings) as (bot, take), AsyncExitStack() as life:
        if await _wake(bot.initialize, watch):
            life.push_async_callback(bot.shutdown)
            await life.enter_async_context(_brought(settings, bot, take, watch))
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
async def _listening(settings: Settings, watch: _Watch, webhook: Webhook | None = None) -> AsyncIterator[None]:
    """Listen at PORT, for whoever watches the process and for what is brought to the webhook.

    Raises ConfigurationError where the port cannot be had for a webhook; a bot that only tells its health goes on without.
    """
    async with AsyncExitStack() as life:
        reception = Reception(port=settings.port, healthy=lambda: not watch.ended.is_set(), webhook=webhook)
        try:
            await life.enter_async_context(reception)
        except ConfigurationError as taken:
            if webhook is not None:
                raise
            _log.warning("%s The bot goes on, and /healthz is not answered.", taken)
        yield


@asynccontextmanager
async def _brought(
    settings: Settings, bot: Bot, take: Callable[[object], Awaitable[None]], watch: _Watch
) -> AsyncIterator[None]:
    """Listen at PORT, then tell Telegram where."""
    assert settings.webhook_url is not None, "otherwise Telegram is asked"
    assert settings.webhook_secret is not None, "a webhook has a secret"
    secret = settings.webhook_secret.get_secret_value()
    webhook = Webhook(url=settings.webhook_url, secret=secret, bot=bot, take=take)
    async with _listening(settings, watch, webhook):
        await _wake(partial(_tell, bot, settings.webhook_url, secret), watch)
        yield


async def _tell(bot: Bot, url: str, secret: str) -> None:
    """Raises ConfigurationError where Telegram refuses the address, which no waiting mends."""
    try:
        await bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED)
    except BadRequest as refusal:
        message = f"WEBHOOK_URL={url}: Telegram brings nothing there ({refusal.message}); write an https address that it can reach."
        raise ConfigurationError(message) from None


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
        if not brought:
            await life.enter_async_context(_listening(settings, watch))
        elif listens:  # else the port belongs to the process that does, which may stand on the same machine
            await life.enter_async_context(_brought(settings, application.bot, bot.inbox.put, watch))
        await bot.jobs.start()
        life.push_async_callback(bot.jobs.stop)
        life.push_async_callback(_drain, bot, watch)  # before its job: a tick broken off would leave claims behind
        if application.post_init is not None:
            await application.post_init(application)
        _log.info("Ready: @%s, %s.", application.bot.username, machine_clock().isoformat(timespec="seconds"))
        await watch.ended.wait()
        _log.info("Stopping.")


async def _drain(bot: wiring.Bot, watch: _Watch) -> None:
    """Claim and begin nothing more; what is being sent and answered has the same time to end, and begins anew else."""
    async with asyncio.TaskGroup() as group:
        group.create_task(bot.deliverer.stop())
        group.create_task(bot.processor.end(watch.left()))


async def _ask(updater: Updater, watch: _Watch) -> None:
    """Begin to ask Telegram for updates; what ends the bot ends the trying, too."""

    async def begin() -> None:
        await updater.bot.delete_webhook()  # as the updater does itself, which would write a traceback where it fails
        await updater.start_polling(allowed_updates=ALLOWED, error_callback=watch.on_polling_error)

    try:
        await _wake(begin, watch)
    except ConfigurationError:
        watch.on_unknown_token()


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
            wait = max(pause, pause_of(error).total_seconds()) if isinstance(error, RetryAfter) else pause
            _log.warning("Telegram cannot be reached, next try in %g s: %s", wait, error)
        else:
            return True
        try:
            async with asyncio.timeout(wait):
                await watch.ended.wait()
        except TimeoutError:
            pause = min(pause * 2, LONGEST_PAUSE)
    return False
