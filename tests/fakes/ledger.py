"""An in-memory Ledger, for tests of those who use one; the contract suite holds it to the port."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime

from digests.errors import ClaimLost
from digests.model.people import Claim, Delivery, DeliveryState, Edition
from digests.ports import Plan

BROUGHT = {DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNCERTAIN}


@dataclass
class Row:
    edition: Edition
    token: int = 0
    held: bool = False
    free_at: datetime | None = None
    done: bool = False
    plan: Plan | None = None
    states: list = field(default_factory=list)
    messages: dict = field(default_factory=dict)
    announced: bool = False

    def free(self, now):
        return not self.done and (self.free_at is None or self.free_at <= now)

    def delivery(self, number):
        return Delivery(
            edition=self.edition, digest=self.plan.digest, part=number, state=DeliveryState.UNCERTAIN, message=None
        )


class MemoryLedger:
    def __init__(self, machine_clock):
        self.machine_clock = machine_clock
        self.rows = {}

    def states(self, edition):
        return tuple(self.rows[edition].states)

    def _held(self, claim):
        row = self.rows.get(claim.edition)
        if row is None or not row.held or row.token != claim.token:
            raise ClaimLost("another holds it.")
        return row

    def _change(self, claim, part, to, *, before=DeliveryState.SENDING):
        row = self._held(claim)
        if part > len(row.states) or row.states[part - 1] is not before:
            raise ValueError(part)
        row.states[part - 1] = to
        return row

    async def claim(self, edition, lease):
        row = self.rows.setdefault(edition, Row(edition))
        if not row.free(self.machine_clock()):
            return None
        row.token += 1
        row.held, row.free_at = True, self.machine_clock() + lease
        return Claim(edition=edition, token=row.token)

    async def claim_many(self, editions, lease):
        claims = [await self.claim(edition, lease) for edition in editions]
        return tuple(claim for claim in claims if claim is not None)

    async def plan(self, claim):
        row = self._held(claim)
        return row.plan and replace(row.plan, states=tuple(row.states), stories=())

    async def save_plan(self, claim, plan):
        row = self._held(claim)
        row.plan, row.states = plan, list(plan.states)

    async def sending(self, claim, part):
        self._change(claim, part, DeliveryState.SENDING, before=DeliveryState.PENDING)

    async def sent(self, claim, part, message):
        self._change(claim, part, DeliveryState.SENT).messages[part] = message

    async def unsent(self, claim, part):
        self._change(claim, part, DeliveryState.PENDING)

    async def refused(self, claim, part, reason):
        self._change(claim, part, DeliveryState.REFUSED)

    async def uncertain(self, claim, part):
        self._change(claim, part, DeliveryState.UNCERTAIN)

    async def skip(self, claim, reason):
        self._finish(self._held(claim))

    def _finish(self, row):
        row.done = True
        row.states = [DeliveryState.REFUSED if state is DeliveryState.PENDING else state for state in row.states]

    async def release(self, claim, pause):
        row = self._held(claim)
        row.held, row.free_at = False, self.machine_clock() + pause
        row.done = row.done or (row.plan is not None and DeliveryState.PENDING not in row.states)

    async def move(self, chat, to):
        for row in [row for row in self.rows.values() if row.edition.address.chat == chat]:
            edition = replace(row.edition, address=replace(row.edition.address, chat=to))
            row.held = False
            if edition in self.rows:
                self._finish(row)
            else:
                del self.rows[row.edition]
                self.rows[edition] = replace(row, edition=edition, free_at=None)

    async def open_editions(self, most=1_000):
        now = self.machine_clock()
        free = [row.edition for row in self.rows.values() if row.free(now)]
        return tuple(sorted(free, key=lambda edition: edition.due)[:most])

    async def settle(self):
        left = []
        for row in self.rows.values():
            if row.held:
                row.held, row.free_at = False, None
            for number, state in enumerate(row.states, start=1):
                if state is DeliveryState.SENDING:
                    row.states[number - 1] = DeliveryState.UNCERTAIN
                    left.append(row.delivery(number))
        return tuple(left)

    async def unannounced(self):
        return tuple(
            row.delivery(row.states.index(DeliveryState.UNCERTAIN) + 1)
            for row in self.rows.values()
            if DeliveryState.UNCERTAIN in row.states and not row.announced
        )

    async def announce(self, delivery):
        row = self.rows.get(delivery.edition)
        if row is None or row.announced:
            return False
        row.announced = True
        return True

    async def covered_until(self, address):
        ends = [
            row.plan.heading.at
            for row in self.rows.values()
            if row.plan and row.edition.address == address and {*row.states} - {DeliveryState.REFUSED}
        ]
        return max(ends, default=None)

    async def shown(self, address, since):
        shown = defaultdict(frozenset)
        for row in self.rows.values():
            if row.plan and row.edition.address == address and row.plan.heading.at > since:
                for state, stories in zip(row.states, row.plan.stories, strict=False):
                    if state in BROUGHT:
                        for story, articles in stories.items():
                            shown[story] |= articles
        return dict(shown)

    async def prune(self, before):
        gone = [row.edition for row in self.rows.values() if row.done and row.edition.due < before]
        for edition in gone:
            del self.rows[edition]
        return len(gone)
