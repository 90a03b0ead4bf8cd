"""Documents become entries, in children that may die of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digests.adapters import feed_parser
from digests.adapters.children import Children
from digests.adapters.feed_parser import FeedParser, read
from digests.model.sources import FeedSlug
from digests.ports import Document, FeedFailure

RSS = (
    "<rss version='2.0'><channel><title>Herald</title><item><title>Envoys meet &amp;amp; talk</title>"
    "<link>https://herald.example/1</link><guid isPermaLink='false'>h-1</guid><description>In &lt;b&gt;Ankara&lt;/b&gt;.</description>"
    "<pubDate>Wed, 04 Feb 2026 12:00:00 GMT</pubDate></item></channel></rss>"
)


def document(body, content_type="application/rss+xml"):
    return Document(
        feed=FeedSlug("herald"),
        url="https://herald.example/rss",
        body=body.encode() if isinstance(body, str) else body,
        content_type=content_type,
        body_hash="x",
    )


def parsed(body, content_type="application/rss+xml"):
    return read(document(body).body, content_type, "https://herald.example/rss")


def item(number, **fields):
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in {"title": f"Title {number}", **fields}.items())
    return f"<item>{inner}</item>"


def channel(*items):
    return f"<rss version='2.0'><channel><title>x</title>{''.join(items)}</channel></rss>"


# What is read


def test_an_entry_is_handed_over_as_it_was_published():
    (entry,) = parsed(RSS)
    assert (entry.guid, entry.link) == ("h-1", "https://herald.example/1")
    assert (entry.title, entry.summary) == ("Envoys meet &amp; talk", "In <b>Ankara</b>.")
    assert entry.published == datetime(2026, 2, 4, 12, tzinfo=UTC)


def test_an_atom_feed_is_dated_by_its_update_and_told_by_its_content():
    body = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><entry><title>A</title><id>urn:1</id>"
        "<link href='https://herald.example/a'/><updated>2026-02-04T12:00:00+02:00</updated>"
        "<content type='html'>&lt;p&gt;Long&lt;/p&gt;</content></entry></feed>"
    )
    (entry,) = parsed(body, "application/atom+xml")
    assert entry.published == datetime(2026, 2, 4, 10, tzinfo=UTC)
    assert "Long" in entry.summary


def test_the_encoding_of_the_document_counts():
    body = f"<?xml version='1.0' encoding='windows-1251'?>{channel(item(1, description='Переговори'))}"
    (entry,) = parsed(body.encode("windows-1251"), "text/xml")
    assert entry.summary == "Переговори"


def test_dates_that_no_calendar_has_are_none():
    (entry,) = parsed(channel(item(1, pubDate="yesterday, after lunch")))
    assert entry.published is None


def test_a_date_beyond_all_calendars_is_passed_over():
    class Item(dict):
        pass

    found = feed_parser._moment(
        Item(published_parsed=(10**9, 1, 1, 0, 0, 0, 0, 1, 0), updated_parsed=(2026, 2, 4, 0, 0, 0, 0, 1, 0))
    )
    assert found == datetime(2026, 2, 4, tzinfo=UTC)


def test_of_a_very_long_feed_the_newest_five_hundred_are_taken():
    start = datetime(2026, 2, 1, tzinfo=UTC)
    items = [item(n, pubDate=(start + timedelta(minutes=n)).strftime("%a, %d %b %Y %H:%M:%S GMT")) for n in range(520)]
    found = parsed(channel(*items, item("undated")))
    assert len(found) == 500
    assert min(entry.published for entry in found) == start + timedelta(minutes=20)


def test_half_a_character_costs_its_document_and_nothing_else():
    assert "cannot be read" in parsed(channel(item(1, description="a&#xD800;b")))
    assert feed_parser._text("a\ud800b", 10) == "ab"


@pytest.mark.parametrize(
    ("body", "content_type", "said"),
    [
        ("", "text/xml", "empty"),
        ("<!doctype html><html><body>Please enable JavaScript</body></html>", "text/html", "an HTML page"),
        ('{"version": "https://jsonfeed.org/version/1"}', "application/json", "JSON"),
        (channel(), "text/xml", "without any entries"),
        ("plain words", "text/plain", "not a feed"),
        ("/etc/passwd", "text/plain", "not a feed"),
        (bytes(range(256)) * 64, "application/rss+xml", "not a feed"),
    ],
)
def test_what_is_no_feed_is_told_by_what_it_is(body, content_type, said):
    assert said in parsed(body, content_type)


def test_whatever_feedparser_raises_is_a_sentence(monkeypatch):
    import feedparser

    def refuse(*_, **__):
        raise AttributeError("deep inside")

    monkeypatch.setattr(feedparser, "parse", refuse)
    assert parsed(RSS) == "It cannot be read as a feed (AttributeError)."

    def burst(*_, **__):
        raise MemoryError

    monkeypatch.setattr(feedparser, "parse", burst)
    with pytest.raises(MemoryError):
        parsed(RSS)


@given(st.binary(max_size=200), st.integers(0, len(RSS)), st.integers(0, 30))
@settings(max_examples=60, deadline=None)
def test_a_spoilt_document_is_entries_or_a_sentence(noise, at, cut):
    found = parsed(RSS.encode()[:at] + noise + RSS.encode()[at + cut :])
    assert isinstance(found, str | tuple)


# In children


async def test_documents_are_read_in_children_and_a_failure_names_its_feed():
    async with Children() as children:
        parser = FeedParser(children)
        (entry,) = await parser.parse(document(RSS))
        assert entry.guid == "h-1"
        failure = await parser.parse(document("words"))
        assert failure == FeedFailure(feed=FeedSlug("herald"), reason="It is not a feed.")


async def test_a_document_that_takes_too_much_computing_costs_its_child_and_nothing_else():
    attributes = " ".join(f'a{number}="x"' for number in range(40_000))
    bomb = RSS.replace("<item>", f"<item {attributes}>")
    async with Children() as children:
        parser = FeedParser(children)
        failure = await parser.parse(document(bomb))
        assert isinstance(failure, FeedFailure)
        assert "took more than" in failure.reason
        (entry,) = await parser.parse(document(RSS))
        assert entry.guid == "h-1"
