"""The bot's own words: the home panel, help, and what it says when it cannot do what was meant."""

from telegram import InlineKeyboardMarkup

from bot.views.layout import button, grid
from bot.views.markup import View, bold, escape
from bot.views.schedule import HOME, words
from digests.model.answers import Standing

READING = (
    ("latest", "a digest now"),
    ("more", "a story in full: /more 2"),
    ("sources", "who reports a story: /sources 2"),
    ("compare", "who says what: /compare 2"),
    ("topics", "what can be followed"),
    ("subscriptions", "what is followed, when, what comes next"),
    ("help", "what I can do"),
)
"""The commands that clients offer to everybody, each with its line."""

SETTINGS = (
    ("subscribe", "follow a topic"),
    ("unsubscribe", "stop a topic"),
    ("time", "when digests come: /time 08:00 18:30"),
    ("timezone", "whose clock: /timezone Kyiv"),
    ("pause", "no digests for a while: /pause 3"),
    ("resume", "digests again"),
    ("export", "all that is stored on this chat"),
    ("forget", "erase all that is stored on this chat"),
)
"""The commands that change what a chat follows, or show and erase what is stored on it."""

PRIVATE = (("channels", "manage a channel that I post to"),)
"""The commands that are for a private chat alone."""


def home(standing: Standing) -> View:
    """Where the chat stands, and everything from there."""
    return View(html=words(standing), keyboard=_doors())


def group_welcome() -> View:
    """To a group that takes the bot in."""
    text = (
        f"{bold('Cablegram')} brings a digest of world politics here; every sentence says whose it is. "
        "Admins of this group choose what it follows."
    )
    return View(html=text, keyboard=grid([button("Choose topics", "pick", HOME), button("Help", "help")], 2))


def back_in_group() -> View:
    """To a group that takes the bot in again."""
    return View(html="Back again: what this group followed goes on.", keyboard=_doors())


def help_() -> View:
    """Six lines."""
    lines = (
        "/latest new start 5 — a digest now: topic and number of stories, both optional",
        "/more 2, /sources 2, /compare 2 — a story in full, who reports it, how each side tells it; or answer a digest with a number",
        "/subscribe ukraine talks 08:00, /unsubscribe — what to follow; /topics shows what there is",
        "/time 08:00 18:30, /timezone Kyiv — when digests come",
        "/subscriptions — what is followed here, and what comes next; /pause 3, /resume; /export, /forget what is stored",
        "Plain words do as well: “latest on new start”.",
    )
    return View(html="\n".join(lines), keyboard=_doors())


def not_understood() -> View:
    """One line and buttons."""
    return View(html="I did not understand that. Perhaps one of these?", keyboard=_doors())


def no_answers_yet() -> View:
    """To a question in plain words."""
    text = (
        "I cannot answer questions yet. A story’s number tells it in full; “sources 2” says who reports it, "
        "“compare 2” how each side tells it."
    )
    return View(html=text, keyboard=_doors())


def outdated_button() -> View:
    """A button of an earlier version, or of nobody."""
    return View(html="That button no longer does anything. Perhaps one of these?", keyboard=_doors())


def apology(number: str) -> View:
    """Something broke; the number leads to its traceback in the log."""
    return View(html=f"Something went wrong on my side ({bold(number)}). It is noted; please try again.")


def trouble(sentence: str) -> View:
    """What cannot be done, in its own words."""
    return View(html=escape(sentence))


def later() -> View:
    """An expected failure that is the operator's to mend."""
    return View(html="That cannot be done at the moment; please try again in a few minutes.")


def _doors() -> InlineKeyboardMarkup:
    first = [button("Latest digest", "latest", ""), button("Topics", "topics"), button("Following", "home")]
    return grid(first, 3, [button("Time", "times", HOME), button("City", "cities", HOME), button("Help", "help")])
