"""Feeds over HTTP: conditional, polite to hosts, and asked as safe_http.py asks."""

import asyncio
from collections import defaultdict
from hashlib import blake2b
from http import HTTPStatus
from types import TracebackType
from typing import Self

from yarl import URL

from digests.adapters.addresses import is_private_name
from digests.adapters.safe_http import Answer, SafeHttp, Unreadable, bounded, followed
from digests.model.sources import Feed, FeedState
from digests.ports import Document, FeedFailure, NotModified

USER_AGENT = "Cablegram/0.1 (self-hosted news digest; reads feeds every few minutes, conditionally)"

_AT_ONCE = 80
_AT_ONCE_A_HOST = 3
_LONGEST = 20.0  # seconds, redirects and body included
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"


class HttpFetcher:
    """Fetches feeds. Use it as an async context manager.

    With `allow_private` feeds may name private addresses and any port: for the operator's own file, never for
    addresses that people give. A redirect to another host is held to the public rules even then. Waiting for a turn
    does not count towards the `longest` seconds of a fetch, so that a slow feed costs its neighbours nothing.
    """

    def __init__(self, *, allow_private: bool = False, longest: float = _LONGEST, user_agent: str = USER_AGENT) -> None:
        self._http = SafeHttp(user_agent=user_agent, accept=_ACCEPT, allow_private=allow_private)
        self._longest = longest
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._host_turns: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_AT_ONCE_A_HOST))

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, error, traceback)

    async def fetch(self, feed: Feed, state: FeedState) -> Document | NotModified | FeedFailure:
        """Ask for a feed, conditionally where `state` allows. Whatever servers, networks and addresses do is a value."""
        try:
            url = URL(feed.url)
        except ValueError:
            return FeedFailure(feed=feed.slug, reason="The feed's address cannot be understood.")
        try:
            if self._http.allow_private and is_private_name(url.host or ""):
                async with self._turn:
                    return await self._in_time(feed, url, state)
            async with self._host_turns[url.host or ""], self._turn:
                return await self._in_time(feed, url, state)
        except Unreadable as error:
            return FeedFailure(feed=feed.slug, reason=error.reason, retry_after=error.retry_after)

    async def _in_time(self, feed: Feed, url: URL, state: FeedState) -> Document | NotModified:
        conditions = _conditions(state)
        home = url.host
        async with bounded(self._longest):
            answer = await followed(url, lambda at: self._http.ask(at, conditions, vouched=at.host == home))
        if answer.status == HTTPStatus.NOT_MODIFIED and conditions:
            return NotModified(feed=feed.slug)
        answer.expect_ok()
        return _document(feed, answer)


def _conditions(state: FeedState) -> dict[str, str]:
    conditions = {"If-None-Match": state.etag, "If-Modified-Since": state.modified}
    return {name: value for name, value in conditions.items() if value is not None}


def _document(feed: Feed, answer: Answer) -> Document:
    return Document(
        feed=feed.slug,
        url=str(answer.url),
        body=answer.body,
        content_type=answer.header("Content-Type") or "",
        body_hash=blake2b(answer.body, digest_size=16).hexdigest(),
        etag=answer.header("ETag"),
        modified=answer.header("Last-Modified"),
    )
