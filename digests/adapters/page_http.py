"""Articles' pages over HTTP: only what robots.txt allows, one request a host at a time, asked as safe_http.py asks."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
from types import TracebackType
from typing import Self

from yarl import URL

from digests.adapters.addresses import is_private_name
from digests.adapters.robots import EVERYTHING, NOTHING, Robots, read_robots
from digests.adapters.safe_http import Answer, SafeHttp, Unreadable, bounded, followed
from digests.model.sources import Feed
from digests.ports import PageDocument, PageFailure

NAME = "Cablegram"
USER_AGENT = f"{NAME}/0.1 (self-hosted news digest; reads few pages, to quote two sentences; robots.txt: {NAME})"

_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_LONGEST = 15.0  # seconds a request
_PAUSE = 2.0  # seconds between a host's answer and the next request
_PATIENCE = 10.0  # seconds that a request waits once its host's turn is its own
_RULES_KEPT = 24 * 3600.0  # seconds
_SILENCE_KEPT = 3600.0  # seconds, where a site could not say what its rules are
_REST = timedelta(minutes=15)  # for a host that says that it has had enough
_ENOUGH = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_MOST_HOSTS = 1_000


class _Host:
    """Whose turn it is at a host, and from when on it may be asked (the loop's time)."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.free_at = 0.0


class _NotNow(Exception):
    """The host's turn is too far off."""


class HttpPages:
    """Fetches pages. Use it as an async context manager.

    With `allow_private` the pages of a feed at a private address are read where the feed stands: at its own host and
    port. Everything else is held to the public rules, redirects too.
    """

    def __init__(self, *, allow_private: bool = False, longest: float = _LONGEST, pause: float = _PAUSE) -> None:
        self._http = SafeHttp(user_agent=USER_AGENT, accept=_ACCEPT, allow_private=allow_private)
        self._longest = longest
        self._pause = pause
        self._hosts: dict[str, _Host] = {}
        self._rules: dict[URL, tuple[Robots, float]] = {}

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._http.__aexit__(kind, error, traceback)

    async def fetch(self, url: str, feed: Feed) -> PageDocument | PageFailure | None:
        """Ask for a page. Whatever servers, networks and addresses do is a value."""
        self._forget()
        try:
            home, page = self._home(URL(feed.url)), URL(url)
        except ValueError:
            return PageFailure(reason="Its address cannot be understood.")
        try:
            answer = await followed(page, lambda at: self._visit(at, home))
            answer.expect_ok()
        except Unreadable as error:
            return PageFailure(reason=error.reason, retry_after=error.retry_after)
        except _NotNow:
            return None
        content_type = answer.header("Content-Type") or ""
        if content_type.partition(";")[0].strip().lower() not in _PAGES:
            return PageFailure(reason="It is not a page.")
        return PageDocument(url=str(answer.url), body=answer.body, content_type=content_type)

    def _home(self, feed: URL) -> URL | None:
        """The one private site whose pages may be read for a feed."""
        return feed.origin() if self._http.allow_private and is_private_name(feed.host or "") else None

    async def _visit(self, url: URL, home: URL | None) -> Answer:
        """One request for a page, if its site's robots.txt allows."""
        if url.scheme not in {"http", "https"} or not url.host:
            return await self._http.ask(url)  # which says what is wrong with it
        robots = await self._robots(url.origin(), home)
        if not robots.allows(url.raw_path_qs):
            raise Unreadable("Its robots.txt does not allow it to be read.")
        return await self._ask(url, home, max(self._pause, robots.pause))

    async def _robots(self, site: URL, home: URL | None) -> Robots:
        """A site's rules. A site without any allows all; one that cannot say allows nothing."""
        now = asyncio.get_running_loop().time()
        robots, until = self._rules.get(site, (NOTHING, now))
        if until > now:
            return robots
        found = await self._rules_of(site, home)
        robots, kept = (NOTHING, _SILENCE_KEPT) if found is None else (found, _RULES_KEPT)
        self._rules[site] = robots, now + kept
        return robots

    async def _rules_of(self, site: URL, home: URL | None) -> Robots | None:
        try:
            answer = await followed(site / "robots.txt", lambda at: self._ask(at, home, self._pause))
        except Unreadable:
            return None
        if answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return read_robots(answer.body, NAME)
        missing = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
        return EVERYTHING if missing and answer.status not in _ENOUGH else None

    async def _ask(self, url: URL, home: URL | None, pause: float) -> Answer:
        """One request at its host's turn. Raises _NotNow where that is too far off."""
        loop = asyncio.get_running_loop()
        host = self._hosts.setdefault(url.host or "", _Host())
        async with host.turn:
            wait = host.free_at - loop.time()
            if wait > _PATIENCE:
                raise _NotNow
            await asyncio.sleep(wait)
            try:
                async with bounded(self._longest):
                    answer = await self._http.ask(url, vouched=_is_at(url, home))
                if answer.status in _ENOUGH:
                    pause = max(pause, (answer.retry_after or _REST).total_seconds())
                return answer
            finally:
                host.free_at = loop.time() + pause

    def _forget(self) -> None:
        """Where feeds link to ever new hosts, begin anew with those that nobody asks right now."""
        if len(self._hosts) > _MOST_HOSTS:
            now = asyncio.get_running_loop().time()
            busy = {name: host for name, host in self._hosts.items() if host.turn.locked() or host.free_at > now}
            self._hosts = busy
            self._rules.clear()


def _is_at(url: URL, site: URL | None) -> bool:
    return site is not None and (url.scheme, url.host, url.port) == (site.scheme, site.host, site.port)
