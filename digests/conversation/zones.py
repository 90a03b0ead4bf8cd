"""The name of a city or zone, or a place on the map, becomes a zone of the database: pure."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import cos, radians

from digests.conversation.cities import ABBREVIATIONS, CITIES, COUNTRIES, SPOTS
from digests.conversation.words import fold, repeatable
from digests.errors import PersonError

_CONTINENTS = frozenset(
    {
        *("Africa", "America", "Antarctica", "Arctic", "Asia"),
        *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
    }
)
_OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+\-−–])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?", re.IGNORECASE)
_COORDINATES = re.compile(r"(?P<north>[+-]\d{4})(?:\d{2})?(?P<east>[+-]\d{5})(?:\d{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A zone's key in the IANA database, and what a person calls it."""

    zone: str
    city: str


UTC = Place(zone="UTC", city="UTC")


def place(text: str) -> Place:
    """Find a city, a country of one zone, a zone's key, or an offset such as "UTC+3".

    Raises PersonError with the cities that may be meant.
    """
    found = known_place(text)
    if found is None:
        _ask_which(text)
        near = _near(fold(text))
        hint = f"Did you mean {near[0]}?" if near else "Name a big city of your zone: /timezone Kyiv."
        raise PersonError(f"I know no city “{repeatable(text)}”. {hint}", near)
    return found


def known_place(text: str) -> Place | None:
    """Find a place by exactly this name, in any spelling, its country perhaps behind it.

    Raises PersonError for an offset that no zone has.
    """
    name = fold(text)
    if name in {"utc", "gmt", "z", "etc utc"}:
        return UTC
    if abbreviation(text):
        return None
    return _offset(text.strip()) or _names().get(name) or _with_country(name) or _only_city(name)


def abbreviation(text: str) -> tuple[str, ...]:
    """The cities that call their time so: "EST"; empty where none does."""
    return ABBREVIATIONS.get(text.strip().upper(), ())


def _ask_which(text: str) -> None:
    """Raise PersonError where the text is a name for several times of day."""
    if cities := abbreviation(text):
        raise PersonError(f"{text.strip().upper()} is the time of more than one place. Which city’s?", cities)
    if zones := _countries().get(fold(text)):
        cities = tuple(dict.fromkeys(_cities_in(zones)))[:6]
        raise PersonError(f"“{repeatable(text)}” has more than one time. Which city’s?", cities)


def _with_country(name: str) -> Place | None:
    """Find a city that lies in the country behind it: "kyiv ukraine", but not "paris texas"."""
    words = name.split()
    for cut in range(1, len(words)):
        found = _names().get(" ".join(words[:cut]))
        if found and found.zone in _countries().get(" ".join(words[cut:]), ()):
            return found
    return None


def _only_city(name: str) -> Place | None:
    zones = _countries().get(name, ())
    return next((_names()[fold(city)] for city in _cities_in(zones)), None) if len(zones) == 1 else None


def _cities_in(zones: tuple[str, ...]) -> Iterator[str]:
    """A city of each zone, those first that people live in."""
    yield from (CITIES[zone].split("|")[0].split(";")[0] for zone in CITIES if zone in zones)
    yield from (_names()[fold(zone)].city for zone in zones)


def nearest_place(latitude: float, longitude: float) -> Place:
    """The known city that is nearest to a point in degrees; near a border it may be the neighbour's."""

    def distance(spot: tuple[float, float, Place]) -> float:
        north, east, _ = spot
        across = (east - longitude + 180) % 360 - 180
        return (north - latitude) ** 2 + (across * cos(radians(latitude))) ** 2

    _, _, found = min(_spots(), key=distance)
    return found


def _offset(text: str) -> Place | None:
    match = _OFFSET.fullmatch(text)
    if not match:
        return None
    west = match["sign"] != "+"
    hours, minutes = int(match["hours"]), int(match["minutes"] or 0)
    if minutes or hours > (12 if west else 14):
        raise PersonError(f"For “{repeatable(text)}” name a city instead: /timezone Delhi.")
    if not hours:
        return UTC
    # The database counts these westwards: UTC+3 is Etc/GMT-3.
    return Place(zone=f"Etc/GMT{'+' if west else '-'}{hours}", city=f"UTC{'−' if west else '+'}{hours}")


@cache
def _names() -> Mapping[str, Place]:
    """Every folded name; a city of ours goes before the database's own of the same name."""
    names: dict[str, Place] = {}
    for zone, cities in CITIES.items():
        for city in cities.split("; "):
            spellings = city.split("|")
            names.update({fold(spelling): Place(zone=zone, city=spellings[0]) for spelling in spellings})
    ours = dict(names)
    for key in _zones():
        area, _, rest = key.partition("/")
        city = rest.rsplit("/", 1)[-1].replace("_", " ")
        if area not in _CONTINENTS:  # US/Eastern, Etc/GMT-3: by the key alone
            names.setdefault(fold(key), Place(zone=key, city=city or key))
            continue
        known = ours.get(fold(city))
        # An old key such as Europe/Kiev leads to the city as it is called now.
        found = known if known and known.zone.startswith(f"{area}/") else Place(zone=key, city=city)
        names.setdefault(fold(city), found)
        names.setdefault(fold(key), found)
    return names


def _zones() -> list[str]:
    """The keys that come with the program: what only this machine knows ("localtime") another one would not compute."""
    keys = resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
    return sorted({*keys} - {"Factory"})  # which is how the database says that no zone was set


@cache
def _countries() -> Mapping[str, tuple[str, ...]]:
    """The zones of each country by its folded names, those of the zone database and those of ours."""
    zones: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for code, _, zone, *_ in _table("zone.tab"):
        zones[code] += (zone,)
    names = {fold(name): zones[code] for code, name in _table("iso3166.tab")}
    return names | {fold(name): zones[code] for code, known in COUNTRIES.items() for name in known}


def _table(name: str) -> Iterator[list[str]]:
    """The rows of a table that comes with the database."""
    table = resources.files("tzdata").joinpath(f"zoneinfo/{name}").read_text(encoding="utf-8")
    yield from (line.split("\t") for line in table.splitlines() if not line.startswith("#"))


def _near(name: str) -> tuple[str, ...]:
    matches = difflib.get_close_matches(name, _names(), n=8, cutoff=0.7)
    return tuple(dict.fromkeys(_names()[match].city for match in matches))[:3]


@cache
def _spots() -> tuple[tuple[float, float, Place], ...]:
    """Degrees north and east of our cities, and of every zone's own from the table that comes with the database."""
    names = _names()
    spots = [(north, east, names[fold(city)]) for city, (north, east) in SPOTS.items()]
    for _, coordinates, zone, *_ in _table("zone.tab"):
        match = _COORDINATES.fullmatch(coordinates)
        assert match, f"zone.tab has coordinates of another form: {coordinates}"
        spots.append((_degrees(match["north"]), _degrees(match["east"]), names[fold(zone)]))
    return tuple(spots)


def _degrees(text: str) -> float:
    """±DDMM or ±DDDMM in degrees."""
    sign = -1 if text[0] == "-" else 1
    return sign * (int(text[1:-2]) + int(text[-2:]) / 60)
