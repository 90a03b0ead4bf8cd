"""What the bot listens on: the address that Telegram brings updates to, and /healthz for whoever watches the process."""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot, Update

from bot.inbox import NO_UPDATE, NotStored
from digests.errors import ConfigurationError

_log = logging.getLogger(__name__)

LARGEST = 1_000_000  # bytes of one update; Telegram's own stay far below
PATIENCE = 20.0  # seconds for a body to come
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 the name of a header


class Webhook:
    """Takes what Telegram brings: who brings it is known by the secret, and 200 is said once it is stored.

    no secret, or another one   403     no update in JSON   400     over LARGEST   413     not stored   503
    """

    def __init__(self, *, url: str, secret: str, bot: Bot, take: Callable[[object], Awaitable[None]]) -> None:
        """`take` stores an update and queues it, or drops one that it knows; it raises NotStored."""
        self.path = urlsplit(url).path or "/"
        self._secret = secret.encode()
        self._bot = bot
        self._take = take

    async def answer(self, request: web.Request) -> web.Response:
        """Take one update."""
        if not hmac.compare_digest(_bytes(request.headers.get(SECRET_HEADER, "")), self._secret):
            return _told(HTTPStatus.FORBIDDEN, "The secret token is missing or wrong.")
        try:
            async with asyncio.timeout(PATIENCE):
                body = await request.read()  # raises the 413 of `client_max_size` itself
        except TimeoutError:
            return _told(HTTPStatus.REQUEST_TIMEOUT, "The body did not come.")
        update = self._understood(body)
        if update is None:
            return _told(HTTPStatus.BAD_REQUEST, "That is no update of the Bot API.")
        try:
            await self._take(update)
        except NotStored as error:
            _log.warning("An update could not be stored, and Telegram will bring it again: %s", error)
            return _told(HTTPStatus.SERVICE_UNAVAILABLE, "Not stored; bring it again.")
        return _told(HTTPStatus.OK, "")

    def _understood(self, body: bytes) -> Update | None:
        try:
            data: Any = json.loads(body)
            return Update.de_json(data, self._bot) if isinstance(data, dict) and _numbered(data) else None
        except NO_UPDATE as error:
            _log.warning("What was brought is no update: %s", type(error).__name__)
            return None


class Reception:
    """Listens on a port, while it is entered; `healthy` is asked for /healthz. Without a webhook that is all it answers."""

    def __init__(
        self, *, port: int, healthy: Callable[[], bool], webhook: Webhook | None, host: str | None = None
    ) -> None:
        """`host` None means every address of the machine."""
        self._port = port
        self._host = host
        self._healthy = healthy
        application = web.Application(client_max_size=LARGEST)
        application.router.add_get("/healthz", self._health)
        if webhook is not None:
            application.router.add_post(webhook.path, webhook.answer)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=5)

    async def __aenter__(self) -> Self:
        """Raises ConfigurationError where the port cannot be had."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            message = f"PORT={self._port}: nothing can listen there ({error.strerror}); name a port that is free."
            raise ConfigurationError(message) from None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _health(self, _: web.Request) -> web.Response:
        if self._healthy():
            return _told(HTTPStatus.OK, "ok")
        return _told(HTTPStatus.SERVICE_UNAVAILABLE, "stopping, or not ready")


def _bytes(header: str) -> bytes:
    # The server reads what is no UTF-8 as lone surrogates, which stand for the bytes that were sent.
    return header.encode("utf-8", "surrogateescape")


def _numbered(data: dict[str, Any]) -> bool:
    number = data.get("update_id")
    return isinstance(number, int) and not isinstance(number, bool)


def _told(status: HTTPStatus, words: str) -> web.Response:
    return web.Response(status=status, text=words)
