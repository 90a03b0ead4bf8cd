"""Plain words that stand for a command: "latest on new start", "2", "kyiv": pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from digests.conversation.times import meant_as_times, split_times
from digests.conversation.words import fold
from digests.conversation.zones import abbreviation, known_place
from digests.errors import PersonError

_COMMANDS = {
    "latest": ("latest", "news", "digest", "whats new"),
    "more": ("more", "tell me more"),
    "sources": ("sources", "source", "who says"),
    "compare": ("compare", "comparison"),
    "subscribe": ("subscribe", "follow"),
    "unsubscribe": ("unsubscribe", "unfollow", "stop"),
    "subscriptions": ("subscriptions", "my topics"),
    "topics": ("topics", "topic", "catalogue"),
    "timezone": ("timezone", "time zone", "city"),
    "time": ("time", "times"),
    "pause": ("pause",),
    "resume": ("resume",),
    "help": ("help",),
    "start": ("start",),
    "hello": (
        "hello",
        "hi",
        "hey",
        "good morning",
        "good evening",
        "привет",
        "привіт",
        "вітаю",
        "здравствуйте",
        "你好",
    ),
}
_FILLING = r"(?:(?:to|on|about|for|from|of|in|with|the|me|story|number|at|please)\s+)*"
_POLITE = re.compile(r"[\s,]please$", re.IGNORECASE)
_WISH = re.compile(
    r"(?:please\s+)?(?P<first>{})(?!\w)[\s:,?!.]*{}(?P<rest>.*)".format(
        "|".join(sorted((word for words in _COMMANDS.values() for word in words), key=len, reverse=True)), _FILLING
    ),
    re.IGNORECASE | re.DOTALL,
)
_ASKING = re.compile(
    r"(?:who|whom|whose|what|when|where|why|how|which|is|are|was|were|do|does|did|has|have|will|can)\s+\S+\s+\S",
    re.IGNORECASE,
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
        rest = _POLITE.sub("", match["rest"].strip().rstrip("?!.").rstrip())
        return Wish(command=_NAMED[match["first"].lower()], argument=rest.rstrip(" ,"))
    if (known_place(text) or abbreviation(text)) and len(fold(text)) > 2:  # "LA", "ET", "Z" say too little
        return Wish(command="timezone", argument=text.strip())
    return None


def question(text: str) -> bool:
    """Whether it asks for an answer in words."""
    return text.rstrip().endswith(("?", "？")) or _ASKING.match(text.lstrip()) is not None


def sure(wished: Wish, is_topic: Callable[[str], bool]) -> bool:
    """Whether it cannot have been said to somebody else: of the words all are understood, and it is more than a greeting."""
    rest = wished.argument
    if wished.command == "hello":
        return False
    if not rest or rest.isdecimal() or (wished.command == "time" and meant_as_times(rest)):
        return True
    try:
        words, _ = split_times(rest)
        return is_topic(words) or (wished.command == "timezone" and known_place(rest) is not None)
    except PersonError:
        return False
