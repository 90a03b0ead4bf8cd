"""What is stored on a chat: handed out, or erased."""

import json

from telegram import InputFile, Update

from bot.context import BotContext
from bot.handlers.replies import change, in_chat, say
from bot.handlers.target import address, place
from bot.views import privacy


async def export(update: Update, context: BotContext) -> None:
    """Everything that is stored on the chat, as a file."""
    stored = await context.services.privacy.export(address(update))
    body = json.dumps(stored, ensure_ascii=False, indent=1).encode()
    here = place(update)
    await in_chat(
        update,
        context,
        lambda chat: context.bot.send_document(
            chat,
            InputFile(body, filename="cablegram.json"),
            caption=privacy.exported().html,
            message_thread_id=here.thread or None,
        ),
    )


async def forget(update: Update, context: BotContext) -> None:
    """Ask whether it is meant."""
    await say(update, context, privacy.forget())


async def forget_all(update: Update, context: BotContext) -> None:
    """Erase everything that is stored on the chat."""
    await context.services.privacy.forget(address(update))
    await change(update, context, privacy.forgotten())


async def keep(update: Update, context: BotContext) -> None:
    """It was not meant."""
    await change(update, context, privacy.kept())
