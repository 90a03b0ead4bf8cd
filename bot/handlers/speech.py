"""What is said without a command, and what is not understood."""

import logging
import secrets
from collections.abc import Mapping

from telegram import Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.context import BotContext
from bot.handlers.replies import Handler, say
from bot.views import home
from digests.conversation.wishes import Wish, question, sure, wish
from digests.errors import CablegramError, PersonError

_log = logging.getLogger(__name__)


def plain_words(commands: Mapping[str, Handler]) -> Handler:
    """Do what plain words wish for, by the handler of the command that they stand for."""

    async def plain(update: Update, context: BotContext) -> None:
        wished = _wished(update, context)
        if wished is None:
            await not_understood(update, context)
        else:
            context.args = wished.argument.split()
            await commands[wished.command](update, context)

    return plain


def _wished(update: Update, context: BotContext) -> Wish | None:
    """What is wished; in a group, where people also answer one another, only what is surely meant for the bot."""
    text, topics = _text(update), context.services.topics
    if topics.known(text):
        return Wish(command="latest", argument=text)
    if _private(update):
        return wish(text)
    try:
        wished = wish(text)
    except PersonError:
        return None
    return wished if wished and sure(wished, lambda words: topics.known(words) is not None) else None


async def not_understood(update: Update, context: BotContext) -> None:
    """One line and buttons; in a group only where this bot is spoken to."""
    text = _text(update)
    if _private(update) or f"@{context.bot.username}".lower() in text.lower():
        await say(update, context, home.no_answers_yet() if question(text) else home.not_understood())


def _text(update: Update) -> str:
    message = update.effective_message
    return (message.text if message is not None else None) or ""


def _private(update: Update) -> bool:
    return update.effective_chat is not None and update.effective_chat.type == ChatType.PRIVATE


async def outdated_button(update: Update, context: BotContext) -> None:
    """A button that no pattern knows."""
    await say(update, context, home.outdated_button())


async def failed(update: object, context: BotContext) -> None:
    """Apologise with a number that leads to the traceback; what is expected leaves one line and no traceback."""
    error = context.error
    assert error is not None
    spoken = update if isinstance(update, Update) and update.effective_chat is not None else None
    if isinstance(error, CablegramError):
        _log.error("%s", error)
        # What else went wrong may name files and hosts, which is for the operator alone.
        view = home.trouble(str(error)) if isinstance(error, PersonError) else home.later()
    elif isinstance(error, Forbidden | InvalidToken | RetryAfter) or (
        isinstance(error, NetworkError) and not isinstance(error, BadRequest)
    ):
        # The answer did not get through; an apology would not either.
        _log.warning("An answer could not be sent: %s", error)
        return
    else:
        number = secrets.token_hex(3)
        _log.error("Handling an update failed (%s)", number, exc_info=error)
        view = home.apology(number)
    if spoken is None:
        return
    try:
        await say(spoken, context, view)
    except TelegramError as unsaid:
        _log.warning("The apology could not be sent: %s", unsaid)
