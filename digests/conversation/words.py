"""What a person typed, made comparable, and made safe to repeat to him: pure."""

import re
import unicodedata

_BETWEEN = re.compile(r"[\W_]+")
_MARKUP = re.compile(r"</?[a-z][^<>]*>|\bhttps?://\S+", re.IGNORECASE)
_PICTURES = frozenset({"So", "Sk", "Cs", "Cn", "Co", "Mn"})
_LONGEST = 200  # what is longer names no topic and no city; comparing it would only cost time


def fold(text: str) -> str:
    """Lower case, no accents, words between single spaces: "New-START " and "new start" are the same."""
    plain = unicodedata.normalize("NFKD", " ".join(text[:_LONGEST].split()))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter) and not _unseen(letter))
    return _BETWEEN.sub(" ", plain.casefold()).strip()


def wish(text: str) -> str:
    """What was typed, without tags, addresses and pictures, between single spaces."""
    bare = _MARKUP.sub(" ", text)
    return " ".join("".join(" " if _picture(letter) else letter for letter in bare).split())


def repeatable(text: str, most: int = 40) -> str:
    """One short line without controls and without characters that turn it around."""
    line = "".join(letter for letter in " ".join(text[:_LONGEST].split()) if not _unseen(letter)).strip()
    return line if len(line) <= most and len(text) <= _LONGEST else f"{line[: most - 1].rstrip()}…"


def _picture(letter: str) -> bool:
    return unicodedata.category(letter) in _PICTURES


def _unseen(letter: str) -> bool:
    return unicodedata.category(letter).startswith("C")
