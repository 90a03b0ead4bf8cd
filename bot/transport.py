"""Telegram's requests over aiohttp, which know whether a failed one may have arrived."""

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram._utils.defaultvalue import DefaultValue
from telegram._utils.types import ODVInput
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

_UNKNOWN_TOKEN = {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}


class NotSent(NetworkError):
    """No connection came about: the server knows nothing of the request."""


class MaybeSent(NetworkError):
    """The request went out and no whole answer came back: it may have been obeyed.

    No TimedOut: the updater repeats after that one without a pause, and a server that cuts every connection would be
    asked in a tight loop.
    """


class AiohttpRequest(BaseRequest):
    """One pool of connections. The bot wants two: one for getUpdates, which holds its connection, one for the rest.

    Timeouts are in seconds: `connect` to reach the server, `pool` to get one of `connections`, `read` from the request
    to the next piece of its answer, `upload` on top of that where files are sent.
    """

    def __init__(
        self,
        *,
        connections: int = 64,
        connect: float = 5.0,
        pool: float = 5.0,
        read: float = 20.0,
        upload: float = 20.0,
    ) -> None:
        self._connections = connections
        self._connect = connect
        self._pool = pool
        self._read = read
        self._upload = upload
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer; getUpdates adds its own long polling."""
        return self._read

    async def initialize(self) -> None:
        """Open the pool."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections), cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        """Close the pool and every connection in it."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of the answer. Raises NotSent or MaybeSent; their texts never hold the URL, for it holds the token."""
        if self._session is None:
            raise NotSent("The connection to Telegram is closed.")
        files = request_data is not None and request_data.contains_files
        connect = _given(connect_timeout, self._connect)
        pool = _given(pool_timeout, self._pool)
        read = _given(read_timeout, self._read)
        # aiohttp does not limit writing by itself: its clock for the answer runs while the body is written.
        write = _given(write_timeout, self._upload if files else 0.0)
        timeout = aiohttp.ClientTimeout(
            total=None,
            connect=None if connect is None or pool is None else connect + pool,
            sock_connect=connect,
            sock_read=None if read is None or write is None else read + write,
        )
        # After a stop of this process or a blocked loop, connections may have ended unnoticed: writing to one would leave
        # unknown what became of the message. One turn of the loop sees it, the next takes them out of the pool.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        try:
            async with self._session.request(
                method,
                url,
                data=_body(request_data),
                timeout=timeout,
                headers={"User-Agent": self.USER_AGENT},
                allow_redirects=False,
            ) as response:
                return response.status, _from_the_api(response.status, await response.read())
        # `from None`, because aiohttp names the URL in some of its errors and a traceback prints the whole chain.
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            raise NotSent(f"Telegram could not be reached: {type(error).__name__}.") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise MaybeSent(f"Telegram did not answer: {type(error).__name__}.") from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The Bot API's answer. Raises MaybeSent where it is none: something between us and Telegram spoke."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or not {"result", "description"} & answer.keys():
            raise MaybeSent("The answer was not one of the Bot API.") from None
        return answer


class UpdatesRequest(AiohttpRequest):
    """Carries getUpdates, and tells when Telegram no longer knows the token: the updater then ends without telling anybody."""

    def __init__(self, on_unknown_token: Callable[[], None]) -> None:
        super().__init__(connections=2)
        self._on_unknown_token = on_unknown_token

    async def do_request(self, url: str, method: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Ask as every request does."""
        status, body = await super().do_request(url, method, *args, **kwargs)
        if status in _UNKNOWN_TOKEN:
            self._on_unknown_token()
        return status, body


def _from_the_api(status: int, body: bytes) -> bytes:
    """The body. Raises MaybeSent where something between us and Telegram refuses: that says nothing of a chat or the token."""
    if 400 <= status < 500 and AiohttpRequest.parse_json_payload(body).get("error_code") != status:
        raise MaybeSent(f"Something that is not the Bot API answered with status {status}.")
    return body


def _given(value: ODVInput[float], default: float) -> float | None:
    return default if isinstance(value, DefaultValue) else value


def _body(request_data: RequestData | None) -> aiohttp.FormData | None:
    if request_data is None:
        return None
    form = aiohttp.FormData(request_data.json_parameters)
    if request_data.contains_files:
        for name, (filename, content, kind) in request_data.multipart_data.items():
            form.add_field(name, content, filename=filename, content_type=kind)
    return form
