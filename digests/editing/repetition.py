"""Whether a headline tells more than what stands before it: outlets say one thing in many words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digests.editing.titles import capitalised
from digests.editing.weights import familiar, matter, words

_NEW_TERMS = 2
_NEW_SHARE = 0.35
_RESTATES = 0.4  # so much of what a title says stands before it: then only a hard fact makes it worth its place
_REPEATS = 0.6
_STEM = 5  # letters: "Parliament" is no new name after "parliamentary"
_SHORTEST_NAME = 3
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|(?<!\w)[‘']([^’']+)[’'](?!\w)")
_AMOUNT = re.compile(
    r"(?<![\w.])[^\w\s]?(?!(?:19|20)\d\d\b)\d[\d.,]*|\b(?:dozens|hundreds|thousands|millions|billions)\b", re.IGNORECASE
)
_STANCE = re.compile(
    r"\b(?:warns?|vows?|urges?|demands?|threatens?|condemns?|critici[sz]es?|apologi[sz]es?|offers?|"
    r"invites?|proposes?|accuses?|pledges?)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:den(?:y|ies|ied)|reject(?:s|ed)?|refuse[sd]?)\b", re.IGNORECASE)  # a fact in one word
_WORD = re.compile(r"[\w’'-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What stands before a title: the texts, and all their terms."""

    texts: tuple[str, ...]
    terms: frozenset[str]


def told(texts: Sequence[str]) -> Told:
    """The texts as what was told."""
    return Told(texts=tuple(texts), terms=frozenset(term for text in texts for term in words(text)))


def adds(title: str, before: Told) -> bool:
    """Whether a title brings new words that are not familiar, and, where it says a thing once more, a new fact of it.

    That somebody denies, rejects or refuses what was told always adds.
    """
    if any(not before.terms.issuperset(words(found[0])) for found in _DENIAL.finditer(title)):
        return True
    telling = {term for term in words(title) if not familiar(term)}
    new = telling - before.terms
    if len(new) < _NEW_TERMS or len(new) < _NEW_SHARE * len(telling):
        return False
    again = _again(title, before)
    return again < _RESTATES or (again < _REPEATS and _hard(title, before))


def _again(title: str, before: Told) -> float:
    """The share of its terms that were told, of those in quotation marks where it rests on a quotation."""
    quoted = words(_quoted(title))
    said = matter(title)
    shares = [len(before.terms.intersection(part)) / len(part) for part in (quoted, said) if part]
    return max(shares, default=0.0)


def _quoted(title: str) -> str:
    return " ".join(part for found in _QUOTED.findall(title) for part in found)


def _hard(title: str, before: Told) -> bool:
    """Whether it has a name, an amount, a quotation or a stance of which nothing was told."""
    if any(
        not before.terms.issuperset(words(found[0]))
        for pattern in (_AMOUNT, _STANCE)
        for found in pattern.finditer(title)
    ):
        return True
    quoted = {term for term in words(_quoted(title)) if not familiar(term)}
    if len(quoted - before.terms) > len(quoted) / 2:
        return True
    return not capitalised(title) and _new_name(title, before)


def _new_name(title: str, before: Told) -> bool:
    """Whether a name is none of which a part was told: "Elon Musk" is not new after "Musk"."""
    known = {word[:_STEM].casefold() for text in before.texts for word in _WORD.findall(text)}
    name: list[str] = []
    for place, word in enumerate([*_WORD.findall(title), ""]):
        if place and word[:1].isupper():
            name.append(word)
            continue
        heard = any(part[:_STEM].casefold() in known for part in name)
        if not heard and any(len(part) >= _SHORTEST_NAME and not all(map(familiar, words(part))) for part in name):
            return True
        name = []
    return False
