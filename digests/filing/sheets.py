"""What grouping reads of an article: its terms, who speaks, whether it is news at all, which phase of an affair."""

import re
from dataclasses import dataclass

from digests.model.articles import Article, ArticleId
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An article as grouping sees it. `hours` are since 1970; `speaker` holds the terms of whom the title quotes.

    `kinds` is empty for a plain report; `words` are the terms of title and lead without repetition.
    """

    article: ArticleId
    outlet: str
    hours: float
    title: tuple[str, ...]
    lead: tuple[str, ...]
    words: frozenset[str]
    numbers: frozenset[str]
    speaker: frozenset[str]
    kinds: frozenset[str]
    phases: frozenset[str]


def sheet_of(article: Article) -> Sheet:
    """Read an article; this costs more than everything that is done with it later, so keep the sheet."""
    title = terms(article.title)
    lead = terms(article.text[:_LEAD_CHARACTERS])[:_LEAD_TERMS]
    speaker = _SPEAKER.search(article.title)
    return Sheet(
        article=article.id,
        outlet=article.outlet.name,
        hours=article.published.timestamp() / 3600,
        title=title,
        lead=lead,
        words=frozenset(title + lead),
        numbers=frozenset(term for term in title if term[0].isdigit()),
        speaker=frozenset(terms(speaker[speaker.lastgroup or 0])) if speaker else frozenset(),
        kinds=frozenset(name for name, pattern in _KIND_PATTERNS.items() if pattern.search(article.title)),
        phases=frozenset(name for name, pattern in _PHASE_PATTERNS.items() if pattern.search(article.title)),
    )
