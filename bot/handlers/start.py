"""The way in: /start and its steps, the home panel, /help."""

import re

from telegram import Update

from bot.context import BotContext
from bot.handlers.digests import say_again, say_compare, say_more, say_sources, send_latest
from bot.handlers.replies import argument, change, given, say
from bot.handlers.target import address
from bot.views import catalogue, home, schedule
from digests.conversation.followups import About
from digests.model.stories import DigestId

_SHARED = "t_"  # t.me/<bot>?start=t_<topic>
_ASKED = re.compile(r"(?P<question>more|sources|compare)_(?P<digest>[a-z2-7]{10})_(?P<number>\d{1,2})")
_ANSWERS = {"more": say_more, "sources": say_sources, "compare": say_compare}
_DOUBTED = re.compile(r"show_(?P<digest>[a-z2-7]{10})")


async def start(update: Update, context: BotContext) -> None:
    """Begin, come back, follow a shared topic, or ask about what was, or should have been, read in a channel."""
    if asked := _ASKED.fullmatch(argument(context)):
        about = About(address=address(update), number=int(asked["number"]) or None, digest=DigestId(asked["digest"]))
        await _ANSWERS[asked["question"]](update, context, about)
        return
    if doubted := _DOUBTED.fullmatch(argument(context)):
        await say_again(update, context, DigestId(doubted["digest"]))
        return
    here, subscriptions = address(update), context.services.subscriptions
    before = await subscriptions.standing(here)
    standing = await subscriptions.resume(here)
    shared = argument(context)
    if shared.startswith(_SHARED):
        view = catalogue.followed(await subscriptions.follow(here, shared.removeprefix(_SHARED)))
    elif not standing.topics:
        view = catalogue.picker(await context.services.topics.lines(here), schedule.SETUP)
    elif before.held:
        view = schedule.resumed(standing)
    else:
        view = home.home(standing)
    await say(update, context, view)


async def greet(update: Update, context: BotContext) -> None:
    """Welcome who follows nothing yet; the home panel for others. A pause goes on."""
    here = address(update)
    standing = await context.services.subscriptions.standing(here)
    if standing.topics:
        await say(update, context, home.home(standing))
    else:
        await say(update, context, catalogue.picker(await context.services.topics.lines(here), schedule.SETUP))


async def show_home(update: Update, context: BotContext) -> None:
    """The home panel in place of the one before."""
    await change(update, context, home.home(await context.services.subscriptions.standing(address(update))))


async def help_(update: Update, context: BotContext) -> None:
    """What the bot can do."""
    await say(update, context, home.help_())


async def show_help(update: Update, context: BotContext) -> None:
    """What the bot can do, in place."""
    await change(update, context, home.help_())


async def choose_first_time(update: Update, context: BotContext) -> None:
    """The second step is done; ask for the city."""
    standing = await context.services.subscriptions.set_times(address(update), given(context, "time"))
    await change(update, context, schedule.cities(standing, schedule.SETUP))


async def choose_first_city(update: Update, context: BotContext) -> None:
    """The last step is done: say what will come, and show at once how it looks."""
    standing = await context.services.subscriptions.set_zone(address(update), given(context, "city"))
    if await change(update, context, home.home(standing)):
        await send_latest(update, context, "")
