"""Text to terms, so that two headlines on one thing share them: folded, stemmed, aliases joined, stop words out."""

import re
import unicodedata
from functools import lru_cache
from itertools import chain, pairwise

from snowballstemmer import stemmer

_STOP_WORDS = """
    a about after again against ahead all also am amid among an and any are as at be because been before being between both but by can
    could did do does doing down during each every few for from further get gets had has have having he her here hers him his how i
    if in into is it its itself just like may me might more most must my near new no nor not now of off on once one only or other our
    out over own per said same say says saying set she should since so some still such than that the their them then there these
    they this those through to too toward towards under until up upon us via very was we were what when where which while who whom
    whose why will with within without would yet you your breaking flash urgent exclusive reuters ap afp report reports reported
    reportedly told tells tell according
    а без більш бы был была были было быть в вам вас весь во вот все всего вы где да для до его ее если есть еще же за и из или
    им их к как ко когда которая которые который кто ли лишь мне мы на над не нет ни но ну о об он она они оно от очень по под при
    про с сказал сказала сказав со сообщил сообщила сообщает так также там те тем то того тоже той только том тут ты у уже что
    чтобы это этого этой этот этом я але або аби був була були було бути вже від він вона вони воно де до з за зі із й його її їх
    коли ми на не ні по під про та так також те той тому у це цей ця ці чи щоб що як яка який які повідомив повідомляє заявив заявила
    """

# One name to the left, its stems or folded spellings to the right. Demonyms are not stems of their countries, and the
# same country, body or statesman must be one term in English, Russian and Ukrainian.
_ALIASES = """
usa: america american americans сша американск
russia: russian russians rf росс российск рф россиян
ukraine: ukrain ukrainian ukrainians украин украинск украинц
china: chines chinese кита китайск
uk: britain british briton британ британск
eu: ес евросоюз european europ европ европейск
un: оон
nato: нато
france: french франц французск
germany: german germani герман немецк
israel: isra israeli израил израильск
iran: iranian иран иранск
japan: japanes япон японск
india: indian инд индийск
turkey: turkish turkiy turkiye турц турецк
poland: polish pole poles польш польск
spain: spanish
italy: italian itali
canada: canadian
mexico: mexican
brazil: brazilian
venezuela: venezuelan венесуэл венесуэльск
cuba: cuban
syria: syrian сир сирийск
lebanon: lebanes
iraq: iraqi
palestine: palestinian
gaza: gazan
egypt: egyptian
pakistan: pakistani
afghanistan: afghan
bangladesh: bangladeshi
australia: australian
indonesia: indonesian
vietnam: vietnames
thailand: thai
denmark: danish dane danes
greenland: greenlandic
sweden: swedish swede
norway: norwegian
finland: finnish finn
hungary: hungarian hungari
belarus: belarusian белорусс беларус
korea: korean
taiwan: taiwanes тайван
switzerland: swiss
netherlands: dutch netherland
greece: greek
saudi: саудовск
sudan: sudanes
somalia: somali somalian
nigeria: nigerian
ethiopia: ethiopian
kenya: kenyan
colombia: colombian
argentina: argentin argentinian
kyiv: kiev киев
kremlin: кремл
moscow: москв московск
putin: путин
xi: си jinping цзиньпин
zelensky: zelenskyy zelenskiy zelenski zelenskii зеленск
trump: трамп
lavrov: лавр
medvedev: медвед
peskov: песк
witkoff: уиткофф виткофф
nuclear: nuke nukes nucl ядерн
talk: negoti negotiation negotiations переговор
exchange: exchang swap обм обмен
prisoner: prisoners pow pows captive captives пленн
expire: expiri expir
pact: treati accord
strike: struck attack удар атак
dead: death die kill killed fatal погибш
wound: injur injure hurt
vote: elect election ballot poll выбор
quake: earthquak earthquake
protest: demonstr rally ralli
resign: resignation quit
arrest: detain
"""

# Longer names, put in the place of what a reader knows to be the same. Office-holders are those of 2026: data that ages.
_PHRASES = (
    (r"(?<![A-Za-z.])U\.?S\.?(?:A\.?)?(?![A-Za-z])", " usa "),
    (r"\b[Nn](?:ew|EW) START\b", " newstart "),
)
_FOLDED_PHRASES = (
    (r"\bunited states(?: of america)?\b", " usa "),
    (r"\b(?:united kingdom|great britain)\b", " uk "),
    (r"\beuropean union\b", " eu "),
    (r"\bunited nations\b", " un "),
    (r"\bunited arab emirates\b", " uae "),
    (r"\babu dhabi\b", " uae "),
    (r"\bprisoners? of war\b", " prisoner "),
    (r"\bwhite house\b", " whitehouse "),
    (r"\b(?:un|u\.n\.) (?:chief|head|secretary[ -]general)\b", " un guterres "),
    (r"\bnato (?:chief|head|secretary[ -]general)\b", " nato rutte "),
    (r"\bkremlin spokes(?:man|person)\b", " kremlin peskov "),
    (r"习近平", " xi "),
    (r"普京", " putin "),
    (r"特朗普", " trump "),
    (r"泽连斯基", " zelensky "),
    (r"俄罗斯", " russia "),
    (r"乌克兰", " ukraine "),
    (r"美国", " usa "),
    (r"中国", " china "),
)
_CASED = tuple((re.compile(pattern), name) for pattern, name in _PHRASES)
_FOLDED = tuple((re.compile(pattern), name) for pattern, name in _FOLDED_PHRASES)
_STOP = frozenset(_STOP_WORDS.split())
_NAMES = {
    spelling: name
    for name, spellings in (line.split(":") for line in _ALIASES.strip().splitlines())
    for spelling in (name, *spellings.split())
}
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_WORD = re.compile(r"[\u3400-\u9fff]+|\d+(?:[.,:]\d+)*|[^\W\d_\u3400-\u9fff]+")
_POSSESSIVE = re.compile(r"['’](?:s\b)?")
_FOLDED_LETTERS = str.maketrans("іїєґё", "ииеге")
_ENGLISH = stemmer("english")
_RUSSIAN = stemmer("russian")


def terms(text: str) -> tuple[str, ...]:
    """The terms of a text in its order, with repetitions; a number is a term as it stands ("450", "3.5")."""
    for pattern, name in _CASED:
        text = pattern.sub(name, text)
    text = _POSSESSIVE.sub("", unicodedata.normalize("NFKC", text).casefold())
    for pattern, name in _FOLDED:
        text = pattern.sub(name, text)
    text = _DOTTED.sub(lambda match: match[0].replace(".", ""), text)
    return tuple(chain.from_iterable(map(_of_word, _WORD.findall(text))))


@lru_cache(maxsize=200_000)
def _of_word(word: str) -> tuple[str, ...]:
    """One term for a word, none for a stop word, bigrams for a run of Chinese characters."""
    if "\u3400" <= word[0] <= "\u9fff":
        return tuple(map("".join, pairwise(word))) or (word,)
    if word in _STOP or (len(word) == 1 and not word.isdigit()):
        return ()
    if word[0].isdigit():
        return (word.replace(",", ""),)
    if word in _NAMES:
        return (_NAMES[word],)
    if "\u0400" <= word[0] <= "\u04ff":
        # Ukrainian letters folded into Russian ones meet the Russian stems: переговорів, переговоров.
        stem = _RUSSIAN.stemWord(word.translate(_FOLDED_LETTERS).replace("ськ", "ск").replace("цьк", "цк"))
    else:
        stem = _ENGLISH.stemWord(_plain(word))
    return (_NAMES.get(stem, stem),)


def _plain(word: str) -> str:
    """Without accents: Erdoğan and Erdogan are one."""
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
