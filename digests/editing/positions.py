"""For which side a statement speaks: only where its form names the speaker and nobody else can be meant."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from digests.editing.titles import bare
from digests.model.names import Hit, Kind, NameId
from digests.text.names import Names

_SAYING = (
    r"(?:says?|said|warns?|warned|vows?|vowed|insists?|insisted|demands?|demanded|rejects?|rejected|denies|denied|confirms?|confirmed|"
    r"welcomes?|welcomed|urges?|urged|stresses|stressed|reiterates?|reiterated|declares?|declared|announces|announced|calls?\ for|called\ for|"
    r"calls?\ on|called\ on|rules?\ out|ruled\ out|hopes|expects|believes|thinks|wants)"
)
_ATTRIBUTION = re.compile(
    r"\b(?:says?|said|saying|tells?|told|claims?|claimed|alleg\w+|reportedly|reports?|reported|according\ to|citing|cites|quot(?:es|ed|ing)|"
    r"sources?|insiders?|media|allegedly|purported\w*|rumou?r\w*)\b".replace("\\ ", r"\s"),
    re.IGNORECASE,
)
_ONE = r"(?P<speaker>[^,:;“”\"«»()—]{2,70}?)"
_DAY = r"(?:\s+on)?(?:\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)?"
_FRONT = tuple(
    re.compile(pattern.replace("\\ ", r"\s"))
    for pattern in (rf"^{_ONE}\s+{_SAYING}\b(?!\s+to\s+have)", rf"^{_ONE}:\s+(?=\S)")
)
_BACK = tuple(
    re.compile(pattern)
    for pattern in (
        rf",[”\"’']?\s+(?:says|said)\s+{_ONE}{_DAY}\.?$",
        rf",[”\"’']?\s+{_ONE}\s+(?:says|said|warns|insists){_DAY}\.?$",
        rf",\s+according\sto\s{_ONE}$",
    )
)
_ROLES = frozenset(
    """president prime minister foreign defence defense finance economy ministry minister's spokesman spokeswoman spokesperson
    top senior special chief envoy ambassador negotiator leader chancellor secretary of state department government general mr the
    official officials premier vice national security adviser advisor council head office administration presidential permanent representative to un""".split()  # noqa: SIM905
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*\.?")
_CREDIT = re.compile(r"\s[—–-]{1,2}\s(?P<speaker>[^—–:]{3,60})$")  # an agency's: "… — Russian Foreign Ministry"
_BODIES = frozenset({"eu", "nato", "un", "iaea"})
_SEATS = frozenset(  # of governments; of other places nobody knows who speaks there
    "washington moscow kremlin kyiv beijing london paris berlin rome madrid brussels warsaw budapest prague ankara minsk tokyo seoul".split()  # noqa: SIM905
)
COUNTRY_OF_VANTAGE = {
    "RU": NameId("russia"),
    "CN": NameId("china"),
    "US": NameId("usa"),
    "UA": NameId("ukraine"),
    "IN": NameId("india"),
    "IR": NameId("iran"),
    "TR": NameId("turkey"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A side, and the text's own words for who speaks for it."""

    side: NameId
    speaker: str


class Speakers:
    """Tells who speaks. `sides` says for which country or body a person does. Pure."""

    def __init__(self, names: Names, sides: Mapping[NameId, NameId]) -> None:
        self._names = names
        self._sides = sides

    def title(self, side: NameId) -> str:
        """A side's usual English name."""
        return self._names[side].aliases[0]

    def speech(self, text: str, on: date) -> Speech | None:
        """Who says what stands in an English title or sentence; None where that is not himself, or not certain.

        "Kremlin says …", "Lavrov: …", "…, says Zelensky", "…, according to Kremlin". None where the text passes on what another is
        said to have said, or where the words for the speaker hold anything but names of one side and offices.
        """
        back = next(filter(None, (pattern.search(text) for pattern in _BACK)), None)
        found = back or next(filter(None, (pattern.match(text) for pattern in _FRONT)), None)
        if found is None or self._credited(text, on):
            return None
        words = found["speaker"]
        if _ATTRIBUTION.search(_unquoted(text[: found.start()] if back else text[found.end() :])):
            return None
        side = self._side(words, on)
        return None if side is None else Speech(side=side, speaker=words.strip())

    def sides(self, title: str, on: date) -> frozenset[NameId]:
        """All for whom the one may speak whose words a headline is; empty where it names nobody.

        Looser than `speech`: of "… — Russian envoy to UN" it is both. A credit behind a dash counts before what stands in front.
        """
        if _CREDIT.search(title):
            return self._credited(title, on)
        told = self.speech(bare(title), on)
        return frozenset({told.side} if told else ())

    def persons(self, title: str, on: date) -> frozenset[str]:
        """The words for those whose words a headline is, countries left out: "Lavrov", "Kremlin"."""
        credit = _CREDIT.search(title)
        told = None if credit else self.speech(bare(title), on)
        speaker = credit["speaker"] if credit else told.speaker if told else ""
        hits = self._names.find(speaker, on)
        countries = {(hit.start, hit.end) for hit in hits if hit.kind is Kind.COUNTRY}
        countries -= {
            (hit.start, hit.end) for hit in hits if hit.kind is not Kind.COUNTRY
        }  # the Kremlin is Russia, too
        return frozenset(speaker[hit.start : hit.end] for hit in hits if (hit.start, hit.end) not in countries)

    def named(self, text: str, on: date) -> frozenset[NameId]:
        """Everybody and everything that a text names, in any language."""
        return frozenset(hit.id for hit in self._names.find(text, on))

    def _credited(self, title: str, on: date) -> frozenset[NameId]:
        credit = _CREDIT.search(title)
        hits = self._names.find(credit["speaker"], on) if credit else ()
        return frozenset(self._sides.get(hit.id, hit.id) for hit in hits if hit.id in self._sides or _speaks(hit))

    def _side(self, words: str, on: date) -> NameId | None:
        hits = self._names.find(words, on)
        inside = {place for hit in hits for place in range(hit.start, hit.end)}
        loose = [word[0] for word in _WORD.finditer(words) if word.start() not in inside]
        if not hits or any(word.lower().rstrip(".") not in _ROLES for word in loose):
            return None
        sides = {self._sides[hit.id] for hit in hits if hit.id in self._sides}
        sides |= {hit.id for hit in hits if _speaks(hit)}
        strangers = any(
            (hit.kind is Kind.PERSON and hit.id not in self._sides) or (hit.kind is Kind.PLACE and hit.id not in _SEATS)
            for hit in hits
        )
        return sides.pop() if len(sides) == 1 and not strangers else None


def _speaks(hit: Hit) -> bool:
    return hit.kind is Kind.COUNTRY or hit.id in _BODIES


def _unquoted(text: str) -> str:
    return re.sub(r"“[^”]*”|\"[^\"]*\"", "", text)
