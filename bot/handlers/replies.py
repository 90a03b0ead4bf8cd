"""How a handler answers: say something new, change what a button stands on, never leave a press without an answer."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.context import Answered, BotContext
from bot.handlers.target import channel, place
from bot.views.channels import of_channel
from bot.views.markup import View, as_plain
from digests.errors import PersonError
from digests.model.people import ChatId

Handler = Callable[[Update, BotContext], Coroutine[Any, Any, None]]

_PATIENCE = 1.0  # seconds before a person is shown that work goes on
_AGAIN = 600.0  # seconds in which a second press of a button means its first answer
_MANY = 10_000  # chats of which the last answer is remembered


def argument(context: BotContext) -> str:
    """What stands behind the command, or what plain words were understood as."""
    return " ".join(context.args or ())


def given(context: BotContext, name: str) -> str:
    """What the pressed button's data says under a name of its pattern in the handler table."""
    assert context.match is not None, "the table's callback patterns match"
    return context.match[name] or ""


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


async def refuse(update: Update, context: BotContext, view: View) -> None:
    """Say no where it was asked: to a press by an alert that only the one who pressed sees."""
    if update.callback_query is not None:
        await update.callback_query.answer(as_plain(view.html), show_alert=True)
    else:
        await say(update, context, view)


async def say(update: Update, context: BotContext, view: View) -> Message:
    """A new message, in the thread where the person spoke."""
    here = place(update)
    context.answered.pop(here, None)
    shown = await _signed(update, context, view)
    return await in_chat(
        update,
        context,
        lambda chat: context.bot.send_message(
            chat, shown.html, reply_markup=shown.keyboard, message_thread_id=here.thread or None
        ),
    )


async def in_chat(update: Update, context: BotContext, post: Callable[[int], Awaitable[Message]]) -> Message:
    """Post into the chat of an update; where the group got another id meanwhile, under that one."""
    here = place(update)
    try:
        return await post(here.chat)
    except ChatMigrated as moved:
        await context.services.presence.moved(here.chat, ChatId(moved.new_chat_id))
        return await post(moved.new_chat_id)


async def say_below(update: Update, context: BotContext, view: View) -> None:
    """Answer a button below its message; pressed again, in that same answer as long as nothing else was said since."""
    here, data, now = place(update), _query(update).data or "", time.monotonic()
    before = context.answered.get(here)
    if before is not None and before.data == data and now - before.at < _AGAIN:
        await _put(update, context, view, before.message)
        return
    message = await say(update, context, view)
    if len(context.answered) >= _MANY:
        context.answered.pop(next(iter(context.answered)))
    context.answered[here] = Answered(data=data, message=message.message_id, at=now)


async def change(update: Update, context: BotContext, view: View) -> bool:
    """Put a view in place of the message whose button was pressed; False where it reads so already."""
    message = _query(update).message
    assert message is not None, "only messages sent by this bot into chats have its buttons"
    return await _put(update, context, view, message.message_id)


async def _put(update: Update, context: BotContext, view: View, message: int) -> bool:
    shown = await _signed(update, context, view)
    try:
        await context.bot.edit_message_text(
            shown.html, chat_id=place(update).chat, message_id=message, reply_markup=shown.keyboard
        )
    except BadRequest as error:
        reason = str(error).lower()
        if "not modified" in reason:
            return False
        if "message to edit not found" not in reason and "can't be edited" not in reason:
            raise
        await say(update, context, view)
    except ChatMigrated:  # its messages stayed behind
        await say(update, context, view)
    return True


async def _signed(update: Update, context: BotContext, view: View) -> View:
    """What is said about a channel names it, and its buttons manage that channel."""
    about = channel(update)
    if about is None:
        return view
    known = await context.services.presence.channel(about)
    return of_channel(view, about, known.title if known else "")


@asynccontextmanager
async def typing(update: Update, context: BotContext) -> AsyncIterator[None]:
    """Show that work goes on, once it has taken a second."""
    chat = update.effective_chat
    assert chat is not None

    async def act() -> None:
        with suppress(TelegramError):  # the answer will meet the same, and is what matters
            await chat.send_action(ChatAction.TYPING)

    def show() -> None:
        context.application.create_task(act())

    later = asyncio.get_running_loop().call_later(_PATIENCE, show)
    try:
        yield
    finally:
        later.cancel()


def _query(update: Update) -> CallbackQuery:
    assert update.callback_query is not None, "only the table's callback handlers come here"
    return update.callback_query
