"""One claimed edition on its way to its reader: composed or recalled, and each part sent once."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from digests.delivery.editions import due_edition, late, overdue, window
from digests.delivery.shift import Shift, growing_pause, named
from digests.errors import ChatGone, ChatMoved, ClaimLost, Refused, RetryLater, Uncertain, Unsent
from digests.model.articles import ArticleId
from digests.model.people import Address, Claim, DeliveryState, Edition, Heading, Part, Subscription
from digests.model.stories import Digest, DigestId, StoryId, Window
from digests.model.topics import OwnWords, TopicSlug
from digests.ports import Chats, Clock, DigestStore, Ledger, Messenger, People, Plan

_log = logging.getLogger(__name__)

MEMORY = timedelta(days=7)  # what a reader has had in it does not come back unless something is new


Learn = Callable[[Sequence[OwnWords]], None]
"""Makes topics of own words known to the composer, whichever process they were told; `filing.registry.Registry.learn` does."""


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


class Courier:
    """Brings editions that this process holds.

    claim ─► plan, or compose ─► save ─► split ─► sending ─┬► sent
         └─► no longer wanted ─► skip                      ├► unsent: later, the same part
                                                           ├► refused
                                                           └► uncertain: notices.py tells the reader
    """

    def __init__(
        self,
        *,
        people: People,
        chats: Chats,
        ledger: Ledger,
        digests: DigestStore,
        composer: Composer,
        learn: Learn,
        messenger: Messenger,
        clock: Clock,
        shift: Shift,
    ) -> None:
        self._people = people
        self._chats = chats
        self._ledger = ledger
        self._digests = digests
        self._composer = composer
        self._learn = learn
        self._messenger = messenger
        self._clock = clock
        self._shift = shift
        self._saved: deque[DigestId] = deque(maxlen=64)  # many readers share one digest

    async def bring(self, claim: Claim) -> timedelta:
        """Send what is pending and let go of the claim; for how long the chat is better left alone.

        Raises ClaimLost and StorageError.
        """
        pause = timedelta()
        try:
            await self._fulfil(claim)
        except (Unsent, RetryLater) as obstacle:
            self._shift.tally["postponed"] += 1
            _log.info("%s waits: %s", named(claim.edition), obstacle)
            pause = obstacle.after if isinstance(obstacle, RetryLater) else growing_pause(claim)
        except ChatGone as gone:
            self._shift.tally["refused"] += 1
            # First: killed in between, the edition still finds it out again.
            await pause_chat(self._people, claim.edition.address, gone)
            await self._ledger.skip(claim, str(gone))
        except ChatMoved as moved:
            await self._ledger.release(claim, pause)
            await self._chats.move(claim.edition.address.chat, moved.to)
            _log.info("Chat %d goes on as %d.", claim.edition.address.chat, moved.to)
            return pause
        except ClaimLost:
            raise
        except Exception:
            await self._ledger.release(claim, growing_pause(claim))
            raise
        await self._ledger.release(claim, pause)
        return pause

    async def _fulfil(self, claim: Claim) -> None:
        """Send every pending part. Raises what postpones or ends the whole edition."""
        edition = claim.edition
        plan = await self._ledger.plan(claim) if claim.token > 1 else None  # the first claim finds none
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
        elif not begun and self._superseded(edition, subscription):
            await self._ledger.skip(claim, "the next edition covers it")
        elif plan is None:
            await self._send_pending(claim, *await self._compose(claim, subscription))
        elif parts := await self._recall(edition, plan):
            await self._send_pending(claim, plan, parts)
        else:
            _log.warning("%s cannot be shown again as it was planned; what is left of it is dropped.", named(edition))
            await self._ledger.skip(claim, "it cannot be shown as it was planned")

    def _superseded(self, edition: Edition, subscription: Subscription) -> bool:
        newest = due_edition(subscription, self._clock())
        return newest is not None and (newest.due, newest.slot) > (edition.due, edition.slot)

    async def _send_pending(self, claim: Claim, plan: Plan, parts: tuple[Part, ...]) -> None:
        for part, state in zip(parts, plan.states, strict=True):
            if state is DeliveryState.PENDING and not self._shift.ending:
                await self._send(claim, part)

    async def _compose(self, claim: Claim, subscription: Subscription) -> tuple[Plan, tuple[Part, ...]]:
        edition, now = claim.edition, self._clock()
        covered = window(await self._ledger.covered_until(edition.address), edition, now)
        shown = await self._ledger.shown(edition.address, now - MEMORY)
        if subscription.own:  # some milliseconds each, the first time
            await asyncio.to_thread(self._learn, subscription.own)
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
        if digest.id not in self._saved:
            await self._digests.save_digest(digest)
            self._saved.append(digest.id)
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
            self._shift.tally["refused"] += 1
            _log.warning("%s, part %d, is refused: %s", named(claim.edition), part.number, refusal)
        except Exception as doubt:
            if not begun:
                raise
            await self._ledger.uncertain(claim, part.number)
            self._shift.tally["uncertain"] += 1
            if not isinstance(doubt, Uncertain):
                raise
            _log.warning("%s, part %d, may not have arrived: %s", named(claim.edition), part.number, doubt)
        else:
            await self._ledger.sent(claim, part.number, message)
            self._shift.tally["sent"] += 1
            await self._digests.remember_message(address, message, part.digest.id, self._clock())


async def pause_chat(people: People, address: Address, gone: ChatGone) -> None:
    """Send nothing more to an address until its people come back."""

    def paused(subscription: Subscription | None) -> Subscription | None:
        return subscription and replace(subscription, paused=subscription.paused or str(gone))

    await people.change(address, paused)
    _log.info("Chat %d is paused: %s", address.chat, gone)


def _stories(part: Part) -> Mapping[StoryId, frozenset[ArticleId]]:
    briefs = part.digest.briefs[part.first - 1 : part.last] if part.first else ()
    return {brief.story: brief.articles for brief in briefs}
