"""The pass that brings due editions to their readers, each part once."""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from digests.delivery.editions import Agenda, late, overdue, window
from digests.errors import (
    CablegramError,
    ChatGone,
    ChatMoved,
    ClaimLost,
    DeliveryFailure,
    Refused,
    RetryLater,
    Uncertain,
    Unsent,
)
from digests.model.articles import ArticleId
from digests.model.people import (
    Address,
    ChatId,
    Claim,
    Delivery,
    DeliveryState,
    Edition,
    Heading,
    Notice,
    Part,
    Subscription,
)
from digests.model.stories import Digest, StoryId, Window
from digests.model.topics import TopicSlug
from digests.ports import Chats, Clock, DigestStore, Ledger, Messenger, People, Plan

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than any digest takes to compose and send
AT_ONCE = 32  # chats; at 30 messages a second about one second of claims ahead of sending
PATIENCE = 1.0  # seconds that a tick waits for its chats, so that a slow one delays nobody's next slot
DRAIN = 20.0  # seconds
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)
MEMORY = timedelta(days=7)  # what a reader has had in it does not come back unless something is new

Errand = Callable[[], Awaitable[None]]


class _ToldAlready(Exception):
    """Another worker told the reader in the meantime."""


class Composer(Protocol):
    """Makes the digest of a reader's topics; what he was shown stays out unless something is new in it."""

    async def compose(
        self,
        topics: Sequence[TopicSlug],
        window: Window,
        *,
        most: int = ...,
        shown: Mapping[StoryId, frozenset[ArticleId]] = ...,
    ) -> Digest:
        """The digest of these topics, in this order, with at most `most` stories."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TickReport:
    """What came to an end since the last tick, in parts; `failed` counts editions and notices put off by an exception."""

    sent: int = 0
    postponed: int = 0
    uncertain: int = 0
    refused: int = 0
    failed: int = 0


class Deliverer:
    """Delivers what is due, and what was begun and not ended.

        agenda: due now ─┐                                                          ┌► sent
        ledger: open ────┴► claim ─► plan, or compose ─► save ─► split ─► sending ──┼► unsent: later, the same part
                              │           no longer wanted ─► skip                  ├► refused
                              └► None: another has it                               └► uncertain ─► one notice

    Chats are served side by side, a chat's editions one after the other. `clock` says what is due, `machine_clock` how
    long a chat that cannot be reached is left alone; a rehearsal runs the first one faster.
    """

    def __init__(
        self,
        *,
        people: People,
        chats: Chats,
        ledger: Ledger,
        digests: DigestStore,
        composer: Composer,
        messenger: Messenger,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._people = people
        self._chats = chats
        self._ledger = ledger
        self._digests = digests
        self._composer = composer
        self._messenger = messenger
        self._clock = clock
        self._machine_clock = machine_clock
        self._agenda = Agenda()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._flights: dict[ChatId, asyncio.Task[None]] = {}
        self._resting: dict[ChatId, datetime] = {}
        self._untold: dict[Edition, Delivery] = {}  # announced, and the notice surely did not go out
        self._tally: Counter[str] = Counter()
        self._stopping = False

    async def settle(self) -> None:
        """At start, before the first tick: what a former process left half sent becomes uncertain."""
        for delivery in await self._ledger.settle():
            logger.warning("Nobody knows whether %s, part %d, arrived.", _name(delivery.edition), delivery.part)

    async def tick(self) -> TickReport:
        """Begin what is due; returns when it is done, or sooner where a chat is slow.

        Raises StorageError when it cannot be told what is due; one edition's failure is logged and its own.
        """
        if not self._stopping:
            await self._depart()
        if self._flights:
            await asyncio.wait(self._flights.values(), timeout=PATIENCE)
        return self._land()

    async def stop(self) -> None:
        """Claim no more, let the parts in flight end, for at most 20 s."""
        self._stopping = True
        if self._flights:
            _, hanging = await asyncio.wait(self._flights.values(), timeout=DRAIN)
            for flight in hanging:
                flight.cancel()
            await asyncio.gather(*self._flights.values(), return_exceptions=True)
        self._flights.clear()

    async def _depart(self) -> None:
        now = self._machine_clock()
        self._resting = {chat: until for chat, until in self._resting.items() if until > now}
        for chat, errands in (await self._errands()).items():
            if chat not in self._flights and chat not in self._resting:
                # Not awaited here but by every later tick and by `stop`: a slow chat must not hold up the others.
                self._flights[chat] = asyncio.get_running_loop().create_task(self._serve(chat, errands))

    async def _errands(self) -> Mapping[ChatId, Sequence[Errand]]:
        """What is to be done, chat by chat: notices first, then editions, oldest first."""
        errands: defaultdict[ChatId, list[Errand]] = defaultdict(list)
        for doubt in (*self._untold.values(), *await self._ledger.unannounced()):
            errands[doubt.edition.address.chat].append(partial(self._tell, doubt))
        due = self._agenda.due(await self._people.all(), self._clock())
        editions = sorted({*due, *await self._ledger.open_editions()}, key=lambda edition: (edition.due, edition.slot))
        newest = {edition.address: edition for edition in editions}
        for edition in editions:
            superseded = newest[edition.address] is not edition
            errands[edition.address.chat].append(partial(self._deliver, edition, superseded=superseded))
        return errands

    def _land(self) -> TickReport:
        for chat, flight in tuple(self._flights.items()):
            if flight.done():
                del self._flights[chat]
                flight.result()
        report, self._tally = TickReport(**self._tally), Counter()
        if report != TickReport():
            logger.info(
                "Deliveries: %d sent, %d postponed, %d uncertain, %d refused, %d failed.",
                *(report.sent, report.postponed, report.uncertain, report.refused, report.failed),
            )
        return report

    async def _serve(self, chat: ChatId, errands: Sequence[Errand]) -> None:
        async with self._room:
            for errand in errands:
                if self._stopping or chat in self._resting:
                    return
                try:
                    await errand()
                except CablegramError as problem:
                    self._fail(chat)
                    logger.warning("A delivery to chat %d is put off: %s", chat, problem)
                except Exception:
                    self._fail(chat)
                    logger.exception("A delivery to chat %d is put off by a bug.", chat)

    def _fail(self, chat: ChatId) -> None:
        self._tally["failed"] += 1
        self._rest(chat, FIRST_PAUSE)

    def _rest(self, chat: ChatId, pause: timedelta) -> None:
        self._resting[chat] = self._machine_clock() + pause

    async def _deliver(self, edition: Edition, *, superseded: bool) -> None:
        claim = await self._ledger.claim(edition, LEASE)
        self._agenda.passed(edition)
        if claim is None:
            return
        try:
            await self._fulfil(claim, superseded=superseded)
        except (Unsent, RetryLater) as obstacle:
            self._tally["postponed"] += 1
            logger.info("%s waits: %s", _name(edition), obstacle)
            pause = obstacle.after if isinstance(obstacle, RetryLater) else _growing_pause(claim)
            self._rest(edition.address.chat, pause)
            await self._ledger.release(claim, pause)
        except ChatGone as gone:
            self._tally["refused"] += 1
            await self._pause(edition.address, gone)  # first: killed in between, the edition still finds it out again
            await self._ledger.skip(claim, str(gone))
            await self._ledger.release(claim, timedelta())
        except ChatMoved as moved:
            await self._ledger.release(claim, timedelta())
            await self._chats.move(edition.address.chat, moved.to)
            logger.info("Chat %d goes on as %d.", edition.address.chat, moved.to)
        except ClaimLost:
            raise
        except Exception:
            await self._ledger.release(claim, _growing_pause(claim))
            raise
        else:
            await self._ledger.release(claim, timedelta())

    async def _fulfil(self, claim: Claim, *, superseded: bool) -> None:
        """Send every pending part. Raises what postpones or ends the whole edition."""
        edition = claim.edition
        plan = await self._ledger.plan(claim)
        states = plan.states if plan else ()
        for number, state in enumerate(states, start=1):
            if state is DeliveryState.SENDING:  # a former holder of the claim never came back from it
                await self._ledger.uncertain(claim, number)
        subscription = await self._people.get(edition.address)
        begun = any(state is not DeliveryState.PENDING for state in states)
        if subscription is None or subscription.paused is not None or not subscription.topics:
            await self._ledger.skip(claim, "nobody follows anything here any more")
        elif overdue(edition, self._clock()):
            await self._ledger.skip(claim, "half a day late")
        elif superseded and not begun:
            await self._ledger.skip(claim, "the next edition covers it")
        elif plan is None:
            await self._send_pending(claim, *await self._compose(claim, subscription))
        elif parts := await self._recall(edition, plan):
            await self._send_pending(claim, plan, parts)
        else:
            logger.warning("%s cannot be shown again as it was planned; what is left of it is dropped.", _name(edition))
            await self._ledger.skip(claim, "it cannot be shown as it was planned")

    async def _send_pending(self, claim: Claim, plan: Plan, parts: tuple[Part, ...]) -> None:
        for part, state in zip(parts, plan.states, strict=True):
            if state is DeliveryState.PENDING and not self._stopping:
                await self._send(claim, part)

    async def _compose(self, claim: Claim, subscription: Subscription) -> tuple[Plan, tuple[Part, ...]]:
        edition, now = claim.edition, self._clock()
        covered = window(await self._ledger.covered_until(edition.address), now)
        shown = await self._ledger.shown(edition.address, now - MEMORY)
        digest = await self._composer.compose(subscription.topics, covered, shown=shown)
        late_slot = edition.slot if late(edition, now) else None
        heading = Heading(at=covered.end, zone=edition.zone, city=edition.city, late_slot=late_slot)
        parts = self._messenger.parts(digest, heading)
        plan = Plan(
            digest=digest.id,
            heading=heading,
            states=(DeliveryState.PENDING,) * len(parts),
            stories=tuple(_stories(part) for part in parts),
        )
        await self._digests.save_digest(digest)
        await self._ledger.save_plan(claim, plan)
        return plan, parts

    async def _recall(self, edition: Edition, plan: Plan) -> tuple[Part, ...]:
        """The parts of a digest that was planned earlier; none where it is gone or is split differently today."""
        digest = await self._digests.digest(plan.digest)
        if digest is None:
            return ()
        headings = [plan.heading]
        if late(edition, self._clock()):
            headings.insert(0, replace(plan.heading, late_slot=edition.slot))
        for heading in headings:
            parts = self._messenger.parts(digest, heading)
            if len(parts) == len(plan.states):
                return parts
        return ()

    async def _send(self, claim: Claim, part: Part) -> None:
        """Send a part once. Raises Unsent, RetryLater, ChatGone and ChatMoved, which concern the parts to come too."""
        begun = False

        async def begin() -> None:
            nonlocal begun
            await self._ledger.sending(claim, part.number)
            begun = True

        address = claim.edition.address
        try:
            message = await self._messenger.send(address, part, begin)
        except (Unsent, RetryLater, ChatMoved, ChatGone):
            if begun:
                await self._ledger.unsent(claim, part.number)
            raise
        except Refused as refusal:
            await self._ledger.refused(claim, part.number, str(refusal))
            self._tally["refused"] += 1
            logger.warning("%s, part %d, is refused: %s", _name(claim.edition), part.number, refusal)
        except Exception as doubt:
            if not begun:
                raise
            await self._ledger.uncertain(claim, part.number)
            self._tally["uncertain"] += 1
            if not isinstance(doubt, Uncertain):
                raise
            logger.warning("%s, part %d, may not have arrived: %s", _name(claim.edition), part.number, doubt)
        else:
            await self._ledger.sent(claim, part.number, message)
            self._tally["sent"] += 1
            await self._digests.remember_message(address, message, part.digest.id, self._clock())

    async def _tell(self, doubt: Delivery) -> None:
        """Tell a reader that an edition may not have arrived: at most once, so that a doubt about the notice ends it."""
        edition = doubt.edition
        begun = edition in self._untold
        self._untold.pop(edition, None)
        if await self._people.get(edition.address) is None:  # forgotten meanwhile: not another word
            return

        async def begin() -> None:
            nonlocal begun
            if not begun and not await self._ledger.announce(doubt):
                raise _ToldAlready
            begun = True

        try:
            await self._messenger.send(edition.address, Notice(edition=edition, digest=doubt.digest), begin)
        except _ToldAlready:
            return
        except (Unsent, RetryLater) as obstacle:
            if begun:
                self._untold[edition] = doubt
            self._rest(edition.address.chat, obstacle.after if isinstance(obstacle, RetryLater) else FIRST_PAUSE)
        except ChatGone as gone:
            await self._pause(edition.address, gone)
        except DeliveryFailure as failure:
            logger.warning("The notice that %s may not have arrived failed: %s", _name(edition), failure)

    async def _pause(self, address: Address, gone: ChatGone) -> None:
        def paused(subscription: Subscription | None) -> Subscription | None:
            return subscription and replace(subscription, paused=subscription.paused or str(gone))

        await self._people.change(address, paused)
        logger.info("Chat %d is paused: %s", address.chat, gone)


def _growing_pause(claim: Claim) -> timedelta:
    """Twice as long each time, for every try takes a claim and every claim a higher token."""
    return min(FIRST_PAUSE * (1 << min(claim.token - 1, 20)), LONGEST_PAUSE)


def _stories(part: Part) -> Mapping[StoryId, frozenset[ArticleId]]:
    briefs = part.digest.briefs[part.first - 1 : part.last] if part.first else ()
    return {brief.story: frozenset(report.article.id for report in brief.reports) for brief in briefs}


def _name(edition: Edition) -> str:
    return f"The edition of {edition.day} {edition.slot:%H:%M} for chat {edition.address.chat}"
