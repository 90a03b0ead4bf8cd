"""The way in: /start and its steps, the home panel, /help."""

from telegram import Update

from bot.context import BotContext
from bot.handlers.digests import send_latest
from bot.handlers.replies import address, argument, change, given, say
from bot.views import catalogue, home, schedule

_SHARED = "t_"  # t.me/<bot>?start=t_<topic>


async def start(update: Update, context: BotContext) -> None:
    """Begin, come back, or follow a shared topic."""
    here, subscriptions = address(update), context.services.subscriptions
    before = await subscriptions.standing(here)
    standing = await subscriptions.resume(here)
    shared = argument(context)
    if shared.startswith(_SHARED):
        view = catalogue.followed(await subscriptions.follow(here, shared.removeprefix(_SHARED)))
    elif not standing.topics:
        view = catalogue.welcome(await context.services.topics.lines(here))
    elif before.paused is not None:
        view = home.resumed(standing)
    else:
        view = home.home(standing)
    await say(update, context, view)


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
    await context.services.subscriptions.set_times(address(update), given(context, "time"))
    await change(update, context, schedule.cities(schedule.SETUP))


async def choose_first_city(update: Update, context: BotContext) -> None:
    """The last step is done: say what will come, and show at once how it looks."""
    standing = await context.services.subscriptions.set_zone(address(update), given(context, "city"))
    if await change(update, context, home.home(standing)):
        await send_latest(update, context, "")
