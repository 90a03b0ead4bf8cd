"""Finds thousands of phrases in a text at once: an index over their first words, so that unknown words cost nothing."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

_IDEOGRAPH = "[\u3400-\u4dbf\u4e00-\u9fff]"
_LETTERS = rf"(?:(?!{_IDEOGRAPH})[^\W_])+"
_INITIALS = r"(?P<initials>(?:[A-Z]\.)+[A-Z]\b\.?)"
_WORD = rf"{_IDEOGRAPH}|{_LETTERS}(?:['’ʼ]{_LETTERS})*"
_STOP = r"(?P<stop>(?<!\b[A-Z])[.!?…]+(?=[\s\"'”’»)\]]|$)|[\n。！？])"  # not the point of "Edward J. Markey"
_PAUSE = r"(?P<pause>[,;:|()（），；：、]|\s[-–—]+\s)"  # what parts two words that stand side by side
_IN_TEXT = re.compile(rf"{_INITIALS}|(?P<word>{_WORD})|{_STOP}|{_PAUSE}")
_IN_PHRASE = re.compile(rf"{_INITIALS}|(?P<word>(?:{_WORD})\*?|\*)|{_PAUSE}")
_POSSESSIVE = re.compile(r"'[sS]$")
_SHORT = 3  # letters: "Xi" and "Wu" as written only, for "XI" is a cricket team


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, without possessive; `folded` for comparing; `sentence` counts from 0.

    `parted` says that a comma, colon, bracket or dash stands before it.
    """

    written: str
    folded: str
    sentence: int
    parted: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase that stands in words[start:end] of one sentence."""

    phrase: str
    sentence: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A word of a phrase: as written, in any case, or only its beginning (an empty one is any word)."""

    text: str
    as_written: bool = False
    beginning: bool = False
    parted: bool = False

    def stands_in(self, written: str, folded: str) -> bool:
        if self.beginning:
            return folded.startswith(self.text)
        return self.text == (written if self.as_written else folded)


@lru_cache(maxsize=16)
def words(text: str) -> tuple[Word, ...]:
    """Split into words; every Chinese character is one, so that Chinese is matched by substring.

    The last few texts are kept, for shipped and own topics read each article one after the other.
    """
    found = []
    sentence = 0
    parted = False
    for piece in _IN_TEXT.finditer(text):
        if piece.lastgroup == "stop":
            sentence += 1
        elif piece.lastgroup == "pause":
            parted = True
        else:
            written = _written(piece)
            found.append(Word(written, written.casefold(), sentence, parted))
            parted = False
    return tuple(found)


def _written(piece: re.Match[str]) -> str:
    """U.S. as US, one kind of apostrophe, no possessive."""
    written = piece.group()
    if piece.lastgroup == "initials":
        return written.replace(".", "")
    return _POSSESSIVE.sub("", written.replace("’", "'").replace("ʼ", "'"))


class PhraseIndex:
    """The phrases to look for.

    A trailing * on a word stands for any ending, a lone * after the first word for any word. A word in capitals, or of
    up to three letters with a capital, matches only as written. The words of a phrase follow one another in a sentence;
    hyphens and quotation marks between them do not matter, a comma or colon only where the phrase has one, too.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases: list[tuple[str, tuple[_Wanted, ...]]] = []
        self._whole: defaultdict[str, list[int]] = defaultdict(list)
        self._beginnings: defaultdict[str, list[int]] = defaultdict(list)
        for phrase in dict.fromkeys(phrases):
            pattern = _pattern(phrase)
            if pattern:
                starts = self._beginnings if pattern[0].beginning else self._whole
                starts[pattern[0].text.casefold()].append(len(self._phrases))
                self._phrases.append((phrase, pattern))
        self._starting = lru_cache(maxsize=100_000)(self._look_up)  # a day's words, each looked up once

    def find(self, text: Sequence[Word]) -> list[Found]:
        """All phrases of the text in their order, overlapping ones too."""
        found = []
        for start, word in enumerate(text):
            for number in self._starting(word.written, word.folded):
                phrase, pattern = self._phrases[number]
                end = start + len(pattern)
                if len(pattern) == 1 or _follows(pattern, text[start:end]):
                    found.append(Found(phrase, word.sentence, start, end))
        return found

    def _look_up(self, written: str, folded: str) -> tuple[int, ...]:
        numbers = list(self._whole.get(folded, ()))
        for length in range(1, len(folded) + 1):
            numbers += self._beginnings.get(folded[:length], ())
        return tuple(number for number in numbers if self._phrases[number][1][0].stands_in(written, folded))


def _follows(pattern: tuple[_Wanted, ...], text: Sequence[Word]) -> bool:
    return (
        len(text) == len(pattern)
        and all(
            wanted.stands_in(word.written, word.folded) and word.sentence == text[0].sentence
            for wanted, word in zip(pattern, text, strict=True)
        )
        and not any(word.parted and not wanted.parted for wanted, word in zip(pattern[1:], text[1:], strict=True))
    )


def _pattern(phrase: str) -> tuple[_Wanted, ...]:
    wanted: list[_Wanted] = []
    parted = False
    for piece in _IN_PHRASE.finditer(phrase):
        if piece.lastgroup == "pause":
            parted = True
        else:
            wanted.append(replace(_wanted(_written(piece)), parted=parted))
            parted = False
    return tuple(wanted)


def _wanted(word: str) -> _Wanted:
    if word.endswith("*"):
        return _Wanted(word[:-1].casefold(), beginning=True)
    if (word.isupper() and len(word) > 1) or (len(word) <= _SHORT and word[0].isupper()):
        return _Wanted(word, as_written=True)
    return _Wanted(word.casefold())
