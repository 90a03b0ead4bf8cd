"""Plain text out of what feeds publish: no tags, entities, invisible characters or boilerplate. Pure."""

import html
import re
import unicodedata
from itertools import pairwise

_LONGEST = 10_000  # characters that are read; a feed's whole page in one entry is cut here
_ROUNDS = 6  # each takes off one more layer of escaping; real feeds need two

# Script and comments lose their content as well; one that never ends swallows the rest, as in a browser.
_HIDDEN = re.compile(
    r"<(?P<name>script|style|iframe|noscript|svg|template)\b[^>]*>.*?(?:</(?P=name)\s*>|\Z)"
    r"|<!--.*?(?:-->|\Z)|<!\[CDATA\[|\]\]>|<\?[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
# A quoted attribute may hold ">"; the second form takes tags whose quotes do not close.
_TAG = re.compile(r"""</?(?P<name>[a-zA-Z][\w:-]*)(?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+>|<[/!]?[a-zA-Z][^<>]*+>""")
_BLOCK_END = re.compile(r"</(?:p|h\d|li|div|blockquote)\s*>|<br\s*/?>\s*<br\s*/?>", re.IGNORECASE)
_MARKED = re.compile(r"[.!?…。！？:;,][\"'”’»)\]]*$")
_CUT_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|div|em|figure|font|h\d|i|iframe|img|li|ol|p|span|strong|table|td|tr|u|ul)"
    r"(?:\s[^<>]*)?\Z",
    re.IGNORECASE,
)
_INSIDE_WORDS = """
    a abbr b bdi bdo big cite code del em font i ins kbd mark nobr q s small span strike strong sub sup time tt u var
    wbr
"""
_INLINE = frozenset(_INSIDE_WORDS.split())
# "&amp;amp;amp;" is one ampersand however often it was escaped: peeled at once, not a layer a round.
_NESTED_AMPERSAND = re.compile(r"&(?:(?:amp|AMP|#0*38|#[xX]0*26);)+")

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls; those that are white space become spaces below
    "\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_SPACES = re.compile("[\\s\u115f\u1160\u2800\u3164\uffa0]+")

_ENDS = r"[.!?…。！？\"”»’')\]]"
_CALLS = (
    r"(?:continue reading|keep reading|read (?:the )?(?:full|entire|whole|rest of the) (?:story|article|post|report|text)"
    r"|read more(?: here| below)?|full story|view (?:entire|full) (?:post|article)|click here (?:to read more|for more)"
    r"|learn more|see more|читать (?:далее|дальше|полностью|также)|подробнее|читати (?:далі|повністю|також)|детальніше"
    r"|lire la suite|weiterlesen|mehr lesen|leer m[áa]s|seguir leyendo|阅读全文|查看全文|閱讀全文|阅读更多)"
)
# Cut only where a sentence ended before it, or where dots or arrows behind it say that it is a link:
# "Children should read more." is news.
_TAILS = (
    re.compile(rf"(?:^|(?<={_ENDS}))\s*{_CALLS}[\s.…:»›→>]*\Z", re.IGNORECASE),
    re.compile(rf"\s+{_CALLS}\s*(?:\.\.\.|…|»|›|→|>>)[\s.…»›→>]*\Z", re.IGNORECASE),
    re.compile(r"(?:^|\s)The post \S.{0,300}? (?:first )?appeared (?:first )?on \S.{0,100}\Z"),
    re.compile(rf"(?:^|(?<={_ENDS}))\s*This (?:article|story|post) (?:was )?(?:originally |first )*"
               r"(?:appeared|published)(?: first)? (?:on|in|at|by) \S.{0,100}\Z"),
    re.compile(rf"(?:^|(?<={_ENDS}))\s*[\[(](?:more|read more|…|\.\.\.)[\])…\s]*\Z", re.IGNORECASE),
)  # fmt: skip
_CUT_SHORT = re.compile(r"(?: ?[\[(] ?(?:…|\.\.\.) ?[\])]…*)+\Z")
_ENDING = '.!?…。！？"”»'
_LONGEST_TAIL = 500

# What outlets hang on their titles beside their name: "| World News".
_GENERIC_WORDS = """
    news world online com org net agency english international rss www daily edition latest politics europe asia
    africa americas the us uk global business
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
_SUFFIX = re.compile(r"(?P<title>.*\S)\s+(?P<mark>[-–—|•·»]|::|//)\s+(?P<suffix>[^|–—•·»]{1,60})\Z")
_WORDS = re.compile(r"[^\W_]+")


def plain(markup: str) -> str:
    """What a person would read of `markup`, on one line: text of tags, entities resolved (also when escaped twice).

    Block tags make spaces, script and comments go, invisible and bidirectional controls too; the rest is in NFC. Calls
    to read on and "The post … appeared first on …" are cut off the end. Applied again it changes nothing.
    """
    text = markup[:_LONGEST]
    for _ in range(_ROUNDS):
        before = text
        text = _peeled(text)
        if text == before:
            return text
    return _peeled(re.sub("[<>&]", " ", text)).strip()


def paragraphs(markup: str) -> str:
    """As `plain`, with an empty line behind a block that ends without a mark, where the next would read on from it.

    Such are standfirsts, headings and captions: "Talks fail Envoys of both states …".
    """
    whole = plain(markup)
    blocks = [] if _HIDDEN.search(markup) else _BLOCK_END.split(markup[:_LONGEST])
    for before, after in pairwise(filter(None, map(plain, blocks))):
        if not _MARKED.search(before):
            whole = whole.replace(f"{before} {after}", f"{before}\n\n{after}", 1)
    return whole


def headline(title: str, outlet: str) -> str:
    """A plain title without the outlet's own name at its end: "… - BBC News", "… | Reuters", "… — TASS".

    Another outlet's name stays: it says who is cited. So does whatever would leave fewer than two words.
    """
    name = _words(outlet) - {"the"}
    while (found := _SUFFIX.match(title)) and len(_WORDS.findall(found["title"])) > 1:
        suffix = _words(found["suffix"])
        named = bool(name) and name <= suffix and suffix - name <= _GENERIC
        if not named and not (found["mark"] == "|" and suffix and suffix <= _GENERIC):
            break
        title = found["title"]
    return title


def _peeled(text: str) -> str:
    text = _INVISIBLE.sub("", text)
    if "<" in text or "]]>" in text:
        text = _CUT_TAG.sub("", _TAG.sub(_gap, _HIDDEN.sub(" ", text)))
    if "&" in text:
        text = html.unescape(_NESTED_AMPERSAND.sub("&", text))
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return _without_tails(text)


def _without_tails(text: str) -> str:
    while True:
        start = max(0, len(text) - _LONGEST_TAIL)
        if short := _CUT_SHORT.search(text, start):
            text = text[: short.start()]
            if text and text[-1] not in _ENDING:
                text += "…"  # or the sentence would read as if that were all
        elif tail := next((found for pattern in _TAILS if (found := pattern.search(text, start))), None):
            text = text[: tail.start()].rstrip()
        else:
            return text


def _gap(tag: re.Match[str]) -> str:
    return "" if (tag["name"] or "").lower() in _INLINE else " "


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORDS.findall(text)}
