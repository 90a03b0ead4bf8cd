"""Documents become entries: the only home of feedparser, which hostile feeds stop, so that it works in children."""

import calendar
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from digests.adapters.children import Children, within_limits
from digests.model.articles import Entry
from digests.ports import Document, FeedFailure

# This module is imported in the children too: whatever it imports, each of them holds in memory.

_MOST_ENTRIES = 500
_LONGEST_TEXT = 10_000  # characters of a title or summary
_LONGEST_NAME = 2_000  # characters of a link or guid
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class FeedParser:
    """Parses in children."""

    def __init__(self, children: Children) -> None:
        self._children = children

    async def parse(self, document: Document) -> tuple[Entry, ...] | FeedFailure:
        """Up to 500 entries, the newest where there are more. What kills its child is a failure of this document."""
        answer = await self._children.read(read, document.body, document.content_type, document.url)
        return FeedFailure(feed=document.feed, reason=answer) if isinstance(answer, str) else answer


def read(body: bytes, content_type: str, url: str) -> tuple[Entry, ...] | str:
    """A document's entries, or a sentence why there are none. Runs in a child: it may take time, memory and the process."""
    import feedparser  # noqa: F401  before the document's time runs, as it is slow the first time

    return within_limits(lambda: _entries(body, content_type, url))


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
