"""What of an article may be quoted: sentences that stand alone, whole and with no referent left behind."""

import re
from dataclasses import dataclass
from functools import lru_cache

from digests.editing.compression import compress
from digests.editing.titles import bare, reports, rounds_up
from digests.editing.weights import words
from digests.model.articles import Article
from digests.text.sentences import balanced, quotation_open, sentences

LONGEST = 60  # words, as many as a digest takes from one article
_SHORTEST = 6
_SPEAKER = 2  # words outside the quotation that a sentence of quotations needs, or nobody would be its speaker

_CAPTION = re.compile(
    r"^\W*(?:FILE|PHOTO|CAPTION)\b|^[A-Z][A-Z.'’\ -]{5,}:|\s\*\s|\b(?i:cartoon of the day)\b|(?:\b[A-Z’']{2,}\s){5}"
)
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
         also|plus|featuring|still|instead|however|meanwhile|moreover|furthermore|besides|nevertheless|nonetheless|therefore|hence|otherwise|likewise|similarly|
         additionally|separately|elsewhere|afterwards?|later|earlier|before\ that|after\ that|both|neither|either|another|others?|some|most\ of\ them|
         among\ them|one\ of\ them|it[’']s|that[’']s|he[’']s|she[’']s|they[’']re|there[’']s|here[’']s|what|which|who|whose|where|because)
      | the\ (?:move|news|comments?|remarks?|statement|decision|announcement|latter|former|pair|two|duo|trio|same|step|development|revelation|incident|
         claims?|changes?|findings|results?|figure|number|document|measure|report|article|post|video|footage|image|speech|visit|call|discussion|exchange|leaders|men|women|couple|
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
# Words for what a sentence before has named, wherever they stand.
_POINTING = re.compile(
    r"""\b(?: these(?!\ (?:days|two\ (?:countries|states))\b) | such(?!\ (?:as|an?)\b) | the\ latter\b | the\ former(?=[,.;]|\ (?:is|was|has|had|said|will)\b)
      | this\ (?!(?:\w+\ )?(?:week|weekend|month|year|morning|afternoon|evening|spring|summer|autumn|fall|winter|season|time|day|quarter|century|decade)\b)
      | there(?=[.,;]|\ (?:and|but|on|in|for|after|since)\b|$) )""",
    re.VERBOSE | re.IGNORECASE,
)
# He, and nobody before whom he might be: "Videos show him …", "On Friday, he …".
_NOBODY_YET = re.compile(
    r"""^(?: (?-i:[A-Z])\w*[^\Ws]s(?!\ (?:said|says|told|is|was|has|will|would|and)\b)(?:\ (?!an?\ |the\ )(?-i:[a-z])\w*){1,4}?\ (?:he|him|his|she|her)\b
      | (?!(?:after|when|while|as|since|because|if|although|though|before|once|until)\ )[^,“"]{2,100},\ (?:he|she|they)\b
      | (?:while|after|before|as|when|if|once|although|though|since|because)\ (?:he|she|they|his|her|their)\b(?![^,]*,\ (?-i:[A-Z])) )""",
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
      here\ (?:is|are)|(?-i:[A-Z]\w+\ [A-Z][\w’']+\ reports\ (?:more|on|from|how|why|about))\b|sits\ down\ with|web\ exclusive|
      (?:promo|bonus)\ code|pic\.twitter|https?:|(?-i:^(?:Get|See|Find\ out|Check\ out|Learn|Discover|Tune\ in)\b)|
      joined\b.*\bto\ discuss\b|contributes\ (?:[\w,]+\ ){1,5}to\ (?:a\ variety|several|numerous)|breaks\ down\ (?:the|how|what|why)|edited\ for\ (?:clarity|length)|live\ (?:updates?|blog)|what\ you\ need\ to\ know|things\ to\ know)
      | \(@\w | (?<!\w)\#[a-z]""",
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
    """What may be quoted of an article, in its order: sentences of its text, or else its title if that reports.

    Nothing of what a quotation of several sentences holds: without its marks it would be the outlet's own word.
    """
    pieces = () if rounds_up(article.title) else sentences(article.text)
    found = []
    quoting = ""
    for place, piece in enumerate(pieces):
        text = compress(piece, article.outlet.name)
        if (
            not quoting
            and not _CAPTION.search(piece)
            and not _HOUSE.search(piece)
            and stands_alone(text, of=len(pieces))
        ):
            found.append(_quotable(text, article, place))
        quoting = f"{quoting} {piece}" if quotation_open(f"{quoting} {piece}") else ""
    if not found and reports(article.title) and not _torn(title := bare(article.title)):
        found.append(_quotable(title, article, -1))
    return tuple(found)


def original(article: Article, shown: str) -> str:
    """The outlet's own words for a sentence that is shown of it, before anything was left out; else its title."""
    pieces = sentences(article.text)
    return next((piece for piece in pieces if compress(piece, article.outlet.name) == shown), article.title)


def stands_alone(sentence: str, *, of: int = 1) -> bool:
    """Whether a sentence of a text is whole and understood without its neighbours.

    Where it is one `of` several it must end in a mark: headings do not, nor what feeds cut without a sign.
    """
    if not _SHORTEST <= length(sentence) <= LONGEST or sentence.endswith("?"):
        return False
    if not balanced(sentence) or quotation_open(sentence) or _torn(sentence):
        return False
    if _HANGING.search(sentence) or (of > 1 and not _CLOSED.search(sentence)):
        return False
    if _NOBODY_YET.match(sentence):
        return False
    unquoted = _UNQUOTED.sub("", sentence)
    if sentence[0] in "\"“‘'«„" and len(re.findall(r"\w+", unquoted)) < _SPEAKER:
        return False
    return not any(found.search(unquoted) for found in (_PERSONAL, _SOMEBODY, _POINTING))


def _torn(text: str) -> bool:
    """Whether its opening hangs on what stood before, its end was cut off, or it speaks of the outlet's own pages."""
    first = re.match(r"\W*(\w*)", text)
    if first and first[1][:1].islower() and first[1].islower():  # not "xAI" and "iPhone"
        return True
    return bool(_DANGLING.match(text) or _CUT.search(text) or _HOUSE.search(text))


def length(text: str) -> int:
    """Words between spaces; of Chinese, which has no spaces, two characters are one."""
    return max(len(text.split()), sum("\u3400" <= letter <= "\u9fff" for letter in text) // 2)


def _quotable(text: str, article: Article, place: int) -> Quotable:
    return Quotable(text=text, article=article, place=place, words=length(text), terms=frozenset(words(text)))
