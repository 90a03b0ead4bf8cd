"""How a handler answers: say something new, change what a button stands on, never leave a press without an answer."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatAction
from telegram.error import BadRequest

from bot.context import BotContext
from bot.views.markup import View
from digests.errors import PersonError
from digests.model.people import Address, ChatId

Handler = Callable[[Update, BotContext], Coroutine[Any, Any, None]]

_PATIENCE = 1.0  # seconds before a person is shown that work goes on


def address(update: Update) -> Address:
    """The chat that is spoken to; one subscription set a chat, forums too."""
    assert update.effective_chat is not None, "the handler table lets through only what was said in a chat"
    return Address(chat=ChatId(update.effective_chat.id))


def argument(context: BotContext) -> str:
    """What stands behind the command, or what plain words were understood as."""
    return " ".join(context.args or ())


def given(context: BotContext, name: str) -> str:
    """What the pressed button's data says under a name of its pattern in the handler table."""
    assert context.match is not None, "the table's callback patterns match"
    return str(context.match[name])


def asked(handler: Handler, refusal: Callable[[PersonError, BotContext], View]) -> Handler:
    """Answer what cannot be done with one sentence and the buttons that help."""

    async def guarded(update: Update, context: BotContext) -> None:
        try:
            await handler(update, context)
        except PersonError as error:
            await say(update, context, refusal(error, context))

    return guarded


def pressed(handler: Handler) -> Handler:
    """Stop the button's spinner first, whatever the work behind it comes to."""

    async def answered(update: Update, context: BotContext) -> None:
        try:
            await _query(update).answer()
        except BadRequest as error:
            # Pressed while the bot was down: too late to answer, still to be done.
            if "query is too old" not in str(error).lower():
                raise
        await handler(update, context)

    return answered


async def say(update: Update, context: BotContext, view: View) -> Message:
    """A new message, in the thread where the person spoke."""
    chat = update.effective_chat
    assert chat is not None
    spoken = update.effective_message
    thread = spoken.message_thread_id if spoken is not None and spoken.is_topic_message else None
    return await context.bot.send_message(chat.id, view.html, reply_markup=view.keyboard, message_thread_id=thread)


async def change(update: Update, context: BotContext, view: View) -> bool:
    """Put a view in place of the message whose button was pressed; False where it reads so already."""
    message = _query(update).message
    assert message is not None, "only messages sent by this bot into chats have its buttons"
    try:
        await context.bot.edit_message_text(
            view.html, chat_id=message.chat.id, message_id=message.message_id, reply_markup=view.keyboard
        )
    except BadRequest as error:
        reason = str(error).lower()
        if "not modified" in reason:
            return False
        if "message to edit not found" not in reason and "can't be edited" not in reason:
            raise
        await say(update, context, view)
    return True


@asynccontextmanager
async def typing(update: Update, context: BotContext) -> AsyncIterator[None]:
    """Show that work goes on, once it has taken a second."""
    chat = update.effective_chat
    assert chat is not None

    def show() -> None:
        context.application.create_task(chat.send_action(ChatAction.TYPING))

    later = asyncio.get_running_loop().call_later(_PATIENCE, show)
    try:
        yield
    finally:
        later.cancel()


def _query(update: Update) -> CallbackQuery:
    assert update.callback_query is not None, "only the table's callback handlers come here"
    return update.callback_query
