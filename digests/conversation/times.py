"""Times of day as people write them: pure."""

import re
from datetime import time

from digests.conversation.words import repeatable
from digests.errors import PersonError

EXAMPLE = "Write them like 08:00 or 7pm, several with a space between: /time 08:00 18:30."
MOST_SLOTS = 6

# What is meant as a time, right or wrong: "25:00" shall be refused and not become part of a topic's name.
_MEANT = re.compile(r"\d{1,2}|\d{1,3}[:.]\d{1,3}|\d{1,2}([:.]\d{2})?[ap]m")
_TIME = re.compile(r"(?P<hour>\d{1,2})([:.](?P<minute>\d{2}))?(?P<half>[ap]m)?")
_SPACED_HALF = re.compile(r"(?<=\d)\s*([ap])\.?m\b\.?", re.IGNORECASE)
_LINKING = frozenset({"at", "and", "um", "о", "и", "в", "та", "і"})


def times(text: str) -> tuple[time, ...]:
    """Every word as a time of day, sorted and distinct.

    Raises PersonError where one is none, or where there are none or more than MOST_SLOTS.
    """
    found = sorted({_time(word) for word in _words(text) if word not in _LINKING})
    if not found:
        raise PersonError(f"Which times of day? {EXAMPLE}")
    if len(found) > MOST_SLOTS:
        raise PersonError(f"That is {len(found)} times; at most {MOST_SLOTS} a day are possible.")
    return tuple(found)


def split_times(text: str) -> tuple[str, tuple[time, ...]]:
    """A wish and the times at its end: "new start at 8pm" is ("new start", (20:00,)).

    Raises PersonError where what is meant as a time is none.
    """
    words = _SPACED_HALF.sub(r"\1m", text.replace(",", " ")).split()
    end = len(words)
    while end and (_MEANT.fullmatch(words[end - 1].lower()) or words[end - 1].lower() in _LINKING):
        end -= 1
    rest = " ".join(words[end:])
    return " ".join(words[:end]), times(rest) if _holds_digit(rest) else ()


def meant_as_times(text: str) -> bool:
    """Whether every word looks like a time and at least one cannot be a plain number."""
    words = [word for word in _words(text) if word not in _LINKING]
    return any(not word.isdigit() for word in words) and all(_MEANT.fullmatch(word) for word in words)


def _words(text: str) -> list[str]:
    return re.sub(r"[,;]", " ", _SPACED_HALF.sub(r"\1m", text)).lower().split()


def _holds_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _time(word: str) -> time:
    match = _TIME.fullmatch(word)
    if match:
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        if match["half"]:
            hour = hour % 12 + (12 if match["half"] == "pm" else 0) if 1 <= hour <= 12 else 24
        if hour <= 23 and minute <= 59:
            return time(hour, minute)
    raise PersonError(f"“{repeatable(word)}” is no time of day. {EXAMPLE}")
