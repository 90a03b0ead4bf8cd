"""Spells a name or word as texts inflect it, for phrases that are looked up by their letters: pure."""

import re

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LONG_ENDING = re.compile(r"(?<=.{4})(?:ий|ій|ый|ой|ая|яя|ое|ее|ые|ие|і)$")
_ENDING = re.compile(r"[аяоеєёиіїыьйуюэ]$")
_CASES = ("", "а", "у", "ы", "и", "е", "і", "ой", "ою", "ом", "я", "ю", "ей", "ем", "ї", "ь")
_SHORT = 4  # letters: of a shorter stem only these endings, for "Куб*" would find the cup as well as Cuba
_PLURAL_Y = re.compile(r"[^aeiou]y$")


def spellings(phrase: str) -> tuple[str, ...]:
    """The phrase as it may stand in a text; a trailing * is any ending. Names and Chinese stay as they are."""
    if not _CYRILLIC.search(phrase):
        return _english(phrase) if phrase.islower() and phrase.isascii() else (phrase,)
    given = phrase.split()
    if len(given) == 1:
        return _forms(phrase)
    return (" ".join(_stemmed(word) for word in given),)


def _english(phrase: str) -> tuple[str, ...]:
    """A lower-case word in one and in many, and as a verb: "pipeline" and "pipelines"."""
    stem = phrase[:-1] if len(phrase) > _SHORT and phrase.endswith("s") and not phrase.endswith("ss") else phrase
    if stem.endswith("ie"):  # "companies" without its s
        stem = f"{stem[:-2]}y"
    if _PLURAL_Y.search(stem):
        return (stem, f"{stem[:-1]}ies")
    return (stem, f"{stem}es" if stem.endswith(("s", "x", "ch", "sh")) else f"{stem}s")


def _forms(word: str) -> tuple[str, ...]:
    if word.isupper():
        return (word,)
    stem = _stem(word)
    return (f"{stem}*",) if len(stem) >= _SHORT else (word, *(f"{stem}{ending}" for ending in _CASES))


def _stemmed(word: str) -> str:
    return word if word.isupper() or len(_stem(word)) < _SHORT else f"{_stem(word)}*"


def _stem(word: str) -> str:
    return _ENDING.sub("", word) if not _LONG_ENDING.search(word) else _LONG_ENDING.sub("", word)
