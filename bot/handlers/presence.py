"""Where the bot is taken in and thrown out, which group got another id, and the channels that a person manages."""

import logging

from telegram import ChatMember, ChatMemberAdministrator, ChatMemberRestricted, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import Forbidden

from bot.context import BotContext
from bot.handlers.replies import say
from bot.handlers.rights import administers
from bot.views import channels, home
from digests.model.people import ChatId

_log = logging.getLogger(__name__)

_PRESENT = {ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER}


async def membership(update: Update, context: BotContext) -> None:
    """The bot was blocked, thrown out, taken in, or made an administrator."""
    changed = update.my_chat_member
    assert changed is not None, "the handler table lets only these through"
    chat, presence = ChatId(changed.chat.id), context.services.presence
    before, now = changed.old_chat_member, changed.new_chat_member
    if changed.chat.type == ChatType.CHANNEL:
        if isinstance(now, ChatMemberAdministrator) and now.can_post_messages:
            await _join_channel(update, context)
        else:
            await presence.left(chat)
    elif not _may_speak(now):
        await presence.left(chat)
    elif changed.chat.type != ChatType.PRIVATE and not _may_speak(before):
        # In a private chat it is /start that goes on: to unblock a bot is not yet to speak to it.
        view = home.back_in_group() if await presence.returned(chat) else home.group_welcome()
        await say(update, context, view)


async def _join_channel(update: Update, context: BotContext) -> None:
    changed = update.my_chat_member
    assert changed is not None
    joined = await context.services.presence.joined_channel(ChatId(changed.chat.id), changed.chat.title or "a channel")
    view = channels.joined(joined)
    try:
        await context.bot.send_message(changed.from_user.id, view.html, reply_markup=view.keyboard)
    except Forbidden:
        _log.info("Who made the bot an administrator of channel %d has no chat with it yet.", joined.chat)


async def migrated(update: Update, context: BotContext) -> None:
    """A group became a supergroup: both of its chats are told."""
    message = update.message
    assert message is not None, "the handler table lets only messages through"
    former, present = message.migrate_from_chat_id or message.chat.id, message.migrate_to_chat_id or message.chat.id
    await context.services.presence.moved(ChatId(former), ChatId(present))


async def manage_channels(update: Update, context: BotContext) -> None:
    """The channels that this person may manage, by what Telegram says now."""
    person = update.effective_user
    assert person is not None, "somebody asked"
    known = await context.services.presence.channels()
    own = [channel for channel in known if await administers(context, channel.chat, person.id)]
    await say(update, context, channels.channels(own))


def _may_speak(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    return member.status in _PRESENT
