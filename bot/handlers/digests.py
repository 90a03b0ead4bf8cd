"""Digests on demand, and questions about their stories."""

from telegram import Message, Update

from bot.context import BotContext
from bot.handlers.replies import argument, change, given, say, say_below, typing
from bot.handlers.target import address, place
from bot.views import catalogue, comparison, digest, stories
from bot.views.markup import View
from digests.conversation.followups import About
from digests.model.answers import Chosen, Compared, Contents, Reading, Telling
from digests.model.people import MessageId
from digests.model.stories import DigestId


async def latest(update: Update, context: BotContext) -> None:
    """A digest now: "[topic] [number of stories]"."""
    await send_latest(update, context, argument(context))


async def press_latest(update: Update, context: BotContext) -> None:
    """A digest now, of the button's topic or of all."""
    await send_latest(update, context, given(context, "topic"))


async def send_latest(update: Update, context: BotContext, wish: str) -> None:
    """Send a digest, or offer the topics where nothing is followed."""
    async with typing(update, context):
        reading = await context.services.latest.digest(address(update), wish)
    if reading is None:
        lines = await context.services.topics.lines(address(update))
        await say(update, context, catalogue.nothing_followed(lines))
    else:
        await _send(update, context, reading)


async def show_again(update: Update, context: BotContext) -> None:
    """Show a digest of which nobody knows whether it arrived, in place of the line that says so."""
    reading = await context.services.latest.again(address(update), DigestId(given(context, "digest")))
    first, *rest = digest.split(reading.digest, reading.heading)
    if not await change(update, context, digest.render(first)):
        return
    assert update.callback_query is not None
    assert update.callback_query.message is not None
    shown = MessageId(update.callback_query.message.message_id)
    await context.services.latest.shown(place(update), shown, reading.digest.id)
    for part in rest:
        await _remember(update, context, await say(update, context, digest.render(part)), reading)


async def say_again(update: Update, context: BotContext, shown: DigestId) -> None:
    """Show a digest that was sent, or perhaps sent, elsewhere."""
    await _send(update, context, await context.services.latest.again(address(update), shown))


async def more(update: Update, context: BotContext) -> None:
    """A story in full, of the digest that is answered to, else the newest."""
    await say_more(update, context, _about(update, context))


async def sources(update: Update, context: BotContext) -> None:
    """Who reports a story, of the digest that is answered to, else the newest."""
    await say_sources(update, context, _about(update, context))


async def compare(update: Update, context: BotContext) -> None:
    """Who says what about a story, of the digest that is answered to, else the newest."""
    await say_compare(update, context, _about(update, context))


async def press_compare(update: Update, context: BotContext) -> None:
    """Who says what about a story, below the digest whose button was pressed."""
    await say_below(update, context, await _compared(context, _pressed(update, context)))


async def turn_to_compare(update: Update, context: BotContext) -> None:
    """Who says what about a story, in place of another one."""
    await change(update, context, await _compared(context, _pressed(update, context)))


async def press_more(update: Update, context: BotContext) -> None:
    """A story in full, below the digest whose button was pressed."""
    await say_below(update, context, await _more(context, _pressed(update, context)))


async def press_sources(update: Update, context: BotContext) -> None:
    """Who reports a story, below the digest whose button was pressed."""
    await say_below(update, context, await _sources(context, _pressed(update, context)))


async def say_more(update: Update, context: BotContext, about: About) -> None:
    """A story in full, or which there are."""
    await say(update, context, await _more(context, about))


async def say_sources(update: Update, context: BotContext, about: About) -> None:
    """Who reports a story, or which there are."""
    await say(update, context, await _sources(context, about))


async def say_compare(update: Update, context: BotContext, about: About) -> None:
    """Who says what about a story, or which there are."""
    await say(update, context, await _compared(context, about))


async def turn_to_more(update: Update, context: BotContext) -> None:
    """A story in full, in place of another one."""
    await change(update, context, await _more(context, _pressed(update, context)))


async def turn_to_originals(update: Update, context: BotContext) -> None:
    """The exact words that a story's sentences were taken from, in place of the story in full."""
    answer = await context.services.followups.more(_pressed(update, context))
    view = stories.originals(answer) if isinstance(answer, Telling) else stories.contents(answer, "quote")
    await change(update, context, view)


async def turn_to_sources(update: Update, context: BotContext) -> None:
    """Who reports a story, in place of another one."""
    await change(update, context, await _sources(context, _pressed(update, context)))


async def _more(context: BotContext, about: About) -> View:
    answer = await context.services.followups.more(about)
    return stories.more(answer) if isinstance(answer, Telling) else stories.contents(answer, "tell")


async def _sources(context: BotContext, about: About) -> View:
    answer: Chosen | Contents = await context.services.followups.sources(about)
    return stories.told_sources(answer) if isinstance(answer, Chosen) else stories.contents(answer, "list")


async def _compared(context: BotContext, about: About) -> View:
    answer = await context.services.comparisons.of(about)
    return comparison.compared(answer) if isinstance(answer, Compared) else stories.contents(answer, "weigh")


def _about(update: Update, context: BotContext) -> About:
    words = argument(context)
    number = int(words) if words.isdecimal() and len(words) <= 6 else None
    replied = update.effective_message.reply_to_message if update.effective_message else None
    return About(
        address=place(update), number=number, message=MessageId(replied.message_id) if replied is not None else None
    )


def _pressed(update: Update, context: BotContext) -> About:
    # The digest's own button [Sources] says 0: it asks which.
    return About(
        address=place(update),
        number=int(given(context, "number")) or None,
        digest=DigestId(given(context, "digest")),
    )


async def _send(update: Update, context: BotContext, reading: Reading) -> None:
    for part in digest.split(reading.digest, reading.heading):
        await _remember(update, context, await say(update, context, digest.render(part)), reading)


async def _remember(update: Update, context: BotContext, message: Message, reading: Reading) -> None:
    await context.services.latest.shown(place(update), MessageId(message.message_id), reading.digest.id)
