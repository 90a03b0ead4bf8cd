"""The pass that brings due editions to their readers, each part once."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digests.delivery.courier import Composer, Courier, Learn
from digests.delivery.notices import Notices
from digests.delivery.places import Places
from digests.delivery.shift import FIRST_PAUSE, Shift, named
from digests.errors import CablegramError
from digests.model.people import ChatId, Claim, Delivery
from digests.ports import Agenda, Chats, Clock, DigestStore, Ledger, Messenger, People

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than any digest takes to compose and send
PATIENCE = 1.0  # seconds that a tick waits for its chats, so that a slow one delays nobody's next slot
DRAIN = 20.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class TickReport:
    """What came to an end since the last tick, in parts; `failed` counts editions and notices put off by an exception."""

    sent: int = 0
    postponed: int = 0
    uncertain: int = 0
    refused: int = 0
    failed: int = 0


@dataclass(slots=True)
class _Errands:
    """What is to be done in one chat: readers' doubts first, then editions, oldest first."""

    doubts: list[Delivery] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)


class Deliverer:
    """Delivers what is due, and what was begun and not ended.

        agenda: due now ─┐
        ledger: open ────┴► as many chats as there are places ─► claim ─► courier.py
        ledger: in doubt ──────────────────────────────────────────────► notices.py

    Chats are served side by side, a chat's editions one after the other. `clock` says what is due, `machine_clock` how
    long a chat that cannot be reached is left alone; a rehearsal runs the first one faster.
    """

    def __init__(
        self,
        *,
        agenda: Agenda,
        people: People,
        chats: Chats,
        ledger: Ledger,
        digests: DigestStore,
        composer: Composer,
        learn: Learn,
        messenger: Messenger,
        clock: Clock,
        machine_clock: Clock,
    ) -> None:
        self._agenda = agenda
        self._ledger = ledger
        self._clock = clock
        self._machine_clock = machine_clock
        self._shift = Shift()
        self._notices = Notices(people=people, chats=chats, ledger=ledger, messenger=messenger)
        self._courier = Courier(
            people=people,
            chats=chats,
            ledger=ledger,
            digests=digests,
            composer=composer,
            learn=learn,
            messenger=messenger,
            clock=clock,
            shift=self._shift,
        )
        self._places = Places()
        self._ticking = asyncio.Lock()
        self._flights: dict[ChatId, asyncio.Task[None]] = {}
        self._resting: dict[ChatId, datetime] = {}

    async def settle(self) -> None:
        """Make doubts of what processes that are gone have left half sent: at start, and now and then where several work."""
        for delivery in await self._ledger.settle():
            logger.warning("Nobody knows whether %s, part %d, arrived.", named(delivery.edition), delivery.part)

    async def tick(self) -> TickReport:
        """Begin what is due; returns when it is done, or sooner where a chat is slow.

        Raises StorageError when it cannot be told what is due; one chat's failure is logged and its own.
        """
        async with self._ticking:
            return await self._tick()

    async def _tick(self) -> TickReport:
        doubts = deque(await self._notices.outstanding())
        while not self._shift.ending and (free := await self._places.some(PATIENCE)):
            self._land()
            errands = await self._errands(doubts, free)
            if not errands:
                break
            for chat, each in errands.items():
                self._places.take()
                # Not awaited here but by every later tick and by `stop`: a slow chat must not hold up the others.
                self._flights[chat] = asyncio.get_running_loop().create_task(self._serve(chat, each))
        if self._flights:
            await asyncio.wait(self._flights.values(), timeout=PATIENCE)
        self._land()
        return self._report()

    async def stop(self) -> None:
        """Claim no more, let the parts in flight end, for at most 20 s; let go of what was claimed and not begun.

        A tick under way is waited for, not broken off: what it is claiming would be held by nobody.
        """
        self._shift.ending = True
        now = asyncio.get_running_loop().time
        deadline = now() + DRAIN
        with suppress(TimeoutError):
            async with asyncio.timeout_at(deadline), self._ticking:
                pass
        if self._flights:
            _, hanging = await asyncio.wait(self._flights.values(), timeout=max(0.0, deadline - now()))
            for flight in hanging:
                flight.cancel()
            await asyncio.gather(*self._flights.values(), return_exceptions=True)
        self._flights.clear()

    async def _errands(self, doubts: deque[Delivery], most: int) -> Mapping[ChatId, _Errands]:
        """What is to be done in at most `most` chats that nobody serves yet, with the claims that it takes."""
        now = self._machine_clock()
        self._resting = {chat: until for chat, until in self._resting.items() if until > now}
        errands: dict[ChatId, _Errands] = {}

        def room(chat: ChatId) -> bool:
            return chat in errands or (chat not in self._flights and len(errands) < most)

        while doubts and len(errands) < most:
            doubt = doubts.popleft()
            chat = doubt.edition.address.chat
            if room(chat) and chat not in self._resting:
                errands.setdefault(chat, _Errands()).doubts.append(doubt)
        wanted = most + len(self._flights)
        due = await self._agenda.due(self._clock(), wanted)
        begun = await self._ledger.open_editions(wanted)
        editions = []
        for edition in sorted({*due, *begun}, key=lambda each: (each.due, each.slot)):
            if room(edition.address.chat):
                errands.setdefault(edition.address.chat, _Errands())
                editions.append(edition)
        if editions:
            for claim in await self._ledger.claim_many(editions, LEASE):
                errands[claim.edition.address.chat].claims.append(claim)
            await self._agenda.passed(editions)
        return errands

    async def _serve(self, chat: ChatId, errands: _Errands) -> None:
        try:
            for doubt in errands.doubts:
                if not self._shift.ending and chat not in self._resting:
                    await self._try(chat, self._notices.tell(doubt))
            for claim in errands.claims:
                if self._shift.ending or chat in self._resting:
                    await self._try(chat, self._put_back(claim))
                else:
                    await self._try(chat, self._courier.bring(claim))
        finally:
            self._places.leave()

    async def _put_back(self, claim: Claim) -> timedelta:
        """Let go of an edition until its chat has rested; it rests no longer for that."""
        now = self._machine_clock()
        await self._ledger.release(claim, max(timedelta(), self._resting.get(claim.edition.address.chat, now) - now))
        return timedelta()

    async def _try(self, chat: ChatId, errand: Awaitable[timedelta]) -> None:
        try:
            pause = await errand
        except CablegramError as problem:
            pause = self._fail()
            logger.warning("A delivery to chat %d is put off: %s", chat, problem)
        except Exception:
            pause = self._fail()
            logger.exception("A delivery to chat %d is put off by a bug.", chat)
        if pause:
            self._resting[chat] = self._machine_clock() + pause

    def _fail(self) -> timedelta:
        self._shift.tally["failed"] += 1
        return FIRST_PAUSE

    def _land(self) -> None:
        for chat, flight in tuple(self._flights.items()):
            if flight.done():
                del self._flights[chat]
                flight.result()

    def _report(self) -> TickReport:
        report = TickReport(**self._shift.tally)
        self._shift.tally.clear()
        if report != TickReport():
            logger.info(
                "Deliveries: %d sent, %d postponed, %d uncertain, %d refused, %d failed.",
                *(report.sent, report.postponed, report.uncertain, report.refused, report.failed),
            )
        return report
