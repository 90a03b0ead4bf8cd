"""The account of a bot that is one process: what went out under which key, by a monotonic clock."""

import math
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta

from digests.ports import LATENESS, Limit, Wait

REMEMBERED = 4_000  # keys, before those are forgotten under which nothing counts any more


class OwnTurns:
    """ports.Turns in memory; `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._now = monotonic
        self._taken: dict[Limit, deque[float]] = {}
        self._held: dict[str, float] = {}

    async def take(self, limits: Sequence[Limit]) -> Wait | None:
        """Look at every limit, then count the turn or say where room comes last."""
        now = self._now()
        free_at, key = max((self._free_at(limit), limit.key) for limit in limits)
        if free_at > now:
            return Wait(key=key, pause=timedelta(microseconds=math.ceil((free_at - now) * 1e6)))
        if len(self._taken) + len(self._held) + len(limits) > REMEMBERED:
            self._forget(now)
        at = free_at if now - free_at < LATENESS.total_seconds() else now
        for limit in limits:
            self._taken.setdefault(limit, deque(maxlen=limit.most)).append(at)
        return None

    async def hold(self, key: str, pause: timedelta) -> None:
        """Close a key for a while."""
        self._held[key] = max(self._held.get(key, -math.inf), self._now() + pause.total_seconds())

    def _free_at(self, limit: Limit) -> float:
        taken = self._taken.get(limit)
        room_at = taken[0] + limit.span.total_seconds() if taken and len(taken) == limit.most else -math.inf
        return max(room_at, self._held.get(limit.key, -math.inf))

    def _forget(self, now: float) -> None:
        self._held = {key: until for key, until in self._held.items() if until > now}
        self._taken = {
            limit: taken for limit, taken in self._taken.items() if taken[-1] + limit.span.total_seconds() > now
        }
