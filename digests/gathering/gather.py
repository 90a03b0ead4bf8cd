"""The gathering pass: which feeds are due, fetch, parse, normalise, save in one transaction. It only orders the calls."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digests.errors import StorageError
from digests.gathering.articles import Identity, article, believable, identity
from digests.model.articles import Article, Entry
from digests.model.sources import Feed, FeedSlug, FeedState, Gap
from digests.ports import Clock, Document, FeedFailure, Fetcher, Gathering, GatheringArchive, NotModified, Parser

_FIRST_PAUSE = timedelta(minutes=5)
_LONGEST_PAUSE = timedelta(hours=6)
_LONGEST_WISH = timedelta(hours=24)  # of a server that names its own pause
_DEAD = 19  # failures in a row, which with the pauses between them take three days: not the days that the bot was down
_EARLY = timedelta(seconds=15)  # passes come a little early or late; a pause of one pass must not cost two
_LONGEST_PASS = 90.0  # seconds of this machine
_AT_ONCE = 80  # documents in memory; the fetcher and the parser have limits of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherReport:
    """What one pass came to. `read` and `unchanged` count feeds, `new` articles; `seconds` are this machine's.

    `truncated` are feeds that may have published something unseen since they were last read; `dead` are failures of feeds
    that have done nothing but fail for three days now, each told in one pass alone; `resting` are those that are left
    alone for a while because they failed before.
    """

    due: int
    read: int
    unchanged: int
    failures: tuple[FeedFailure, ...]
    dead: tuple[FeedFailure, ...]
    truncated: tuple[FeedSlug, ...]
    resting: tuple[FeedState, ...]
    new: int
    seconds: float

    @property
    def reached(self) -> int:
        """Feeds that answered as feeds do."""
        return self.read + self.unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What came of one feed: its state from now on, and new articles or a failure."""

    state: FeedState
    articles: tuple[Article, ...] = ()
    gap: Gap | None = None
    failure: FeedFailure | None = None
    unchanged: bool = False


class Gatherer:
    """Reads all feeds that are due, each on its own: a failing or hanging feed holds nobody up.

        due ─► fetch ─► parse ─► identify ─► known? ─► normalise ─► save
                 └─ not modified, same body ───────────────────────► save
                 └────────┴─ failure: a later check ───────────────► save

    What is not read when `longest` seconds are over is a failure of that feed; feeds that failed before come last.
    """

    def __init__(
        self,
        feeds: Sequence[Feed],
        fetcher: Fetcher,
        parser: Parser,
        archive: GatheringArchive,
        clock: Clock,
        *,
        longest: float = _LONGEST_PASS,
    ) -> None:
        self._feeds = feeds
        self._fetcher = fetcher
        self._parser = parser
        self._archive = archive
        self._clock = clock
        self._longest = longest
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._desk = asyncio.Lock()

    async def gather(self) -> GatherReport:
        """One pass. Raises StorageError where the archive cannot be read or written; nothing is saved then."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        now = self._clock()
        states = await self._archive.feed_states()
        queue = due(self._feeds, states, now)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._in_time(feed, states.get(feed.slug), now, begun + self._longest))
                    for feed in queue
                ]
        except ExceptionGroup as errors:
            lost = errors.subgroup(StorageError)
            if lost is None:
                raise
            raise lost.exceptions[0] from errors
        readings = [task.result() for task in tasks]
        gaps = tuple(reading.gap for reading in readings if reading.gap is not None)
        new = await self._archive.save_gathering(
            Gathering(
                states=tuple(reading.state for reading in readings),
                gaps=gaps,
                articles=tuple(each for reading in readings for each in reading.articles),
            )
        )
        failures = tuple(reading.failure for reading in readings if reading.failure is not None)
        unchanged = sum(reading.unchanged for reading in readings)
        return GatherReport(
            due=len(queue),
            read=len(readings) - unchanged - len(failures),
            unchanged=unchanged,
            failures=failures,
            dead=tuple(each.failure for each in readings if each.failure is not None and each.state.failures == _DEAD),
            truncated=tuple(gap.feed for gap in gaps if gap.start is not None),
            resting=tuple(states[feed.slug] for feed in self._feeds if feed not in queue),
            new=new,
            seconds=loop.time() - begun,
        )

    async def _in_time(self, feed: Feed, known: FeedState | None, now: datetime, deadline: float) -> _Reading:
        state = known or FeedState(feed=feed.slug)
        try:
            async with asyncio.timeout_at(deadline) as limit, self._turn:
                reading = await self._read(feed, state)
        except TimeoutError:
            if not limit.expired():
                raise
            reason = f"It was not read before the pass ended after {self._longest:g} seconds."
            reading = FeedFailure(feed=feed.slug, reason=reason)
        return _failed(state, reading, now) if isinstance(reading, FeedFailure) else reading

    async def _read(self, feed: Feed, state: FeedState) -> _Reading | FeedFailure:
        asked = self._clock()  # a good reading covers what was published up to the question, not to the answer
        answer = await self._fetcher.fetch(feed, state)
        match answer:
            case FeedFailure():
                return answer
            case NotModified():
                return _Reading(state=_good(state, asked), unchanged=True)
            case Document(body_hash=state.body_hash):
                return _Reading(state=_good(_answered(state, answer), asked), unchanged=True)
        entries = await self._parser.parse(answer)
        if isinstance(entries, FeedFailure):
            return entries
        return await self._accept(feed, _answered(state, answer), entries, asked)

    async def _accept(self, feed: Feed, state: FeedState, entries: tuple[Entry, ...], asked: datetime) -> _Reading:
        seen = self._clock()
        async with self._desk:  # one thread at a time, or together they would keep the event loop waiting
            named = await asyncio.to_thread(_identified, entries, feed)
        known = await self._archive.known_keys([key for _, names in named for key in names.keys])
        fresh = [(entry, names) for entry, names in named if known.isdisjoint(names.keys)]
        async with self._desk:
            articles = await asyncio.to_thread(_normalised, fresh, feed, seen)
        first = oldest(entries, seen)
        return _Reading(
            state=replace(_good(state, asked), oldest_entry=first),
            articles=articles,
            gap=gap(state, first, asked, overlaps=len(fresh) < len(named)),
        )


def due(feeds: Iterable[Feed], states: Mapping[FeedSlug, FeedState], now: datetime) -> tuple[Feed, ...]:
    """The feeds to read in a pass at `now`: all but those whose pause is not over; those that failed least come first.

    A pause longer than any that is given comes from a clock that was set back since, and holds nobody up.
    """

    def is_due(feed: Feed) -> bool:
        state = states.get(feed.slug)
        return state is None or state.next_check is None or not now + _EARLY < state.next_check <= now + _LONGEST_WISH

    def failures(feed: Feed) -> int:
        state = states.get(feed.slug)
        return 0 if state is None else state.failures

    return tuple(sorted(filter(is_due, feeds), key=failures))


def pause(failures: int, wish: timedelta | None) -> timedelta:
    """How long a feed rests after its nth failure in a row: 5 minutes, doubled to 6 hours, or longer if the server wishes."""
    own = min(_FIRST_PAUSE * (1 << min(failures - 1, 10)), _LONGEST_PAUSE)
    return max(own, min(wish, _LONGEST_WISH)) if wish is not None else own


def gap(state: FeedState, first: datetime | None, asked: datetime, *, overlaps: bool) -> Gap | None:
    """The stretch that a reading at `asked` leaves uncovered, if any; `state` is the feed's before it.

    `first` is the date of the oldest entry, None where no entry has one: then only an entry that was already known
    (`overlaps`) proves that nothing was missed.
    """
    if state.last_good is None:
        return Gap(feed=state.feed, start=None, end=first or asked)
    if first is None:
        return None if overlaps else Gap(feed=state.feed, start=state.last_good, end=asked)
    return Gap(feed=state.feed, start=state.last_good, end=first) if first > state.last_good else None


def oldest(entries: Iterable[Entry], now: datetime) -> datetime | None:
    """The date of the oldest entry; those that cannot be true do not count."""
    dates = (entry.published for entry in entries)
    return min((date for date in dates if date is not None and believable(date, now)), default=None)


def _identified(entries: Iterable[Entry], feed: Feed) -> list[tuple[Entry, Identity]]:
    return [(entry, names) for entry in entries if (names := identity(entry, feed)) is not None]


def _normalised(fresh: Iterable[tuple[Entry, Identity]], feed: Feed, now: datetime) -> tuple[Article, ...]:
    articles = (article(entry, feed, names, now) for entry, names in fresh)
    return tuple(each for each in articles if each is not None)


def _answered(state: FeedState, document: Document) -> FeedState:
    return replace(state, etag=document.etag, modified=document.modified, body_hash=document.body_hash)


def _good(state: FeedState, asked: datetime) -> FeedState:
    return replace(state, failures=0, problem=None, next_check=None, last_good=asked)


def _failed(state: FeedState, failure: FeedFailure, now: datetime) -> _Reading:
    failures = state.failures + 1
    next_check = now + pause(failures, failure.retry_after)
    return _Reading(
        state=replace(state, failures=failures, problem=failure.reason, next_check=next_check), failure=failure
    )
