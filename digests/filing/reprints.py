"""Whose voice an article is: its outlet's, or the one that it reprints or cites. Unsure means the outlet's own."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from digests.filing.sheets import Sheet
from digests.model.articles import Article, ArticleId
from digests.model.sources import UNNAMED_STATE_MEDIA

# Agencies and outlets that others cite, by every name that they go by. The first is the origin where none of the
# outlets read bears one of the names.
_CITED = """
Associated Press, AP, The Associated Press, 美联社
Reuters, Thomson Reuters, Рейтер, Рейтерс, 路透社
AFP, Agence France-Presse, 法新社
Bloomberg, Bloomberg News, 彭博社
dpa, Deutsche Presse-Agentur
ANSA
EFE
Kyodo, Kyodo News
Yonhap, Yonhap News Agency
Anadolu, Anadolu Agency, AA
PTI, Press Trust of India
ANI, Asian News International
TASS, ITAR-TASS, ТАСС, 塔斯社
RIA Novosti, RIA, РИА Новости, РІА Новини, 俄新社
Interfax, Интерфакс, Інтерфакс
Kommersant, Коммерсант, Коммерсантъ
Sputnik, 俄罗斯卫星通讯社
RT
Xinhua, Xinhua News Agency, Синьхуа, Сіньхуа, 新华社
CCTV, China Central Television, 央视
CGTN
Global Times, 环球时报
People's Daily, People’s Daily, 人民日报
China Daily
China News Service, 中新社
IRNA, Islamic Republic News Agency
Tasnim News Agency, Tasnim
Fars News Agency, Fars
Mehr News, Mehr News Agency
Press TV
KCNA, Korean Central News Agency, the Korean Central News Agency, 朝中社
SANA
BelTA, БЕЛТА, БелТА
Interfax-Ukraine, Интерфакс-Украина, Інтерфакс-Україна
Ukrinform, Укринформ, Укрінформ
Ukrainska Pravda, Украинская правда, Українська правда
RBC-Ukraine, РБК-Украина, РБК-Україна
Suspilne, Суспільне
Kyiv Independent, The Kyiv Independent
The New York Times, New York Times, NYT
The Washington Post, Washington Post, WP
The Wall Street Journal, Wall Street Journal, WSJ
Financial Times, The Financial Times, FT
The Guardian
The Times of London
The Economist
The Telegraph, Daily Telegraph
Politico, POLITICO
Axios
CNN
NBC News, NBC
CBS News, CBS
ABC News
Fox News
BBC News, BBC, The BBC
Sky News
Le Monde
Der Spiegel, Spiegel
Bild
Die Welt
Corriere della Sera
El País, El Pais
South China Morning Post, SCMP
Nikkei, Nikkei Asia
Al Jazeera
Haaretz
Meduza
The Moscow Times, Moscow Times
"""
_NAMES = {name: line.split(", ")[0] for line in _CITED.strip().splitlines() for name in line.split(", ")}
_ANY = "(?P<name>" + "|".join(re.escape(name) for name in sorted(_NAMES, key=len, reverse=True)) + ")"
_TITLE_CREDITS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\s[-–—]\s{_ANY}$",
        rf"\((?:via |by )?{_ANY}\)$",
        rf"\b(?:according to|citing|reported by) {_ANY}\b(?!['’])",
        rf",\s{_ANY} (?:[Rr]eports|[Rr]eported|[Ss]ays)$",
        rf"\S.{{14,}}\w:\s{_ANY}$",
        rf"^{_ANY}:\s",
    )
)
_TEXT_CREDITS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^[^.()]{{0,80}}\({_ANY}\)\s*[-–—]",
        rf"^{_ANY}\s*[-–—]\s",
        rf"\({_ANY}\)\.?$",
        rf"\s[-–—]\s?{_ANY}\.?$",
        rf"\b(?:citing|reported by) {_ANY}\b(?!['’])",
        rf",\s{_ANY} (?:reports|reported)\b",
    )
)
_PUBLISHED_BY = r"(?:(?:информ|інформ)?(?:агентств|агенці)\w+|издани\w+|видання|газет\w+|(?:теле)?канал\w*)"
_CITING = (
    r"(?:[Сс]сылкой на|[Сс]сылаясь на|[Пп]осиланням на|[Пп]осилаючись на|[Пп]о (?:данным|сообщению|информации)|"
    r"[Зз]а (?:даними|повідомленням|інформацією))"
)
_ABROAD = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_CITING} (?:{_PUBLISHED_BY} )?[«\"“„]?{_ANY}\b",
        rf"\b(?:[Сс]ообща[ею]т|[Пп]ереда[её]т|[Пп]ишет|[Пп]овідомля[єю]т?ь?|[Пп]ередає|[Пп]ише) (?:{_PUBLISHED_BY} )?[«\"“„]?{_ANY}\b",
        rf"据[\u4e00-\u9fff]{{0,4}}?[《“]?{_ANY}",
        rf"(?m:^)[（(]?{_ANY}[\u4e00-\u9fff\d]{{0,12}}电",
        rf"（{_ANY}）(?m:$)",
    )
)
_STATES = {"China": "Chinese", "Iran": "Iranian", "Russia": "Russian", "Syria": "Syrian", "Belarus": "Belarusian"}
_UNNAMED = re.compile(
    r"(?:[:,]\s|\baccording to |\bciting |\breported by )(?:(?P<whose>(?:North )?[A-Z][a-z]+)(?:['’]s)? )?"
    r"[Ss]tate[- ](?:run |controlled )?(?:[Mm]edia|TV|[Tt]elevision|[Nn]ews [Aa]gency|[Bb]roadcaster|[Rr]adio)"
    r"(?:,? (?:says?|said|reports?|reported))?$"
)
_LEAD_CHARACTERS = 600  # in which an outlet says whom it cites
_SAME = 0.8  # of the pairs of neighbouring terms that either text has, the share that both must have
_FEWEST_IN_TITLE = 6  # pairs of neighbouring terms; shorter titles may agree by chance
_FEWEST_IN_LEAD = 12

_Print = frozenset[tuple[str, str]]


class Originals:
    """Articles of the window whose origin is known: a later copy of one shares its origin."""

    def __init__(self) -> None:
        self._known: dict[ArticleId, tuple[str, str, tuple[_Print, _Print]]] = {}
        self._holders: defaultdict[tuple[str, str], set[ArticleId]] = defaultdict(set)
        self._outlets: dict[str, str] = {}

    def add(self, article: Article, sheet: Sheet, origin: str | None = None) -> str:
        """Take an article in, and say whose voice it is; `origin` is what was decided when it was filed."""
        outlet = article.outlet.name
        self._outlets[_NAMES.get(outlet, outlet)] = outlet
        prints = (_print(sheet.title, _FEWEST_IN_TITLE), _print(sheet.lead, _FEWEST_IN_LEAD))
        if origin is None:
            origin = self._cited(article) or self._copied(outlet, prints) or outlet
        self._known[article.id] = (outlet, origin, prints)
        for pair in prints[0] | prints[1]:
            self._holders[pair].add(article.id)
        return origin

    def remove(self, articles: Iterable[ArticleId]) -> None:
        """Let articles go that have left the window."""
        for article in articles:
            *_, prints = self._known.pop(article)
            for pair in prints[0] | prints[1]:
                self._holders[pair].discard(article)
                if not self._holders[pair]:
                    del self._holders[pair]

    def __iter__(self) -> Iterator[ArticleId]:
        return iter(self._known)

    def _cited(self, article: Article) -> str | None:
        """The outlet that title or lead credit, under the name by which it is read here."""
        lead = article.text[:_LEAD_CHARACTERS].strip()
        for text, patterns in ((article.title.strip(), _TITLE_CREDITS), (lead, _TEXT_CREDITS)):
            for pattern in patterns:
                if found := pattern.search(text):
                    return self._known_as(found["name"])
        for pattern in _ABROAD:  # in which an outlet names itself, too: "сообщает ТАСС со ссылкой на …"
            for found in pattern.finditer(f"{article.title}\n{lead}"):
                if (name := self._known_as(found["name"])) != article.outlet.name:
                    return name
        if unnamed := _UNNAMED.search(article.title):
            whose = unnamed["whose"] or ""
            return f"{_STATES.get(whose, whose)} {UNNAMED_STATE_MEDIA}".strip()
        return None

    def _known_as(self, cited: str) -> str:
        name = _NAMES[cited]
        return self._outlets.get(name, name)

    def _copied(self, outlet: str, prints: tuple[_Print, _Print]) -> str | None:
        """The origin of the known article of another outlet that is nearest to these prints, if one is near enough."""
        common = Counter(other for pair in prints[0] | prints[1] for other in self._holders.get(pair, ()))
        best, origin = _SAME, None
        for other, _ in common.most_common(20):
            other_outlet, other_origin, other_prints = self._known[other]
            likeness = max(map(_likeness, prints, other_prints))
            if other_outlet != outlet and likeness >= best:
                best, origin = likeness, other_origin
        return origin


def _print(terms: tuple[str, ...], fewest: int) -> _Print:
    pairs = frozenset(pairwise(terms))
    return pairs if len(pairs) >= fewest else frozenset()


def _likeness(a: _Print, b: _Print) -> float:
    """Jaccard's: what both have of what either has; nothing of nothing is 0."""
    return len(a & b) / len(a | b) if a and b else 0.0
