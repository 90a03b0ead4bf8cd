"""Finds names of world politics in a text, in four languages and every case: pure.

Latin and Cyrillic names are looked up by their first word, Chinese ones by their first two characters; the longest name
that stands in a place is meant ("South China Morning Post", not China).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from digests.model.names import Hit, Name, NameId, Office

_WORD = re.compile(r"(?:[A-Z]\.)+[A-Z]\b\.?|[^\W\d_\u3400-\u9fff]+\d*(?:['’ʼ][^\W\d_\u3400-\u9fff]+)*")
_CHINESE = re.compile("[\u3400-\u9fff]")
_POSSESSIVE = re.compile(r"['’ʼ][sS]?$")
_BETWEEN = frozenset({" ", "-", "‑", "–", "\u00a0"})  # the words of a name follow one another closely
_ABBREVIATED = frozenset({". ", "."})  # N. Korea, St. Petersburg
_FOLDED = str.maketrans("øłıđßёґ’ʼ", "olidsег''")
_ENDINGS = re.compile(r"(?:[ауиіюея]|ом|ем|єм|ою|ею|ові|еві|ым|им|ів|ов)$")  # of nouns that no dictionary knows
_SHORT = 3  # letters: as written only


@dataclass(frozen=True, slots=True)
class _Part:
    """A word of a name: any of `keys`, with a capital, or exactly as `written`."""

    keys: frozenset[str]
    capital: bool
    written: str | None

    def stands_in(self, word: str) -> bool:
        if self.written is not None:
            return _plain(word) == self.written
        return (not self.capital or word[0].isupper()) and not self.keys.isdisjoint(_keys(word))


@dataclass(frozen=True, slots=True)
class _Spelling:
    """One spelling, and what is meant by it: names, or an office and what it is an office of."""

    parts: tuple[_Part, ...]
    names: tuple[Name, ...]
    office: Office | None = None


class Names:
    """A gazetteer compiled for finding. `find` is pure; a text without Cyrillic costs microseconds."""

    def __init__(self, names: Iterable[Name], offices: Iterable[Office] = ()) -> None:
        self._names = {name.id: name for name in names}
        self._standing_for: defaultdict[NameId, list[NameId]] = defaultdict(list)
        self._holding: defaultdict[NameId, list[NameId]] = defaultdict(list)
        self._serving: defaultdict[NameId, list[NameId]] = defaultdict(list)
        self._meant: defaultdict[str, list[tuple[NameId, Office | None]]] = defaultdict(list)
        for name in self._names.values():
            for alias in name.aliases:
                self._meant[alias].append((name.id, None))
            if name.of:
                self._standing_for[name.of].append(name.id)
        shared = {alias for alias, meant in self._meant.items() if len(set(meant)) > 1}  # 中俄领导人 is nobody's title
        for office in offices:
            self._holding[office.of].append(office.holders[-1].id)
            self._serving[office.holders[-1].id].append(office.of)
            places = [alias for alias in self._names[office.of].aliases if alias not in shared]
            for phrase in _phrases(office, places):
                self._meant[phrase].append((office.of, office))
        self._chinese: defaultdict[str, list[str]] = defaultdict(list)
        self._latin: defaultdict[str, list[_Spelling]] = defaultdict(list)
        self._cyrillic: defaultdict[str, list[_Spelling]] | None = (
            None  # its dictionaries are loaded for the first such text
        )
        for alias in self._meant:
            if _CHINESE.match(alias):
                self._chinese[alias[:2]].append(alias)
            elif not _cyrillic(alias):
                self._add(alias, self._latin)
        for spellings in self._chinese.values():
            spellings.sort(key=len, reverse=True)
        self._starting = lru_cache(maxsize=200_000)(self._look_up)
        self._going_on = lru_cache(maxsize=200_000)(self._fitting)

    def __getitem__(self, name: NameId) -> Name:
        return self._names[name]

    def standing_for(self, name: NameId) -> tuple[Name, ...]:
        """The places and bodies that also stand for it: the Kremlin for Russia."""
        return tuple(self._names[each] for each in self._standing_for.get(name, ()))

    def holding(self, name: NameId) -> tuple[Name, ...]:
        """Who holds its offices now: of Russia its president, its ministers."""
        return tuple(self._names[each] for each in dict.fromkeys(self._holding.get(name, ())))

    def serving(self, name: NameId) -> tuple[Name, ...]:
        """The countries and bodies whose offices one holds now."""
        return tuple(self._names[each] for each in dict.fromkeys(self._serving.get(name, ())))

    def longer(self, name: Name) -> tuple[str, ...]:
        """Spellings of others in which one of this name's stands: "South Sudan" is not Sudan, 白俄罗斯 is not 俄罗斯."""
        others = (
            alias
            for other in self._names.values()
            if name.id not in (other.id, other.of)
            for alias in other.aliases
            if alias not in name.aliases
        )
        return tuple(alias for alias in others if any(_stands_within(own, alias) for own in name.aliases))

    def __contains__(self, name: NameId) -> bool:
        return name in self._names

    def find(self, text: str, on: date | None = None) -> tuple[Hit, ...]:
        """All names in the order of the text. Offices are those of the day `on`, or the present ones."""
        found = list(self._in_words(text, on))
        if _CHINESE.search(text):
            found += self._in_characters(text, on)
            found.sort(key=lambda hit: hit.start)
        return tuple(found)

    def _in_words(self, text: str, on: date | None) -> Iterator[Hit]:
        words = list(_WORD.finditer(text))
        behind = 0
        for number, word in enumerate(words):
            if number < behind or not self._starting(word.group()):
                continue
            following = words[number + 1].group() if number + 1 < len(words) else None
            for spelling in self._going_on(word.group(), following):
                if len(spelling.parts) == 1 or self._stands(spelling, text, words, number):
                    behind = number + len(spelling.parts)
                    yield from self._hits(spelling, word.start(), _end(words[behind - 1]), on)
                    break

    def _stands(self, spelling: _Spelling, text: str, words: Sequence[re.Match[str]], number: int) -> bool:
        following = words[number + 1 : number + len(spelling.parts)]
        return len(following) == len(spelling.parts) - 1 and all(
            part.stands_in(word.group()) and _close(text, before, word)
            for part, word, before in zip(spelling.parts[1:], following, words[number:], strict=False)
        )

    def _in_characters(self, text: str, on: date | None) -> Iterator[Hit]:
        behind = 0
        for start in range(len(text) - 1):
            if start >= behind:
                for alias in self._chinese.get(text[start : start + 2], ()):
                    if text.startswith(alias, start):
                        behind = start + len(alias)
                        yield from self._hits(self._spelling(alias, ()), start, behind, on)
                        break

    def _hits(self, spelling: _Spelling, start: int, end: int, on: date | None) -> Iterator[Hit]:
        ids = [name.id for name in spelling.names]
        ids += [name.of for name in spelling.names if name.of]
        if spelling.office:
            holder = spelling.office.holder(on)
            ids += [holder] if holder else []
        for each in dict.fromkeys(ids):
            yield Hit(id=each, kind=self._names[each].kind, start=start, end=end)

    def _look_up(self, word: str) -> tuple[_Spelling, ...]:
        """The spellings that may begin with this word, longest first."""
        if _cyrillic(word):
            if self._cyrillic is None:
                self._cyrillic = defaultdict(list)
                for alias in self._meant:
                    if _cyrillic(alias):
                        self._add(alias, self._cyrillic)
            index = self._cyrillic
        else:
            index = self._latin
        fitting = dict.fromkeys(
            spelling for key in _keys(word) for spelling in index.get(key, ()) if spelling.parts[0].stands_in(word)
        )
        return tuple(sorted(fitting, key=lambda spelling: -len(spelling.parts)))

    def _fitting(self, word: str, following: str | None) -> tuple[_Spelling, ...]:
        """Those of them that are this word alone or go on with the following one: hundreds of offices begin with a country."""
        return tuple(
            spelling
            for spelling in self._starting(word)
            if len(spelling.parts) == 1 or (following is not None and spelling.parts[1].stands_in(following))
        )

    def _add(self, alias: str, index: defaultdict[str, list[_Spelling]]) -> None:
        spelling = self._spelling(alias, tuple(_part(word.group()) for word in _WORD.finditer(alias)))
        for key in spelling.parts[0].keys:
            index[key].append(spelling)

    def _spelling(self, alias: str, parts: tuple[_Part, ...]) -> _Spelling:
        meant = self._meant[alias]
        office = next((office for _, office in meant if office), None)
        return _Spelling(parts, tuple(self._names[each] for each, _ in meant), office)


def _phrases(office: Office, places: Sequence[str]) -> Iterator[str]:
    """The office in words: "French president", "president of France", "президент Франции", "法国总统"."""
    for place in places:
        for role in office.roles:
            if bool(_CHINESE.match(place)) == bool(_CHINESE.match(role)) and _cyrillic(place) == _cyrillic(role):
                if _CHINESE.match(place):
                    yield place + role
                else:
                    yield f"{place} {role}"
                    yield f"{role} {place}" if _cyrillic(role) else f"{role} of {place}"


def _close(text: str, before: re.Match[str], word: re.Match[str]) -> bool:
    between = text[before.end() : word.start()]
    return between in _BETWEEN or (between in _ABBREVIATED and len(before.group()) < _SHORT)


def _stands_within(inner: str, outer: str) -> bool:
    return inner in outer if _CHINESE.match(inner) else f" {inner} " in f" {outer} "


def _end(word: re.Match[str]) -> int:
    return word.start() + len(_POSSESSIVE.sub("", word.group()))


def _cyrillic(word: str) -> bool:
    return any("\u0400" <= letter <= "\u04ff" for letter in word)


def _plain(word: str) -> str:
    """U.S. as US, without possessive."""
    return _POSSESSIVE.sub("", word).replace(".", "")


def _part(word: str) -> _Part:
    plain = _plain(word)
    if (plain.isupper() and len(plain) > 1) or (len(plain) <= _SHORT and plain[0].isupper()):
        return _Part(frozenset({_folded(plain)}), capital=True, written=plain)
    keys = {_folded(plain)}
    if _cyrillic(plain):
        forms = _normal_forms(plain)
        keys |= frozenset() if _folded(plain) in forms else forms
    return _Part(frozenset(keys), capital=plain[0].isupper(), written=None)


@lru_cache(maxsize=200_000)
def _keys(word: str) -> frozenset[str]:
    """Everything that a word may be looked up under: itself without accents, and its normal forms."""
    folded = _folded(_plain(word))
    if not _cyrillic(folded):
        return frozenset({folded})
    stem = _ENDINGS.sub("", folded)
    return frozenset({folded, *_normal_forms(word), *([stem] if len(stem) > _SHORT else [])})


def _folded(word: str) -> str:
    """Lower case; Latin letters without accents, ё as е: Orbán is Orban, and й stays what it is."""
    word = word.casefold().translate(_FOLDED)
    if word.isascii() or _cyrillic(word):
        return word
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


@lru_cache(maxsize=50_000)
def _normal_forms(word: str) -> frozenset[str]:
    return frozenset(_folded(form.normal_form) for analyser in _analysers() for form in analyser.parse(word))


@lru_cache(maxsize=1)
def _analysers() -> tuple[Any, ...]:
    """The Russian and the Ukrainian dictionary; they take a tenth of a second and 30 MB."""
    import pymorphy3

    return tuple(pymorphy3.MorphAnalyzer(lang=language) for language in ("ru", "uk"))
