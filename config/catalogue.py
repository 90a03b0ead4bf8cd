"""topics/*.toml and feeds.toml become Topics and Feeds; a bad file is named by file, key and reason."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, HttpUrl, TypeAdapter, ValidationError, model_validator

from config.tables import COUNTRY, LANGUAGE, SLUG, Spellings, Table, Words, problems, read_toml
from digests.errors import ConfigurationError
from digests.model.sources import Feed, FeedSlug, Outlet, Ownership
from digests.model.topics import Side, Term, Topic, TopicSlug

_HTTP_URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)


def _address(value: str) -> str:
    try:
        _HTTP_URL.validate_python(value)
    except ValidationError:
        message = "write an address such as https://news.example/rss"
        raise ValueError(message) from None
    return value


Slug = Annotated[str, Field(pattern=SLUG, max_length=40)]
Country = Annotated[str, Field(pattern=COUNTRY)]


class _Term(Spellings):
    name: Words
    weight: Annotated[float, Field(gt=0, le=10, strict=False)] = 1.0

    @model_validator(mode="after")
    def _has_aliases(self) -> Self:
        if not self.aliases():
            message = 'give at least one alias, such as en = ["talks"]'
            raise ValueError(message)
        return self

    def term(self) -> Term:
        return Term(name=self.name, aliases=self.aliases(), weight=self.weight)


class _Side(Table):
    name: Words
    terms: tuple[_Term, ...] = Field((), strict=False)
    uses: tuple[Words, ...] = Field((), strict=False)

    @model_validator(mode="after")
    def _has_terms(self) -> Self:
        if not self.terms and not self.uses:
            message = "give terms, or the names of terms of other sides in uses"
            raise ValueError(message)
        return self

    def side(self, known: Mapping[str, _Term]) -> Side:
        return Side(name=self.name, terms=_terms((*(known[name] for name in self.uses), *self.terms)))


class _Combination(Table):
    sides: tuple[_Side, ...] = Field(min_length=1, strict=False)


class _Topic(Table):
    title: Words
    line: Words
    background: Words
    questions: tuple[Words, ...] = Field((), strict=False)
    hidden: tuple[Words, ...] = Field((), strict=False)
    sides: tuple[_Side, ...] = Field((), strict=False)
    also: tuple[_Combination, ...] = Field((), strict=False)
    anchors: tuple[_Term, ...] = Field((), strict=False)
    contexts: tuple[_Term, ...] = Field((), strict=False)

    @model_validator(mode="after")
    def _can_match(self) -> Self:
        if not self.sides and not self.anchors:
            message = "give [[sides]] or [[anchors]], or nothing can belong to the topic"
            raise ValueError(message)
        every = chain(self.sides, *(each.sides for each in self.also))
        unknown = sorted({name for side in every for name in side.uses} - self.terms().keys())
        if unknown:
            message = f"no side has terms of the name {unknown[0]}, which another uses"
            raise ValueError(message)
        return self

    def terms(self) -> dict[str, _Term]:
        return {term.name: term for side in self.sides for term in side.terms}


class _Feed(Table):
    slug: Slug
    outlet: Words
    url: Annotated[str, AfterValidator(_address)]
    country: Country
    ownership: Literal[
        "private", "public", "state", "government", "pro-government", "non-profit", "intergovernmental", "unclear"
    ]
    language: Annotated[str, Field(pattern=LANGUAGE)] = "en"
    vantage: Country | None = None
    restricted: tuple[Words, ...] = Field((), strict=False)
    enabled: bool = True
    full_text: bool = False

    def feed(self) -> Feed:
        outlet = Outlet(
            name=self.outlet,
            country=self.country,
            ownership=Ownership(self.ownership),
            vantage=self.vantage or self.country,
        )
        return Feed(
            slug=FeedSlug(self.slug),
            url=self.url,
            outlet=outlet,
            language=self.language,
            restricted=self.restricted,
            enabled=self.enabled,
            full_text=self.full_text,
        )


def load_topics(folder: Path) -> tuple[Topic, ...]:
    """Every topic of a folder, by slug, which is the file's name.

    Raises ConfigurationError with a line for each problem in any of the files.
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        message = f"{folder} holds no topic; TOPICS_DIR must name a folder with files such as new-start.toml."
        raise ConfigurationError(message)
    topics, wrong = [], []
    for file in files:
        try:
            topics.append(_topic(file))
        except ConfigurationError as error:
            wrong.append(str(error))
    if wrong:
        raise ConfigurationError("\n".join(wrong))
    return tuple(topics)


def _topic(file: Path) -> Topic:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", file.stem) or len(file.stem) > 40:
        message = f"{file}: the file's name is the topic's slug: a-z, 0-9 and -, at most 40 characters."
        raise ConfigurationError(message)
    try:
        table = _Topic.model_validate(read_toml(file))
    except ValidationError as error:
        raise ConfigurationError(problems(file, error)) from None
    return Topic(
        slug=TopicSlug(file.stem),
        title=table.title,
        line=table.line,
        background=table.background,
        questions=table.questions,
        sides=tuple(side.side(table.terms()) for side in table.sides),
        also=tuple(tuple(side.side(table.terms()) for side in each.sides) for each in table.also),
        anchors=_terms(table.anchors),
        contexts=_terms(table.contexts),
        hidden=table.hidden,
    )


def _terms(tables: Iterable[_Term]) -> tuple[Term, ...]:
    return tuple(table.term() for table in tables)


def load_feeds(file: Path) -> tuple[Feed, ...]:
    """Every feed of a file, disabled ones too, in its order.

    Raises ConfigurationError with a line for each problem: unknown keys, slugs given twice, outlets that disagree with
    themselves from feed to feed.
    """
    document = read_toml(file)
    tables = document.pop("feeds", [])
    if document or not isinstance(tables, list) or not tables:
        message = f"{file}: give feeds as [[feeds]] tables and nothing else."
        raise ConfigurationError(message)
    feeds, wrong = [], []
    for number, table in enumerate(tables, start=1):
        try:
            feeds.append(_Feed.model_validate(table).feed())
        except ValidationError as error:
            slug = table.get("slug", f"number {number}") if isinstance(table, dict) else f"number {number}"
            wrong.append(problems(file, error, f"feed {slug}, "))
    wrong.extend(f"{file}: {problem}" for problem in _disagreements(feeds))
    if wrong:
        raise ConfigurationError("\n".join(wrong))
    return tuple(feeds)


def _disagreements(feeds: Sequence[Feed]) -> list[str]:
    slugs: set[str] = set()
    outlets: dict[str, Feed] = {}
    problems = []
    for feed in feeds:
        if feed.slug in slugs:
            problems.append(f"feed {feed.slug}, slug: it stands twice; give each feed its own.")
        slugs.add(feed.slug)
        first = outlets.setdefault(feed.outlet.name, feed)
        if first.outlet != feed.outlet:
            problems.append(
                f"feed {feed.slug}, outlet: country, ownership or vantage of {feed.outlet.name} differ from feed {first.slug}; "
                "an outlet has one of each."
            )
    return problems


def in_use(feeds: Iterable[Feed], jurisdiction: str | None) -> tuple[Feed, ...]:
    """The feeds that are enabled and not restricted where the operator is."""
    return tuple(feed for feed in feeds if feed.enabled and jurisdiction not in feed.restricted)
