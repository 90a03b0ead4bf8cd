"""The name of a city or zone, or a place on the map, becomes a zone of the database: pure."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import cos, radians

from digests.conversation.cities import CITIES, SPOTS
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
    """Find a city, a zone's key, or an offset such as "UTC+3". Raises PersonError with the cities that come nearest."""
    found = known_place(text)
    if found is None:
        near = _near(fold(text))
        hint = f"Did you mean {near[0]}?" if near else "Name a big city of your zone: /timezone Kyiv."
        raise PersonError(f"I know no city “{repeatable(text)}”. {hint}", near)
    return found


def known_place(text: str) -> Place | None:
    """Find a place by exactly this name, in any spelling. Raises PersonError for an offset that no zone has."""
    name = fold(text)
    if name in {"utc", "gmt", "z", "etc utc"}:
        return UTC
    return _offset(text.strip()) or _names().get(name)


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


def _near(name: str) -> tuple[str, ...]:
    matches = difflib.get_close_matches(name, _names(), n=8, cutoff=0.7)
    return tuple(dict.fromkeys(_names()[match].city for match in matches))[:3]


@cache
def _spots() -> tuple[tuple[float, float, Place], ...]:
    """Degrees north and east of our cities, and of every zone's own from the table that comes with the database."""
    names = _names()
    spots = [(north, east, names[fold(city)]) for city, (north, east) in SPOTS.items()]
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        _, coordinates, zone, *_ = line.split("\t")
        match = _COORDINATES.fullmatch(coordinates)
        assert match, f"zone.tab has coordinates of another form: {coordinates}"
        spots.append((_degrees(match["north"]), _degrees(match["east"]), names[fold(zone)]))
    return tuple(spots)


def _degrees(text: str) -> float:
    """±DDMM or ±DDDMM in degrees."""
    sign = -1 if text[0] == "-" else 1
    return sign * (int(text[1:-2]) + int(text[-2:]) / 60)
