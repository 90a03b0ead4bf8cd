"""What is stored on a chat, and the question before it is erased."""

from bot.views.layout import button, grid
from bot.views.markup import View


def exported() -> View:
    """Below the file."""
    return View(html="Everything that is stored on this chat.")


def forget() -> View:
    """Is it meant?"""
    text = (
        "This erases everything that is stored on this chat: what it follows and when, and the digests that it had. "
        "Nothing more is sent then. /export shows it first."
    )
    return View(html=text, keyboard=grid([button("Erase everything", "erase"), button("Keep it", "keep")], 1))


def forgotten() -> View:
    """It is done."""
    return View(html="Everything that was stored on this chat is erased. /start begins anew.")


def kept() -> View:
    """It was not meant."""
    return View(html="Nothing was erased.")
