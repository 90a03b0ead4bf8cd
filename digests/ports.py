"""How the newsroom meets the world. A use case asks for the narrowest; adapters implement several at once.

Every method may raise StorageError where it stores; what else it raises, it says.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from digests.model.articles import Article, ArticleId, Entry, Page
from digests.model.people import (
    Address,
    ChatId,
    Claim,
    Delivery,
    DeliveryState,
    Edition,
    Heading,
    MessageId,
    Notice,
    Part,
    Subscription,
)
from digests.model.sources import Feed, FeedSlug, FeedState, Gap
from digests.model.stories import Digest, DigestId, Placement, Report, Story, StoryId, Window
from digests.model.topics import Match, TopicSlug

Begin = Callable[[], Awaitable[None]]
"""Commits that a message is being sent. What only waits for its turn must not count as sent by a process that dies."""

Clock = Callable[[], datetime]
"""The present as an aware UTC datetime; in a rehearsal another day's, running at another speed."""


# Gathering ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a feed's server answered. `url` is the address after redirects; `body_hash` a digest of the body."""

    feed: FeedSlug
    url: str
    body: bytes
    content_type: str
    body_hash: str
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The server says that nothing changed since the state that it was shown."""

    feed: FeedSlug


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFailure:
    """A feed could not be read: `reason` is one sentence, `retry_after` the server's own wish."""

    feed: FeedSlug
    reason: str
    retry_after: timedelta | None = None


class Fetcher(Protocol):
    """Gets documents. Limits itself: requests in all, requests a host, sizes, times."""

    async def fetch(self, feed: Feed, state: FeedState) -> Document | NotModified | FeedFailure:
        """Ask for a feed, conditionally where `state` allows. Expected failures are values; only bugs are raised."""
        ...


class Parser(Protocol):
    """Reads documents, outside this process, so that a hostile one costs a child and not the bot."""

    async def parse(self, document: Document) -> tuple[Entry, ...] | FeedFailure:
        """Entries in the document's order; a document without any is a failure."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """What one gathering pass found, to be saved in one transaction."""

    states: tuple[FeedState, ...]
    gaps: tuple[Gap, ...]
    articles: tuple[Article, ...]


class GatheringArchive(Protocol):
    """What gathering remembers."""

    async def feed_states(self) -> Mapping[FeedSlug, FeedState]:
        """Every feed that was ever tried."""
        ...

    async def known_keys(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of `keys` under which an article is stored."""
        ...

    async def save_gathering(self, gathering: Gathering) -> int:
        """Save all of it in one transaction; an article with a known key is left as it was. Returns how many were new.

        The outlet of every article that is read later is the one saved last for its feed.
        """
        ...


# Filing ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What one filing pass decided, to be saved in one transaction.

    `filed` are the articles that were considered, each once and for all; `placements` may also move articles filed earlier.
    `moved` says of each story that ceased which one took its place, so that old links still lead somewhere.
    """

    filed: tuple[ArticleId, ...]
    matches: tuple[Match, ...]
    placements: tuple[Placement, ...]
    moved: Mapping[StoryId, StoryId]


class FilingArchive(Protocol):
    """What filing reads and writes."""

    async def unfiled(self, limit: int) -> tuple[Article, ...]:
        """The oldest articles not yet filed, by (published, id)."""
        ...

    async def placed_since(self, since: datetime) -> tuple[tuple[Report, StoryId], ...]:
        """Filed articles published after `since` with their stories, by (published, id)."""
        ...

    async def save_filing(self, filing: Filing) -> None:
        """Save all of it in one transaction; an article already filed is left as it was."""
        ...

    async def save_matches(self, matches: Sequence[Match]) -> None:
        """Add matches to articles that were filed before the topic was there; known ones, and others' articles, are left."""
        ...


# Editing and conversation ------------------------------------------------------------------------------------------


class ReadingArchive(Protocol):
    """What composing and the conversation read: only what was filed."""

    async def stories(self, topic: TopicSlug, window: Window) -> tuple[Story, ...]:
        """Stories with an article of the topic published in the window; each whole, with all its reports and matches.

        An article whose page was read has the opening of the page's text as its text.
        """
        ...

    async def latest_match(self, topic: TopicSlug, before: datetime) -> Report | None:
        """The newest report of the topic that was published up to and with `before`."""
        ...

    async def placed_since(self, since: datetime) -> tuple[tuple[Report, StoryId], ...]:
        """All filed articles published after `since` with their stories, by (published, id): what else was told then."""
        ...

    async def feed_states(self) -> Mapping[FeedSlug, FeedState]:
        """Every feed that was ever tried."""
        ...

    async def gaps(self, since: datetime) -> tuple[Gap, ...]:
        """The gaps that end after `since`."""
        ...


class DigestStore(Protocol):
    """Digests as they were shown, and the messages that showed them; kept for a week at least."""

    async def save_digest(self, digest: Digest) -> None:
        """Keep a snapshot; the same id again is no error."""
        ...

    async def digest(self, digest_id: DigestId) -> Digest | None:
        """The snapshot, or None where it was never kept or is past its time."""
        ...

    async def remember_message(self, address: Address, message: MessageId, digest_id: DigestId, at: datetime) -> None:
        """Note that a message in a chat shows (a part of) a digest."""
        ...

    async def digest_of_message(self, address: Address, message: MessageId) -> DigestId | None:
        """Which digest a message shows."""
        ...

    async def newest_digest(self, address: Address, since: datetime) -> DigestId | None:
        """The digest shown last at an address, if after `since`."""
        ...


# Pages -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDocument:
    """What an article's server answered; `url` is the address after redirects."""

    url: str
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFailure:
    """A page gives no text: `reason` is one sentence, `retry_after` the server's own wish."""

    reason: str
    retry_after: timedelta | None = None


class PageFetcher(Protocol):
    """Gets pages as a guest does: what robots.txt allows, one request a host at a time and a pause after each."""

    async def fetch(self, url: str, feed: Feed) -> PageDocument | PageFailure | None:
        """Ask for the page of an article of `feed`; None where its host's turn is too far off, and nothing was asked."""
        ...


class PageReader(Protocol):
    """Finds an article's text in its page, outside this process."""

    async def read(self, document: PageDocument) -> str | PageFailure:
        """The text in paragraphs, a line each, never empty; headings and captions may stand between them."""
        ...


class PageArchive(Protocol):
    """Pages' texts beside their articles, and what was asked in vain."""

    async def stories(self, topic: TopicSlug, window: Window) -> tuple[Story, ...]:
        """As in ReadingArchive: an article whose page was read has the page's text."""
        ...

    async def pages(self, articles: Sequence[ArticleId]) -> Mapping[ArticleId, Page]:
        """Those of `articles` whose pages have been asked for."""
        ...

    async def save_pages(self, pages: Sequence[Page]) -> None:
        """Save all in one transaction, each in place of its article's former one; one whose article is gone is left."""
        ...


# Delivery ----------------------------------------------------------------------------------------------------------


class People(Protocol):
    """Subscriptions, one an address."""

    async def get(self, address: Address) -> Subscription | None:
        """The subscription of an address."""
        ...

    async def all(self) -> tuple[Subscription, ...]:
        """All of them; unchanged ones are the same objects from call to call."""
        ...

    async def change(
        self, address: Address, wish: Callable[[Subscription | None], Subscription | None]
    ) -> Subscription | None:
        """Store what `wish` makes of the address's subscription, None to forget it; returns it, on disk by then.

        `wish` is pure and quick. Nothing comes between what it is given and what it makes, whoever else changes the same
        address; what it raises is raised here, and nothing is changed then.
        """
        ...

    async def put(self, subscription: Subscription) -> None:
        """Store it, in place of the address's former one; on disk when this returns."""
        ...

    async def remove(self, address: Address) -> None:
        """Forget it; an unknown address is no error."""
        ...


class Chats(Protocol):
    """What concerns a chat in every store at once: once begun it is done whole, whatever ends the process in between."""

    async def move(self, chat: ChatId, to: ChatId) -> None:
        """A group lives on under another id, with its subscriptions, editions and messages; told twice is no error.

        Where both ids follow something, `model.people.merged` says what comes of it; of an edition that both have, one
        is delivered.
        """
        ...

    async def forget(self, chat: ChatId) -> None:
        """Erase all that is stored on a chat, from copies and free pages too."""
        ...

    async def export(self, chat: ChatId) -> Mapping[str, object]:
        """All that is stored on a chat, as JSON knows it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an edition consists of once it was composed: its digest and its parts' states, from part 1.

    `heading.at` is the end of the digest's window. `stories` says for each part which stories it brings, each with the
    articles that stand in it; the ledger keeps it for `shown`, a plan that is read back does not have it.
    """

    digest: DigestId
    heading: Heading
    states: tuple[DeliveryState, ...]
    stories: tuple[Mapping[StoryId, frozenset[ArticleId]], ...] = ()


class Ledger(Protocol):
    """Who is sent what, and how far it got. It alone decides what may be sent.

        claim ─► plan ─► sending ─► sent | refused | uncertain       unsent: back to pending
          └── skip    (nothing to send: the edition is done)

    A claim may be taken over when its lease has ended; a part in `sending` never, by anyone. Methods that take a Claim
    raise ClaimLost when another holds it.
    """

    async def claim(self, edition: Edition, lease: timedelta) -> Claim | None:
        """Take an edition that is new, or open with no live lease and its pause over; None otherwise."""
        ...

    async def claim_many(self, editions: Sequence[Edition], lease: timedelta) -> tuple[Claim, ...]:
        """As `claim`, of several editions in one transaction; those that cannot be had are left out."""
        ...

    async def plan(self, claim: Claim) -> Plan | None:
        """The plan that an earlier holder of the edition made, if any."""
        ...

    async def save_plan(self, claim: Claim, plan: Plan) -> None:
        """Fix digest and number of parts, all pending, before the first is sent."""
        ...

    async def sending(self, claim: Claim, part: int) -> None:
        """Commit, before the request goes out, that a pending part is being sent."""
        ...

    async def sent(self, claim: Claim, part: int, message: MessageId) -> None:
        """The part has arrived."""
        ...

    async def unsent(self, claim: Claim, part: int) -> None:
        """The part surely did not go out: pending again."""
        ...

    async def refused(self, claim: Claim, part: int, reason: str) -> None:
        """The part will never be taken."""
        ...

    async def uncertain(self, claim: Claim, part: int) -> None:
        """Nobody knows whether the part arrived."""
        ...

    async def skip(self, claim: Claim, reason: str) -> None:
        """What has not gone out of the edition never will: its pending parts are refused, and it is done."""
        ...

    async def release(self, claim: Claim, pause: timedelta) -> None:
        """Let go: done where it was planned and no part is pending, else open again after the pause (machine's time)."""
        ...

    async def move(self, chat: ChatId, to: ChatId) -> None:
        """A group lives on under another id, and its editions with it; claims on them are lost.

        An open edition that the other id has as well is dropped, so that one of them is delivered.
        """
        ...

    async def open_editions(self, most: int = 1_000) -> tuple[Edition, ...]:
        """The oldest editions begun and not done, whose lease and pause are over; at most `most`."""
        ...

    async def settle(self) -> tuple[Delivery, ...]:
        """Settle what processes that are gone have left: at start, and now and then where several share the store.

        Their parts in `sending` become uncertain, and are returned; their claims end. A store of one process takes every
        former one for gone; one that is shared, those that have given no sign of life for a while.
        """
        ...

    async def unannounced(self) -> tuple[Delivery, ...]:
        """Uncertain parts of editions whose reader has not been told, one an edition."""
        ...

    async def announce(self, delivery: Delivery) -> bool:
        """Commit that the reader is being told; False where somebody has already."""
        ...

    async def covered_until(self, address: Address) -> datetime | None:
        """The end of the window of the newest digest planned for the address of which not every part was refused."""
        ...

    async def shown(self, address: Address, since: datetime) -> Mapping[StoryId, frozenset[ArticleId]]:
        """Stories that editions after `since` brought to the address, each with the articles that stood in it then.

        Parts in `sending` or `uncertain` count as brought.
        """
        ...


class Leases(Protocol):
    """Duties of which each is one process's at a time; another takes over where it dies."""

    def held(self, duty: str) -> bool:
        """Whether the duty is this process's now."""
        ...


class Agenda(Protocol):
    """Which editions are due: an index of due times, so that looking costs what is due and not who subscribes."""

    async def due(self, now: datetime, most: int) -> tuple[Edition, ...]:
        """The editions due by `now`, at most `most`, oldest first: of each address the newest slot of the last 12 hours.

        Each again and again until it has `passed`. What somebody changed about a subscription counts at once.
        """
        ...

    async def passed(self, editions: Sequence[Edition]) -> None:
        """The ledger knows of these, so that the next ones of their addresses are what counts."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `most` turns under `key` in any `span`. Of one key `most` and `span` never change."""

    key: str
    most: int
    span: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """There is no room under `key` before `pause` is over."""

    key: str
    pause: timedelta


LATENESS = timedelta(
    milliseconds=3
)  # by which a late timer may be made up for, so that a rate is kept and not only approached


class Turns(Protocol):
    """When messages may go out: one account for all processes that send with a token, so that they keep its limits together."""

    async def take(self, limits: Sequence[Limit]) -> Wait | None:
        """None: go now, the turn counts under all the keys. Else nothing is taken, and where there is room last.

        A turn counts from when there was room for it, if that was less than LATENESS ago, and else from now.
        """
        ...

    async def hold(self, key: str, pause: timedelta) -> None:
        """No turn under `key` until `pause` from now is over; a longer hold that stands goes on."""
        ...


class Messenger(Protocol):
    """Puts domain values before a reader. Knows markup and lengths, so that the newsroom need not."""

    def parts(self, digest: Digest, heading: Heading) -> tuple[Part, ...]:
        """Split between stories, so that each part fits one message; at least one part."""
        ...

    async def send(self, address: Address, content: Part | Notice, begin: Begin) -> MessageId:
        """Send one message, once; `begin` is awaited when its turn has come, right before the request goes out.

        Raises ChatGone, ChatMoved, RetryLater, Unsent, Refused or Uncertain, and what `begin` raises: then nothing went
        out. RetryLater may come before `begin`, where the chat's turn is too far off.
        """
        ...
