"""The bot's life: wake, answer and deliver until it is told to stop, and stop without losing anything."""

import asyncio
import logging
import signal
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial

from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Updater

from bot import wiring
from bot.clock import machine_clock, program_clock
from config.catalogue import in_use, load_feeds, load_topics
from config.settings import Settings
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


async def run(settings: Settings) -> int:
    """Be the bot until SIGTERM or SIGINT, and return the exit status: 0, or 1 where Telegram refused us.

    Raises ConfigurationError for bad files or an unknown token, StorageBusy where another process has DATA_DIR.
    """
    clock = program_clock(settings.clock)
    if settings.clock is not None:
        _log.warning("REHEARSAL: the clock shows %s and runs %g times as fast.", clock(), settings.clock.speed)
    topics = load_topics(settings.topics_dir)
    feeds = in_use(load_feeds(settings.feeds_file), settings.jurisdiction)
    watch = _Watch()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, watch.on_signal)
    async with wiring.bot(settings, topics, feeds, clock, watch.on_unknown_token) as bot:
        await _live(bot, watch)
    return watch.status


async def _live(bot: wiring.Bot, watch: _Watch) -> None:
    application = bot.application
    async with AsyncExitStack() as life:
        if not await _wake(bot, watch):
            return
        life.push_async_callback(application.shutdown)
        await bot.deliverer.settle()
        await application.start()
        life.push_async_callback(application.stop)
        await life.enter_async_context(bot.answering.by(partial(_ask, watch=watch)))
        await bot.jobs.start()
        life.push_async_callback(bot.deliverer.stop)
        life.push_async_callback(bot.jobs.stop)
        if application.post_init is not None:
            await application.post_init(application)
        _log.info("Ready: @%s, %s.", application.bot.username, machine_clock().isoformat(timespec="seconds"))
        await watch.ended.wait()
        _log.info("Stopping.")


async def _ask(updater: Updater, watch: _Watch) -> None:
    await updater.start_polling(allowed_updates=ALLOWED, error_callback=watch.on_polling_error, bootstrap_retries=-1)


async def _wake(bot: wiring.Bot, watch: _Watch) -> bool:
    """Initialise the application, again and again while Telegram cannot be reached; False where told to stop meanwhile.

    Raises ConfigurationError where Telegram does not know the token.
    """
    pause = 1.0
    while not watch.ended.is_set():
        try:
            await bot.application.initialize()
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
