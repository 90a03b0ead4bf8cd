"""How many chats are served at once: as many as two seconds of sending take, however fast it goes."""

import asyncio
from collections import deque

AHEAD = 2.0  # seconds
FEWEST = 8
MOST = 2_000


class Places:
    """Counts chats in and out. What is claimed waits in a place, so that claims run little ahead of sending.

    Nobody need know the rate or how many other workers share it: what left within the last two seconds tells.
    """

    def __init__(self) -> None:
        self._taken = 0
        self._left: deque[float] = deque(maxlen=MOST)
        self._changed = asyncio.Event()

    @property
    def free(self) -> int:
        """How many more may come in now."""
        earliest = asyncio.get_running_loop().time() - AHEAD
        while self._left and self._left[0] < earliest:
            self._left.popleft()
        return max(FEWEST, len(self._left)) - self._taken

    def take(self) -> None:
        """One comes in."""
        self._taken += 1

    def leave(self) -> None:
        """One is done."""
        self._taken -= 1
        self._left.append(asyncio.get_running_loop().time())
        self._changed.set()

    async def some(self, patience: float) -> int:
        """Wait until a quarter of the places is free, so that they are filled together; how many are.

        After `patience` seconds it is as many as there are then, perhaps none.
        """
        try:
            async with asyncio.timeout(patience):
                while self.free <= self._taken // 3:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            pass
        return max(0, self.free)
