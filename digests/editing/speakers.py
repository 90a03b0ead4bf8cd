"""Whose statement a headline passes on, where its form says so for certain: "… — Kremlin", "…: health ministry"."""

import re
from dataclasses import dataclass

_BODY = r"""(?:ministry|ministries|kremlin|white\shouse|pentagon|state\sdepartment|sources?|officers?|officials?|
    experts?|analysts?|scholars?|diplomats?|newspapers?|reports|media|aides?|advis[eo]rs?|spokes(?:man|woman|person)|
    lawmakers?|police|authorities|military|army|navy|activists?|prosecutors?|watchdog|regulator|
    surveys?|polls?|pollster|stud(?:y|ies)|manufacturer|operator|embassy|red\scross|red\screscent|civil\sdefence|intelligence)"""
_PERSON = r"(?:minister|premier|president|chancellor|secretary|governor|mayor|envoy|ambassador|senator|mp|pm|chief|head|speaker)"
_PLACE = r"(?:\s(?:to|of|for|in)\s(?-i:[A-Z])[\w.’'-]+(?:\s(?-i:[A-Z])[\w.’'-]+)?)?"
_JOINT = (
    r"(?!(?:from|with|to|including|an?|the|on|in|at|of|other|after|as|by|for|over|against|and|or|new|no|how|why)\b)"
)
_OFFICE = rf"(?:{_JOINT}[\w.’'-]+\s){{0,3}}?(?:{_BODY}|{_PERSON}(?:\s(?-i:[A-Z])[\w’'-]+){{0,2}}){_PLACE}"
_NAME = rf"{_JOINT}(?-i:[A-Z])[\w-]+(?:\s(?-i:[A-Z])[\w-]+)?"
_NOBODY = r"""(?!(?:morning|midday|evening|live|video|watch|analysis|opinion|comment|photos?|updates?|explained|explainer|part|report|poll|
    quiz|review|interview|coming|today|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day|edition|but|is|are|can|what|who|when|where)\b)"""
_SAID_BY = re.compile(
    rf"""^(?P<words>[^|]*(?:[^\s\d|,:—–-]|\b20\d\d))
    (?:\s[—–-]{{1,2}}\s{_NOBODY}(?P<name>{_NAME}) | (?:\s[—–-]{{1,2}}\s|:\s){_NOBODY}(?P<office>{_OFFICE}))$""",
    re.VERBOSE | re.IGNORECASE,
)
_SHORTEST = 4  # words of a statement; before a bare name one more


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A statement without its speaker, and the speaker as the headline calls him."""

    words: str
    speaker: str


def spoken(title: str) -> Spoken | None:
    """The statement and its speaker where a headline ends in him; None where that is not certain."""
    found = _SAID_BY.match(title)
    if found is None or found["words"].endswith(("?", "!")):
        return None
    speaker, length = found["name"] or found["office"], len(found["words"].split())
    return Spoken(words=found["words"], speaker=speaker) if length >= _SHORTEST + bool(found["name"]) else None
