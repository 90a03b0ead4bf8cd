"""Telegram's limits on sending: 30 a second in all, one a second a chat, 20 a minute a group."""

import math
from collections import deque
from collections.abc import Callable

from bot.playground.methods import ApiError


class Limits:
    """Counts what is sent by a monotonic clock in seconds, and refuses the one too many."""

    def __init__(self, clock: Callable[[], float], *, overall: int = 30) -> None:
        self._clock = clock
        self._overall = overall
        self._sent: dict[tuple[int, float], deque[float]] = {}

    def admit(self, chat: int) -> None:
        """Count a message to a chat; raises ApiError 429 where it is too many."""
        now = self._clock()
        rules = [(0, self._overall, 1.0), (chat, 1, 1.0)]
        if chat < 0:
            rules.append((chat, 20, 60.0))
        waits = [self._wait(now, who, most, span) for who, most, span in rules]
        if max(waits) > 0:
            seconds = math.ceil(max(waits))
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        for who, most, span in rules:
            self._sent.setdefault((who, span), deque(maxlen=most)).append(now)

    def _wait(self, now: float, who: int, most: int, span: float) -> float:
        times = self._sent.get((who, span))
        return times[0] + span - now if times is not None and len(times) == most else 0.0
