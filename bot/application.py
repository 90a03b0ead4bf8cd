"""The Telegram application: how it is built, and the one table of what answers to what."""

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ChatType, ParseMode
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    BaseRateLimiter,
    BaseUpdateProcessor,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    Defaults,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.context import CONTEXT_TYPES, BotApplication, BotContext, Services
from bot.handlers import digests, own_words, presence, privacy, speech, start, subscriptions
from bot.handlers.limits import COMMANDS, PRESSES, Limit, limited
from bot.handlers.replies import Handler, asked, pressed
from bot.handlers.rights import managed, outside_channels, settings
from bot.views import catalogue, home, proposals, schedule, stories
from bot.views.layout import CHANNEL
from bot.views.markup import View
from digests.errors import PersonError

_log = logging.getLogger(__name__)

_TOPIC = r"(?P<topic>[a-z0-9-]{1,40})"
_FLOW = f"(?P<flow>{schedule.SETUP}|{schedule.HOME})"
_STORY = r"(?P<digest>[a-z2-7]{10}):(?P<number>\d{1,2})"
_CLOCK = r"(?P<time>\d\d:\d\d)"
_SLOTS = r"(?P<slots>(?:\d{4}){1,6})"
_CITY = r"(?P<city>.{1,58})"


class _ToUs(filters.MessageFilter):
    """Said in a private chat, or in answer to a message of this bot."""

    def filter(self, message: Message) -> bool:
        answered = message.reply_to_message
        return message.chat.type == ChatType.PRIVATE or (
            answered is not None and answered.from_user is not None and answered.from_user.id == message.get_bot().id
        )


def build(
    *,
    token: str,
    api_url: str,
    services: Services,
    inbox: asyncio.Queue[object],
    processor: BaseUpdateProcessor,
    limiter: BaseRateLimiter[Any],
    request: BaseRequest,
    updates_request: BaseRequest,
) -> BotApplication:
    """The application, ready to be initialised. `api_url` is the Bot API's base, without token or trailing slash.

    `updates_request` carries getUpdates alone, so that a long poll never holds up an answer.
    """
    defaults = Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True))
    application: BotApplication = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .request(request)
        .get_updates_request(updates_request)
        .update_queue(inbox)
        .concurrent_updates(processor)
        .rate_limiter(limiter)
        .defaults(defaults)
        .context_types(CONTEXT_TYPES)
        .job_queue(None)
        .post_init(introduce)
        .build()
    )
    application.bot_data.services = services
    _add_handlers(application)
    return application


async def introduce(application: Application) -> None:  # type: ignore[type-arg]
    """Tell Telegram which commands to offer, by scope. The bot works without: where Telegram does not listen is only logged."""
    scopes = (
        (home.READING + home.SETTINGS + home.PRIVATE, BotCommandScopeAllPrivateChats()),
        (home.READING, BotCommandScopeAllGroupChats()),
        (home.READING + home.SETTINGS, BotCommandScopeAllChatAdministrators()),
    )
    try:
        for commands, scope in scopes:
            await application.bot.set_my_commands([BotCommand(*command) for command in commands], scope=scope)
    except TelegramError as error:
        _log.warning("Telegram could not be told the commands: %s", error)


def _add_handlers(application: BotApplication) -> None:
    """Order matters: the first handler that fits takes the update."""
    spoken, pushed = Limit(COMMANDS), Limit(PRESSES)

    def heard(handler: Handler) -> Handler:
        return limited(handler, spoken)

    def felt(handler: Handler) -> Handler:
        return limited(outside_channels(handler), pushed)

    commands = _commands()
    for name, command in commands.items():
        # An edited command is not said twice.
        application.add_handler(CommandHandler(name, heard(command), filters=filters.UpdateType.MESSAGE))

    for buttons, allowed in ((_reading_buttons(), managed), (_setting_buttons(), _for_admins)):
        for pattern, button in buttons:
            whole = re.compile(f"(?:{CHANNEL})?{pattern}$")
            application.add_handler(CallbackQueryHandler(felt(allowed(pressed(button))), pattern=whole))
    application.add_handler(CallbackQueryHandler(felt(pressed(speech.outdated_button))))

    said = filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL
    to_us = said & _ToUs()
    application.add_handler(MessageHandler(to_us & filters.LOCATION, heard(_for_admins(subscriptions.location))))
    plain = asked(speech.plain_words({**commands, "hello": managed(start.greet)}), _city)
    # In groups only answers to this bot's own messages, which is what Telegram shows a bot with privacy on.
    application.add_handler(MessageHandler(to_us & filters.TEXT & ~filters.COMMAND, heard(plain)))
    application.add_handler(MessageHandler(to_us | (said & filters.COMMAND), heard(speech.not_understood)))
    # What Telegram tells by itself counts towards nobody's limit.
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, presence.migrated))
    application.add_handler(ChatMemberHandler(presence.membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_error_handler(speech.failed)


def _for_admins(handler: Handler) -> Handler:
    return managed(settings(handler))


def _commands() -> dict[str, Handler]:
    reading: dict[str, Handler] = {
        "help": start.help_,
        "latest": asked(digests.latest, _topic("latest")),
        "more": asked(digests.more, _story),
        "sources": asked(digests.sources, _story),
        "compare": asked(digests.compare, _story),
        "topics": asked(subscriptions.topics, _topic("card")),
        "subscriptions": subscriptions.subscriptions,
        "channels": presence.Channels().manage,
    }
    setting: dict[str, Handler] = {
        "start": asked(start.start, _topic("follow")),
        "subscribe": asked(subscriptions.subscribe, _topic("follow")),
        "unsubscribe": asked(subscriptions.unsubscribe, _topic("drop")),
        "time": asked(subscriptions.time, _time),
        "timezone": asked(subscriptions.timezone, _city),
        "pause": asked(subscriptions.pause, _pause),
        "resume": subscriptions.resume,
        "export": privacy.export,
        "forget": privacy.forget,
    }
    return {
        **{name: managed(handler) for name, handler in reading.items()},
        **{name: _for_admins(handler) for name, handler in setting.items()},
    }


def _reading_buttons() -> tuple[tuple[str, Handler], ...]:
    """For everybody. Patterns of callback data with their handlers, whole data each; views write them with layout.button."""
    return (
        # below a digest: an answer of its own
        (f"more:{_STORY}", asked(digests.press_more, _story)),
        (f"sources:{_STORY}", asked(digests.press_sources, _story)),
        (f"compare:{_STORY}", asked(digests.press_compare, _story)),
        ("show:(?P<digest>[a-z2-7]{10})", asked(digests.show_again, _story)),
        (f"latest:{_TOPIC}?", asked(digests.press_latest, _topic("latest"))),
        # below an answer: in its place
        (f"tell:{_STORY}", asked(digests.turn_to_more, _story)),
        (f"quote:{_STORY}", asked(digests.turn_to_originals, _story)),
        (f"list:{_STORY}", asked(digests.turn_to_sources, _story)),
        (f"weigh:{_STORY}", asked(digests.turn_to_compare, _story)),
        (f"card:{_TOPIC}", asked(subscriptions.show_card, _topic("card"))),
        ("topics", subscriptions.show_topics),
        ("home", start.show_home),
        ("help", start.show_help),
    )


def _setting_buttons() -> tuple[tuple[str, Handler], ...]:
    """For those who may change what the chat follows."""
    return (
        # the first steps, then the same from the home panel
        (f"at:{schedule.SETUP}:{_CLOCK}", asked(start.choose_first_time, _time)),
        (f"zone:{schedule.SETUP}:{_CITY}", asked(start.choose_first_city, _city)),
        (f"at:{schedule.HOME}:{_CLOCK}", asked(subscriptions.press_time, _time)),
        (f"zone:{schedule.HOME}:{_CITY}", asked(subscriptions.press_city, _city)),
        (f"pick:{_FLOW}", subscriptions.show_picker),
        (f"tick:{_FLOW}:{_TOPIC}", asked(subscriptions.tick, _topic("follow"))),
        (f"untick:{_FLOW}:{_TOPIC}", asked(subscriptions.untick, _topic("drop"))),
        (f"times:{_FLOW}", subscriptions.show_times),
        (f"cities:{_FLOW}", subscriptions.show_cities),
        (f"follow:{_TOPIC}(?::{_SLOTS})?", asked(subscriptions.press_follow, _topic("follow"))),
        (f"own:{_TOPIC}:(?P<breadth>[nuw])(?::{_SLOTS})?", asked(own_words.vary, _words)),
        (f"cancel:{_TOPIC}", asked(own_words.cancel, _words)),
        (f"drop:{_TOPIC}", asked(subscriptions.press_drop, _topic("drop"))),
        ("resume", subscriptions.press_resume),
        ("erase", privacy.forget_all),
        ("keep", privacy.keep),
    )


def _topic(verb: str) -> Callable[[PersonError, BotContext], View]:
    def refusal(error: PersonError, context: BotContext) -> View:
        return catalogue.refused(error, context.services.topics.titles, verb)

    return refusal


def _words(error: PersonError, _: BotContext) -> View:
    return proposals.refused(error)


def _pause(error: PersonError, _: BotContext) -> View:
    return schedule.refused_pause(error)


def _time(error: PersonError, _: BotContext) -> View:
    return schedule.refused_time(error)


def _city(error: PersonError, _: BotContext) -> View:
    return schedule.refused_city(error)


def _story(error: PersonError, _: BotContext) -> View:
    return stories.refused(error)
