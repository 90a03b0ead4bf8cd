"""Channels, which cannot be spoken with: they are managed from a private chat, and their readers are led to one."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.views.layout import MOST_DATA, button, grid, managing
from bot.views.markup import MESSAGE_LIMIT, View, bold, shorten, utf16_length
from digests.model.answers import Channel

_LABEL = 40
_HOW = "Add me to the channel as an administrator who may post messages; I write to you then."


def of_channel(view: View, chat: int, title: str) -> View:
    """A view that speaks of a channel: under its title, with buttons that manage it."""
    named = f"{bold(title)}\n{view.html}"
    fits = title and utf16_length(named) <= MESSAGE_LIMIT
    return View(html=named if fits else view.html, keyboard=_for_channel(view.keyboard, chat))


def channels(found: Sequence[Channel]) -> View:
    """The channels that a person may manage."""
    if not found:
        return View(html=f"I post to no channel that you manage. {_HOW}")
    picks = [_managing(channel) for channel in found]
    text = "Which channel? To set its times or city, reply to its panel: 08:00 18:30, or Kyiv."
    return View(html=text, keyboard=grid(picks, 1))


def joined(channel: Channel) -> View:
    """To the one who made the bot an administrator of a channel."""
    text = f"I can post to {bold(channel.title)} now. Choose what it follows, and when."
    return View(html=text, keyboard=InlineKeyboardMarkup([[_managing(channel)]]))


def _managing(channel: Channel) -> InlineKeyboardButton:
    return managing(button(f"Manage {shorten(channel.title, _LABEL)}", "home"), channel.chat)


def _for_channel(keyboard: InlineKeyboardMarkup | None, chat: int) -> InlineKeyboardMarkup | None:
    """The same buttons for a channel, without those whose data grow longer than Telegram takes."""
    if keyboard is None:
        return None
    rows = ([managing(each, chat) for each in row] for row in keyboard.inline_keyboard)
    kept = ([each for each in row if len(str(each.callback_data or "").encode()) <= MOST_DATA] for row in rows)
    return InlineKeyboardMarkup([row for row in kept if row])
