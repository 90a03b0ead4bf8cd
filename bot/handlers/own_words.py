"""Topics in a person's own words: shown, made wider or narrower, and let go."""

import re
from datetime import time

from telegram import Update

from bot.context import BotContext
from bot.handlers.replies import argument, change, given, say, typing
from bot.handlers.target import address
from bot.views import proposals
from digests.model.topics import TopicSlug


async def proposed(update: Update, context: BotContext) -> bool:
    """Show what own words would bring; False where they mean a topic that is there."""
    async with typing(update, context):
        offered = await context.services.proposals.propose(address(update), argument(context))
    if offered is None:
        return False
    await say(update, context, proposals.proposal(offered))
    return True


async def vary(update: Update, context: BotContext) -> None:
    """The same words wider or narrower, in place."""
    breadth = proposals.LETTERS[given(context, "breadth")]
    slots = tuple(time(int(slot[:2]), int(slot[2:])) for slot in re.findall(r"\d{4}", given(context, "slots")))
    slug = TopicSlug(given(context, "topic"))
    offered = await context.services.proposals.vary(address(update), slug, breadth, slots)
    await change(update, context, proposals.proposal(offered))


async def cancel(update: Update, context: BotContext) -> None:
    """Let the words go."""
    await context.services.proposals.cancel(address(update), TopicSlug(given(context, "topic")))
    await change(update, context, proposals.cancelled())
