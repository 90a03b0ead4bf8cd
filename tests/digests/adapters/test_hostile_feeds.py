"""Documents that mean harm, by name and by the thousand: each is entries or a sentence, and costs nobody else anything."""

import asyncio
import gzip
import random
import resource
from collections import Counter

import pytest

from digests.adapters.children import Children
from digests.adapters.feed_parser import FeedParser
from digests.model.articles import Entry
from digests.model.sources import FeedSlug
from digests.ports import Document, FeedFailure

ITEM = "<item><title>Envoys meet</title><link>https://herald.example/1</link><guid>h-1</guid><description>In Ankara.</description><pubDate>Wed, 04 Feb 2026 12:00:00 GMT</pubDate></item>"
RSS = f"<rss version='2.0'><channel><title>Herald</title>{ITEM}</channel></rss>"
ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><entry><title>Envoys meet</title><id>urn:1</id>"
    "<link href='https://herald.example/a'/><updated>2026-02-04T12:00:00Z</updated><summary>In Ankara.</summary></entry></feed>"
)
RDF = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><channel><title>x</title>"
    "</channel><item><title>Envoys meet</title><link>https://herald.example/1</link></item></rdf:RDF>"
)


def rss(inner="", *, item=ITEM, prolog=""):
    return f"{prolog}<rss version='2.0'><channel><title>x</title>{inner}{item}</channel></rss>"


def field(name, value, attributes=""):
    return ITEM.replace("</item>", f"<{name} {attributes}>{value}</{name}></item>")


MANY_ATTRIBUTES = " ".join(f'a{n}="x"' for n in range(40_000))
MANY_NAMESPACES = " ".join(f"xmlns:n{n}='urn:{n}'" for n in range(10_000))
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

NAMED = {
    # Bombs and depths
    "a billion laughs": rss(item=field("title", "&l9;"), prolog=f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'),
    "one long entity many times": rss(
        item=field("title", "&a;" * 5_000), prolog=f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'
    ),
    "an entity of itself": rss(item=field("title", "&a;"), prolog='<!DOCTYPE x [<!ENTITY a "&a;">]>'),
    "an entity that is a file": rss(
        item=field("title", "&f;"), prolog='<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    ),
    "an entity that is elsewhere": rss(
        item=field("title", "&f;"), prolog='<!DOCTYPE x [<!ENTITY f SYSTEM "http://127.0.0.1:9/x">]>'
    ),
    "a parameter entity": rss(prolog='<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'),
    "a document type without end": rss(prolog="<!DOCTYPE x ["),
    "twenty thousand tags deep": rss("<b>" * 20_000 + "</b>" * 20_000),
    "deep and never closed": rss("<div>" * 10_000),
    "deep markup in a text": rss(item=field("description", "&lt;b&gt;" * 20_000)),
    "450 kB of attributes": rss(item=ITEM.replace("<item>", f"<item {MANY_ATTRIBUTES}>")),
    "one attribute of a megabyte": rss(item=ITEM.replace("<item>", f"<item a='{'x' * 1_000_000}'>")),
    "ten thousand namespaces": rss(f"<x {MANY_NAMESPACES}/>"),
    "a tag whose name is a megabyte": rss(f"<{'x' * 1_000_000}/>"),
    "a text of three megabytes": rss(item=field("description", "word " * 600_000)),
    "two thousand items": rss(item=ITEM * 2_000),
    "a hundred thousand comments": rss("<!-- -->" * 100_000),
    "a hundred thousand open brackets": rss(item=field("description", "<" * 100_000)),
    "a hundred thousand ampersands": rss(item=field("description", "&" * 100_000)),
    "a hundred thousand line ends": rss(item=field("description", "\r\n" * 100_000)),
    # Encodings
    "utf-16 without a mark": RSS.encode("utf-16-le"),
    "utf-16 with the wrong mark": b"\xfe\xff" + RSS.encode("utf-16-le"),
    "utf-32": RSS.encode("utf-32"),
    "utf-7": "<?xml version='1.0' encoding='utf-7'?>" + RSS,
    "an encoding that is none": "<?xml version='1.0' encoding='x-none'?>" + RSS,
    "an encoding of ten kilobytes": f"<?xml version='1.0' encoding='{'x' * 10_000}'?>{RSS}",
    "ebcdic": RSS.encode("cp037"),
    "utf-8 that says it is windows-1251": ("<?xml version='1.0' encoding='windows-1251'?>" + rss(item=field("title", "Переговори"))).encode(),
    "windows-1251 that says it is utf-8": ("<?xml version='1.0' encoding='utf-8'?>" + rss(item=field("title", "Переговори"))).encode("windows-1251"),
    "characters cut in the middle": rss(item=field("title", "переговори")).encode()[:-60],
    "half a character by number": rss(item=field("title", "a&#xD800;b")),
    "characters that there are not": rss(item=field("title", "&#0;&#x110000;&#xFFFFFFFFFF;&#-1;")),
    "zero bytes between": RSS.encode().replace(b"e", b"e\0"),
    "controls and turns": rss(item=field("title", "\x01\x08\x1f\u202e\u2066\ufeff\u0000")),
    "packed and not said so": gzip.compress(RSS.encode()),
    # Not what it seems
    "nothing": b"",
    "one zero byte": b"\0",
    "noise": random.Random(1).randbytes(50_000),
    "a page": "<!doctype html><html><head><title>x</title></head><body>Please enable JavaScript</body></html>",
    "a page that never ends": "<html><body>" + "<p>" * 10_000,
    "a path": "/etc/passwd",
    "an address": "file:///etc/passwd",
    "json": '{"version": "https://jsonfeed.org/version/1", "items": []}',
    "cut in the middle of a tag": RSS[: RSS.index("<guid") + 3],
    "text that never ends": RSS.replace("In Ankara.", "<![CDATA[In Ankara."),
    "a comment that never ends": rss("<!-- "),
    "tags crosswise": rss(item="<item><title>a<b></title></b></item>"),
    "items in items": rss(item="<item><title>a</title>" * 500 + "</item>" * 500),
    # Fields
    "dates of every kind": rss(
        item="".join(
            field("pubDate", date)
            for date in ("yesterday", "0000-00-00", "99999999999999999999", "2026-02-30", "-1", "Wed, 32 Foo 2026 99:99:99 +9999", "٢٠٢٦")
        )
    ),
    "links of every kind": rss(
        item="".join(
            field("link", link)
            for link in ("javascript:alert(1)", "//[", "http://[::1", "data:text/html,x", "http://" + "a" * 100_000, "\u202e")
        )
    ),
    "markup that would run": rss(item=field("description", "&lt;script&gt;alert(1)&lt;/script&gt;&lt;svg onload=x&gt;")),
}  # fmt: skip

SEED = 7
SOUND = [
    each.encode() for each in (RSS, ATOM, RDF, rss(item=field("description", "<![CDATA[<p>In <b>Ankara</b>.</p>]]>")))
]
PIECES = [piece.encode() for piece in ("<", ">", "&", "&amp;", "&#x0;", "<![CDATA[", "]]>", "<!--", "-->", "<!DOCTYPE", "<item>", "</item>", "'", '"', "\0", "\ufeff", "<?xml encoding='utf-16'?>", "xmlns:x='y'", "x:", "\u202e")]  # fmt: skip


def document(body):
    return Document(
        feed=FeedSlug("herald"),
        url="https://herald.example/rss",
        body=body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body,
        content_type="application/rss+xml",
        body_hash="x",
    )


async def outcome(parser, body):
    """What becomes of a document, in a word; entries are what an archive can take."""
    found = await parser.parse(document(body))
    if isinstance(found, FeedFailure):
        assert found.reason.endswith(".")
        assert "crashed" not in found.reason, body[:200]
        return "killed" if "took more than" in found.reason or "too much memory" in found.reason else "refused"
    assert 0 < len(found) <= 500
    for entry in found:
        assert isinstance(entry, Entry)
        for text in (entry.guid, entry.link, entry.title, entry.summary):
            assert "root:" not in text.encode().decode()  # what /etc/passwd begins with
    return "read"


@pytest.fixture
async def parser():
    async with Children() as children:
        yield FeedParser(children)


async def assert_still_reads(parser):
    (entry,) = await parser.parse(document(RSS))
    assert entry.title == "Envoys meet"


async def test_what_is_hostile_by_name_is_read_or_refused_and_harms_nothing_else(parser):
    met = Counter(await asyncio.gather(*(outcome(parser, body) for body in NAMED.values())))
    await assert_still_reads(parser)
    print(f"{len(NAMED)} named: {dict(met)}; largest child {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss} kB")
    assert len(NAMED) >= 51
    assert set(met) == {"read", "refused", "killed"}


def mutated(rng):
    """A sound document with a few bytes changed, cut, repeated or put in."""
    body = bytearray(rng.choice(SOUND))
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(body) + 1)
        match rng.randrange(5):
            case 0:
                body[at : at + 1] = rng.randbytes(1)
            case 1:
                del body[at : at + rng.randint(1, 40)]
            case 2:
                start = rng.randrange(len(body) + 1)
                body[at:at] = body[start : start + rng.randint(1, 200)] * rng.choice([1, 1, 2, 50])
            case 3:
                body[at:at] = rng.choice(PIECES)
            case _:
                body[at:at] = rng.randbytes(rng.randint(1, 8))
        if not body:
            break
    return bytes(body)


@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("mutations", [150, pytest.param(20_000, marks=pytest.mark.campaign)])
async def test_of_thousands_that_are_spoilt_none_breaks_its_reader(parser, mutations):
    rng, met = random.Random(SEED), Counter()
    for first in range(0, mutations, 50):
        batch = [mutated(rng) for _ in range(min(50, mutations - first))]
        met.update(await asyncio.gather(*(outcome(parser, body) for body in batch)))
    await assert_still_reads(parser)
    print(f"{mutations} mutations, seed {SEED}: {dict(met)}")
    assert met["read"] > 0
    assert met["refused"] > 0
