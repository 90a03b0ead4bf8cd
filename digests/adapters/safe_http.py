"""HTTP to servers that nobody vouches for: bounded in size and time, and only to addresses that may be asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from digests.adapters.addresses import PrivateAddress, public_socket, trouble

_LARGEST_BODY = 5_000_000  # bytes, unpacked
_REDIRECTS = 5
_LONGEST_HEADER = 1_000  # characters that are kept


class Unreadable(Exception):
    """There is no answer to read: `reason` is one sentence, `retry_after` the server's own wish."""

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said to one request; of any status but 200 without a body. `target` is where it sends us on."""

    url: URL
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    target: URL | None = None

    def header(self, name: str) -> str | None:
        """The header, if it can be stored and sent back as it came; else it is as good as missing."""
        value = self.headers.get(name)
        if value is None or len(value) > _LONGEST_HEADER or not (value.isascii() and value.isprintable()):
            return None
        return value

    def expect_ok(self) -> None:
        """Raise Unreadable where it has no document."""
        if self.status != HTTPStatus.OK:
            raise Unreadable(f"It answered with status {_status(self.status)}.", self.retry_after)

    @property
    def retry_after(self) -> timedelta | None:
        """How long the server wishes to be left alone, where it says so."""
        wish = self.headers.get("Retry-After", "").strip()
        try:
            if wish.isascii() and wish.isdigit():
                return timedelta(seconds=int(wish))
            # Both dates are the server's: its clock may be wrong, and ours may be a rehearsal's.
            pause = parsedate_to_datetime(wish) - parsedate_to_datetime(self.headers.get("Date", ""))
        except (ValueError, TypeError, OverflowError):
            return None
        return pause if pause > timedelta(0) else None


class SafeHttp:
    """Asks one request at a time. Use it as an async context manager.

    With `allow_private` a request may be `vouched` for, and then go to a private address and any port: for what the
    operator's own file names, never for what people or servers say.
    """

    def __init__(self, *, user_agent: str, accept: str, allow_private: bool) -> None:
        self._headers = {"User-Agent": user_agent, "Accept": accept, "Accept-Encoding": "gzip, deflate"}
        self.allow_private = allow_private
        self._public: aiohttp.ClientSession | None = None
        self._private: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._public = self._session(aiohttp.TCPConnector(limit=0, socket_factory=public_socket))
        self._private = self._session(aiohttp.TCPConnector(limit=0)) if self.allow_private else None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for session in (self._public, self._private):
            if session is not None:
                await session.close()

    async def ask(self, url: URL, headers: Mapping[str, str] | None = None, *, vouched: bool = False) -> Answer:
        """One request, redirects not followed. Raises Unreadable, and within `bounded` nothing else."""
        named = self._private if vouched else None
        if wrong := trouble(url.scheme, url.host, url.port, any_port=named is not None):
            raise Unreadable(f"Its address cannot be asked: {wrong}.")
        if url.user is not None or url.password is not None:
            raise Unreadable("Its address cannot be asked: it holds a user name.")
        session = named or self._public
        assert session is not None, "it is used inside `async with`"
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            target = _target(answer)
            body = await _body(answer) if answer.status == HTTPStatus.OK else b""
            return Answer(url=answer.url, status=answer.status, headers=answer.headers.copy(), body=body, target=target)

    def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            headers=self._headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),  # `bounded` covers redirects too
        )


async def followed(url: URL, ask: Callable[[URL], Awaitable[Answer]]) -> Answer:
    """What `ask` says of the address at the end of the redirects. Raises Unreadable, and what `ask` raises."""
    for _ in range(_REDIRECTS + 1):
        answer = await ask(url)
        if answer.target is None:
            return answer
        url = answer.target
    raise Unreadable(f"It redirects more than {_REDIRECTS} times.")


@asynccontextmanager
async def bounded(longest: float) -> AsyncIterator[None]:
    """Make Unreadable of whatever servers, networks and `longest` seconds do to what is asked inside."""
    try:
        async with asyncio.timeout(longest):
            yield
    except TimeoutError:
        raise Unreadable(f"It did not answer in full within {longest:g} seconds.") from None
    except (aiohttp.ClientError, OSError, UnicodeError) as error:  # UnicodeError: a host name beyond IDNA
        raise Unreadable(_sentence(error)) from error


def _target(answer: aiohttp.ClientResponse) -> URL | None:
    if answer.status not in {301, 302, 303, 307, 308}:
        return None
    location = answer.headers.get("Location")
    if not location:
        raise Unreadable(f"It redirects ({answer.status}) without saying where.")
    try:
        return answer.url.join(URL(location))
    except ValueError:
        raise Unreadable(f"It redirects ({answer.status}) to an address that cannot be understood.") from None


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > _LARGEST_BODY:
            raise Unreadable(f"It is larger than {_LARGEST_BODY // 1_000_000} MB.")
    return bytes(body)


def _status(number: int) -> str:
    try:
        return f"{number} ({HTTPStatus(number).phrase})"
    except ValueError:
        return str(number)


def _sentence(error: Exception) -> str:
    """One sentence about a failed connection or answer, without addresses or tracebacks."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "Its host name was not found."
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return "A secure connection to it could not be made: its certificate or encryption is not valid."
        case aiohttp.ClientConnectorError(os_error=PrivateAddress()):
            return "Its address cannot be asked: it is private or otherwise not of the public internet."
        case aiohttp.ClientConnectorError():
            return f"No connection to it could be made: {error.os_error.strerror or 'the network failed'}."
        case aiohttp.ClientPayloadError() | aiohttp.ClientResponseError():
            return "Its answer broke off or was garbled."
        case aiohttp.InvalidURL() | UnicodeError():
            return "It names an address that cannot be understood."
        case _:
            return "The connection to it was lost."
