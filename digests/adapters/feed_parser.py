"""Documents become entries in children that can be killed: the only home of feedparser, which hostile feeds stop."""

import asyncio
import calendar
import resource
import signal
import time
from collections.abc import Mapping
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from io import BytesIO
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Self

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from digests.model.articles import Entry
from digests.ports import Document, FeedFailure

# This module is imported in the children too: whatever it imports, each of them holds in memory.

_CHILDREN = 2
_CPU = 3.0  # seconds a document
_PATIENCE = 15.0  # seconds a document may take on a machine with other work
_MEMORY = 1_000_000_000  # bytes of address space a child
_LIFETIME = 1_000  # documents, then a fresh child: what a big document took is given back
_MOST_ENTRIES = 500
_LONGEST_TEXT = 10_000  # characters of a title or summary
_LONGEST_NAME = 2_000  # characters of a link or guid
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class FeedParser:
    """Parses in two children, started with the first document. Use it as an async context manager."""

    def __init__(self) -> None:
        self._pool: ProcessPool | None = None
        self._scheduling = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._pool is not None:
            await asyncio.to_thread(_stop, self._pool)
            self._pool = None

    async def parse(self, document: Document) -> tuple[Entry, ...] | FeedFailure:
        """Up to 500 entries, the newest where there are more. What kills its child is a failure of this document."""
        try:
            try:
                answer = await self._ask(document)
            except (
                BrokenProcessPool
            ):  # an idle child was killed from outside, and the pool gave up: not this feed's fault
                answer = await self._ask(document)
        except TimeoutError:
            answer = f"Reading it took more than {_PATIENCE:g} seconds."
        except MemoryError:
            answer = "Reading it takes too much memory."
        except (ProcessExpired, BrokenProcessPool) as error:
            timer = isinstance(error, ProcessExpired) and error.exitcode == -signal.SIGPROF
            answer = (
                f"Reading it took more than {_CPU:g} seconds of computing." if timer else "Its reader crashed over it."
            )
        return FeedFailure(feed=document.feed, reason=answer) if isinstance(answer, str) else answer

    async def _ask(self, document: Document) -> tuple[Entry, ...] | str:
        async with self._scheduling:
            # Off the loop: the first document, and the first after a breakdown, starts two processes.
            future = await asyncio.to_thread(self._scheduled, document)
        return await asyncio.wrap_future(future)

    def _scheduled(self, document: Document) -> "ProcessFuture[tuple[Entry, ...] | str]":
        if self._pool is not None and not self._pool.active:
            _stop(self._pool)
            self._pool = None
        if self._pool is None:
            spawn = get_context("spawn")  # a fork would copy the whole bot, its locks and its connections
            self._pool = ProcessPool(_CHILDREN, max_tasks=_LIFETIME, initializer=_confine, context=spawn)
        return self._pool.schedule(read, args=(document.body, document.content_type, document.url), timeout=_PATIENCE)


def read(body: bytes, content_type: str, url: str) -> tuple[Entry, ...] | str:
    """A document's entries, or a sentence why there are none. Runs in a child: it may take time, memory and the process."""
    signal.setitimer(signal.ITIMER_PROF, _CPU)  # SIGPROF ends the process, even inside a regular expression
    try:
        return _entries(body, content_type, url)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _entries(body: bytes, content_type: str, url: str) -> tuple[Entry, ...] | str:
    import feedparser

    headers = {"content-type": content_type, "content-location": url}
    try:
        # BytesIO: bytes that read as a path would be opened as a file.
        result = feedparser.parse(
            BytesIO(body),
            response_headers={name: value for name, value in headers.items() if value},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 hostile documents raise anything from inside feedparser
        return f"It cannot be read as a feed ({type(error).__name__})."
    entries = tuple(_entry(item) for item in result.entries)
    if not entries:
        return _why_empty(body, result.get("version", ""))
    if len(entries) > _MOST_ENTRIES:
        entries = tuple(sorted(entries, key=lambda entry: entry.published or _LONG_AGO, reverse=True)[:_MOST_ENTRIES])
    return entries


def _why_empty(body: bytes, version: str) -> str:
    start = body[:1000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if not start:
        return "Its document is empty."
    if version:
        return "It is a feed without any entries."
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        return "It is an HTML page and not a feed."
    if start.startswith(b"{"):
        return "It is JSON, which is not read as a feed."
    return "It is not a feed."


def _entry(item: Mapping[str, Any]) -> Entry:
    contents = item.get("content") or [{}]
    return Entry(
        guid=_text(item.get("id"), _LONGEST_NAME),
        link=_text(item.get("feedburner_origlink") or item.get("link"), _LONGEST_NAME),
        title=_text(item.get("title"), _LONGEST_TEXT),
        summary=_text(item.get("summary") or contents[0].get("value"), _LONGEST_TEXT),
        published=_moment(item),
    )


def _text(value: object, longest: int) -> str:
    # Lone surrogates come out of "&#xD800;" and can neither be stored nor sent.
    return value[:longest].encode("utf-8", "ignore").decode() if isinstance(value, str) else ""


def _moment(item: Mapping[str, Any]) -> datetime | None:
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        # dict.get: feedparser's own falls back from one date to another, with a warning.
        parsed: time.struct_time | None = dict.get(item, name)  # type: ignore[call-overload]
        if parsed is not None:
            try:
                return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
            except (ValueError, OverflowError, OSError):
                continue
    return None


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _confine() -> None:
    """Limit a fresh child, and import what is slow before its first document's time runs."""
    import feedparser  # noqa: F401

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
