"""Plain words that stand for a command: "latest on new start", "2", "kyiv": pure."""

import re
from dataclasses import dataclass

from digests.conversation.times import meant_as_times
from digests.conversation.words import fold
from digests.conversation.zones import known_place

_COMMANDS = {
    "latest": ("latest", "news", "digest", "whats new"),
    "more": ("more", "tell me more"),
    "sources": ("sources", "source", "who says"),
    "subscribe": ("subscribe", "follow"),
    "unsubscribe": ("unsubscribe", "unfollow", "stop"),
    "subscriptions": ("subscriptions", "my topics"),
    "topics": ("topics", "topic", "catalogue"),
    "timezone": ("timezone", "time zone", "city"),
    "time": ("time", "times"),
    "pause": ("pause",),
    "resume": ("resume",),
    "help": ("help", "hello", "hi"),
    "start": ("start",),
}
_FILLING = r"(?:(?:to|on|about|for|from|of|the|me|story|number|at|please)\s+)*"
_WISH = re.compile(
    r"(?:please\s+)?(?P<first>{})(?!\w)[\s:,?!.]*{}(?P<rest>.*)".format(
        "|".join(sorted((word for words in _COMMANDS.values() for word in words), key=len, reverse=True)), _FILLING
    ),
    re.IGNORECASE | re.DOTALL,
)
_NAMED = {word: command for command, words in _COMMANDS.items() for word in words}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A command's name and what stands behind it."""

    command: str
    argument: str = ""


def wish(text: str) -> Wish | None:
    """What is wished; None where that cannot be told. A city, times or a number alone are wishes too.

    Raises PersonError for an offset from UTC that no zone has.
    """
    plain = text.strip().replace("’", "").replace("'", "")
    if re.fullmatch(r"\d{1,2}", plain):
        return Wish(command="more", argument=plain)
    if meant_as_times(plain):
        return Wish(command="time", argument=plain)
    match = _WISH.fullmatch(plain)
    if match:
        return Wish(command=_NAMED[match["first"].lower()], argument=match["rest"].strip().rstrip("?!."))
    if known_place(text) and len(fold(text)) > 2:  # "LA", "ET", "Z" say too little
        return Wish(command="timezone", argument=text.strip())
    return None
