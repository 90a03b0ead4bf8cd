"""How a headline reads: its bare words, and whether it states plainly what happened."""

import re

from digests.editing.speakers import spoken

_OPENING = re.compile(
    r"""^(?:
        (?:\W*\b(?:(?:just\s+)?in|live(?:\s+(?:updates?|blog|coverage))?|watch(?:\s+live)?|listen|video|photos?|urgent|flash|update(?:d)?|
        breaking(?:\s+news)?|exclusive|revealed|alert|just\s+in|developing|correct(?:ion|ed)|repeat|wrap(?:up)?|срочно|молния|терміново|відео|видео)
        \b\s*\d*\s*(?:[:|—–]|\s-)\s*)
      | [\[(](?:watch|video|live|updated?|photos?|urgent)[\])]\s*
    )+""",
    re.VERBOSE | re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\s*(?:[\[(](?:videos?|photos?|watch|live|updated?|exclusive|in pictures|map|graphic|full text)[^\])]*[\])]|"
    r"\s[|]\s(?!.*\d)[\w’'& -]{3,30})\s*$",
    re.IGNORECASE,
)
# The outlet's own name at the end; gathering cuts what it knows, this catches the dash of agencies.
_CREDIT = re.compile(r"\s+[—–|-]\s+(?:TASS|Reuters|AP|AFP|Xinhua|Interfax|RIA(?: Novosti)?|ANI|PTI|UPI|Bloomberg)$")
# A promise or a question behind a whole statement: "…: Why it matters", "…; is peace near?"
_TEASER = re.compile(
    r"(?::\s(?:why|how|what|who|where|here[’']s|everything)\b[^:]*|[;:]\s[^;:?]{3,60}\?)$", re.IGNORECASE
)
_LEAST_STATEMENT = 5  # words
_ROUND_UP = re.compile(
    r"""\b(?:press\s+review|statements\s+by|news\s+(?:digest|wrap|roundup|in\s+brief)|takeaways?|things\s+to\s+know|what\s+(?:we|you\s+need\s+to)\s+know|
    what\s+to\s+know|week\s+in\s+(?:review|pictures)|in\s+(?:pictures|photos)|morning\s+(?:briefing|bid|update)|(?:daily|evening|weekly|world)\s+(?:briefing|brief|
    digest|roundup|update)|newsletter|podcast|quiz|cartoon|horoscope|front\s+pages?|top\s+(?:stories|headlines)|at\s+a\s+glance|
    round-?up|news:|war\s+briefing|first(?:ft|up)|morning\s+brief|transcript|look\s+ahead|on\s+this\s+day|letters?\s+to\s+the\s+editor|talking\s+points|timeline|key\s+(?:points|events)|list\s+of\s+key)\b
    | :\s+(?:\w+\s)?reactions?\b | \bworld\s+reacts\b | ^\d{1,2}/\d{1,2}:""",
    re.VERBOSE | re.IGNORECASE,
)
_LIVE = re.compile(
    r"\b(?:live\s+(?:updates?|blog|coverage|news)|as\s+it\s+happened|updates?\s+live|live:|updates?:)|^live\b|\blive$",
    re.IGNORECASE,
)
_COMMENT = re.compile(
    r"""^(?i:letter\ from\ \w+|opinion|analysis|comment(?:ary)?|editorial|explainer|explained|view|perspective|interview|essay|factbox|fact[\s-]check|
    insight|feature|profile|review|q\s*&\s*a|op-ed|news\s+analysis|extended\s+interview|column|letter|podcast|background|мнение|анализ|интервью)\b\s*[^\w\s]
    | ^(?i:why|how|what|who|when|where|which|is|are|can|could|will|would|should|does|do|did|has|have|inside|meet|почему|как|чому|як|що|что)\b(?!\s+(?:,|said))
    | ^[A-Z][A-Z.'’\ -]{5,}:
    | :\s(?i:why|how|what|who|where|everything)\b | ^From\s[^:]+\sto\s[^:]+:
    | (?i:\bexplain(?:ed|er|s\ why)\b | \bhere[’']s\b | \bwhat\ (?:it|this|that)\ means?\b | \bwhat\ comes\ next\b | \bwhat[’']s\ (?:next|at\ stake)\b
    | \s[|]\s[\w’'&\ -]{3,30}$ | \banalysis\b\s*$ | \bopinion\b\s*$ | \bwhy\ (?:it|this|that|the)\b |
    \s[—–-]\s(?:[\w.]+\s){0,2}(?:experts?|analysts?|scholars?|observers?|pundits?)$ | ^(?:[\w.]+\s){0,2}(?:expert|analyst|scholar|pundit)s?:\s |
    \bmust\b(?!.*\b(?:says?|said|tells?|warns?|insists?|urges?|[—–-])) | \bbeckons?\b | \bturning\ point\b | \bcrossroads\b | \b(?:big|high)\ stakes\b |
    \bstory\ behind\b | \bconsequences\ of\b | \bcase\ (?:for|against)\b(?=[^,]*$) | ^the\ (?:truth|trouble|problem|rise|fall)\b)""",
    re.VERBOSE,
)
_LURE = re.compile(
    r"""!\s*$ | \?(?!["”’']) | \.\s+[A-Z][^.]*\.$ | ^["“‘'«][^"”’'»]+["”’'»]\s*: | \b(?:bold\ claim|showdown|slams?|blasts?|bombshell|shocking|stunning|you\b|your\b|jibes?|power\ bloc|game.changer|
    must.see|this\ (?:remarkable|one|simple|rare|surprising|priceless)|secret|mystery|the\ real\ reason|this\ is|these\ are|viral|epic|insane|unthinkable|doomed|warmongers?|cries\ foul|
    tale\ of|brutal|savage|rips|destroys?|humiliat\w+|trolls?|meltdown|nightmare|rants?|blows\ up|stunner|chilling|heartbreaking|
    jaw-dropping|majestic|netizens|check|internet\ is|reacts?|look\ inside|uproar|row\ over)\b | \.\.\.|…""",
    re.VERBOSE | re.IGNORECASE,
)
_BY_ITS_DAY = re.compile(
    r"\b(?:next|this|last)\s(?:week|month|weekend)\b|\b(?:tomorrow|yesterday|today|tonight)\b", re.IGNORECASE
)
_SHOUT = re.compile(r"\b[A-Z]{4,}\b(?:\s+\b[A-Z]{3,}\b)+")
_PERSONAL = re.compile(r"\b(?:I|[Ww]e|[Oo]ur|[Mm]y|[Ll]et)\b(?![.])|\b[Ll]et[’']s\b")
_TITLED = re.compile(
    r"^(?:[^\w\s]*(?:[A-Z0-9]\S*|(?:a|an|the|and|as|at|by|for|from|in|of|on|or|over|to|with)\b)\s*){6,}$"
)
_UNQUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|(?<!\w)[‘'][^’']*[’'](?!\w)")
_QUOTE_FIRST = re.compile(r"^[\"'“‘«„]")


def bare(title: str) -> str:
    """The headline without what an outlet hangs on it: "Live:", "WATCH", "(VIDEO)", its own name.

    A speaker in whom it ends comes first: "… — Kremlin" becomes "Kremlin: …".
    """
    shorter = trimmed(title)
    said = spoken(shorter)
    return f"{said.speaker[:1].upper()}{said.speaker[1:]}: {said.words}" if said else shorter


def unspoken(title: str) -> str:
    """As `trimmed`, without the speaker in whom it ends."""
    shorter = trimmed(title)
    said = spoken(shorter)
    return said.words if said else shorter


def trimmed(title: str) -> str:
    """As `bare`, with its words in the outlet's own order: for where the outlet's name stands in front already."""
    shorter = _CREDIT.sub("", _CLOSING.sub("", _OPENING.sub("", title.strip()))).strip() or title.strip()
    teaser = _TEASER.search(shorter)
    told = shorter[: teaser.start()] if teaser else shorter
    return told if len(told.split()) >= _LEAST_STATEMENT else shorter


def capitalised(title: str) -> bool:
    """Whether All Words Have Capitals, so that a capital tells nothing of a name."""
    return bool(_TITLED.match(title))


def rounds_up(title: str) -> bool:
    """Whether it heads a collection rather than a report: a press review, a briefing, takeaways."""
    return bool(_ROUND_UP.search(title))


def plainness(title: str) -> float:
    """From 1, a plain statement of what happened, down to 0: live pages, round-ups, questions, comment, lures."""
    if rounds_up(title):
        return 0.05
    if _LIVE.search(title):
        return 0.1
    text = trimmed(title)
    value = 1.0
    if _COMMENT.search(text) or _COMMENT.search(title):
        value *= 0.3
    if _LURE.search(text):
        value *= 0.4
    if _SHOUT.search(text):
        value *= 0.6
    if _QUOTE_FIRST.match(text):
        value *= 0.8
    if _PERSONAL.search(_UNQUOTED.sub("", text)):
        value *= 0.45
    if capitalised(text):
        value *= 0.95
    words = len(text.split())
    if words < 5 or words > 18:
        value *= 0.7
    return value


def dates_itself(title: str) -> bool:
    """Whether it says when by its own day: "next week" is wrong for who reads it on Monday."""
    return bool(_BY_ITS_DAY.search(title))


def reports(title: str) -> bool:
    """Whether the headline may stand over a story of its own or add to another: neither live, round-up nor comment."""
    return plainness(title) >= 0.5
