"""Which articles' pages are worth asking for, and what is kept of one: pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from digests.editing.condense import telling
from digests.editing.quotable import length
from digests.editing.ranking import Ranked
from digests.editing.titles import reports
from digests.editing.voices import voice
from digests.model.articles import Article, ArticleId, Page
from digests.model.sources import FeedSlug
from digests.model.stories import Report
from digests.text.markup import plain
from digests.text.sentences import sentences
from digests.text.tokens import terms

A_STORY = 3  # voices with a text: a brief has no room for more
LONGEST_KEPT = 2_000  # characters: a dozen sentences; further down stands what was known before

_PAUSES = (timedelta(minutes=30), timedelta(hours=2))  # after a page's first and second failure; the third is the last
_LONGEST_WISH = timedelta(hours=24)  # of a server that names its own pause
_ABOUT = 1 / 3  # of a title's terms, that its article's text has; pages of consent, of sales, front pages have fewer
_BEGINNING = 4_000  # characters
_FEWEST_WORDS = 5  # of a paragraph; shorter ones are bylines and labels
_MARK = re.compile("[.!?…。！？]")
_CLOSED = re.compile(r"[.!?…。！？][\"”»’')」』]*$")


def speakers(ranked: Ranked, feeds: Collection[FeedSlug]) -> tuple[Article, ...]:
    """The article that speaks for each voice of a story, who may speak first first.

    It is one with a text where the voice has any, else one of `feeds` that says nothing but its title.
    """

    def order(report: Report) -> tuple[int, datetime, ArticleId]:
        return voice(report, ranked.story.reports), report.article.published, report.article.id

    heard: dict[str, Article] = {}
    for report in sorted(telling(ranked.story, ranked.topic), key=order):
        article = report.article
        if _is_bare(article):
            if article.feed in feeds and reports(article.title):
                heard.setdefault(report.origin, article)
        elif report.origin not in heard or _is_bare(heard[report.origin]):
            heard[report.origin] = article
    return tuple(heard.values())


def wanted(stories: Sequence[Sequence[Article]], known: Mapping[ArticleId, Page], now: datetime) -> tuple[Article, ...]:
    """The pages to ask for `now`: of each story's speakers until A_STORY have a text, the first of all stories first.

    A speaker whose page rests after a failure is passed over.
    """
    places: list[tuple[int, int, Article]] = []
    for number, articles in enumerate(stories):
        place = 0
        for article in articles:
            if _is_bare(article):
                if not _may_be_asked(known.get(article.id), now):
                    continue
                places.append((place, number, article))
            place += 1
    ordered = sorted(places, key=lambda each: each[:2])
    return tuple({article.id: article for place, _, article in ordered if place < A_STORY}.values())


def _is_bare(article: Article) -> bool:
    """Whether its feed says nothing but the title, be it twice."""
    return frozenset(terms(article.text)) <= frozenset(terms(f"{article.title} {article.outlet.name}"))


def _may_be_asked(page: Page | None, now: datetime) -> bool:
    return page is None or (page.next_check is not None and page.next_check <= now)


def read(article: Article, text: str, now: datetime, before: Page | None) -> Page:
    """What is kept of a page's text: its opening, if it is the article's; a failure else."""
    kept = opening(text)
    if not kept:
        return failed(article, "It holds no text of an article.", None, now, before)
    if not is_about(article.title, text):
        return failed(article, "Its text is not about what the title says.", None, now, before)
    return Page(article=article.id, asked=now, text=kept)


def failed(article: Article, reason: str, wish: timedelta | None, now: datetime, before: Page | None) -> Page:
    """A failure after what came `before`: it rests for half an hour, then two, or longer if the server wishes."""
    failures = 1 if before is None else before.failures + 1
    pause = _PAUSES[failures - 1] if failures <= len(_PAUSES) else None
    if pause is not None and wish is not None:
        pause = max(pause, min(wish, _LONGEST_WISH))
    return Page(
        article=article.id,
        asked=now,
        failures=failures,
        problem=reason,
        next_check=None if pause is None else now + pause,
    )


def opening(text: str) -> str:
    """The first sentences of a page's paragraphs, LONGEST_KEPT characters and half of its words at most.

    So there is never a whole text to be sent, however short it is. A line that is no sentence is left out: headings,
    captions, bylines.
    """
    lines = [line.strip().removeprefix("- ") for line in text.splitlines()]
    paragraphs = [line for line in lines if length(line) >= _FEWEST_WORDS and _MARK.search(line)]
    words, characters = sum(map(length, paragraphs)) // 2, LONGEST_KEPT
    kept: list[str] = []
    for paragraph in paragraphs:
        fitting = []
        for sentence in _whole(paragraph):
            words -= length(sentence)
            characters -= len(sentence) + 2
            if words < 0 or characters < 0:
                break
            fitting.append(sentence)
        kept.append(" ".join(fitting))
        if words < 0 or characters < 0:
            break
    return "\n\n".join(filter(None, kept))


def _whole(paragraph: str) -> tuple[str, ...]:
    """A paragraph's sentences but for a torn or unfinished last one."""
    pieces = sentences(plain(paragraph[:LONGEST_KEPT]))
    whole = len(paragraph) <= LONGEST_KEPT and pieces and _CLOSED.search(pieces[-1])
    return pieces if whole else pieces[:-1]


def is_about(title: str, text: str) -> bool:
    """Whether the beginning of a text is what a title announces."""
    announced = frozenset(terms(title))
    return len(announced & frozenset(terms(text[:_BEGINNING]))) >= _ABOUT * len(announced)
