"""What is followed and when: topics, subscriptions, times, cities."""

import re

from telegram import Update

from bot.context import BotContext
from bot.handlers.own_words import proposed
from bot.handlers.replies import argument, change, given, say, typing
from bot.handlers.target import address
from bot.views import catalogue, outlook, schedule


async def topics(update: Update, context: BotContext) -> None:
    """The catalogue, or one topic of it with its state of play."""
    wanted = argument(context)
    if wanted:
        async with typing(update, context):
            state = await context.services.outlooks.of(address(update), wanted)
        await say(update, context, outlook.state_of_play(state))
    else:
        await say(update, context, catalogue.topics(await context.services.topics.lines(address(update))))


async def show_topics(update: Update, context: BotContext) -> None:
    """The catalogue in place."""
    await change(update, context, catalogue.topics(await context.services.topics.lines(address(update))))


async def show_card(update: Update, context: BotContext) -> None:
    """One topic in place, with its state of play."""
    state = await context.services.outlooks.of(address(update), given(context, "topic"))
    await change(update, context, outlook.state_of_play(state))


async def subscribe(update: Update, context: BotContext) -> None:
    """Follow a topic or several, perhaps at given times, or offer one in own words; without one the picker."""
    wanted = argument(context)
    if each := await context.services.subscriptions.follow_each(address(update), wanted):
        await say(update, context, catalogue.followed(each[-1], *each[:-1]))
    elif wanted and not await proposed(update, context):
        followed = await context.services.subscriptions.follow(address(update), wanted)
        await say(update, context, catalogue.followed(followed))
    elif not wanted:
        lines = await context.services.topics.lines(address(update))
        await say(update, context, catalogue.picker(lines, schedule.HOME))


async def unsubscribe(update: Update, context: BotContext) -> None:
    """Stop a topic; without one the picker of what is followed."""
    wanted = argument(context)
    if wanted:
        stopped = await context.services.subscriptions.stop(address(update), wanted)
        await say(update, context, catalogue.stopped(stopped))
    else:
        standing = await context.services.subscriptions.standing(address(update))
        await say(update, context, catalogue.stoppable(standing))


async def press_follow(update: Update, context: BotContext) -> None:
    """Follow the button's topic."""
    times = " ".join(f"{slot[:2]}:{slot[2:]}" for slot in re.findall(r"\d{4}", given(context, "slots")))
    followed = await context.services.subscriptions.follow(address(update), f"{given(context, 'topic')} {times}")
    await context.services.proposals.followed(followed.topic)
    await change(update, context, catalogue.followed(followed))


async def press_drop(update: Update, context: BotContext) -> None:
    """Stop the button's topic."""
    stopped = await context.services.subscriptions.stop(address(update), given(context, "topic"))
    await change(update, context, catalogue.stopped(stopped))


async def show_picker(update: Update, context: BotContext) -> None:
    """The picker in place."""
    lines = await context.services.topics.lines(address(update))
    await change(update, context, catalogue.picker(lines, given(context, "flow")))


async def tick(update: Update, context: BotContext) -> None:
    """Follow the ticked topic, and show the picker as it stands now."""
    followed = await context.services.subscriptions.follow(address(update), given(context, "topic"))
    await context.services.proposals.followed(followed.topic)
    await show_picker(update, context)


async def untick(update: Update, context: BotContext) -> None:
    """Stop the topic, and show the picker as it stands now."""
    await context.services.subscriptions.stop(address(update), given(context, "topic"))
    await show_picker(update, context)


async def subscriptions(update: Update, context: BotContext) -> None:
    """What is followed, when, and what comes next."""
    await say(update, context, schedule.subscriptions(await context.services.subscriptions.standing(address(update))))


async def time(update: Update, context: BotContext) -> None:
    """Set the times; without one, a choice."""
    wanted = argument(context)
    if wanted:
        standing = await context.services.subscriptions.set_times(address(update), wanted)
        await say(update, context, schedule.scheduled(standing))
    else:
        standing = await context.services.subscriptions.standing(address(update))
        await say(update, context, schedule.times(standing, schedule.HOME))


async def show_times(update: Update, context: BotContext) -> None:
    """The choice of times in place."""
    standing = await context.services.subscriptions.standing(address(update))
    await change(update, context, schedule.times(standing, given(context, "flow")))


async def press_time(update: Update, context: BotContext) -> None:
    """Set the button's time."""
    standing = await context.services.subscriptions.set_times(address(update), given(context, "time"))
    await change(update, context, schedule.scheduled(standing))


async def timezone(update: Update, context: BotContext) -> None:
    """Set the city; without one, a choice."""
    wanted = argument(context)
    if wanted:
        standing = await context.services.subscriptions.set_zone(address(update), wanted)
        await say(update, context, schedule.scheduled(standing))
    else:
        standing = await context.services.subscriptions.standing(address(update))
        await say(update, context, schedule.cities(standing, schedule.HOME))


async def show_cities(update: Update, context: BotContext) -> None:
    """The choice of cities in place."""
    standing = await context.services.subscriptions.standing(address(update))
    await change(update, context, schedule.cities(standing, given(context, "flow")))


async def press_city(update: Update, context: BotContext) -> None:
    """Set the button's city."""
    standing = await context.services.subscriptions.set_zone(address(update), given(context, "city"))
    await change(update, context, schedule.scheduled(standing))


async def location(update: Update, context: BotContext) -> None:
    """Set the zone of the place that was sent."""
    spot = update.effective_message.location if update.effective_message else None
    assert spot is not None, "the handler table lets only locations through"
    standing = await context.services.subscriptions.set_spot(address(update), spot.latitude, spot.longitude)
    await say(update, context, schedule.scheduled(standing))


async def pause(update: Update, context: BotContext) -> None:
    """Send nothing, for some days or until asked."""
    standing = await context.services.subscriptions.pause(address(update), argument(context))
    await say(update, context, schedule.paused(standing))


async def resume(update: Update, context: BotContext) -> None:
    """End a pause."""
    await say(update, context, schedule.resumed(await context.services.subscriptions.resume(address(update))))


async def press_resume(update: Update, context: BotContext) -> None:
    """End a pause by its button."""
    await change(update, context, schedule.resumed(await context.services.subscriptions.resume(address(update))))
