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
from digests.conversation.wishes import Wish, wish
from digests.errors import CablegramError, PersonError

_log = logging.getLogger(__name__)


def plain_words(commands: Mapping[str, Handler]) -> Handler:
    """Do what plain words wish for, by the handler of the command that they stand for."""

    async def plain(update: Update, context: BotContext) -> None:
        message = update.effective_message
        assert message is not None
        text = message.text or ""
        wished = Wish(command="latest", argument=text) if context.services.topics.known(text) else wish(text)
        if wished is None:
            await say(update, context, home.not_understood())
        else:
            context.args = wished.argument.split()
            await commands[wished.command](update, context)

    return plain


async def not_understood(update: Update, context: BotContext) -> None:
    """One line and buttons; in a group only where this bot is spoken to."""
    message = update.effective_message
    addressed = message is not None and f"@{context.bot.username}".lower() in (message.text or "").lower()
    if addressed or (update.effective_chat is not None and update.effective_chat.type == ChatType.PRIVATE):
        await say(update, context, home.not_understood())


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
