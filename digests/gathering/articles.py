"""An entry as a feed had it becomes an article: identity, the outlet's own link, a believable date, clean text. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit

from digests.model.articles import Article, ArticleId, Entry
from digests.model.sources import Feed
from digests.text.markup import headline, paragraphs, plain
from digests.text.sentences import sentences

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before it a date is a default (1970, 1900), not news
_AHEAD = timedelta(hours=1)
_LONGEST_TITLE = 300  # characters
_LONGEST_TEXT = 4_000
_LONGEST_URL = 2_000

_TRACKING_PREFIXES = ("utm_", "at_", "ns_", "mc_", "pk_", "piwik_", "mtm_", "matomo_", "hsa_", "oly_", "wt.", "ga_")
_TRACKING_NAMES = """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ymclid twclid ttclid igshid igsh li_fat_id _ga _gl _hsenc
    _hsmi mkt_tok vero_id s_cid scid cmp cmpid cmp_id icid ncid ftag xtor maca smid smtyp smprod emc traffic_source
    guccounter guce_referrer guce_referrer_sig feedname feedtype rss_id wt_mc wt_zmc spm spref sr_share sh_kit
    campaign_id ref_src ref_url
"""
_TRACKING = frozenset(_TRACKING_NAMES.split())
# "source=rss", "partner=rssnyt", "ref=en-rss-all": the reader came by a feed, whatever the parameter is called.
_BY_FEED = re.compile(r"(?:^|[-_.])rss(?:$|[-_.\d])|^(?:rss\w*|feed|feeds|atom)$", re.IGNORECASE)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z\d+.-]*:")
_NO_PART = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u206f\ufeff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Where an entry leads and by what names it may come again, before anything in it was cleaned."""

    url: str
    keys: tuple[str, ...]


def identity(entry: Entry, feed: Feed) -> Identity | None:
    """The entry's link, http or https and without tracking, and its keys; None where it leads nowhere.

    The keys: its canonical URL, which other feeds share; the feed's own id for it; where it has neither, its title.
    """
    url = link(entry.link, feed.url)
    if url is None and entry.guid.startswith(("http://", "https://")):
        url = link(entry.guid, feed.url)
    if url is None:
        return None
    keys = []
    canonical = canonical_url(url)
    if canonical is not None:
        keys.append(f"url:{canonical}")
    if entry.guid:
        keys.append(f"guid:{feed.slug}:{entry.guid}")
    if not keys:
        words = plain(entry.title).casefold() or plain(entry.summary).casefold()
        keys.append(f"title:{feed.slug}:{blake2b(words.encode(), digest_size=8).hexdigest()}")
    return Identity(url=url, keys=tuple(keys))


def article(entry: Entry, feed: Feed, named: Identity, now: datetime) -> Article | None:
    """The entry as an article first seen `now`; None where it says nothing that could be a title."""
    text = _cut(paragraphs(entry.summary), _LONGEST_TEXT)
    title = headline(plain(entry.title), feed.outlet.name) or next(iter(sentences(text)), "")
    if not title:
        return None
    if text == title:
        text = ""  # it would only be said twice
    return Article(
        id=_id(named.keys[0]),
        keys=named.keys,
        feed=feed.slug,
        outlet=feed.outlet,
        title=_cut(title, _LONGEST_TITLE),
        text=text,
        url=named.url,
        published=repaired(entry.published, now),
        first_seen=now,
        language=feed.language,
    )


def repaired(published: datetime | None, now: datetime) -> datetime:
    """The date as published where it can be true; `now` where it is missing, long past or over an hour ahead."""
    return published if published is not None and believable(published, now) else now


def believable(published: datetime, now: datetime) -> bool:
    """Whether an entry read `now` may have been published then: since 2000, and at most an hour ahead."""
    return _EARLIEST <= published <= now + _AHEAD


def link(address: str, base: str) -> str | None:
    """The address without tracking parameters and otherwise as written, or None where it is no web address.

    A relative one is taken from `base`.
    """
    address = _NO_PART.sub("", address).strip().replace(" ", "%20").replace("&amp;", "&")
    try:
        if not _SCHEME.match(address):
            address = urljoin(base, address) if address else ""
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host or "@" in parts.netloc or len(address) > _LONGEST_URL:
        return None  # a user name is there to look like another host
    kept = _without_tracking(parts.query)
    fragment = "" if _BY_FEED.search(parts.fragment) or _is_tracking(parts.fragment) else parts.fragment
    if kept == parts.query and fragment == parts.fragment:
        return address
    return parts._replace(query=kept, fragment=fragment).geturl()


def canonical_url(url: str) -> str | None:
    """One spelling for all addresses of a page; None for a site's front page, which is no article's own.

    `url` is one that `link` returned. Scheme, "www.", port, fragment, a last slash and the order of parameters say
    nothing.
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    if not path and not query:
        return None
    return f"https://{_host(parts)}{path}{'?' if query else ''}{query}"


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    try:
        port = parts.port
    except ValueError:
        port = None
    return host if port in {None, 80, 443} else f"{host}:{port}"


def _without_tracking(query: str) -> str:
    return "&".join(parameter for parameter in query.split("&") if not _is_tracking(parameter))


def _is_tracking(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = name.lower().removeprefix("amp;")  # escaped once too often: "&amp;utm_source"
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES) or bool(_BY_FEED.search(value))


def _id(key: str) -> ArticleId:
    return ArticleId(int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) >> 1)


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0] + "…"
