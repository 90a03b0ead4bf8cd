"""The ledger in SQLite: which parts of which editions may be sent, and what became of them."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from digests.adapters.rows import (
    EDITION,
    edition_key,
    edition_row,
    moment,
    read_delivery,
    read_edition,
    read_heading,
    read_stories,
    stamp,
    written_heading,
    written_stories,
)
from digests.adapters.sqlite.database import Database
from digests.errors import ClaimLost
from digests.model.articles import ArticleId
from digests.model.people import Address, ChatId, Claim, Delivery, DeliveryState, Edition, MessageId
from digests.model.stories import DigestId, StoryId
from digests.ports import Clock, Plan

_KEY = "chat = ? AND thread = ? AND day = ? AND slot = ?"


class SqliteLedger:
    """ports.Ledger over one database. `machine_clock` measures leases and pauses; everything else is handed in.

    Every method is one transaction, so that the comparison of a claim's token and the change that it allows are one.
    """

    def __init__(self, database: Database, machine_clock: Clock) -> None:
        self._database = database
        self._machine_clock = machine_clock

    async def claim(self, edition: Edition, lease: timedelta) -> Claim | None:
        claims = await self.claim_many((edition,), lease)
        return claims[0] if claims else None

    async def claim_many(self, editions: Sequence[Edition], lease: timedelta) -> tuple[Claim, ...]:
        now = self._machine_clock()

        def work(connection: sqlite3.Connection) -> tuple[Claim, ...]:
            claims = (_claim(connection, edition, now, now + lease) for edition in editions)
            return tuple(claim for claim in claims if claim is not None)

        return await self._database.run(work)

    async def plan(self, claim: Claim) -> Plan | None:
        def work(connection: sqlite3.Connection) -> Plan | None:
            edition = _held(connection, claim)
            digest, heading, at = connection.execute(
                "SELECT digest, heading, covered_until FROM editions WHERE id = ?", (edition,)
            ).fetchone()
            if digest is None:
                return None
            states = connection.execute(
                "SELECT state FROM deliveries WHERE edition = ? AND part > 0 ORDER BY part", (edition,)
            )
            return Plan(
                digest=DigestId(digest),
                heading=read_heading(heading, at),
                states=tuple(DeliveryState(state) for (state,) in states),
            )

        return await self._database.read(work)

    async def save_plan(self, claim: Claim, plan: Plan) -> None:
        def work(connection: sqlite3.Connection) -> None:
            edition = _held(connection, claim)
            connection.execute(
                "UPDATE editions SET digest = ?, heading = ?, covered_until = ? WHERE id = ?",
                (plan.digest, written_heading(plan.heading), stamp(plan.heading.at), edition),
            )
            stories = plan.stories or ({},) * len(plan.states)
            connection.executemany(
                "INSERT INTO deliveries (edition, part, state, stories) VALUES (?, ?, ?, ?)",
                [
                    (edition, part, state, written_stories(brought))
                    for part, (state, brought) in enumerate(zip(plan.states, stories, strict=True), start=1)
                ],
            )

        await self._database.run(work)

    async def sending(self, claim: Claim, part: int) -> None:
        await self._database.run(_change(claim, part, DeliveryState.SENDING, DeliveryState.PENDING))

    async def sent(self, claim: Claim, part: int, message: MessageId) -> None:
        await self._database.run(_change(claim, part, DeliveryState.SENT, DeliveryState.SENDING, message=message))

    async def unsent(self, claim: Claim, part: int) -> None:
        await self._database.run(_change(claim, part, DeliveryState.PENDING, DeliveryState.SENDING))

    async def refused(self, claim: Claim, part: int, reason: str) -> None:
        await self._database.run(_change(claim, part, DeliveryState.REFUSED, DeliveryState.SENDING, reason=reason))

    async def uncertain(self, claim: Claim, part: int) -> None:
        await self._database.run(_change(claim, part, DeliveryState.UNCERTAIN, DeliveryState.SENDING))

    async def skip(self, claim: Claim, reason: str) -> None:
        def work(connection: sqlite3.Connection) -> None:
            edition = _held(connection, claim)
            connection.execute(
                "UPDATE deliveries SET state = 'refused', reason = ? WHERE edition = ? AND state = 'pending'",
                (reason, edition),
            )
            connection.execute("UPDATE editions SET done = 1 WHERE id = ?", (edition,))

        await self._database.run(work)

    async def release(self, claim: Claim, pause: timedelta) -> None:
        free_at = self._machine_clock() + pause

        def work(connection: sqlite3.Connection) -> None:
            edition = _held(connection, claim)
            connection.execute(
                """UPDATE editions SET held = 0, free_at = ?, done = done OR digest IS NOT NULL AND NOT EXISTS (
                    SELECT * FROM deliveries WHERE edition = id AND state = 'pending') WHERE id = ?""",
                (stamp(free_at), edition),
            )

        await self._database.run(work)

    async def move(self, chat: ChatId, to: ChatId) -> None:
        await self._database.run(partial(move_editions, chat=chat, to=to))

    async def open_editions(self, most: int = 1_000) -> tuple[Edition, ...]:
        now = self._machine_clock()

        def work(connection: sqlite3.Connection) -> tuple[Edition, ...]:
            rows = connection.execute(
                f"SELECT {EDITION} FROM editions WHERE NOT done AND free_at <= ? ORDER BY due, id LIMIT ?",  # noqa: S608
                (stamp(now), most),
            )
            return tuple(read_edition(row) for row in rows)

        return await self._database.read(work)

    async def settle(self) -> tuple[Delivery, ...]:
        def work(connection: sqlite3.Connection) -> tuple[Delivery, ...]:
            left = _deliveries(connection, "state = 'sending'", DeliveryState.UNCERTAIN)
            connection.execute("UPDATE deliveries SET state = 'uncertain' WHERE state = 'sending'")
            connection.execute("UPDATE editions SET held = 0, free_at = 0 WHERE held")
            return left

        return await self._database.run(work)

    async def unannounced(self) -> tuple[Delivery, ...]:
        def work(connection: sqlite3.Connection) -> tuple[Delivery, ...]:
            return _deliveries(
                connection,
                """state = 'uncertain' AND part = (
                    SELECT min(part) FROM deliveries AS one WHERE one.edition = id AND state = 'uncertain')
                AND NOT EXISTS (SELECT * FROM deliveries AS told WHERE told.edition = id AND told.part = 0)""",
                DeliveryState.UNCERTAIN,
            )

        return await self._database.read(work)

    async def announce(self, delivery: Delivery) -> bool:
        def work(connection: sqlite3.Connection) -> bool:
            # The notice is part 0. It is not followed further: whatever becomes of it, it is not sent again.
            told = connection.execute(
                f"""INSERT OR IGNORE INTO deliveries (edition, part, state, stories)
                SELECT id, 0, 'announced', '{{}}' FROM editions WHERE {_KEY}""",  # noqa: S608
                edition_key(delivery.edition),
            )
            return told.rowcount == 1

        return await self._database.run(work)

    async def covered_until(self, address: Address) -> datetime | None:
        def work(connection: sqlite3.Connection) -> datetime | None:
            row = connection.execute(
                """SELECT covered_until FROM editions WHERE chat = ? AND thread = ? AND covered_until IS NOT NULL AND EXISTS (
                    SELECT * FROM deliveries WHERE edition = id AND part > 0 AND state <> 'refused')
                ORDER BY covered_until DESC LIMIT 1""",
                (address.chat, address.thread),
            ).fetchone()
            return moment(row[0]) if row else None

        return await self._database.read(work)

    async def shown(self, address: Address, since: datetime) -> Mapping[StoryId, frozenset[ArticleId]]:
        def work(connection: sqlite3.Connection) -> Mapping[StoryId, frozenset[ArticleId]]:
            rows = connection.execute(
                """SELECT stories FROM editions JOIN deliveries ON edition = id
                WHERE chat = ? AND thread = ? AND covered_until > ? AND state IN ('sending', 'sent', 'uncertain')""",
                (address.chat, address.thread, stamp(since)),
            )
            return read_stories([stories for (stories,) in rows])

        return await self._database.read(work)

    async def prune(self, before: datetime) -> int:
        """Forget what was done with and due before `before`; returns how many editions. Keep a week at least."""

        def work(connection: sqlite3.Connection) -> int:
            return connection.execute("DELETE FROM editions WHERE done AND due < ?", (stamp(before),)).rowcount

        return await self._database.run(work)


def _claim(connection: sqlite3.Connection, edition: Edition, now: datetime, until: datetime) -> Claim | None:
    row = connection.execute(
        f"""INSERT INTO editions ({EDITION}, token, held, free_at) VALUES (?, ?, ?, ?, ?, ?, ?, 1, 1, ?)
        ON CONFLICT (chat, thread, day, slot)
        DO UPDATE SET token = token + 1, held = 1, free_at = excluded.free_at WHERE NOT done AND free_at <= ?
        RETURNING token""",  # noqa: S608 only names of columns are put in
        (*edition_row(edition), stamp(until), stamp(now)),
    ).fetchone()
    return row and Claim(edition=edition, token=row[0])


def move_editions(connection: sqlite3.Connection, chat: ChatId, to: ChatId) -> None:
    """ports.Ledger.move within a transaction that changes more than the ledger."""
    # Left where they are by IGNORE: those that the other id has as well.
    connection.execute("UPDATE OR IGNORE editions SET chat = ?, held = 0, free_at = 0 WHERE chat = ?", (to, chat))
    connection.execute(
        """UPDATE deliveries SET state = 'refused', reason = 'the chat moved'
        WHERE state = 'pending' AND edition IN (SELECT id FROM editions WHERE chat = ?)""",
        (chat,),
    )
    connection.execute("UPDATE editions SET held = 0, done = 1 WHERE chat = ?", (chat,))


def _held(connection: sqlite3.Connection, claim: Claim) -> int:
    """The row of the edition, if the claim still holds it; ClaimLost otherwise."""
    row = connection.execute(
        f"SELECT id FROM editions WHERE {_KEY} AND token = ? AND held",  # noqa: S608
        (*edition_key(claim.edition), claim.token),
    ).fetchone()
    if row is None:
        message = f"another holds the edition of {claim.edition.day} {claim.edition.slot:%H:%M}."
        raise ClaimLost(message)
    number: int = row[0]
    return number


def _change(
    claim: Claim,
    part: int,
    to: DeliveryState,
    before: DeliveryState,
    *,
    message: MessageId | None = None,
    reason: str | None = None,
) -> Callable[[sqlite3.Connection], None]:
    """Bring a part from one state to another, for the holder of the claim; from any other state it would be a bug."""

    def work(connection: sqlite3.Connection) -> None:
        changed = connection.execute(
            "UPDATE deliveries SET state = ?, message = ?, reason = ? WHERE edition = ? AND part = ? AND state = ?",
            (to, message, reason, _held(connection, claim), part, before),
        )
        if changed.rowcount != 1:
            problem = f"part {part} is not {before}, so that it cannot become {to}"
            raise ValueError(problem)

    return work


def _deliveries(connection: sqlite3.Connection, condition: str, state: DeliveryState) -> tuple[Delivery, ...]:
    """The parts of which `condition` holds, in order of their editions' times, shown in `state`."""
    rows = connection.execute(
        f"""SELECT {EDITION}, digest, part FROM deliveries JOIN editions ON edition = id
        WHERE {condition} ORDER BY due, id, part"""  # noqa: S608
    )
    return tuple(read_delivery(row, state) for row in rows)
