"""Who says what about a story: vantage groups beside each other, the figures in which they differ, and who is silent."""

from dataclasses import dataclass
from enum import StrEnum

from digests.model.articles import Article


class Group(StrEnum):
    """Whose view an outlet gives, as far as readers compare views."""

    UKRAINE = "UA"
    RUSSIAN_STATE = "RU"
    CHINESE_STATE = "CN"
    AMERICA = "US"
    EUROPE = "EU"
    OTHERS = "others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Words that stand in an article as they are here."""

    text: str
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One group's account: how many voices it has, its headline, and what it alone puts in quotation marks."""

    group: Group
    voices: int
    headline: Excerpt
    quotations: tuple[Excerpt, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A story as its groups tell it. Each of `differing` holds figures for the same thing, one an outlet, oldest first.

    `silent` are groups of which every feed was read without a gap since the story broke, and none has it.
    """

    sides: tuple[Side, ...]
    differing: tuple[tuple[Excerpt, ...], ...] = ()
    silent: tuple[Group, ...] = ()
