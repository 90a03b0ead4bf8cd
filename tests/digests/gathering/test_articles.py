"""An entry becomes an article that has one identity, an honest date and the outlet's own link."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.gathering.articles import article, canonical_url, identity, link
from digests.model.articles import Entry
from tests.builders import NOON, feed

HERALD = feed("herald", url="https://herald.example/world/rss.xml", name="Northern Herald", language="uk")
ENTRY = Entry(guid="7", link="https://herald.example/7", title="Envoys meet", summary="They met.", published=NOON)


def made(entry, of=HERALD, now=NOON):
    return article(entry, of, identity(entry, of), now)


def test_an_article_is_its_entry_in_plain_text():
    entry = replace(ENTRY, title="Envoys &amp;amp; ministers meet - Northern Herald", summary="<p>They met.</p>")
    assert made(entry).title == "Envoys & ministers meet"
    assert made(entry).text == "They met."
    assert made(entry).language == "uk"
    assert made(entry).outlet == HERALD.outlet
    assert 0 <= made(entry).id < 2**63


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://a.example/x?utm_source=rss&id=7&fbclid=1", "https://a.example/x?id=7"),
        ("https://a.example/x?id=7&b=%D0%B9+c", "https://a.example/x?id=7&b=%D0%B9+c"),
        ("https://a.example/x?at_medium=RSS&at_campaign=K", "https://a.example/x"),
        ("https://a.example/x?source=rss", "https://a.example/x"),
        ("https://a.example/x?from=en-rss-all-1573", "https://a.example/x"),
        ("https://a.example/x?a=1&amp;utm_medium=feed", "https://a.example/x?a=1"),
        ("https://a.example/x#xtor=RSS-1", "https://a.example/x"),
        ("https://a.example/x#part-2", "https://a.example/x#part-2"),
        ("HTTP://A.example/X?", "HTTP://A.example/X?"),
        ("https://a.example/compress?q=progress", "https://a.example/compress?q=progress"),
        (" https://a.example/\n x y ", "https://a.example/%20x%20y"),
        ("https://a.example/новини/7", "https://a.example/новини/7"),
        ("/news/7", "https://herald.example/news/7"),
        ("7.html", "https://herald.example/world/7.html"),
        ("//a.example/7", "https://a.example/7"),
        ("https://a.example/\u202e7", "https://a.example/7"),
        ("", None),
        ("javascript:alert(1)", None),
        ("java\tscript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://bank.example@evil.example/", None),
        ("https://[bad", None),
        ("https:///x", None),
        ("https://a.example/" + "x" * 2_000, None),
    ],
)
def test_a_link_is_the_outlets_own_without_tracking(address, url):
    assert link(address, HERALD.url) == url


@given(st.text())
def test_whatever_a_link_is_it_becomes_a_web_address_or_nothing(address):
    url = link(address, HERALD.url)
    assert url is None or (url.lower().startswith(("http://", "https://")) and link(url, HERALD.url) == url)
    if url is not None:
        canonical = canonical_url(url)
        assert canonical is None or canonical.startswith("https://")


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/x",
        "https://www.A.example/x/",
        "https://a.example:443/x#top",
        "https://a.example./x?",
    ],
)
def test_spellings_of_one_page_are_one(url):
    assert canonical_url(url) == "https://a.example/x"


def test_parameters_are_compared_in_any_order():
    assert canonical_url("https://a.example/x?b=2&a=1") == canonical_url("http://a.example/x/?a=1&b=2")


def test_ports_tell_pages_apart():
    assert canonical_url("http://a.example:8080/x") == "https://a.example:8080/x"
    assert canonical_url("http://a.example:99999/x") == "https://a.example/x"


def test_a_front_page_is_nobodys_own():
    assert canonical_url("https://a.example/") is None
    assert identity(replace(ENTRY, link="https://herald.example/"), HERALD).keys == ("guid:herald:7",)


def test_an_entry_without_link_and_guid_is_known_by_its_title():
    bare = Entry(link="https://herald.example", title="Envoys <b>meet</b>")
    again = replace(bare, title="ENVOYS meet")
    assert identity(bare, HERALD).keys == identity(again, HERALD).keys
    assert identity(bare, HERALD).keys != identity(replace(bare, title="Envoys part"), HERALD).keys
    assert identity(bare, HERALD).keys[0].startswith("title:herald:")


def test_a_guid_that_is_an_address_stands_in_for_a_missing_link():
    assert identity(Entry(guid="https://herald.example/7"), HERALD).url == "https://herald.example/7"
    assert identity(Entry(guid="7"), HERALD) is None
    assert identity(Entry(guid="https://herald.example/7", link="javascript:x"), HERALD).url.endswith("/7")


def test_an_edit_keeps_one_of_the_keys():
    first = identity(ENTRY, HERALD)
    new_guid = identity(replace(ENTRY, guid="7#1"), HERALD)
    new_link = identity(replace(ENTRY, link="https://herald.example/7-edited"), HERALD)
    tracked = identity(replace(ENTRY, link="http://www.herald.example/7/?utm_source=x"), HERALD)
    for later in (new_guid, new_link, tracked):
        assert not set(first.keys).isdisjoint(later.keys)


def test_two_feeds_of_an_outlet_bring_one_article():
    other = replace(HERALD, slug="herald-europe")
    assert made(ENTRY).id == made(ENTRY, of=other).id
    assert (
        made(replace(ENTRY, link="https://herald.example/")).id
        != made(replace(ENTRY, link="https://herald.example/"), of=other).id
    )


@pytest.mark.parametrize(
    ("published", "repaired"),
    [
        (NOON - timedelta(hours=30), NOON - timedelta(hours=30)),
        (NOON + timedelta(minutes=59), NOON + timedelta(minutes=59)),
        (NOON + timedelta(minutes=61), NOON),
        (datetime(1970, 1, 1, tzinfo=UTC), NOON),
        (None, NOON),
    ],
)
def test_a_date_that_cannot_be_true_becomes_first_seen(published, repaired):
    assert made(replace(ENTRY, published=published)).published == repaired


def test_without_a_title_the_first_sentence_speaks():
    assert made(replace(ENTRY, title="<b></b>", summary="They met. They spoke.")).title == "They met."
    assert made(replace(ENTRY, title="", summary="<img src='x'>")) is None


def test_a_text_that_only_repeats_the_title_is_left_out():
    assert not made(replace(ENTRY, summary="<p>Envoys meet</p>")).text


def test_endless_titles_and_texts_are_cut_at_a_word():
    long = made(replace(ENTRY, title="word " * 200, summary="text " * 2_000))
    assert len(long.title) <= 300
    assert long.title.endswith("word…")
    assert len(long.text) <= 4_000


@given(st.builds(Entry, guid=st.text(), link=st.text(), title=st.text(), summary=st.text()))
def test_no_entry_is_a_crash(entry):
    named = identity(entry, HERALD)
    if named is not None:
        assert named.keys
        article(entry, HERALD, named, NOON)
