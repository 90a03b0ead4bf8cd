"""What of an article may be quoted: sentences that stand alone, whole and with no referent left behind."""

import re
from dataclasses import dataclass
from functools import lru_cache

from digests.editing.compression import compress
from digests.editing.titles import bare, reports
from digests.editing.weights import words
from digests.model.articles import Article
from digests.text.sentences import balanced, sentences

LONGEST = 60  # words, as many as a digest takes from one article
_SHORTEST = 6

_CAPTION = re.compile(r"^\W*(?:FILE|PHOTO|CAPTION)\b")
_CUT = re.compile(r"(?:…|\.\.\.)[\"'”’»)\]]*$|\[(?:…|\.\.\.)\]?$")
_CLOSED = re.compile(r"[.!?。！？][\"'”’»)\]』」]*$")
_HANGING = re.compile(
    r"\b(?:a|an|and|as|at|by|for|from|has|have|in|into|is|its|of|on|or|that|the|their|to|was|were|who|with|и|в|на|с|по)$",
    re.IGNORECASE,
)
# Openings whose meaning stands in a sentence before.
_DANGLING = re.compile(
    r"""^["'“‘«„(]*(?:
      (?:he|she|it|they|his|her|hers|its|their|theirs|this|that|these|those|such|here|there|then|thus|so|but|and|or|nor|yet|
         also|still|instead|however|meanwhile|moreover|furthermore|besides|nevertheless|nonetheless|therefore|hence|otherwise|likewise|similarly|
         additionally|separately|elsewhere|afterwards?|later|earlier|before\ that|after\ that|both|neither|either|another|others?|some|most\ of\ them|
         among\ them|one\ of\ them|it[’']s|that[’']s|he[’']s|she[’']s|they[’']re|there[’']s|here[’']s|what|which|who|whose|where|because)
      | the\ (?:move|news|comments?|remarks?|statement|decision|announcement|latter|former|pair|two|duo|trio|same|step|development|revelation|incident|
         claims?|figure|number|document|measure|report|article|post|video|footage|image|speech|visit|call|discussion|exchange|leaders|men|women|couple|
         company|agency|ministry|official|president|minister|spokesman|spokeswoman|source|outlet|paper|newspaper|group|country|city|region)\b(?!\ of\b)
      | the\ (?:[\w-]+\ ){1,2}(?:came|comes|follows|followed|marks|marked|occurred|happened|took\ place|sparked|prompted|drew)
      | in\ (?:addition|response|return|turn|contrast|fact|particular|other\ words)|as\ a\ result|at\ the\ same\ time|for\ (?:example|instance)|
        on\ the\ other\ hand|of\ course|by\ contrast|to\ that\ end
      | он|она|оно|они|его|ее|её|их|это|этот|эта|эти|при\ этом|также|однако|кроме\ того|между\ тем|ранее|тем\ временем|но|и|а
      | він|вона|воно|вони|його|її|їх|це|цей|ця|ці|також|однак|проте|крім\ того|водночас|раніше|але|й|та
    )(?!\w)(?!-)
    | ^(?:他|她|它|这|那|此外|同时|但|因此)""",
    re.VERBOSE | re.IGNORECASE,
)
_UNQUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|‘[^’]*’(?!\w)")
_SOMEBODY = re.compile(
    r"^[\s,]*(?:he|she|they)\s+(?:said|says|added|adds|told|wrote|tweeted|explained|recalled)\b", re.IGNORECASE
)
_PERSONAL = re.compile(r"\b(?:[Ww]e|[Oo]ur|us|I|[Mm]y|[Yy]ou|[Yy]our)\b(?!\.)")
_HOUSE = re.compile(
    r"""\b(?:click\ here|sign\ up|subscri\w+|newsletter|read\ (?:more|the\ full|also)|watch\ (?:the|live|this|our)|listen\ to|follow\ us|photo(?:graph)?s?\ (?:by|:)|
      image\ (?:credit|source|:)|getty\ images|all\ rights\ reserved|copyright|advertisement|has\ the\ (?:latest|details|story)|have\ the\ latest|
      (?:has|with|gets|shares)\ more(?:\ details)?(?:\ (?:from|on)\b|\.?$)|joins\ (?:us\ )?to\ discuss|our\ (?:correspondent|reporter)|the\ post\b.*\bappeared\ first|continue\ reading|full\ story|updated?\ (?:at|on)|
      podcast|(?:speaks|spoke|speaking|joins?|joined|talks?|reports)\ (?:to|with|on|for|from)\ (?:\w+\ )?(?:CBS|NBC|ABC|CNN|Fox|Sky|MSNBC|NPR|DW|CNA|Euronews|FRANCE\ 24)|
      (?:CBS|NBC|ABC|CNN|Fox|NPR|CBC|Sky|Bloomberg)(?:\ News)?(?:['’]s?(?!\w)|\ (?:\w+\ )?(?:correspondent|producer|reporter|anchor|contributor|analyst))|this\ (?:article|story|post|page)\b|
      here\ (?:is|are)|(?-i:[A-Z]\w+\ [A-Z]\w+\ reports\ (?:on|from|how|why|about))\b|live\ (?:updates?|blog)|what\ you\ need\ to\ know|things\ to\ know)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotable:
    """A sentence or, where an article has none, its title (`place` -1); `place` counts the text's sentences from 0."""

    text: str
    article: Article
    place: int
    words: int
    terms: frozenset[str]


@lru_cache(maxsize=4096)  # a story is told to many readers, at many moments
def quotable(article: Article) -> tuple[Quotable, ...]:
    """What may be quoted of an article, in its order: sentences of its text, or else its title if that reports."""
    pieces = sentences(article.text)
    found = []
    for place, piece in enumerate(pieces):
        text = compress(piece, article.outlet.name)
        if not _CAPTION.match(piece) and stands_alone(text, last=0 < place == len(pieces) - 1):
            found.append(_quotable(text, article, place))
    if not found and reports(article.title):
        found.append(_quotable(bare(article.title), article, -1))
    return tuple(found)


def stands_alone(sentence: str, *, last: bool = False) -> bool:
    """Whether a sentence of a text is whole and understood without its neighbours.

    `last` says that it ends a text of several, where feeds cut without a sign.
    """
    if not _SHORTEST <= length(sentence) <= LONGEST or sentence.endswith("?") or not balanced(sentence):
        return False
    if _CUT.search(sentence) or _HANGING.search(sentence) or (last and not _CLOSED.search(sentence)):
        return False
    if _DANGLING.match(sentence) or _HOUSE.search(sentence):
        return False
    unquoted = _UNQUOTED.sub("", sentence)
    return not _PERSONAL.search(unquoted) and not _SOMEBODY.match(unquoted)


def length(text: str) -> int:
    """Words between spaces; of Chinese, which has no spaces, two characters are one."""
    return max(len(text.split()), sum("\u3400" <= letter <= "\u9fff" for letter in text) // 2)


def _quotable(text: str, article: Article, place: int) -> Quotable:
    return Quotable(text=text, article=article, place=place, words=length(text), terms=frozenset(words(text)))
