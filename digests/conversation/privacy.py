"""What is stored on a chat: all of it shown, or all of it erased."""

from collections.abc import Mapping

from digests.filing.file_back import BackFiler
from digests.model.people import Address
from digests.ports import Chats, Clock


class Privacy:
    """Speaks of a whole chat, its threads included."""

    def __init__(self, chats: Chats, back_filer: BackFiler, clock: Clock) -> None:
        self._chats = chats
        self._back_filer = back_filer
        self._clock = clock

    async def export(self, address: Address) -> Mapping[str, object]:
        """Everything that is stored on the chat, as JSON knows it."""
        stored = await self._chats.export(address.chat)
        return {"chat": address.chat, "exported_at": self._clock().isoformat(timespec="seconds"), **stored}

    async def forget(self, address: Address) -> None:
        """Erase everything that is stored on the chat, and know its own words no longer."""
        await self._chats.forget(address.chat)
        await self._back_filer.forget()
