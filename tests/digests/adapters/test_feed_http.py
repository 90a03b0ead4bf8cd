"""Feeds over HTTP: whatever a server does, it costs its own feed a sentence and nobody else anything."""

import asyncio
import contextlib
import gzip
import socket
import zlib
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from digests.adapters import feed_http, safe_http
from digests.adapters.feed_http import HttpFetcher
from digests.model.sources import FeedState
from digests.ports import Document, FeedFailure, NotModified
from tests.builders import feed
from tests.fakes.web import raw_server, server

BODY = b"<rss><channel><item><title>Envoys meet</title></item></channel></rss>"
FRESH = FeedState(feed="herald")


async def fetched(address, state=FRESH, *, allow_private=True, longest=5.0):
    async with HttpFetcher(allow_private=allow_private, longest=longest) as fetcher:
        return await fetcher.fetch(feed("herald", url=address), state)


async def failure(answer, **options):
    async with server(answer) as base:
        result = await fetched(f"{base}/feed", **options)
    assert isinstance(result, FeedFailure)
    assert result.reason.endswith(".")
    assert "127.0.0.1" not in result.reason
    return result


def respond(**response):
    async def answer(_):
        return web.Response(**response)

    return answer


async def test_a_document_comes_with_what_its_server_said_of_it():
    headers = {"ETag": '"1"', "Last-Modified": "Wed, 04 Feb 2026 12:00:00 GMT"}
    async with server(respond(body=BODY, content_type="application/rss+xml", headers=headers)) as base:
        document = await fetched(f"{base}/feed")
    assert isinstance(document, Document)
    assert (document.body, document.content_type, document.url) == (BODY, "application/rss+xml", f"{base}/feed")
    assert (document.etag, document.modified) == ('"1"', "Wed, 04 Feb 2026 12:00:00 GMT")
    assert len(document.body_hash) == 32


async def test_what_is_known_is_asked_for_conditionally_and_honestly():
    asked = []

    async def answer(request):
        asked.append(request.headers)
        return web.Response(status=304)

    state = FeedState(feed="herald", etag='"1"', modified="Wed, 04 Feb 2026 12:00:00 GMT")
    async with server(answer) as base:
        assert await fetched(f"{base}/feed", state) == NotModified(feed="herald")
        assert isinstance(await fetched(f"{base}/feed"), FeedFailure)
    assert asked[0]["If-None-Match"] == '"1"'
    assert asked[0]["If-Modified-Since"] == "Wed, 04 Feb 2026 12:00:00 GMT"
    assert asked[0]["User-Agent"].startswith("Cablegram/")
    assert "If-None-Match" not in asked[1]


async def test_a_validator_that_cannot_be_sent_back_is_forgotten():
    async with server(respond(body=BODY, headers={"ETag": "é", "Last-Modified": "x" * 2_000})) as base:
        document = await fetched(f"{base}/feed")
    assert (document.etag, document.modified) == (None, None)


async def test_no_cookie_is_kept():
    asked = []

    async def answer(request):
        asked.append(request.headers.get("Cookie"))
        response = web.Response(body=BODY)
        response.set_cookie("reader", "7")
        return response

    async with server(answer) as base, HttpFetcher(allow_private=True) as fetcher:
        for _ in range(2):
            await fetcher.fetch(feed("herald", url=f"{base}/feed"), FRESH)
    assert asked == [None, None]


@pytest.mark.parametrize(("packed", "name"), [(gzip.compress(BODY), "gzip"), (zlib.compress(BODY), "deflate")])
async def test_packed_documents_are_unpacked(packed, name):
    async with server(respond(body=packed, headers={"Content-Encoding": name})) as base:
        assert (await fetched(f"{base}/feed")).body == BODY


async def test_a_redirect_is_followed_to_where_the_document_is():
    async def answer(request):
        if request.path == "/new/feed":
            return web.Response(body=BODY)
        return web.Response(status=301, headers={"Location": "/new/feed"})

    async with server(answer) as base:
        assert (await fetched(f"{base}/feed")).url == f"{base}/new/feed"


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("/feed", "more than 5 times"),
        ("", "without saying where"),
        ("http://[bad/", "cannot be understood"),
        ("file:///etc/passwd", "only http and https"),
        ("http://localhost:1/feed", "only the ports"),
        ("http://localhost/feed", "private"),
        ("http://169.254.169.254/latest", "private"),
        ("http://[::ffff:127.0.0.1]/feed", "private"),
        ("http://0x7f000001/feed", "private"),
        ("//reader:secret@127.0.0.1/feed", "user name"),
    ],
)
async def test_a_redirect_leads_nowhere_that_might_not_be_asked(location, words):
    assert words in (await failure(respond(status=302, headers={"Location": location}))).reason


@pytest.mark.parametrize(("status", "words"), [(404, "404 (Not Found)"), (500, "500"), (204, "204"), (599, "599")])
async def test_another_status_is_named(status, words):
    assert words in (await failure(respond(status=status))).reason


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry-After": "120"}, timedelta(minutes=2)),
        (
            {"Retry-After": "Wed, 04 Feb 2026 13:00:00 GMT", "Date": "Wed, 04 Feb 2026 12:00:00 GMT"},
            timedelta(hours=1),
        ),
        ({"Retry-After": "Wed, 04 Feb 2026 11:00:00 GMT", "Date": "Wed, 04 Feb 2026 12:00:00 GMT"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "9" * 30}, None),
        ({}, None),
    ],
)
async def test_a_server_may_name_a_pause(headers, after):
    assert (await failure(respond(status=429, headers=headers))).retry_after == after


async def test_a_bomb_is_not_unpacked():
    packed = gzip.compress(bytes(50_000_000))
    assert "larger than 5 MB" in (await failure(respond(body=packed, headers={"Content-Encoding": "gzip"}))).reason


async def test_an_endless_body_ends():
    async def answer(request):
        response = web.StreamResponse()
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):  # the fetcher hangs up
            while True:
                await response.write(bytes(100_000))
        return response

    assert "larger than 5 MB" in (await failure(answer)).reason


async def test_a_body_that_drips_ends_with_the_time():
    async def talk(writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with raw_server(talk) as base:
        assert "0.3 seconds" in (await fetched(f"{base}/feed", longest=0.3)).reason


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "lost"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "garbled"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort", "broke off"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain", "garbled"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", "garbled"),
    ],
)
async def test_an_answer_that_is_none_is_said_to_be_so(answer, words):
    async def talk(writer):
        writer.write(answer)
        await writer.drain()

    async with raw_server(talk) as base:
        assert words in (await fetched(f"{base}/feed")).reason


async def test_a_server_without_encryption_is_told_from_one_with():
    async with server(respond(body=BODY)) as base:
        assert "secure" in (await fetched(base.replace("http:", "https:"))).reason


async def test_nobody_at_home_is_a_sentence():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "No connection" in (await fetched(f"http://127.0.0.1:{port}/feed")).reason


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "http://[::1]/", "http://localhost/"])
async def test_private_addresses_are_not_asked_unless_allowed(address):
    assert "private" in (await fetched(address, allow_private=False)).reason


async def test_a_port_is_not_open_to_everybody():
    assert "ports" in (await fetched("http://127.0.0.1:8800/", allow_private=False)).reason


@pytest.mark.parametrize(
    "address", ["http://[", "http://2130706433/", "http://herald.example:x/", "http://a" + "\u0600" * 80 + ".example/"]
)
async def test_an_address_that_is_none_is_a_sentence(address):
    assert "cannot be understood" in (await fetched(address, allow_private=False)).reason


def test_a_name_that_is_not_found_is_a_sentence():
    key = aiohttp.client_reqrep.ConnectionKey("herald.example", 443, True, True, None, None, None)
    error = aiohttp.ClientConnectorDNSError(key, OSError(-2, "Name or service not known"))
    assert safe_http._sentence(error) == "Its host name was not found."


@pytest.mark.parametrize(("private", "expected"), [(True, 6), (False, 3)])
async def test_one_host_is_asked_by_three_at_most_but_a_private_one_by_all(monkeypatch, private, expected):
    monkeypatch.setattr(feed_http, "is_private_name", lambda _: private)
    at_once, most = 0, 0
    full = asyncio.Event()

    async def answer(_):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        if at_once == expected:
            full.set()
        await full.wait()
        for _ in range(50):  # turns in which one too many would come in
            await asyncio.sleep(0)
        at_once -= 1
        return web.Response(body=BODY)

    async with server(answer) as base, HttpFetcher(allow_private=True) as fetcher:
        feeds = [feed(f"herald-{number}", url=f"{base}/{number}") for number in range(6)]
        await asyncio.gather(*(fetcher.fetch(each, FRESH) for each in feeds))
    assert most == expected
