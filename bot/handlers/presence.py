"""Where the bot is taken in and thrown out, which group got another id, and the channels that a person manages."""

import logging
import math
import time

from telegram import ChatMember, ChatMemberAdministrator, ChatMemberRestricted, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import Forbidden

from bot.context import BotContext
from bot.handlers.replies import say
from bot.handlers.rights import those_who_run
from bot.views import channels, home
from digests.model.people import ChatId

_log = logging.getLogger(__name__)

REMEMBERED = 300.0  # seconds that a channel's administrators are not asked for again

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


class Channels:
    """Which channels a person may manage, by what Telegram said of their administrators within the last minutes.

    However many people ask, a channel is asked about once in that time; what they then change is checked anew each time.
    """

    def __init__(self) -> None:
        self._run_by: dict[ChatId, tuple[float, frozenset[int]]] = {}

    async def manage(self, update: Update, context: BotContext) -> None:
        """Offer the person his channels."""
        person = update.effective_user
        assert person is not None, "somebody asked"
        known = await context.services.presence.channels()
        self._run_by = {each.chat: self._run_by[each.chat] for each in known if each.chat in self._run_by}
        own = [channel for channel in known if person.id in await self._who_run(context, channel.chat)]
        await say(update, context, channels.channels(own))

    async def _who_run(self, context: BotContext, channel: ChatId) -> frozenset[int]:
        now = time.monotonic()
        asked, people = self._run_by.get(channel, (-math.inf, frozenset()))
        if asked + REMEMBERED <= now:
            people = await those_who_run(context, channel)
            self._run_by[channel] = now, people
        return people


def _may_speak(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member and member.can_send_messages
    return member.status in _PRESENT
