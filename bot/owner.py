"""What whoever runs the bot should hear without reading logs: a line there, and a message to each of ADMIN_IDS."""

import logging
from collections.abc import Collection
from typing import Any

from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.views.markup import escape, shorten
from digests.gathering.gather import GatherReport

_log = logging.getLogger(__name__)

CROWD = 5_000  # readers that the embedded stores carry well; a change costs them 70 ms at twice as many
_LISTED = 10  # feeds named in one message
_LONGEST = 3_000  # characters of one message


class Owner:
    """Tells the people of ADMIN_IDS, as far as they have a chat with the bot."""

    def __init__(self, bot: ExtBot[Any], admins: Collection[int]) -> None:
        self._bot = bot
        self._admins = sorted(admins)
        self._knows_of_crowd = False

    async def hear_of_feeds(self, report: GatherReport) -> None:
        """Name the feeds that have died, if any."""
        if not report.dead:
            return
        named = [f"{failure.feed} ({failure.reason.rstrip('.')})" for failure in report.dead]
        more = f" and {len(named) - _LISTED} more" if len(named) > _LISTED else ""
        await self._hear(
            f"For three days nothing could be read from {', '.join(named[:_LISTED])}{more}. "
            "Correct the address in FEEDS_FILE, or set enabled = false there."
        )

    async def hear_of_readers(self, count: int) -> None:
        """Say, once in this process's life, that there are more than the embedded stores carry well."""
        if count > CROWD and not self._knows_of_crowd:
            self._knows_of_crowd = True
            await self._hear(
                f"{count} chats and threads follow something here, more than files carry well: Postgres is due. "
                "Stop the bot, run ./cablegram migrate --to postgresql://…, and set DATABASE_URL."
            )

    async def _hear(self, sentence: str) -> None:
        _log.warning("%s", sentence)
        for admin in self._admins:
            try:
                await self._bot.send_message(admin, escape(shorten(sentence, _LONGEST)))
            except TelegramError as error:
                _log.warning("%d of ADMIN_IDS could not be told that: %s", admin, error)
