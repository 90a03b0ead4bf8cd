"""The Messenger port over python-telegram-bot: what Telegram says becomes what the newsroom understands."""

import html
import logging
import re
from collections.abc import Callable, Hashable
from typing import TypeVar

from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.pacing import pause_of
from bot.transport import NotSent
from bot.views import digest as views
from bot.views.markup import View
from digests.errors import ChatGone, ChatMoved, DeliveryFailure, Refused, RetryLater, Uncertain, Unsent
from digests.model.people import Address, ChatId, Heading, MessageId, Notice, Part
from digests.model.stories import Digest, DigestId
from digests.ports import Begin

KEPT = 100  # splits and renderings

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_LOG = logging.getLogger(__name__)
_TAG = re.compile(r"<[^>]*>")

# What Telegram says with status 400 where it is the chat, and not the message, that cannot be written to.
_CLOSED = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat was deactivated",
    "chat_write_forbidden",
    "chat_send_plain_forbidden",
    "chat_guest_send_forbidden",
    "chat_admin_required",
    "user_is_blocked",
    "input_user_deactivated",
    "chat_restricted",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
)


class TelegramMessenger:
    """Sends digests through a bot whose rate limiter is `Pacing`, as the less urgent of what it sends."""

    def __init__(self, bot: ExtBot[Begin], on_unknown_token: Callable[[], None]) -> None:
        """`on_unknown_token` is told when a send meets that Telegram does not know the token any more: the bot must end."""
        self._bot = bot
        self._on_unknown_token = on_unknown_token
        # What many readers are shown alike is split and rendered once.
        self._parts: dict[tuple[DigestId, Heading], tuple[Part, ...]] = {}
        self._views: dict[tuple[DigestId, Heading, int, int], View] = {}

    def parts(self, digest: Digest, heading: Heading) -> tuple[Part, ...]:
        """Split between stories, so that each part fits one message; at least one part."""
        return _kept(self._parts, (digest.id, heading), lambda: views.split(digest, heading))

    async def send(self, address: Address, content: Part | Notice, begin: Begin) -> MessageId:
        """Send one message, once; where Telegram cannot read its markup, once more as plain text.

        Raises ChatGone, ChatMoved, RetryLater, Unsent, Refused or Uncertain.
        """
        if isinstance(content, Part):
            key = content.digest.id, content.heading, content.number, content.of
            view = _kept(self._views, key, lambda: views.render(content))
        else:
            view = views.render_notice(content)
        try:
            try:
                return await self._post(address, view, ParseMode.HTML, begin)
            except BadRequest as error:
                if "can't parse entities" not in error.message.lower():
                    raise
                _LOG.warning("Telegram could not read the markup of a digest, it went out as plain text: %s", error)
                return await self._post(address, _plain(view), None, _begun)
        except InvalidToken as error:
            self._on_unknown_token()
            raise Unsent("Telegram does not know the token.") from error
        except TelegramError as error:
            raise _failure(error) from error

    async def _post(self, address: Address, view: View, parse_mode: ParseMode | None, begin: Begin) -> MessageId:
        message = await self._bot.send_message(
            address.chat,
            view.html,
            parse_mode=parse_mode,
            reply_markup=view.keyboard,
            message_thread_id=address.thread or None,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            rate_limit_args=begin,
        )
        return MessageId(message.message_id)


def _kept(made: dict[Key, Value], key: Key, make: Callable[[], Value]) -> Value:
    if key not in made:
        if len(made) >= KEPT:
            made.clear()
        made[key] = make()
    return made[key]


async def _begun() -> None:
    """Do nothing: it has begun already."""


def _plain(view: View) -> View:
    return View(html=html.unescape(_TAG.sub("", view.html)), keyboard=view.keyboard)


def _failure(error: TelegramError) -> DeliveryFailure:
    match error:
        case Forbidden():
            return ChatGone(error.message)
        case ChatMigrated():
            return ChatMoved(error.message, to=ChatId(error.new_chat_id))
        case RetryAfter():
            return RetryLater(error.message, after=pause_of(error))
        case NotSent() | Conflict():
            return Unsent(error.message)
        case BadRequest():
            closed = any(words in error.message.lower() for words in _CLOSED)
            return ChatGone(error.message) if closed else Refused(error.message)
    # MaybeSent, a 5xx, an answer that is no answer: the message may stand in the chat.
    return Uncertain(error.message)
