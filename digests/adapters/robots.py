"""robots.txt as RFC 9309 reads it: the group of our name, else that of all, and of its rules the longest that fits. Pure.

Python's own reader takes the first rule that fits and knows neither * nor $, on which outlets rely.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote

_LARGEST = 500_000  # bytes that are read, as the RFC asks
_MOST_RULES = 2_000
_LONGEST_PAUSE = 86_400.0  # seconds; what is longer, or no number, is a mistake
_KEPT = "/*$%?=&:;@!'()+,~"  # what `quote` leaves as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """What a site allows one visitor, and how many seconds he is to wait between two requests."""

    rules: tuple[tuple[str, bool], ...] = ()  # a pattern and whether it allows, the longest first
    pause: float = 0.0

    def allows(self, path: str) -> bool:
        """Whether an address of the site, its path with its query, may be asked for."""
        if path == "/robots.txt":
            return True
        asked = _spelt(path)
        return next((allows for pattern, allows in self.rules if _fits(pattern, asked)), True)


EVERYTHING = Robots()
NOTHING = Robots(rules=(("/", False),))


def read_robots(body: bytes, name: str) -> Robots:
    """The rules of a robots.txt for the visitor of a name; what is no line of one is passed over."""
    own: list[tuple[str, str]] = []
    everybody: list[tuple[str, str]] = []
    met_own = False
    named: set[str] = set()
    opening = False
    for field, value in _lines(body):
        if field == "user-agent":
            named = (named if opening else set()) | {value.partition("/")[0].strip().casefold()}
            opening = True
            met_own = met_own or name.casefold() in named
            continue
        opening = False
        if name.casefold() in named:
            own.append((field, value))
        elif "*" in named:
            everybody.append((field, value))
    return _robots(own if met_own else everybody)


def _lines(body: bytes) -> Iterator[tuple[str, str]]:
    text = body[:_LARGEST].decode("utf-8", "replace").removeprefix("\ufeff")
    for line in text.splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        field = field.strip().casefold()
        if colon and field in {"user-agent", "allow", "disallow", "crawl-delay"}:
            yield field, value.strip()


def _robots(lines: list[tuple[str, str]]) -> Robots:
    rules = [(_spelt(value), field == "allow") for field, value in lines if field in {"allow", "disallow"} and value]
    pauses = [_seconds(value) for field, value in lines if field == "crawl-delay"]
    # Of rules of one length that fit the one that allows counts. Where there are too many, nothing is sure.
    ordered = sorted(rules, key=lambda rule: (-len(rule[0]), not rule[1]))
    return Robots(
        rules=tuple(ordered) if len(ordered) <= _MOST_RULES else NOTHING.rules,
        pause=max(pauses, default=0.0),
    )


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return seconds if 0 < seconds < _LONGEST_PAUSE else 0.0


def _spelt(path: str) -> str:
    """One spelling for an escaped and an unescaped letter; what is escaped because it would mean something stays so."""
    kept = path.replace("%2F", "%252F").replace("%2f", "%252F").replace("%24", "%2524").replace("%2A", "%252A")
    return quote(unquote(kept, errors="replace"), safe=_KEPT)


def _fits(pattern: str, path: str) -> bool:
    """Whether a pattern with * and a last $ fits the beginning of a path, in time that grows with their lengths alone."""
    ends = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return not ends or at == len(path)
    *between, last = others
    for piece in between:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if ends:
        return path.endswith(last) and len(path) - len(last) >= at
    return path.find(last, at) >= 0
