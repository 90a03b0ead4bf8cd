"""The ledger in PostgreSQL: which parts of which editions may be sent, and what became of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from digests.adapters.postgres.database import Connection, Database
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
from digests.errors import ClaimLost
from digests.model.articles import ArticleId
from digests.model.people import Address, ChatId, Claim, Delivery, DeliveryState, Edition, MessageId
from digests.model.stories import DigestId, StoryId
from digests.ports import Clock, Plan

_KEY = "chat = %s AND thread = %s AND day = %s AND slot = %s"
# Locked, so that nobody takes the edition over between the comparison of the token and the change that it allows.
_HELD = f"SELECT id FROM editions WHERE {_KEY} AND token = %s AND held FOR UPDATE"  # noqa: S608 only names of columns are put in

_CLAIM = f"""
WITH wanted AS (
    SELECT * FROM unnest(%(chat)s::BIGINT[], %(thread)s::BIGINT[], %(day)s::TEXT[], %(slot)s::TEXT[], %(due)s::BIGINT[],
        %(zone)s::TEXT[], %(city)s::TEXT[]) AS edition ({EDITION})
), new AS (
    INSERT INTO editions ({EDITION}, token, held, holder, free_at)
    SELECT {EDITION}, 1, TRUE, %(holder)s, %(until)s FROM wanted
    ON CONFLICT (chat, thread, day, slot) DO NOTHING RETURNING chat, thread, day, slot, token
), free AS (
    SELECT id FROM editions JOIN wanted USING (chat, thread, day, slot)
    WHERE NOT done AND free_at <= %(now)s FOR UPDATE OF editions SKIP LOCKED
), taken AS (
    UPDATE editions SET token = token + 1, held = TRUE, holder = %(holder)s, free_at = %(until)s
    FROM free WHERE editions.id = free.id RETURNING chat, thread, day, slot, token
)
SELECT * FROM new UNION ALL SELECT * FROM taken"""  # noqa: S608

_CHANGE = f"""
WITH held AS ({_HELD})
UPDATE deliveries SET state = %s, message = %s, reason = %s FROM held
WHERE edition = held.id AND part = %s AND state = %s RETURNING part"""  # noqa: S608


class PostgresLedger:
    """ports.Ledger over one database, for any number of workers, each with a name of its own.

    `clock` measures leases and pauses, the same for all. A claim ends with its lease, or with its worker's sign of life:
    see leases.py.
    """

    def __init__(self, database: Database, clock: Clock, worker: str) -> None:
        self._database = database
        self._clock = clock
        self._worker = worker

    async def claim(self, edition: Edition, lease: timedelta) -> Claim | None:
        claims = await self.claim_many((edition,), lease)
        return claims[0] if claims else None

    async def claim_many(self, editions: Sequence[Edition], lease: timedelta) -> tuple[Claim, ...]:
        if not editions:
            return ()
        now = self._clock()
        # In one order for all workers, so that two who want the same new editions never wait for each other crosswise.
        wanted = {edition_key(edition): edition for edition in sorted(editions, key=edition_key)}
        columns = zip(*(edition_row(edition) for edition in wanted.values()), strict=True)
        parameters: dict[str, Any] = {
            name: list(column) for name, column in zip(EDITION.split(", "), columns, strict=True)
        }
        parameters |= {"holder": self._worker, "now": stamp(now), "until": stamp(now + lease)}
        tokens = {tuple(key): token for *key, token in await self._database.ask(_CLAIM, parameters)}
        return tuple(
            Claim(edition=edition, token=tokens[edition_key(edition)])
            for edition in dict.fromkeys(editions)
            if edition_key(edition) in tokens
        )

    async def plan(self, claim: Claim) -> Plan | None:
        async def work(connection: Connection) -> Plan | None:
            edition = await _held(connection, claim)
            query = "SELECT digest, heading, covered_until FROM editions WHERE id = %s"
            ((digest, heading, at),) = await (await connection.execute(query, (edition,))).fetchall()
            if digest is None:
                return None
            query = "SELECT state FROM deliveries WHERE edition = %s AND part > 0 ORDER BY part"
            states = await (await connection.execute(query, (edition,))).fetchall()
            return Plan(
                digest=DigestId(digest),
                heading=read_heading(heading, at),
                states=tuple(DeliveryState(state) for (state,) in states),
            )

        return await self._database.run(work)

    async def save_plan(self, claim: Claim, plan: Plan) -> None:
        stories = plan.stories or ({},) * len(plan.states)

        async def work(connection: Connection) -> None:
            edition = await _held(connection, claim)
            await connection.execute(
                "UPDATE editions SET digest = %s, heading = %s, covered_until = %s WHERE id = %s",
                (plan.digest, written_heading(plan.heading), stamp(plan.heading.at), edition),
            )
            await connection.execute(
                """INSERT INTO deliveries (edition, part, state, stories)
                SELECT %s, part, state, stories FROM unnest(%s::TEXT[], %s::TEXT[])
                WITH ORDINALITY AS planned (state, stories, part)""",
                (edition, list(plan.states), [written_stories(brought) for brought in stories]),
            )

        await self._database.run(work)

    async def sending(self, claim: Claim, part: int) -> None:
        await self._change(claim, part, DeliveryState.SENDING, DeliveryState.PENDING)

    async def sent(self, claim: Claim, part: int, message: MessageId) -> None:
        await self._change(claim, part, DeliveryState.SENT, DeliveryState.SENDING, message=message)

    async def unsent(self, claim: Claim, part: int) -> None:
        await self._change(claim, part, DeliveryState.PENDING, DeliveryState.SENDING)

    async def refused(self, claim: Claim, part: int, reason: str) -> None:
        await self._change(claim, part, DeliveryState.REFUSED, DeliveryState.SENDING, reason=reason)

    async def uncertain(self, claim: Claim, part: int) -> None:
        await self._change(claim, part, DeliveryState.UNCERTAIN, DeliveryState.SENDING)

    async def skip(self, claim: Claim, reason: str) -> None:
        async def work(connection: Connection) -> None:
            edition = await _held(connection, claim)
            await connection.execute(
                "UPDATE deliveries SET state = 'refused', reason = %s WHERE edition = %s AND state = 'pending'",
                (reason, edition),
            )
            await connection.execute("UPDATE editions SET done = TRUE WHERE id = %s", (edition,))

        await self._database.run(work)

    async def release(self, claim: Claim, pause: timedelta) -> None:
        released = await self._database.ask(
            f"""WITH held AS ({_HELD})
            UPDATE editions SET held = FALSE, free_at = %s, done = done OR digest IS NOT NULL AND NOT EXISTS (
                SELECT FROM deliveries WHERE edition = editions.id AND state = 'pending')
            FROM held WHERE editions.id = held.id RETURNING editions.id""",  # noqa: S608
            (*edition_key(claim.edition), claim.token, stamp(self._clock() + pause)),
        )
        if not released:
            raise _lost(claim)

    async def move(self, chat: ChatId, to: ChatId) -> None:
        await self._database.run(lambda connection: move_editions(connection, chat, to))

    async def open_editions(self, most: int = 1_000) -> tuple[Edition, ...]:
        query = f"SELECT {EDITION} FROM editions WHERE NOT done AND free_at <= %s ORDER BY due, id LIMIT %s"  # noqa: S608
        return tuple(read_edition(row) for row in await self._database.ask(query, (stamp(self._clock()), most)))

    async def settle(self) -> tuple[Delivery, ...]:
        now = stamp(self._clock())

        async def work(connection: Connection) -> tuple[Delivery, ...]:
            # First locked, then looked at anew: what a holder has committed in between counts.
            query = """SELECT id FROM editions WHERE held
                AND NOT EXISTS (SELECT FROM leases WHERE name = 'worker ' || editions.holder AND until > %s)
                FOR UPDATE SKIP LOCKED"""
            gone = [number for (number,) in await (await connection.execute(query, (now,))).fetchall()]
            # A part whose edition nobody holds has nobody who could bring it to an end.
            query = f"""WITH left_behind AS (
                    UPDATE deliveries SET state = 'uncertain' FROM editions
                    WHERE state = 'sending' AND edition = id AND (NOT held OR id = ANY(%s))
                    RETURNING {EDITION}, digest, part, id)
                SELECT {EDITION}, digest, part FROM left_behind ORDER BY due, id, part"""  # noqa: S608
            left = await (await connection.execute(query, (gone,))).fetchall()
            await connection.execute("UPDATE editions SET held = FALSE, free_at = 0 WHERE id = ANY(%s)", (gone,))
            return tuple(read_delivery(row, DeliveryState.UNCERTAIN) for row in left)

        return await self._database.run(work)

    async def unannounced(self) -> tuple[Delivery, ...]:
        query = f"""SELECT {EDITION}, digest, part FROM deliveries JOIN editions ON edition = id
            WHERE state = 'uncertain' AND part = (
                SELECT min(part) FROM deliveries AS one WHERE one.edition = id AND state = 'uncertain')
            AND NOT EXISTS (SELECT FROM deliveries AS told WHERE told.edition = id AND told.part = 0)
            ORDER BY due, id, part"""  # noqa: S608
        return tuple(read_delivery(row, DeliveryState.UNCERTAIN) for row in await self._database.ask(query))

    async def announce(self, delivery: Delivery) -> bool:
        # The notice is part 0. It is not followed further: whatever becomes of it, it is not sent again.
        query = f"""INSERT INTO deliveries (edition, part, state, stories)
            SELECT id, 0, 'announced', '{{}}' FROM editions WHERE {_KEY}
            ON CONFLICT (edition, part) DO NOTHING RETURNING part"""  # noqa: S608
        return bool(await self._database.ask(query, edition_key(delivery.edition)))

    async def covered_until(self, address: Address) -> datetime | None:
        query = """SELECT covered_until FROM editions WHERE chat = %s AND thread = %s AND covered_until IS NOT NULL
            AND EXISTS (SELECT FROM deliveries WHERE edition = id AND part > 0 AND state <> 'refused')
            ORDER BY covered_until DESC LIMIT 1"""
        found = await self._database.ask(query, (address.chat, address.thread))
        return moment(found[0][0]) if found else None

    async def shown(self, address: Address, since: datetime) -> Mapping[StoryId, frozenset[ArticleId]]:
        query = """SELECT stories FROM editions JOIN deliveries ON edition = id
            WHERE chat = %s AND thread = %s AND covered_until > %s AND state IN ('sending', 'sent', 'uncertain')"""
        found = await self._database.ask(query, (address.chat, address.thread, stamp(since)))
        return read_stories([stories for (stories,) in found])

    async def prune(self, before: datetime) -> int:
        """Forget what was done with and due before `before`; returns how many editions. Keep a week at least."""
        return len(
            await self._database.ask("DELETE FROM editions WHERE done AND due < %s RETURNING id", (stamp(before),))
        )

    async def _change(
        self,
        claim: Claim,
        part: int,
        to: DeliveryState,
        before: DeliveryState,
        *,
        message: MessageId | None = None,
        reason: str | None = None,
    ) -> None:
        """Bring a part from one state to another, for the holder of the claim; from any other state it would be a bug."""
        holder = (*edition_key(claim.edition), claim.token)
        if not await self._database.ask(_CHANGE, (*holder, to, message, reason, part, before)):
            if not await self._database.ask(_HELD, holder):
                raise _lost(claim)
            problem = f"part {part} is not {before}, so that it cannot become {to}"
            raise ValueError(problem)


async def move_editions(connection: Connection, chat: ChatId, to: ChatId) -> None:
    """ports.Ledger.move within a transaction that changes more than the ledger."""
    # Left where they are: those that the other id has as well.
    await connection.execute(
        """UPDATE editions AS old SET chat = %(to)s, held = FALSE, free_at = 0 WHERE chat = %(chat)s
        AND NOT EXISTS (SELECT FROM editions AS new WHERE new.chat = %(to)s
            AND (new.thread, new.day, new.slot) = (old.thread, old.day, old.slot))""",
        {"chat": chat, "to": to},
    )
    await connection.execute(
        """UPDATE deliveries SET state = 'refused', reason = 'the chat moved'
        WHERE state = 'pending' AND edition IN (SELECT id FROM editions WHERE chat = %s)""",
        (chat,),
    )
    await connection.execute("UPDATE editions SET held = FALSE, done = TRUE WHERE chat = %s", (chat,))


async def _held(connection: Connection, claim: Claim) -> int:
    """The row of the edition, locked, if the claim still holds it; ClaimLost otherwise."""
    row = await (await connection.execute(_HELD, (*edition_key(claim.edition), claim.token))).fetchone()
    if row is None:
        raise _lost(claim)
    number: int = row[0]
    return number


def _lost(claim: Claim) -> ClaimLost:
    return ClaimLost(f"another holds the edition of {claim.edition.day} {claim.edition.slot:%H:%M}.")
