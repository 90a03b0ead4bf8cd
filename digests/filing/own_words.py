"""Makes a topic of a person's own words: names with their known aliases, families of words, exact phrases: pure.

"sanctions on Russian oil or gas, not Iran"
 ─► what is excluded: Iran
 ─► names found ─► Russia, with the Kremlin, its companies and who holds its offices
 ─► families of words ─► sanctions (embargo, price cap …), oil, gas
 ─► what is left ─► exact phrases
 ─► sides, of which "or" joins two ─► Topic
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from digests.errors import PersonError
from digests.filing.filling import FILLING
from digests.filing.phrases import PhraseIndex, words
from digests.model.articles import Article
from digests.model.names import Kind, Name, NameId
from digests.model.topics import Breadth, Family, OwnWords, Side, Term, Topic, TopicSlug
from digests.text.inflection import spellings
from digests.text.names import Names

LONGEST = 120  # characters
MOST_PARTS = 6
PREFIX = "own-"

_EXCLUSION = re.compile(
    r"(?:^|[\s,]+)(?:but\s+)?(?:without|except(?:\s+for)?|excluding|not|minus|без|кроме|крім|окрім|но\s+не|але\s+не|не)\s+"
    r"|(?:除了|不含|不要)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”„«»](?P<phrase>[^\"“”„«»]+)[\"“”„«»]")
_PIECE = re.compile(r"[\u3400-\u9fff]+|[^\W_]+(?:['’ʼ-][^\W_]+)*")
_CHINESE = re.compile("[\u3400-\u9fff]+$")
_OR = frozenset({"or", "или", "либо", "або", "чи", "或", "或者"})
_PARTICLES = "的和与在对"
_OTHER_KINDS = frozenset({Kind.OUTLET, Kind.OTHER})
_ABBREVIATION = 3  # letters: "us" and "eu" are meant as names
_OFFICIAL = 0.8  # who holds an office of a country speaks for it, but not always
_NARROW, _WIDE = 0.55, 1.2  # the product of all sides: only in a title; also in a text whose title names none


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One thing that was named: where it stands in the words, and what it is found by."""

    start: int
    end: int
    name: str
    terms: tuple[Term, ...]
    hidden: tuple[str, ...] = ()
    state: tuple[Term, ...] = ()  # of a person the countries whose offices he holds
    by_state: bool = False  # whether it is something that states do


class OwnTopics:
    """Reads own words with the known names and families. `topic` is pure; the same words make the same topic."""

    def __init__(self, names: Names, families: Iterable[Family]) -> None:
        self._names = names
        self._families = tuple(families)
        self._heads = {head: family for family in reversed(self._families) for head in family.heads}
        self._index = PhraseIndex(self._heads)
        self._known: dict[tuple[NameId, Breadth], tuple[Term, ...]] = {}
        self._longer: dict[NameId, tuple[str, ...]] = {}

    def topic(self, own: OwnWords) -> Topic:
        """The topic that is meant. Raises PersonError where the words name nothing, too much, or are too long."""
        if len(own.words) > LONGEST:
            raise PersonError(f"That is too long for a topic: name it in at most {LONGEST} characters.")
        wanted, _, unwanted = _halves(own.words)
        parts = _acting(self._parts(wanted, own.breadth), own.breadth)
        sides = _sides(wanted, parts)
        if not sides:
            raise PersonError("What shall it be about? Name who or what, such as: sanctions on Russian oil.")
        if len(sides) > MOST_PARTS:
            raise PersonError(
                f"That names {len(sides)} things at once; name at most {MOST_PARTS}, or follow two topics."
            )
        excluded = [term for part in self._parts(unwanted, Breadth.NARROW) for term in part.terms]
        read = " + ".join(side.name for side in sides)
        without = f", without {', '.join(dict.fromkeys(term.name for term in excluded))}" if excluded else ""
        weighed = _weighed(sides, own.breadth)
        return Topic(
            slug=slug_of(own),
            title=_title(own.words),
            line=f"In your own words; I look for {read}{without}.",
            background="\n".join(_explained(side) for side in sides),
            questions=(),
            sides=weighed,
            also=tuple(_shared(weighed)) + tuple(_looser(weighed, sides) if own.breadth is Breadth.WIDE else ()),
            hidden=tuple(hidden for part in parts for hidden in part.hidden),
            excluded=tuple(excluded),
        )

    def _parts(self, text: str, breadth: Breadth) -> list[_Part]:
        quoted = [
            _Part(start=found.start(), end=found.end(), name=f"“{found['phrase']}”", terms=(_term(found["phrase"]),))
            for found in _QUOTED.finditer(text)
        ]
        rest = _blank(text, quoted)
        named = list(self._named(rest, breadth))
        rest = _blank(rest, named)
        families = list(self._of_families(rest, breadth))
        return sorted((*quoted, *named, *families, *_literal(_blank(rest, families))), key=lambda part: part.start)

    def _named(self, text: str, breadth: Breadth) -> Iterable[_Part]:
        for start, end, meant in self._meant(text):
            persons = [name for name in meant if name.kind is Kind.PERSON]
            together = all(name.kind is Kind.COUNTRY for name in meant)  # 中俄 is both of them
            for name in meant if together else (persons or meant)[:1]:
                if name.kind in _OTHER_KINDS:
                    continue
                terms = self._terms(name, breadth)
                if persons and meant[0] is not name:  # an office: its holder, and the words for it
                    terms = (*terms, _term(text[start:end]))
                if name.id not in self._longer:
                    self._longer[name.id] = _spelt(self._names.longer(name))
                hidden = self._longer[name.id]
                state = tuple(self._state(name)) if breadth is not Breadth.NARROW else ()
                yield _Part(start=start, end=end, name=name.aliases[0], terms=terms, hidden=hidden, state=state)

    def _meant(self, text: str) -> Iterable[tuple[int, int, list[Name]]]:
        """The names that stand in a place, as they are written and, beside those, as they should be: "eu", "china"."""
        written = self._names.find(text)
        taken = {place for hit in written for place in range(hit.start, hit.end)}
        meant = self._names.find(_PIECE.sub(self._capitalised, text))
        hits = [*written, *(hit for hit in meant if taken.isdisjoint(range(hit.start, hit.end)))]
        for start, end in dict.fromkeys((hit.start, hit.end) for hit in hits):
            yield start, end, [self._names[hit.id] for hit in hits if (hit.start, hit.end) == (start, end)]

    def _capitalised(self, piece: re.Match[str]) -> str:
        """The word with a capital, or in capitals where that is a name; what grows by it stays, for places count."""
        word = piece.group()
        short = len(word) <= _ABBREVIATION and word.casefold() not in FILLING and self._names.find(word.upper())
        raised = word.upper() if short else word[0].upper() + word[1:]
        return raised if len(raised) == len(word) else word

    def _terms(self, name: Name, breadth: Breadth) -> tuple[Term, ...]:
        """The name itself, the places and bodies that stand for it, and, unless narrow, who holds its offices."""
        key = (name.id, breadth)
        if key not in self._known:
            self._known[key] = self._read(name, breadth)
        return self._known[key]

    def _read(self, name: Name, breadth: Breadth) -> tuple[Term, ...]:
        own = [alias for each in (name, *self._names.standing_for(name.id)) for alias in each.aliases]
        terms = [Term(name=name.aliases[0], aliases=_spelt(own))]
        officials = [alias for each in self._names.holding(name.id) for alias in each.aliases]
        if officials and breadth is not Breadth.NARROW:
            terms.append(Term(name=f"{name.aliases[0]}'s officials", aliases=_spelt(officials), weight=_OFFICIAL))
        return tuple(terms)

    def _state(self, name: Name) -> Iterable[Term]:
        """The countries that act where he does."""
        for each in self._names.serving(name.id):
            if each.kind is Kind.COUNTRY:
                yield replace(self._terms(each, Breadth.NARROW)[0], weight=_OFFICIAL)

    def _of_families(self, text: str, breadth: Breadth) -> Iterable[_Part]:
        behind = 0
        pieces = list(_PIECE.finditer(text))
        for number, piece in enumerate(pieces):
            for last in (*pieces[number + 1 : number + 2], piece):
                phrase = text[piece.start() : last.end()]
                for start, end, family in self._families_in(phrase):
                    if piece.start() + start >= behind:
                        behind = piece.start() + end
                        aliases = (*family.words, *(family.wide if breadth is Breadth.WIDE else ()))
                        yield _Part(
                            start=piece.start() + start,
                            end=behind,
                            name=phrase[start:end],
                            terms=(Term(name=phrase[start:end], aliases=aliases),),
                            by_state=family.state,
                        )

    def _families_in(self, phrase: str) -> Iterable[tuple[int, int, Family]]:
        """Where families stand: the whole phrase, or of Chinese, which is not spaced, any part of it."""
        read = words(phrase)
        found = sorted(self._index.find(read), key=lambda each: (each.start, -each.end))
        for each in found:
            if _CHINESE.match(phrase):
                yield each.start, each.end, self._heads[each.phrase]
            elif (each.start, each.end) == (0, len(read)):
                yield 0, len(phrase), self._heads[each.phrase]
                return


def _acting(parts: Sequence[_Part], breadth: Breadth) -> list[_Part]:
    """With the country that a person acts for, where more is wished for or one part is what states do: "Trump tariffs"."""
    if breadth is Breadth.WIDE or any(part.by_state for part in parts):
        return [replace(part, terms=(*part.terms, *part.state)) for part in parts]
    return list(parts)


def _sides(text: str, parts: Iterable[_Part]) -> tuple[Side, ...]:
    """A side for each thing that was named, in its order; two with "or" between them are one."""
    sides: list[Side] = []
    behind = 0
    for part in parts:
        side = Side(name=part.name, terms=part.terms)
        between = {piece.group().casefold() for piece in _PIECE.finditer(text[behind : part.start])}
        if sides and between & _OR:
            former = sides.pop()
            side = Side(name=f"{former.name} or {side.name}", terms=(*former.terms, *side.terms))
        if side.name not in (each.name for each in sides):
            sides.append(side)
        behind = part.end
    return tuple(sides)


def unheard(topic: Topic, articles: Sequence[Article]) -> tuple[str, ...]:
    """The sides of which no article has a word: what is misspelt, or what nobody writes about."""
    sides = {side.name: PhraseIndex(alias for term in side.terms for alias in term.aliases) for side in topic.sides}
    for article in articles:
        read = words(f"{article.title}\n{article.text}")
        sides = {name: index for name, index in sides.items() if not index.find(read)}
    return tuple(sides)


def slug_of(own: OwnWords) -> TopicSlug:
    """The same words have the same slug, however they are spaced and capitalised."""
    content = f"{own.breadth}:{' '.join(own.words.casefold().split())}"
    digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return TopicSlug(PREFIX + base64.b32encode(digest).decode("ascii").lower()[:12])


def _halves(text: str) -> tuple[str, str, str]:
    found = _EXCLUSION.search(text)
    return (text[: found.start()], found.group(), text[found.end() :]) if found else (text, "", "")


def _blank(text: str, parts: Iterable[_Part]) -> str:
    """The text with spaces where the parts stand, so that places stay what they are."""
    for part in parts:
        text = text[: part.start] + " " * (part.end - part.start) + text[part.end :]
    return text


def _literal(text: str) -> Iterable[_Part]:
    """What nothing is known of: capitalised words side by side are a name and an exact phrase, others a part each."""
    run: list[re.Match[str]] = []
    for piece in [*_PIECE.finditer(text), None]:
        if run and (piece is None or not piece.group()[0].isupper() or text[run[-1].end() : piece.start()] != " "):
            yield _phrase(text[run[0].start() : run[-1].end()], run[0].start())
            run = []
        if piece is None or piece.group().casefold() in FILLING | _OR:
            continue
        if piece.group()[0].isupper():
            run.append(piece)
        else:
            bare = piece.group().strip(_PARTICLES)
            if bare:
                yield _phrase(bare, piece.start())


def _phrase(text: str, start: int) -> _Part:
    return _Part(start=start, end=start + len(text), name=text, terms=(_term(text),))


def _term(text: str) -> Term:
    return Term(name=text, aliases=_spelt([text]))


def _spelt(aliases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spelling for alias in aliases for spelling in spellings(alias)))


def _weighed(sides: Sequence[Side], breadth: Breadth) -> tuple[Side, ...]:
    """Sides whose weights together ask for a title, or are content with a text."""
    product = {Breadth.NARROW: _NARROW, Breadth.USUAL: 1.0, Breadth.WIDE: _WIDE}[breadth]
    factor = product ** (1 / len(sides))
    return tuple(
        Side(name=side.name, terms=tuple(replace(term, weight=term.weight * factor) for term in side.terms))
        for side in sides
    )


def _shared(sides: Sequence[Side]) -> Iterable[tuple[Side, ...]]:
    """Where one word stands for two sides ("Rosneft": Russia and oil), it is enough for both."""
    for one, other in combinations(sides, 2):
        of_one = {alias for term in one.terms for alias in term.aliases}
        both = tuple(dict.fromkeys(a for term in other.terms for a in term.aliases if a in of_one))
        if both:
            name = f"{one.name} and {other.name}"
            joint = Side(name=name, terms=(Term(name=name, aliases=both),))
            yield (joint, *(side for side in sides if side not in (one, other)))


def _looser(weighed: Sequence[Side], sides: Sequence[Side]) -> Iterable[tuple[Side, ...]]:
    """All but one, where that still leaves two."""
    if len(sides) > 2:
        yield from combinations(weighed, len(weighed) - 1)


def _title(text: str) -> str:
    plain = " ".join(text.split())
    return plain[:1].upper() + plain[1:]


def _explained(side: Side) -> str:
    known = [alias.rstrip("*") for term in side.terms for alias in term.aliases]
    shown = list(dict.fromkeys(known))[:6]
    return f"{side.name}: {', '.join(shown)}{' …' if len(set(known)) > len(shown) else ''}"
