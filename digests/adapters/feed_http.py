"""Feeds over HTTP: conditional, polite to hosts, bounded in size and time, and only from addresses that may be asked."""

import asyncio
from collections import defaultdict
from datetime import timedelta
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from http import HTTPStatus
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from digests.adapters.addresses import PrivateAddress, is_private_name, public_socket, trouble
from digests.model.sources import Feed, FeedState
from digests.ports import Document, FeedFailure, NotModified

USER_AGENT = "Cablegram/0.1 (self-hosted news digest; reads feeds every few minutes, conditionally)"

_AT_ONCE = 80
_AT_ONCE_A_HOST = 3
_LARGEST_BODY = 5_000_000  # bytes, unpacked
_LONGEST = 20.0  # seconds, redirects and body included
_REDIRECTS = 5
_LONGEST_VALIDATOR = 1_000  # characters of an ETag or Last-Modified that are kept
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"


class HttpFetcher:
    """Fetches feeds. Use it as an async context manager.

    With `allow_private` feeds may name private addresses and any port: for the operator's own file, never for
    addresses that people give. A redirect to another host is held to the public rules even then. Waiting for a turn
    does not count towards the `longest` seconds of a fetch, so that a slow feed costs its neighbours nothing.
    """

    def __init__(self, *, allow_private: bool = False, longest: float = _LONGEST, user_agent: str = USER_AGENT) -> None:
        self._allow_private = allow_private
        self._longest = longest
        self._headers = {"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._host_turns: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_AT_ONCE_A_HOST))
        self._public: aiohttp.ClientSession | None = None
        self._private: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._public = self._session(aiohttp.TCPConnector(limit=0, socket_factory=public_socket))
        self._private = self._session(aiohttp.TCPConnector(limit=0)) if self._allow_private else None
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for session in (self._public, self._private):
            if session is not None:
                await session.close()

    async def fetch(self, feed: Feed, state: FeedState) -> Document | NotModified | FeedFailure:
        """Ask for a feed, conditionally where `state` allows. Whatever servers, networks and addresses do is a value."""
        try:
            url = URL(feed.url)
        except ValueError:
            return FeedFailure(feed=feed.slug, reason="The feed's address cannot be understood.")
        try:
            if self._allow_private and is_private_name(url.host or ""):
                async with self._turn:
                    return await self._in_time(feed, url, state)
            async with self._host_turns[url.host or ""], self._turn:
                return await self._in_time(feed, url, state)
        except _Unreadable as error:
            return FeedFailure(feed=feed.slug, reason=error.reason, retry_after=error.retry_after)

    async def _in_time(self, feed: Feed, url: URL, state: FeedState) -> Document | NotModified:
        try:
            async with asyncio.timeout(self._longest):
                return await self._follow(feed, url, state)
        except TimeoutError:
            raise _Unreadable(f"It did not answer in full within {self._longest:g} seconds.") from None
        except (aiohttp.ClientError, OSError, UnicodeError) as error:  # UnicodeError: a host name beyond IDNA
            raise _Unreadable(_sentence(error)) from error

    async def _follow(self, feed: Feed, url: URL, state: FeedState) -> Document | NotModified:
        home = url.host
        for _ in range(_REDIRECTS + 1):
            named = self._private if url.host == home else None
            if wrong := trouble(url.scheme, url.host, url.port, any_port=named is not None):
                raise _Unreadable(f"Its address cannot be asked: {wrong}.")
            if url.user is not None or url.password is not None:
                raise _Unreadable("Its address cannot be asked: it holds a user name.")
            session = named or self._public
            assert session is not None, "the fetcher is used inside `async with`"
            async with session.get(url, headers=_conditions(state), allow_redirects=False) as answer:
                target = _redirect(answer)
                if target is None:
                    return await _read(feed, state, answer)
            url = url.join(target)
        raise _Unreadable(f"It redirects more than {_REDIRECTS} times.")

    def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=connector,
            headers=self._headers,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),  # ours covers redirects too
        )


class _Unreadable(Exception):
    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


def _conditions(state: FeedState) -> dict[str, str]:
    conditions = {"If-None-Match": state.etag, "If-Modified-Since": state.modified}
    return {name: value for name, value in conditions.items() if value is not None}


def _redirect(answer: aiohttp.ClientResponse) -> URL | None:
    if answer.status not in {301, 302, 303, 307, 308}:
        return None
    location = answer.headers.get("Location")
    if not location:
        raise _Unreadable(f"It redirects ({answer.status}) without saying where.")
    try:
        return URL(location)
    except ValueError:
        raise _Unreadable(f"It redirects ({answer.status}) to an address that cannot be understood.") from None


async def _read(feed: Feed, state: FeedState, answer: aiohttp.ClientResponse) -> Document | NotModified:
    if answer.status == HTTPStatus.NOT_MODIFIED and _conditions(state):
        return NotModified(feed=feed.slug)
    if answer.status != HTTPStatus.OK:
        raise _Unreadable(f"It answered with status {_status(answer.status)}.", _retry_after(answer))
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > _LARGEST_BODY:
            raise _Unreadable(f"It is larger than {_LARGEST_BODY // 1_000_000} MB.")
    return Document(
        feed=feed.slug,
        url=str(answer.url),
        body=bytes(body),
        content_type=_kept(answer.headers.get("Content-Type")) or "",
        body_hash=blake2b(body, digest_size=16).hexdigest(),
        etag=_kept(answer.headers.get("ETag")),
        modified=_kept(answer.headers.get("Last-Modified")),
    )


def _kept(header: str | None) -> str | None:
    # Whatever cannot be stored and sent back as it came is as good as missing.
    if header is None or len(header) > _LONGEST_VALIDATOR or not (header.isascii() and header.isprintable()):
        return None
    return header


def _status(number: int) -> str:
    try:
        return f"{number} ({HTTPStatus(number).phrase})"
    except ValueError:
        return str(number)


def _retry_after(answer: aiohttp.ClientResponse) -> timedelta | None:
    wish = answer.headers.get("Retry-After", "").strip()
    try:
        if wish.isascii() and wish.isdigit():
            return timedelta(seconds=int(wish))
        # Both dates are the server's: its clock may be wrong, and ours may be a rehearsal's.
        pause = parsedate_to_datetime(wish) - parsedate_to_datetime(answer.headers.get("Date", ""))
    except (ValueError, TypeError, OverflowError):
        return None
    return pause if pause > timedelta(0) else None


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
