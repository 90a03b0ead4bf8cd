"""Who may change what a chat follows: in private everybody, in groups and channels those whom Telegram calls administrators."""

import re

from telegram import ChatMember, ChatMemberAdministrator, ChatMemberOwner, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.context import BotContext
from bot.handlers.replies import Handler, refuse
from bot.handlers.target import channel
from bot.views import rights
from digests.model.people import ChatId

_ASKED = re.compile(r"(?:more|sources|compare):[a-z2-7]{10}:\d{1,2}|show:[a-z2-7]{10}")


def settings(handler: Handler) -> Handler:
    """Let only those through who may change the chat's settings; asked of Telegram each time."""

    async def allowed(update: Update, context: BotContext) -> None:
        if channel(update) is not None or await _may_change(update, context):
            await handler(update, context)
        else:
            await refuse(update, context, rights.admins_only(context.bot.username))

    return allowed


def managed(handler: Handler) -> Handler:
    """Where it is about a channel, let only its administrators through, for whatever they ask."""

    async def allowed(update: Update, context: BotContext) -> None:
        about = channel(update)
        if about is None or await administers(context, about, _user(update)):
            await handler(update, context)
        else:
            await refuse(update, context, rights.not_your_channel())

    return allowed


def outside_channels(handler: Handler) -> Handler:
    """Below a channel's posts lead its reader to a chat of his own, with what he pressed: nobody makes the bot write there."""

    async def led(update: Update, context: BotContext) -> None:
        query, chat = update.callback_query, update.effective_chat
        if query is None or chat is None or chat.type != ChatType.CHANNEL:
            await handler(update, context)
            return
        asked = _ASKED.fullmatch(query.data or "")
        await query.answer(
            url=rights.own_chat(context.bot.username, asked[0].replace(":", "_") if asked else "channel")
        )

    return led


async def administers(context: BotContext, chat: ChatId, user: int) -> bool:
    """Whether somebody runs a group, or may post to a channel."""
    try:
        member = await context.bot.get_chat_member(chat, user)
    except ChatMigrated as moved:
        return await administers(context, ChatId(moved.new_chat_id), user)
    except (BadRequest, Forbidden):  # never a member, or the bot is none any more
        return False
    return _runs(member)


async def those_who_run(context: BotContext, channel: ChatId) -> frozenset[int]:
    """The people who may post to a channel; nobody where the bot is in it no more."""
    try:
        members = await context.bot.get_chat_administrators(channel)
    except (BadRequest, Forbidden):
        return frozenset()
    return frozenset(member.user.id for member in members if _runs(member))


def _runs(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberAdministrator):
        return member.can_post_messages is not False  # None in groups, where it says nothing
    return isinstance(member, ChatMemberOwner)


async def _may_change(update: Update, context: BotContext) -> bool:
    chat, spoken = update.effective_chat, update.message
    assert chat is not None, "the handler table lets through only what was said in a chat"
    if chat.type == ChatType.PRIVATE:
        return True
    if spoken is not None and spoken.sender_chat is not None:
        return spoken.sender_chat.id == chat.id  # an administrator who speaks in the group's own name
    return await administers(context, ChatId(chat.id), _user(update))


def _user(update: Update) -> int:
    assert update.effective_user is not None, "somebody said or pressed it"
    return update.effective_user.id
