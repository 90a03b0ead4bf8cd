"""The line for a reader whose edition may not have arrived: one an edition, whatever becomes of it."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from digests.delivery.courier import pause_chat
from digests.delivery.shift import FIRST_PAUSE, named
from digests.errors import ChatGone, ChatMoved, DeliveryFailure, RetryLater, Unsent
from digests.model.people import ChatId, Delivery, Edition, Notice
from digests.ports import Chats, Ledger, Messenger, People

_log = logging.getLogger(__name__)


class _ToldAlready(Exception):
    """Another worker told the reader in the meantime."""


class Notices:
    """Tells of doubts, each at most once: a doubt about the notice itself ends it."""

    def __init__(self, *, people: People, chats: Chats, ledger: Ledger, messenger: Messenger) -> None:
        self._people = people
        self._chats = chats
        self._ledger = ledger
        self._messenger = messenger
        self._untold: dict[Edition, Delivery] = {}  # announced, and the notice surely did not go out

    async def outstanding(self) -> Sequence[Delivery]:
        """The doubts that their readers should hear of."""
        return (*self._untold.values(), *await self._ledger.unannounced())

    async def tell(self, doubt: Delivery) -> timedelta:
        """Send the line; for how long the chat is better left alone. Raises StorageError."""
        edition = doubt.edition
        begun = edition in self._untold
        self._untold.pop(edition, None)
        if await self._people.get(edition.address) is None:  # forgotten meanwhile: not another word
            return timedelta()

        async def begin() -> None:
            nonlocal begun
            if not begun and not await self._ledger.announce(doubt):
                raise _ToldAlready
            begun = True

        try:
            await self._messenger.send(edition.address, Notice(edition=edition, digest=doubt.digest), begin)
        except _ToldAlready:
            pass
        except (Unsent, RetryLater) as obstacle:
            if begun:
                self._untold[edition] = doubt
            return obstacle.after if isinstance(obstacle, RetryLater) else FIRST_PAUSE
        except ChatGone as gone:
            await pause_chat(self._people, edition.address, gone)
        except ChatMoved as moved:
            there = await self._follow(edition, moved.to)
            self._untold |= {there: replace(doubt, edition=there)} if begun else {}
        except DeliveryFailure as failure:
            _log.warning("The notice that %s may not have arrived failed: %s", named(edition), failure)
        return timedelta()

    async def _follow(self, edition: Edition, to: ChatId) -> Edition:
        await self._chats.move(edition.address.chat, to)
        return replace(edition, address=replace(edition.address, chat=to))
