"""What is stored on a chat: all of it shown, or all of it erased."""

from collections.abc import Mapping
from typing import Any, cast

from digests.filing.file_back import BackFiler
from digests.filing.own_words import slug_of
from digests.model.people import Address
from digests.model.topics import Breadth, OwnWords
from digests.ports import Chats, Clock


class Privacy:
    """Speaks of a whole chat, its threads included."""

    def __init__(self, chats: Chats, back_filer: BackFiler, clock: Clock) -> None:
        self._chats = chats
        self._back_filer = back_filer
        self._clock = clock

    async def export(self, address: Address) -> Mapping[str, object]:
        """Everything that is stored on the chat, as JSON knows it; own words that were only tried stand apart."""
        stored = await self._chats.export(address.chat)
        told = [_told_apart(each) for each in cast("list[Mapping[str, Any]]", stored["subscriptions"])]
        return {
            "chat": address.chat,
            "exported_at": self._clock().isoformat(timespec="seconds"),
            **stored,
            "subscriptions": told,
        }

    async def forget(self, address: Address) -> None:
        """Erase everything that is stored on the chat, and know its own words no longer."""
        await self._chats.forget(address.chat)
        await self._back_filer.forget()


def _told_apart(subscription: Mapping[str, Any]) -> Mapping[str, Any]:
    followed: dict[bool, list[Any]] = {True: [], False: []}
    for words, breadth in subscription["own"]:
        own = OwnWords(words=words, breadth=Breadth(breadth))
        followed[slug_of(own) in subscription["topics"]].append([words, breadth])
    return {**subscription, "own": followed[True], "tried": followed[False]}
