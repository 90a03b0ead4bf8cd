"""One account of turns for all the processes of a bot, by the server's clock."""

from collections.abc import Sequence
from datetime import timedelta

from digests.adapters.postgres.database import Database
from digests.ports import LATENESS, Limit, Wait

_MICROSECOND = timedelta(microseconds=1)
_TAKE = "SELECT * FROM take_turn(%s::TEXT[], %s::BIGINT[], %s::BIGINT[], %s)"
_HOLD = """INSERT INTO turns AS known (key, most, span, taken, held_until) VALUES (%s, 1, 0, '{}', server_time() + %s)
    ON CONFLICT (key) DO UPDATE SET held_until = greatest(known.held_until, excluded.held_until) RETURNING 1"""
_IDLE = "held_until < server_time() AND coalesce(taken[cardinality(taken)] + span, 0) < server_time()"


class PostgresTurns:
    """ports.Turns over one database; every turn is one statement."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, limits: Sequence[Limit]) -> Wait | None:
        ((busy, pause),) = await self._database.ask(
            _TAKE,
            (
                [limit.key for limit in limits],
                [limit.most for limit in limits],
                [limit.span // _MICROSECOND for limit in limits],
                LATENESS // _MICROSECOND,
            ),
        )
        return None if busy is None else Wait(key=busy, pause=pause * _MICROSECOND)

    async def hold(self, key: str, pause: timedelta) -> None:
        await self._database.ask(_HOLD, (key, pause // _MICROSECOND))

    async def prune(self) -> None:
        """Forget the keys under which nothing counts any more."""
        await self._database.ask(f"DELETE FROM turns WHERE {_IDLE} RETURNING 1")  # noqa: S608
