"""Which sentences of later reports state what earlier ones had not: a figure, an act, a place, a date, a shared name."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from digests.editing.weights import familiar, words
from digests.model.articles import Article
from digests.text.facts import Figure, Stage, facts

_NEAR = 0.02  # figures that differ by less are one figure, rounded
_FEW = 4  # below it a number tells little, but of people who suffer: "two officials", "three days"

# Acts that change an affair when they are done. The others are speech, or part of every report: warn, meet, strike …
_CHANGING_WORDS = """
    agree sign ratify reject accept withdraw suspend resume postpone cancel end collapse expire extend capture release exchange arrest
    charge expel recall sanction lift resign appoint sack elect win test deny retract ban down recognise apologise evacuate crash rule own
    kill invite identify lose close-in
"""
_CHANGING = frozenset(_CHANGING_WORDS.split())
# Who has had the first cannot take the others for news: they belong to it, or are other words for it.
_IMPLIED = {
    line.split(": ")[0]: frozenset(line.split(": ")[1].split())
    for line in (
        "sign: agree propose end",
        "agree: sign end close-in",
        "ratify: sign vote agree",
        "end: agree withdraw suspend collapse",
        "collapse: end suspend",
        "resume: begin lift extend",
        "postpone: suspend extend",
        "cancel: postpone suspend end withdraw reject",
        "suspend: postpone cancel end",
        "expire: end collapse withdraw extend",
        "exchange: release agree deliver",
        "release: exchange lift",
        "arrest: capture charge",
        "charge: arrest",
        "sack: resign end release reject",
        "resign: sack end withdraw",
        "appoint: elect win",
        "elect: win vote appoint",
        "win: elect",
        "ban: sanction suspend",
        "sanction: ban suspend",
        "lift: end release resume",
        "withdraw: end cancel",
        "reject: deny sack",
        "deny: reject",
        "extend: resume agree",
        "capture: arrest",
        "down: crash",
        "rule: ban sanction charge reject",
        "accept: agree invite",
        "invite: accept",
        "kill: strike wound",
    )
}
_VICTIMS = frozenset(words("killed wounded dead missing injured prisoners hostages bodies arrested detained"))
_SAYING = frozenset(
    words(
        "officials official sources source diplomats people days day hours hour weeks week months month years year sides round"
    )
)
_HIT = re.compile(
    r"\b(?:strikes?|struck|hits?|attack(?:s|ed)|bomb(?:s|ed)|shell(?:s|ed)|pound(?:s|ed)|seize[sd]?|captured?)\s"
    r"(?:(?:the|a|on|in|of|port|town|city|village|south|north|east|west|southern|northern|eastern|western|central|\w+['’]s|[A-Z]\w+)\s){0,4}"
    r"(?P<object>[A-Z]\w+)"
)
_REACTION = re.compile(
    r"\b(?:welcom|regret|deplor|hail|prais|applaud|condemn|denounc|condol|reiterat|repeat|reaffirm|comment(?:s|ed|ing) on|remain)\w*\b|\bcall(?:s|ed)? for\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\b(?:in (?:response|retaliation|reply)|retaliat\w+|reciprocal\w*|tit-for-tat|counter-?measures?)\b", re.IGNORECASE
)
_ROUND = re.compile(
    r"\b(?:second|third|fourth|fifth|2nd|3rd|4th|5th|final|next)\s(?:and\s\w+\s)?(?:day|round|phase|stage|term|exchange|swap)\b",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"\b(?:again|once more|for a (?:second|third) time)\b", re.IGNORECASE)
_AFTER = re.compile(
    r",?\s(?:just\s|only\s|a\s|an\s|[a-z]+\s)?(?:minute|hour|day|week|month|year)s?\s(?:after|before|since|earlier)\b.*",
    re.DOTALL | re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:(?:in|since|of|until|from)\s+(?P<year>(?:19|20)\d\d)|\w+\s+years?\s+(?:ago|earlier)|last\s+year|decades?)\b"
)


class News:
    """What a reader has had of a story, against which later sentences are held.

    `earlier` are the articles that he was shown, `later` those that came since.
    """

    def __init__(self, earlier: Sequence[Article], later: Sequence[Article]) -> None:
        had = [f"{article.title}. {article.text}" for article in earlier]
        told = [facts(text) for text in had]
        self._words = frozenset[str]().union(*(words(text) for text in had))
        self._figures = [figure for each in told for figure in each.figures]
        acts = frozenset(act for each in told for act in each.acts)
        coming = {act.name for act in acts if act.stage in {Stage.AHEAD, Stage.NOT}}
        done = {
            act.name for act in acts if act.stage is Stage.DONE or (act.stage is Stage.NAMED and act.name not in coming)
        }
        self._stale = done.union(*(_IMPLIED.get(name, frozenset()) for name in done))
        self._days = frozenset[tuple[int, int]]().union(*(each.days for each in told), *map(_near, (*earlier, *later)))
        self._text = " ".join(had)
        self._years = frozenset(str(article.published.year) for article in later)

    def brings(self, sentence: str) -> bool:
        """Whether a sentence states what is new in the story."""
        sentence = _AFTER.sub("", sentence)  # "…, days after a deal was signed" is background
        past = _PAST.search(sentence)
        if past and past["year"] not in self._years:
            return False  # background
        found = facts(sentence)
        return (
            any(map(self._new_figure, found.figures))
            or self._new_act(sentence)
            or self._new_target(sentence)
            or self._new_round(sentence)
            or any(day not in self._days and (day[0], 0) not in self._days for day in found.days)
        )

    def _new_figure(self, figure: Figure) -> bool:
        counted = figure.value >= _FEW or bool(figure.unit) or bool(figure.counts & _VICTIMS)
        return counted and not figure.counts & _SAYING and not any(_same(figure, other) for other in self._figures)

    def _new_act(self, sentence: str) -> bool:
        """Whether an act that was not done by then is done; what is only welcomed or regretted is known."""
        reaction = _REACTION.search(sentence)
        acts = {
            act.name
            for act in facts(sentence[: reaction.start()] if reaction else sentence).acts
            if act.stage is Stage.DONE
        }
        changing = acts & _CHANGING
        if changing and any(mark.search(sentence) and not mark.search(self._text) for mark in (_ANSWER, _AGAIN)):
            return True
        return bool(changing - self._stale)

    def _new_round(self, sentence: str) -> bool:
        found = _ROUND.search(sentence)
        return found is not None and found[0].lower() not in self._text.lower()

    def _new_target(self, sentence: str) -> bool:
        """Whether a place is attacked or taken that was not named before."""
        hit = _HIT.search(sentence)
        if not hit:
            return False
        return "strike" not in self._stale or (
            not frozenset(words(hit["object"])) & self._words and not self._old_place(sentence)
        )

    def _old_place(self, sentence: str) -> bool:
        return any(not familiar(term) for name in facts(sentence).names for term in name if term in self._words)


def _near(article: Article) -> Iterator[tuple[int, int]]:
    """The days about its publication: a report that says when it happened brings no date."""
    for hours in (-24, 0, 24):
        day = article.published + timedelta(hours=hours)
        yield day.month, day.day


def _same(one: Figure, other: Figure) -> bool:
    return abs(one.value - other.value) <= _NEAR * max(one.value, other.value)
