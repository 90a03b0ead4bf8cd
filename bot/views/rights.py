"""What is said, kindly, to those who may not, and to those who ask too much at once."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.views.markup import View, escape


def admins_only(bot: str) -> View:
    """To a member of a group who would change its settings."""
    text = "Only admins of this group can do that here. In a chat of our own you can."
    own = InlineKeyboardButton("Open a chat", url=own_chat(bot, "group"))
    return View(html=escape(text), keyboard=InlineKeyboardMarkup([[own]]))


def own_chat(bot: str, wish: str) -> str:
    """The address of a private chat with the bot that begins with /start and `wish`."""
    return f"https://t.me/{bot}?start={wish}"


def not_your_channel() -> View:
    """To somebody who does not, or no longer, run the channel whose buttons are pressed."""
    return View(html="Only admins who may post to that channel can manage it. /channels shows yours.")


def too_many(most: int) -> View:
    """To somebody who asked more than is answered in a minute."""
    return View(html=f"That is more than I answer: {most} a minute for each person. Please ask again in a minute.")
