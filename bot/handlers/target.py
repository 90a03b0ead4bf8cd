"""Whose settings an update is about: the chat and thread where it was said, or a channel that is managed from there."""

import re

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType

from bot.views.layout import CHANNEL
from digests.model.people import Address, ChatId

_CHANNEL = re.compile(CHANNEL)


def place(update: Update) -> Address:
    """Where it was said; in a forum each thread is a place of its own."""
    assert update.effective_chat is not None, "the handler table lets through only what was said in a chat"
    return Address(chat=ChatId(update.effective_chat.id), thread=thread(update) or 0)


def thread(update: Update) -> int | None:
    """The forum's thread that it was said in. Answers to a message carry a number too, where they are no thread."""
    spoken = update.effective_message
    return spoken.message_thread_id if isinstance(spoken, Message) and spoken.is_topic_message else None


def channel(update: Update) -> ChatId | None:
    """The channel that is managed by a press of one of its buttons, or in answer to a message that has them."""
    query, spoken = update.callback_query, update.effective_message
    if query is not None:
        return _channel_of(query.data)
    if spoken is None or spoken.chat.type != ChatType.PRIVATE or spoken.reply_to_message is None:
        return None
    answered = spoken.reply_to_message.reply_markup
    rows = answered.inline_keyboard if isinstance(answered, InlineKeyboardMarkup) else ()
    found = (_channel_of(str(button.callback_data)) for row in rows for button in row)
    return next((each for each in found if each is not None), None)


def address(update: Update) -> Address:
    """Whose subscriptions are meant."""
    managed = channel(update)
    return place(update) if managed is None else Address(chat=managed)


def _channel_of(data: str | None) -> ChatId | None:
    match = _CHANNEL.match(data or "")
    return ChatId(-int(match["channel"], 36)) if match else None
