"""What grouping reads of an article: its terms, whom it names, who speaks, whether it is news, which phase of an affair."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from digests.model.articles import Article, ArticleId
from digests.model.names import Hit, Kind, NameId
from digests.model.topics import TopicSlug
from digests.text.concepts import meanings, script
from digests.text.names import Names
from digests.text.tokens import terms

_LEAD_CHARACTERS = 600  # the lead says what happened, the rest is background
_LEAD_TERMS = 60

_SPEAKER = re.compile(
    r"\s[-–—―]\s(?P<after>[^-–—]{3,50})$"
    r"|^(?P<before>[^,:;]{3,60}?)\s(?:says|said|tells|warns|urges|calls on|slams|vows|confirms|claims|denies|hails|announces)\b"
    r"|,\s(?P<comma>[^,]{3,40}?)\s(?:says|said|warns|tells|announces|confirms)\b[^,]{0,25}$"
)
_KINDS = {  # not a report of one event: a live page or round-up, an explainer, somebody's view
    "round-up": r"\blive\b|\bupdates\b|\bbriefing\b|as it happened|press review|takeaways|\bin brief\b|round-?up|"
    r"headlines|newsletter|podcast|factbox|what we know|things to know|statements by|week in",
    "explainer": r"^(?:why|how|what|who|is|can|could|will|should|does|do|are)\b|\?(?:\s|$|['’])|\bexplain|"
    r"what (?:is|are|to know|comes)|analysis|key points|timeline",
    "view": r"\bopinion\b|\beditorial\b|\banalysts?\b|\bexperts?\b|commentary|\|\s*[a-z]+ |\bwe must\b|\bour\b|"
    r"\bscholar|\bformer\b|\bcandidate\b|\blawmaker",
}
_PHASES = {  # of a meeting, a visit, an attack … in the words of headlines
    "ahead": r"\b(?:ahead of|before|set (?:for|to)|to (?:host|hold|take|begin|discuss|meet|visit|resume|attend|travel|send)|"
    r"delay|postpone|reschedul|schedul|next week|expected|plans? to|prepar|upcoming|eve of|heads? to|will)",
    "begun": r"\b(?:begin|began|start|open|kick|arriv|lands?\b|gather|resum|launch|underway|first day)",
    "over": r"\b(?:end|ends|ended|conclu|wrap|finish|complet|agree|reached|sign|signs|signed|after|breakthrough|outcome|yield)",
    "second day": r"\b(?:second day|day (?:two|2)|2nd day|third day|3rd day)\b",
}
_KIND_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _KINDS.items()}
_PHASE_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _PHASES.items()}


_BODIES = frozenset({Kind.ORGANISATION, Kind.TREATY, Kind.WEAPON})
_UNNAMED = frozenset({Kind.OUTLET, Kind.OTHER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An article as grouping sees it. `hours` are since 1970; `speaker` holds the terms of whom the title quotes.

    `unnamed` says that this is nobody by name: a ministry, a source, a diplomat. `kinds` is empty for a plain report; `words` are the terms of title and lead without repetition, `plain` those of the
    title that belong to no name. People, bodies and places are those of the title, `first` is who or what it names
    first, `places_told` those of title and lead. `meant` is what the title says in words of no language (names, acts,
    numbers), `meant_told` what title and lead say.
    """

    article: ArticleId
    language: str
    outlet: str
    hours: float
    title: tuple[str, ...]
    lead: tuple[str, ...]
    words: tuple[str, ...]
    plain: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    numbers: frozenset[str]
    speaker: frozenset[str]
    unnamed: bool
    kinds: frozenset[str]
    phases: frozenset[str]
    topics: frozenset[TopicSlug]
    people: frozenset[NameId]
    bodies: frozenset[NameId]
    places: frozenset[NameId]
    places_told: frozenset[NameId]
    first: NameId | None
    meant: frozenset[str]
    meant_told: frozenset[str]


def sheet_of(article: Article, names: Names, topics: frozenset[TopicSlug] = frozenset()) -> Sheet:
    """Read an article; this costs more than everything that is done with it later, so keep the sheet."""
    told = article.text[:_LEAD_CHARACTERS]
    title = terms(article.title)
    lead = terms(told)
    speaker = _SPEAKER.search(article.title)
    named = names.find(article.title, article.published.date())
    named_told = names.find(told)
    meant = meanings(article.title, title) | _ids(named)
    return Sheet(
        article=article.id,
        language=script(article.title or told),
        outlet=article.outlet.name,
        hours=article.published.timestamp() / 3600,
        title=title,
        lead=lead[:_LEAD_TERMS],
        words=tuple(dict.fromkeys(title + lead[:_LEAD_TERMS])),
        plain=frozenset(title).difference(*(terms(article.title[hit.start : hit.end]) for hit in named)),
        pairs=frozenset(pairwise(title)),
        numbers=frozenset(term for term in title if term[0].isdigit()),
        speaker=frozenset(terms(speaker[speaker.lastgroup or 0])) if speaker else frozenset(),
        unnamed=speaker is not None and not _names_a_person(speaker.span(speaker.lastgroup or 0), named),
        kinds=frozenset(name for name, pattern in _KIND_PATTERNS.items() if pattern.search(article.title)),
        phases=frozenset(name for name, pattern in _PHASE_PATTERNS.items() if pattern.search(article.title)),
        topics=topics,
        people=_of(named, {Kind.PERSON}),
        bodies=_of(named, _BODIES),
        places=_of(named, {Kind.PLACE}),
        places_told=_of((*named, *named_told), {Kind.PLACE}),
        first=next((hit.id for hit in named if hit.kind not in _UNNAMED), None),
        meant=meant,
        meant_told=meant | meanings(told, lead) | _ids(named_told),
    )


def _names_a_person(span: tuple[int, int], hits: Iterable[Hit]) -> bool:
    begin, end = span
    return any(hit.kind is Kind.PERSON and begin <= hit.start < end for hit in hits)


def _ids(hits: Iterable[Hit]) -> frozenset[str]:
    return frozenset(hit.id for hit in hits if hit.kind not in _UNNAMED)


def _of(hits: Iterable[Hit], kinds: frozenset[Kind] | set[Kind]) -> frozenset[NameId]:
    return frozenset(hit.id for hit in hits if hit.kind in kinds)
