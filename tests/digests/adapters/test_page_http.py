"""Articles' pages over HTTP: as a guest asks, and whatever a server does costs its own page a sentence."""

import asyncio
import contextlib
import gzip
from datetime import timedelta

import pytest
from aiohttp import web

from digests.adapters import page_http
from digests.adapters.page_http import HttpPages
from digests.ports import PageDocument, PageFailure
from tests.builders import feed
from tests.fakes.web import raw_server, server

BODY = b"<html><body><p>Envoys met in Ankara.</p></body></html>"


class Site:
    """A site of one page, with the robots.txt that it is given; `asked` is every path in order."""

    def __init__(self, robots=None, page=None, robots_status=200):
        self.robots, self.page, self.robots_status = robots, page, robots_status
        self.asked, self.agents = [], set()

    async def __call__(self, request):
        self.asked.append(request.path_qs)
        self.agents.add(request.headers["User-Agent"])
        if request.path == "/robots.txt":
            return web.Response(status=404 if self.robots is None else self.robots_status, text=self.robots or "")
        return await self.page(request) if self.page else web.Response(body=BODY, content_type="text/html")


def responding(**response):
    async def page(_):
        return web.Response(**response)

    return page


async def fetched(site, *paths, allow_private=True, longest=5.0):
    """What comes of each path, one after the other."""
    async with server(site) as base, HttpPages(allow_private=allow_private, longest=longest, pause=0) as pages:
        return [await pages.fetch(base + path, feed(url=f"{base}/rss")) for path in paths]


async def failure(site):
    (found,) = await fetched(site, "/1")
    assert isinstance(found, PageFailure)
    assert found.reason.endswith(".")
    assert "127.0.0.1" not in found.reason
    return found


async def test_a_page_comes_as_it_is_after_its_robots_txt_was_asked_once_and_by_name():
    site = Site()
    first, second = await fetched(site, "/1?a=b", "/2")
    assert isinstance(first, PageDocument)
    assert (first.body, first.content_type) == (BODY, "text/html")
    assert first.url.endswith("/1?a=b")
    assert second.url.endswith("/2")
    assert site.asked == ["/robots.txt", "/1?a=b", "/2"]
    assert all(agent.startswith("Cablegram/") for agent in site.agents)


async def test_what_robots_txt_forbids_is_not_asked():
    site = Site(robots="User-agent: *\nDisallow: /closed\n\nUser-agent: Cablegram\nDisallow: /*?print=")
    found = await fetched(site, "/closed/1", "/1?print=1")
    assert isinstance(found[0], PageDocument)
    assert "robots.txt does not allow" in found[1].reason
    assert site.asked == ["/robots.txt", "/closed/1"]


@pytest.mark.parametrize(
    ("status", "readable"),
    [(404, True), (403, True), (410, True), (204, True), (429, False), (500, False), (503, False), (304, False)],
)
async def test_a_site_without_rules_allows_all_and_one_that_cannot_tell_them_nothing(status, readable):
    site = Site(robots="", robots_status=status)
    found = await fetched(site, "/1", "/2")
    assert [isinstance(each, PageDocument) for each in found] == [readable, readable]
    assert site.asked.count("/robots.txt") == 1


async def test_a_site_whose_rules_do_not_come_allows_nothing():
    async def talk(writer):
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")

    async with raw_server(talk) as base, HttpPages(allow_private=True, pause=0) as pages:
        assert "robots.txt" in (await pages.fetch(f"{base}/1", feed(url=f"{base}/rss"))).reason


async def test_rules_are_asked_for_again_when_they_are_a_day_old(monkeypatch):
    monkeypatch.setattr(page_http, "_RULES_KEPT", 0.0)
    site = Site()
    await fetched(site, "/1", "/2")
    assert site.asked.count("/robots.txt") == 2


async def test_rules_may_stand_elsewhere():
    async def answer(request):
        if request.path == "/robots.txt":
            return web.Response(status=301, headers={"Location": "/rules/robots.txt"})
        if request.path == "/rules/robots.txt":
            return web.Response(text="User-agent: *\nDisallow: /1")
        return web.Response(body=BODY, content_type="text/html")

    closed, open_ = await fetched(answer, "/1", "/2")
    assert isinstance(closed, PageFailure)
    assert isinstance(open_, PageDocument)


async def test_a_host_has_one_request_at_a_time_and_a_pause_after_each_answer():
    at_once, most, ended, pauses = 0, 0, None, []
    loop = asyncio.get_running_loop()

    async def answer(_):
        nonlocal at_once, most, ended
        if ended is not None:
            pauses.append(loop.time() - ended)
        at_once += 1
        most = max(most, at_once)
        for _ in range(50):  # turns in which one too many would come in
            await asyncio.sleep(0)
        at_once -= 1
        ended = loop.time()
        return web.Response(body=BODY, content_type="text/html")

    async with server(answer) as base, HttpPages(allow_private=True, pause=0.02) as pages:
        herald = feed(url=f"{base}/rss")
        found = await asyncio.gather(*(pages.fetch(f"{base}/{number}", herald) for number in range(5)))
    assert all(isinstance(each, PageDocument) for each in found)
    assert most == 1
    assert min(pauses) >= 0.02


async def test_a_host_that_wishes_a_long_pause_is_not_asked_before_it():
    site = Site(robots="User-agent: *\nCrawl-delay: 3600")
    first, second = await fetched(site, "/1", "/2")
    assert isinstance(first, PageDocument)
    assert second is None
    assert site.asked == ["/robots.txt", "/1"]


@pytest.mark.parametrize(
    ("status", "headers", "wish"),
    [(429, {"Retry-After": "120"}, timedelta(minutes=2)), (503, {}, None)],
)
async def test_a_host_that_has_had_enough_is_left_alone(status, headers, wish):
    site = Site(page=responding(status=status, headers=headers))
    first, second = await fetched(site, "/1", "/2")
    assert first.retry_after == wish
    assert second is None
    assert site.asked == ["/robots.txt", "/1"]


async def test_a_redirect_is_followed_where_the_rules_allow():
    async def page(request):
        if request.path == "/old":
            return web.Response(status=301, headers={"Location": "/new"})
        if request.path == "/closed":
            return web.Response(status=301, headers={"Location": "/secret"})
        return web.Response(body=BODY, content_type="text/html")

    site = Site(robots="User-agent: *\nDisallow: /secret", page=page)
    found, refused = await fetched(site, "/old", "/closed")
    assert found.url.endswith("/new")
    assert "robots.txt" in refused.reason
    assert "/secret" not in site.asked


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("/1", "more than 5 times"),
        ("", "without saying where"),
        ("http://[bad/", "cannot be understood"),
        ("file:///etc/passwd", "only http and https"),
        ("mailto:ann@herald.example", "only http and https"),
        ("http://localhost:1/1", "robots.txt"),
        ("http://169.254.169.254/latest", "robots.txt"),
        ("http://[::ffff:127.0.0.1]/1", "robots.txt"),
        ("//reader:secret@127.0.0.1/1", "robots.txt"),
    ],
)
async def test_a_redirect_leads_nowhere_that_might_not_be_asked(location, words):
    page = responding(status=302, headers={"Location": location})
    assert words in (await failure(Site(page=page))).reason


async def test_a_redirect_to_another_private_server_reaches_it_with_no_request():
    inner = Site()
    async with server(inner) as private:
        page = responding(status=302, headers={"Location": f"{private}/1"})
        await failure(Site(page=page))
    assert inner.asked == []


@pytest.mark.parametrize(
    ("allow_private", "feed_url"),
    [
        (False, "{base}/rss"),
        (True, "https://herald.example/rss"),  # a public feed that links to this machine
        (True, "http://127.0.0.1:1/rss"),  # a private feed that links to another service
    ],
)
async def test_a_private_page_is_read_only_where_the_operators_own_feed_stands(allow_private, feed_url):
    site = Site()
    async with server(site) as base, HttpPages(allow_private=allow_private, pause=0) as pages:
        found = await pages.fetch(f"{base}/1", feed(url=feed_url.format(base=base)))
    assert isinstance(found, PageFailure)
    assert site.asked == []


@pytest.mark.parametrize("address", ["http://[", "http://herald.example:x/", "/1", ""])
async def test_an_address_that_is_none_is_a_sentence(address):
    async with HttpPages() as pages:
        assert (await pages.fetch(address, feed())).reason.endswith(".")


@pytest.mark.parametrize(
    ("response", "words"),
    [
        ({"status": 404}, "404 (Not Found)"),
        ({"status": 500}, "500"),
        ({"body": BODY, "content_type": "application/pdf"}, "not a page"),
        ({"body": gzip.compress(bytes(50_000_000)), "headers": {"Content-Encoding": "gzip"}}, "larger than 5 MB"),
    ],
)
async def test_what_is_no_page_is_told_by_what_it_is(response, words):
    assert words in (await failure(Site(page=responding(**response)))).reason


async def test_a_page_that_does_not_say_what_it_is_is_none():
    async def talk(writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
        await writer.drain()

    async with raw_server(talk) as base, HttpPages(allow_private=True, pause=0) as pages:
        assert (await pages.fetch(f"{base}/1", feed(url=f"{base}/rss"))).reason == "It is not a page."


async def test_an_endless_page_ends():
    async def page(request):
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):  # the fetcher hangs up
            while True:
                await response.write(bytes(100_000))
        return response

    assert "larger than 5 MB" in (await failure(Site(page=page))).reason


async def test_a_page_that_does_not_come_ends_with_the_time():
    async def page(_):
        await asyncio.Event().wait()

    (found,) = await fetched(Site(page=page), "/1", longest=0.2)
    assert "0.2 seconds" in found.reason


async def test_however_many_hosts_are_met_few_are_remembered(monkeypatch):
    monkeypatch.setattr(page_http, "_MOST_HOSTS", 0)
    site = Site()
    await fetched(site, "/1", "/2")
    assert site.asked == ["/robots.txt", "/1", "/robots.txt", "/2"]
