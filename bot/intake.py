"""What takes updates in for workers that share an inbox, and answers nobody."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import telegram

from bot.inbox import Inbox
from bot.transport import AiohttpRequest
from config.settings import Settings


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
