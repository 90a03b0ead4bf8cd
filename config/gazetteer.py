"""names.toml -> the names of world politics and who holds which office; families.toml -> words that mean one thing."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from config.tables import Spellings, Table, Words, problems, read_toml
from digests.errors import ConfigurationError
from digests.model.names import Holder, Kind, Name, NameId, Office
from digests.model.topics import Family
from digests.text.names import Names

FAMILIES_FILE = Path(__file__).parent / "families.toml"
NAMES_FILE = Path(__file__).parent / "names.toml"
SPEAKERS_FILE = Path(__file__).parent / "speakers.toml"

_SECTIONS = {
    "countries": Kind.COUNTRY,
    "places": Kind.PLACE,
    "organisations": Kind.ORGANISATION,
    "treaties": Kind.TREATY,
    "weapons": Kind.WEAPON,
    "persons": Kind.PERSON,
    "outlets": Kind.OUTLET,
    "others": Kind.OTHER,
}


class _Name(Spellings):
    of: Words | None = None

    @model_validator(mode="after")
    def _has_aliases(self) -> Self:
        if not self.aliases():
            message = 'give at least one spelling, such as en = ["Putin"]'
            raise ValueError(message)
        return self


class _Holder(Table):
    id: Words
    since: date
    until: date | None = None


class _Office(Table):
    role: Words
    of: Words
    holders: Annotated[tuple[_Holder, ...], Field(min_length=1, strict=False)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(first.since >= then.since for first, then in pairwise(self.holders)):
            message = "name the holders in the order of their times"
            raise ValueError(message)
        return self


_Names = dict[str, _Name]


class _Gazetteer(Table):
    countries: _Names = Field(default_factory=dict)
    places: _Names = Field(default_factory=dict)
    organisations: _Names = Field(default_factory=dict)
    treaties: _Names = Field(default_factory=dict)
    weapons: _Names = Field(default_factory=dict)
    persons: _Names = Field(default_factory=dict)
    outlets: _Names = Field(default_factory=dict)
    others: _Names = Field(default_factory=dict)
    roles: dict[str, Spellings] = Field(default_factory=dict)
    offices: dict[str, _Office] = Field(default_factory=dict)


class _Family(Spellings):
    wide: tuple[Words, ...] = Field((), strict=False)
    state: bool = False

    def heads(self) -> tuple[str, ...]:
        """The first two of each language, by which a person means all of them."""
        return tuple(word for each in (self.en, self.uk, self.ru, self.zh) for word in each[:_HEADS])


_FAMILIES: TypeAdapter[dict[str, _Family]] = TypeAdapter(dict[str, _Family])
_HEADS = 2


def load_families(file: Path = FAMILIES_FILE) -> tuple[Family, ...]:
    """The families of words of a file. Raises ConfigurationError with a line for each problem."""
    try:
        tables = _FAMILIES.validate_python(read_toml(file))
    except ValidationError as error:
        raise ConfigurationError(problems(file, error)) from None
    return tuple(
        Family(name=name, heads=each.heads(), words=each.aliases(), wide=each.wide, state=each.state)
        for name, each in tables.items()
    )


def load_names(file: Path = NAMES_FILE) -> Names:
    """The gazetteer of a file, ready to find names. Raises ConfigurationError with a line for each problem."""
    try:
        table = _Gazetteer.model_validate(read_toml(file))
    except ValidationError as error:
        raise ConfigurationError(problems(file, error)) from None
    wrong = _unknown(table)
    if wrong:
        raise ConfigurationError("\n".join(f"{file}: {each}" for each in wrong))
    names = [
        Name(id=NameId(key), kind=kind, aliases=each.aliases(), of=NameId(each.of) if each.of else None)
        for section, kind in _SECTIONS.items()
        for key, each in getattr(table, section).items()
    ]
    return Names(names, [_office(each, table.roles[each.role]) for each in table.offices.values()])


def load_speakers(names: Names, file: Path = SPEAKERS_FILE) -> dict[NameId, NameId]:
    """For which country or body each person of a file speaks. Raises ConfigurationError with a line for each problem."""
    try:
        table = TypeAdapter(dict[Words, list[Words]]).validate_python(read_toml(file))
    except ValidationError as error:
        raise ConfigurationError(problems(file, error)) from None
    wrong = [
        f"{file}: {side}: there is no name {each}."
        for side, persons in table.items()
        for each in (side, *persons)
        if NameId(each) not in names
    ]
    if wrong:
        raise ConfigurationError("\n".join(wrong))
    return {NameId(person): NameId(side) for side, persons in table.items() for person in persons}


def _office(office: _Office, roles: Spellings) -> Office:
    holders = tuple(Holder(id=NameId(each.id), since=each.since, until=each.until) for each in office.holders)
    return Office(of=NameId(office.of), roles=roles.aliases(), holders=holders)


def _unknown(table: _Gazetteer) -> list[str]:
    """What is referred to and not there, and what is there twice."""
    wrong, known = [], set()
    for section in _SECTIONS:
        for key in getattr(table, section):
            if key in known:
                wrong.append(f"{section}.{key}: the id stands in two sections; give each name its own.")
            known.add(key)
    wrong += [
        f"{section}.{key}.of: there is no name {each.of}."
        for section in _SECTIONS
        for key, each in getattr(table, section).items()
        if each.of and each.of not in known
    ]
    for key, office in table.offices.items():
        if office.role not in table.roles:
            wrong.append(f"offices.{key}.role: there is no role {office.role}.")
        named = (office.of, *(holder.id for holder in office.holders))
        wrong += [f"offices.{key}: there is no name {each}." for each in named if each not in known]
    return wrong
