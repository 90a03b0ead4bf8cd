"""Digests for many readers: what they have in common is made once."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, Protocol, TypeVar
from weakref import WeakValueDictionary

from digests.editing.compose import Draft, fit
from digests.editing.novelty import Shown
from digests.model.stories import Digest, Length, Window
from digests.model.topics import TopicSlug

DRAFTS = 16  # kept: those of the last minutes, and of some who asked in between
DIGESTS = 64

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Drafter(Protocol):
    """Reads what digests are made of; `compose.Composer` does."""

    async def draft(self, topics: Sequence[TopicSlug], window: Window) -> Draft:
        """What a digest of these topics may bring."""
        ...


class Press:
    """Makes the digests of editions: one draft for each distinct topics and window, one digest for all who had the same.

    What it keeps is as old as it is: who asks for the same window a while later gets the same again.
    """

    def __init__(self, drafter: Drafter) -> None:
        self._drafter = drafter
        self._drafts = _Memory[tuple[tuple[TopicSlug, ...], Window], Draft](DRAFTS)
        self._digests = _Memory[tuple[Hashable, ...], Digest](DIGESTS)

    async def compose(
        self,
        topics: Sequence[TopicSlug],
        window: Window,
        *,
        most: int = 8,
        shown: Shown | None = None,
        length: Length = Length.NORMAL,
    ) -> Digest:
        """As `Composer.compose`. Raises StorageError."""
        asked = tuple(topics)
        draft = await self._drafts.get((asked, window), lambda: self._drafter.draft(asked, window))
        had = draft.concerning(shown or {})
        key = (asked, window, most, length, frozenset((story, frozenset(told)) for story, told in had.items()))
        return await self._digests.get(key, lambda: asyncio.to_thread(fit, draft, most, had, length))


class _Memory(Generic[Key, Value]):
    """The newest `most` values; what several ask for at the same time is made once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        self._making: WeakValueDictionary[Key, asyncio.Lock] = WeakValueDictionary()

    async def get(self, key: Key, make: Callable[[], Awaitable[Value]]) -> Value:
        """What is kept under the key, or else what `make` makes; what it raises is raised, and nothing is kept."""
        async with self._making.setdefault(key, asyncio.Lock()):
            if key not in self._kept:
                self._kept[key] = await make()
                if len(self._kept) > self._most:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]
