"""Whom and what the news names: persons, countries, places, bodies, treaties, and the offices that persons hold."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

NameId = NewType("NameId", str)


class Kind(StrEnum):
    """What a name is the name of. OTHER and OUTLET keep their words from being taken for a country's."""

    PERSON = "person"
    COUNTRY = "country"
    PLACE = "place"
    ORGANISATION = "organisation"
    TREATY = "treaty"
    WEAPON = "weapon"
    OUTLET = "outlet"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One of them with its spellings in every language, the usual English one first.

    Cyrillic ones stand in the nominative. `of` is what it also stands for: "Kremlin" for Russia.
    """

    id: NameId
    kind: Kind
    aliases: tuple[str, ...]
    of: NameId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who held an office from `since`, and to the day before `until` where he holds it no longer."""

    id: NameId
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office of a country or body: `roles` are the words for it ("foreign minister"), holders stand in their order."""

    of: NameId
    roles: tuple[str, ...]
    holders: tuple[Holder, ...]

    def holder(self, on: date | None) -> NameId | None:
        """Who held it on a day; without a day the last one who is known to."""
        if on is None:
            return self.holders[-1].id
        held = (each.id for each in self.holders if each.since <= on and (each.until is None or on < each.until))
        return next(held, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A name that stands in text[start:end]; several may stand in one place ("Kremlin": the place, and Russia)."""

    id: NameId
    kind: Kind
    start: int
    end: int
