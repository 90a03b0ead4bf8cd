"""The bot's own words: the home panel, help, and what it says when it cannot do what was meant."""

from telegram import InlineKeyboardMarkup

from bot.views.layout import button, grid
from bot.views.markup import View, bold, escape
from bot.views.schedule import HOME, words
from digests.model.answers import Standing

COMMANDS = (
    ("latest", "a digest now"),
    ("more", "a story in full: /more 2"),
    ("sources", "who reports a story: /sources 2"),
    ("topics", "what can be followed"),
    ("subscribe", "follow a topic"),
    ("unsubscribe", "stop a topic"),
    ("subscriptions", "what is followed, when, what comes next"),
    ("time", "when digests come: /time 08:00 18:30"),
    ("timezone", "whose clock: /timezone Kyiv"),
    ("help", "what I can do"),
)
"""The commands that clients offer, each with its line."""


def home(standing: Standing) -> View:
    """Where the chat stands, and everything from there."""
    return View(html=words(standing), keyboard=_doors())


def resumed(standing: Standing) -> View:
    """Welcome someone who comes back."""
    return View(html=f"Resumed: digests come again.\n\n{words(standing)}", keyboard=_doors())


def help_() -> View:
    """Six lines."""
    lines = (
        "/latest new start 5 — a digest now: topic and number of stories, both optional",
        "/more 2, /sources 2 — a story in full, who reports it; or answer a digest with its number",
        "/subscribe ukraine talks 08:00, /unsubscribe — what to follow; /topics shows what there is",
        "/time 08:00 18:30, /timezone Kyiv — when digests come",
        "/subscriptions — what is followed here, and what comes next",
        "Plain words do as well: “latest on new start”.",
    )
    return View(html="\n".join(lines), keyboard=_doors())


def not_understood() -> View:
    """One line and buttons."""
    return View(html="I did not understand that. Perhaps one of these?", keyboard=_doors())


def outdated_button() -> View:
    """A button of an earlier version, or of nobody."""
    return View(html="That button no longer does anything. Perhaps one of these?", keyboard=_doors())


def apology(number: str) -> View:
    """Something broke; the number leads to its traceback in the log."""
    return View(html=f"Something went wrong on my side ({bold(number)}). It is noted; please try again.")


def trouble(sentence: str) -> View:
    """An expected failure, in its own words."""
    return View(html=escape(sentence))


def _doors() -> InlineKeyboardMarkup:
    first = [button("Latest digest", "latest", ""), button("Topics", "topics"), button("Following", "home")]
    return grid(first, 3, [button("Time", "times", HOME), button("City", "cities", HOME), button("Help", "help")])
